"""Find listed phrases in hurried French: no accents, no apostrophes, doubled letters, SMS spelling.

The lists are data that people who know no regular expression can edit. One line is
``kind<TAB>pattern``; a pattern is words parted by spaces, where ``a/b`` means either, a final ``*``
any ending, ``?word`` an optional word and ``~3`` up to three words in between. ``a-b`` is two
words. ``@name = a/b`` defines a group, of words and of groups above it. A line of kind ``-`` is a
look-alike: what touches it is no finding.

``kind<TAB>6: pattern + pattern`` finds patterns in any order, each at most six words from the
first and in its sentence; ``+ !pattern`` says what must not be there.
"""

from dataclasses import dataclass
from pathlib import Path

from nlp.folding import fold
from nlp.phrase_match import STOP, Cues, Match, Step, Vocabulary, Words

_DATA = Path(__file__).parent / "data"
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
    read = _read(text, phrases)
    excused = _excused(read, phrases)
    found = {
        read.span(cues.kind, first, last)
        for cues in phrases.patterns
        for cue in read.words.together(cues)
        for first, last in [_whole(cue)]
        if not any(place in excused for match in cue for place in range(*match))
    }
    return sorted(found, key=lambda span: (span.start, span.end, span.kind))


def blank_look_alikes(text: str, phrases: PhraseList) -> str:
    """Return ``text`` with spaces in place of its look-alikes: each sign keeps its place."""
    read = _read(text, phrases)
    signs = list(text)
    for place in _excused(read, phrases):
        span = read.span(_LOOK_ALIKE, place, place + 1)
        signs[span.start : span.end] = " " * (span.end - span.start)
    return "".join(signs)


@dataclass(frozen=True, eq=False)
class _Read:
    """A text as words, with the place of each in it."""

    words: Words
    bounds: list[tuple[int, int]]
    places: list[int]

    def span(self, kind: str, first: int, last: int) -> Span:
        """Return the characters from the word ``first`` up to the word ``last``, exclusive."""
        start, end = self.bounds[first][0], self.bounds[last - 1][1]
        return Span(kind, self.places[start], self.places[end - 1] + 1)


def _read(text: str, phrases: PhraseList) -> _Read:
    plain, places = fold(text)
    bounds = _word_bounds(plain)
    words = Words([*(plain[start:end] for start, end in bounds), STOP], phrases.vocabulary)
    return _Read(words, [*bounds, (len(plain) - 1, len(plain))], places)


def _excused(read: _Read, phrases: PhraseList) -> set[int]:
    return {
        place
        for each in phrases.look_alikes
        for cue in read.words.together(each)
        for place in range(*_whole(cue))
    }


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
