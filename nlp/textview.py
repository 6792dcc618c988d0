"""A reading of a text in which look-alike characters are plain and know where they came from.

Masked spans and tokens that a person typed become one opaque character, so that masking a masked
text sees exactly what the last round of masking saw: nothing more to find.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from nlp.lexicons import fold_letter

OPAQUE = "\ue000"  # private use: no rule matches it, and it is no letter, digit or space
RUNS = re.compile("[\\x00-\\x7f]+|[^\\x00-\\x7f]")  # characters that need no look, or one that does
DASHES = frozenset("‐‑‒–—―−﹘﹣－")
APOSTROPHES = frozenset("’‘ʼ′＇`´")
DROPPED = frozenset({"Mn", "Cf"})  # combining marks and invisible format characters


@dataclass(frozen=True)
class View:
    """Three texts of one length and, for each character, its range in the input."""

    text: str  # accents and case kept
    plain: str  # without accents
    lower: str  # without accents, lower case
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def input_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of the input that a non-empty range of the view stands for."""
        return self.starts[start], self.ends[end - 1]


@lru_cache(maxsize=4096)
def plain_character(character: str) -> str:
    """Return what a reader takes the character for, always one character; lone surrogates too."""
    if character < "\x7f":
        return character
    if character in DASHES:
        return "-"
    if character in APOSTROPHES:
        return "'"
    if character.isspace():
        return "\n" if character in "\x85\u2028\u2029" else " "
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    composed = unicodedata.normalize("NFKC", character)
    return composed if len(composed) == 1 else character


def compose(letter: str, mark: str) -> str:
    """Join a combining mark to the letter before it, or drop the mark."""
    joined = unicodedata.normalize("NFC", letter + mark)
    return joined if len(joined) == 1 else letter


def view_of(text: str, blocked: Iterable[tuple[int, int]] = ()) -> View:
    """Build the view of ``text`` with the ``blocked`` ranges (sorted, apart) made opaque."""
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    place = 0
    for start, end in [*sorted(blocked), (len(text), len(text))]:
        read_piece(text, (place, start), letters, (starts, ends))
        if end > start:
            letters.append(OPAQUE)
            starts.append(start)
            ends.append(end)
        place = end
    whole = "".join(letters)
    plain = whole if whole.isascii() else "".join(map(plain_letter, letters))
    lower = plain.lower()
    if len(lower) != len(plain):  # İ becomes two characters
        lower = "".join(c.lower()[0] for c in plain)
    return View(whole, plain, lower, tuple(starts), tuple(ends))


def read_piece(
    text: str, piece: tuple[int, int], letters: list[str], places: tuple[list[int], list[int]]
) -> None:
    """Append the characters of a piece of the text and their ranges."""
    start, end = piece
    starts, ends = places
    if text[start:end].isascii():  # most of them: 20 times faster
        letters.extend(text[start:end])
        starts.extend(range(start, end))
        ends.extend(range(start + 1, end + 1))
        return
    for run in RUNS.finditer(text, start, end):
        first, last = run.span()
        if run[0] < "\x80":
            letters.extend(run[0])
            starts.extend(range(first, last))
            ends.extend(range(first + 1, last + 1))
        elif is_dropped(run[0]):
            if letters:
                letters[-1] = compose(letters[-1], run[0])
                ends[-1] = last  # a mark goes with its letter when the letter is masked
        else:
            letters.append(plain_character(run[0]))
            starts.append(first)
            ends.append(last)


def block(view: View, ranges: Iterable[tuple[int, int]]) -> View:
    """Return ``view`` with these ranges of it (apart, not empty) made opaque."""
    text: list[str] = []
    plain: list[str] = []
    lower: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    place = 0
    for start, end in [*sorted(ranges), (len(view.text), len(view.text))]:
        for reading, parts in ((view.text, text), (view.plain, plain), (view.lower, lower)):
            parts.append(reading[place:start])
        starts += view.starts[place:start]
        ends += view.ends[place:start]
        if end > start:
            starts.append(view.starts[start])
            ends.append(view.ends[end - 1])
        place = end
    whole, bare, small = (OPAQUE.join(parts) for parts in (text, plain, lower))
    return View(whole, bare, small, tuple(starts), tuple(ends))


@lru_cache(maxsize=4096)
def is_dropped(character: str) -> bool:
    """Tell whether the character is invisible or only marks the one before."""
    return unicodedata.category(character) in DROPPED


@lru_cache(maxsize=4096)
def plain_letter(character: str) -> str:
    """Return the character without accent, case kept."""
    return fold_letter(character)


def blank_surrogates(text: str) -> str:
    """Return the text with lone surrogates replaced, length kept, so that it can be encoded."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)
