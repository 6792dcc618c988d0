"""Masking: joins identifiers, addresses, dates and names into one masked text with typed tokens.

Rules run again on what they masked until nothing more is found, so masking twice changes nothing.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from nlp import addresses, birth_dates, contacts, devices, file_numbers, identifiers, spoken
from nlp.identifiers import NAMED, SHAPED, Find
from nlp.lexicons import Lexicons, load_lexicons, vouch_for
from nlp.name_finder import NameFinder, NamesUnavailable, load_name_finder, sift_names
from nlp.names import find_names
from nlp.recase import recase
from nlp.textview import View, block, view_of
from nlp.tokens import TOKEN, TOKEN_WORDS, Span, hold_tokens, render
from nlp.word_judge import Judge
from nlp.words import read_words
from nlp.worth_reading import find_in_pieces

__all__ = [
    "CHECKED", "TOKEN", "TOKEN_WORDS", "NameFinder", "NamesUnavailable", "NotRestorable",
    "Redaction", "Span", "hold_tokens", "load_name_finder", "redact", "render", "restore",
]  # fmt: skip

CHECKED = frozenset(TOKEN_WORDS) - {"PERSON"}  # never put back; only a name can be a mistake
FINDERS = (
    *identifiers.FINDERS,
    *contacts.FINDERS,
    *file_numbers.FINDERS,
    *birth_dates.FINDERS,
    *devices.FINDERS,
)
WORD_FINDERS = (*spoken.FINDERS, addresses.find_addresses)
WORDS = re.compile(r"[^\W\d_]{2}")
RUN = re.compile(r"[^\W_]+")  # letters and digits: a word in full
MOST_ROUNDS = 12  # each round masks something; real texts need two


class NotRestorable(Exception):
    """The span is a checked identifier: it is never put back."""


@dataclass(frozen=True)
class Redaction:
    """A masked text; ``names_masked`` is False when the name pipeline was missing or failed."""

    text: str
    spans: tuple[Span, ...]
    names_masked: bool


def redact(text: str, names: NameFinder | None, allowed: Collection[str] = ()) -> Redaction:
    """Mask what identifies a person in ``text``; ``allowed`` are a service's names that may stay.

    Never raises on any text: without ``names``, or when it fails, patterns and lexicons apply.
    """
    lexicons = vouch_for(load_lexicons(), allowed)
    spans: list[Span] = []
    view = view_of(text, hold_tokens(text))
    found, names_masked = ask_names(text, names, lexicons)
    for _ in range(MOST_ROUNDS):
        news = find_all(view, found, lexicons)
        if not news:
            break
        spans += [Span(*view.input_range(f.start, f.end), f.type) for f in news]
        view = block(view, ((f.start, f.end) for f in news))
        found = []  # the model reads the text once
    ordered = join_names(text, sorted(spans, key=lambda s: s.start))
    return Redaction(render(text, ordered), ordered, names_masked)


def ask_names(
    text: str, names: NameFinder | None, lexicons: Lexicons
) -> tuple[list[tuple[int, int]], bool]:
    """Return the model's ranges in the input and whether it answered."""
    if names is None:
        return [], False
    try:
        view = view_of(text)
        words = read_words(view, lexicons.allowed)
        return find_in_pieces(recase(text, view, words, Judge(lexicons)), names.find), True
    except Exception:  # whatever fails in a model, the message must still be masked and kept
        return [], False


def find_all(view: View, ranges: list[tuple[int, int]], lexicons: Lexicons) -> list[Find]:
    """Return what to mask in the view, without overlaps; ``ranges`` are of the input."""
    finds = [find for finder in FINDERS for find in finder(view)]
    if not WORDS.search(view.lower):  # digits and signs alone name neither a person nor a place
        return settle(finds + list(birth_dates.find_block_dates(view, finds)))
    finds += [find for finder in WORD_FINDERS for find in finder(view)]
    words = read_words(view, lexicons.allowed)
    finds += find_names(view, words, lexicons)
    if ranges:
        finds += sift_names(words, view_ranges(view, ranges), lexicons)
    finds += birth_dates.find_block_dates(view, finds)
    finds += repeat_names(view, [f for f in finds if f.type == "PERSON"])
    return settle(finds)


def join_names(text: str, spans: list[Span]) -> tuple[Span, ...]:
    """Join names that one space parts: "Estelle" and "Manceau" are one person."""
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if (
            last
            and last.type == span.type == "PERSON"
            and text[last.end : span.start] in (" ", "-")
        ):
            joined[-1] = Span(last.start, span.end, "PERSON")
        else:
            joined.append(span)
    return tuple(joined)


def view_ranges(view: View, ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Translate ranges of the input into ranges of the view."""
    places = {start: place for place, start in enumerate(view.starts)}
    stops = {end: place + 1 for place, end in enumerate(view.ends)}
    return [(places[a], stops[b]) for a, b in ranges if a in places and b in stops]


def repeat_names(view: View, names: list[Find]) -> list[Find]:
    """Find the capitalised words of a name again wherever the text repeats them."""
    common = load_lexicons().common | load_lexicons().places
    parts = {p for f in names for p in re.findall(r"[^\W\d_]{3,40}", view.lower[f.start : f.end])}
    wanted = parts - common
    return [
        Find(match.start(), match.end(), "PERSON", NAMED + 1)
        for match in (RUN.finditer(view.lower) if wanted else ())
        if match[0] in wanted and view.plain[match.start()].isupper()
    ]


def settle(finds: list[Find]) -> list[Find]:
    """Choose among overlapping finds: better rank, then longer, then earlier."""
    chosen: list[Find] = []
    taken: set[int] = set()
    loose = [find for find in finds if find.rank > SHAPED]
    for find in sorted(join_overlaps(finds) + loose, key=order):
        if find.end > find.start and taken.isdisjoint(range(find.start, find.end)):
            taken.update(range(find.start, find.end))
            chosen.append(find)
    return chosen


def order(find: Find) -> tuple[int, int, int]:
    """Return the sort key of a find: the best first."""
    return find.rank, find.start - find.end, find.start


def join_overlaps(finds: list[Find]) -> list[Find]:
    """Join overlapping identifiers under the best one's type, so that no digit of any is left."""
    joined: list[Find] = []
    for find in sorted((f for f in finds if f.rank <= SHAPED), key=lambda f: f.start):
        if not joined or find.start >= joined[-1].end:
            joined.append(find)
            continue
        last = joined.pop()
        best = min(last, find, key=order)
        joined.append(Find(last.start, max(last.end, find.end), best.type, best.rank))
    return joined


def restore(text: str, spans: tuple[Span, ...], index: int) -> Redaction:
    """Return the redaction of the original ``text`` with the span at ``index`` left in clear.

    Raises NotRestorable for a checked identifier, IndexError for an unknown index.
    """
    if not 0 <= index < len(spans):
        raise IndexError(f"index must be from 0 to {len(spans) - 1}, got {index}")
    if spans[index].type in CHECKED:
        raise NotRestorable(f"a span of type {spans[index].type} is never put back")
    kept = spans[:index] + spans[index + 1 :]
    return Redaction(render(text, kept), kept, True)
