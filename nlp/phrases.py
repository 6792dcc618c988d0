"""Find listed phrases in hurried French: no accents, no apostrophes, doubled letters, SMS spelling.

The lists are data that people who know no regular expression can edit. One line is
``kind<TAB>pattern``; a pattern is words parted by spaces, where ``a/b`` means either, a final ``*``
any ending, ``?word`` an optional word and ``~3`` up to three words in between. ``a-b`` is two
words. ``@name = a/b`` defines a group, of words and of groups above it. A line of kind ``-`` is a
look-alike: what touches it is no finding.

``kind<TAB>6: pattern + pattern`` finds patterns in any order, each at most six words from the
first and in its sentence; ``+ !pattern`` says what must not be there.
"""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from nlp.phrase_match import STOP, Cues, Match, Step, Vocabulary, Words

_DATA = Path(__file__).parent / "data"
_APOSTROPHES = "'’ʼ`´"
_STOPS = ".!?;:\n…"
_LOOK_ALIKE = "-"
_NEAR = 8  # words, where a line of several patterns names no other number


@dataclass(frozen=True)
class Span:
    """One phrase found: its kind and its place in the text, in characters, end exclusive."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class PhraseList:
    """The patterns of one list, with the look-alikes apart."""

    patterns: tuple[Cues, ...]
    look_alikes: tuple[Cues, ...]
    vocabulary: Vocabulary


def read_phrases(name: str) -> PhraseList:
    """Read ``nlp/data/<name>``. Raises ValueError naming the line that cannot be read."""
    groups: dict[str, list[str]] = {}
    vocabulary = Vocabulary()
    read: list[Cues] = []
    for number, line in enumerate((_DATA / name).read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            if line.startswith("@"):
                group, _, words = line.partition("=")
                groups[group.strip()] = _alternatives(words.strip(), groups)
            else:
                read.append(_read_line(line, groups, vocabulary))
        except ValueError as problem:
            raise ValueError(f"{name} line {number}: {problem}") from problem
    return PhraseList(
        tuple(cues for cues in read if cues.kind != _LOOK_ALIKE),
        tuple(cues for cues in read if cues.kind == _LOOK_ALIKE),
        vocabulary,
    )


def find_phrases(text: str, phrases: PhraseList) -> list[Span]:
    """Return the phrases found, in order of place; what lies in a look-alike is left out."""
    plain, places = fold(text)
    bounds = _word_bounds(plain)
    words = Words([*(plain[start:end] for start, end in bounds), STOP], phrases.vocabulary)
    bounds.append((len(plain) - 1, len(plain)))
    excused = {
        place
        for each in phrases.look_alikes
        for cue in words.together(each)
        for place in range(*_whole(cue))
    }
    found = {
        Span(cues.kind, places[bounds[first][0]], places[bounds[last - 1][1] - 1] + 1)
        for cues in phrases.patterns
        for cue in words.together(cues)
        for first, last in [_whole(cue)]
        if not any(place in excused for match in cue for place in range(*match))
    }
    return sorted(found, key=lambda span: (span.start, span.end, span.kind))


def fold(text: str) -> tuple[str, list[int]]:
    """Return the text in its plainest form and, per character of it, the place in the original.

    Lower case, no accents or apostrophes, runs of one letter made one, all else one space; the
    end of a sentence is " . ", so that no gap between words reaches past it.
    """
    letters: list[str] = [" "]
    places: list[int] = [0]
    for place, original in enumerate(text):
        for letter in _plain_letters(original):
            if letter == letters[-1] or (letter == "." and letters[-2:] == [".", " "]):
                continue
            letters.append(letter)
            places.append(place)
    if letters[-1] != " ":
        letters.append(" ")
        places.append(len(text) - 1)
    return "".join(letters), places


def _plain_letters(character: str) -> str:
    if character in _APOSTROPHES:
        return ""
    if character in _STOPS:
        return " . "
    decomposed = unicodedata.normalize("NFKD", character.casefold()).replace("œ", "oe")
    kept = "".join(c for c in decomposed if c.isalnum())
    return kept if kept or unicodedata.combining(character) else " "


def _whole(cue: list[Match]) -> Match:
    return min(cue)[0], max(end for _start, end in cue)


def _word_bounds(plain: str) -> list[tuple[int, int]]:
    bounds, start = [], 0
    for word in plain.split(" "):
        if word:
            bounds.append((start, start + len(word)))
        start += len(word) + 1
    return bounds


def _read_line(line: str, groups: dict[str, list[str]], vocabulary: Vocabulary) -> Cues:
    kind, tab, pattern = line.partition("\t")
    if not tab or not pattern.strip():
        raise ValueError("kind, tab, pattern expected")
    within, colon, cues = pattern.partition(": ")
    wanted: list[tuple[Step, ...]] = []
    barred: list[tuple[Step, ...]] = []
    for part in (cues if colon else pattern).split(" + "):
        place = barred if part.strip().startswith("!") else wanted
        place.append(_steps(part.strip().removeprefix("!"), groups, vocabulary))
    if not wanted:
        raise ValueError("nothing to find")
    return Cues(kind, tuple(wanted), int(within) if colon else _NEAR, tuple(barred))


def _steps(pattern: str, groups: dict[str, list[str]], vocabulary: Vocabulary) -> tuple[Step, ...]:
    steps, gap = [], 0
    tokens = pattern.split()
    if not tokens or tokens[0][0] in "?~" or tokens[-1][0] in "?~":
        raise ValueError("a pattern starts and ends with a word that must be there")
    for token in tokens:
        if token.startswith("~"):
            gap += int(token[1:])
            continue
        slot = vocabulary.slot(_alternatives(token.removeprefix("?"), groups))
        steps.append(Step(gap, slot, token.startswith("?")))
        gap = 0
    return tuple(steps)


def _alternatives(token: str, groups: dict[str, list[str]]) -> list[str]:
    found: list[str] = []
    for word in token.split("/"):
        if word.startswith("@") and word not in groups:
            raise ValueError(f"no group {word}")
        stem = fold(word.removesuffix("*"))[0].strip() + "*" * word.endswith("*")
        found += groups.get(word, [stem])
    return [word for word in found if word]


def device_phrases(name: str) -> dict[str, list[str]]:
    """Return the phrases of ``nlp/data/<name>`` by kind, folded: for matching on a phone."""
    found: dict[str, list[str]] = {}
    for line in (_DATA / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            kind, _tab, phrases = line.partition("\t")
            found[kind] = [fold(phrase)[0].strip() for phrase in phrases.split(",")]
    return found
