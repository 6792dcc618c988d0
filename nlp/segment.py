"""Cuts a message into the sentences or clauses that carry one point each, with offsets back.

Punctuation, lists and words that open another point ("mais", "par contre") are rules; given a
pipeline, its parse adds the clauses that stand without them. What goes on with one point is joined.
"""

import re
from dataclasses import dataclass
from typing import Any

from nlp.clauses import clause_starts
from nlp.same_point import ADDITION, MERE_JUDGEMENT, TURN, opens_list, same_point

FEWEST_WORDS = 3  # a shorter piece ("Merci.", "Bref !") joins its neighbour
SHORT = 7  # words: at most that many say one thing
# Each branch looks at one character, so that no text makes the search slow.
_BOUNDARY = re.compile(r"[.!?…][\"»)\]]?(?=\s)|[;\n\r\u2028\u2029](?=.)", re.DOTALL)
_ITEM = re.compile(r"(?<=\s)(?:[-–•*+]|\d{1,2}[).])\s")
_ENGLISH_AND = (
    r"and\s+(?:the|my|our|there)\s+(?:\w+\s+){0,3}"
    r"(?:is|are|was|were|has|had|does|do|did|never|always|keeps?|can|cannot|can['’]t|won['’]t|will)\b"
)
_ABBREVIATION = re.compile(
    r"\b(?:[^\W\d_]|mm|mme|mlle|dr|pr|me|st|ste|ex|cf|env|tel|tél|art|av|bd|no|vs|mr|mrs|ms)\.$",
    re.IGNORECASE,
)
_TURN = re.compile(
    rf"(?<=\s)(?={TURN.pattern})|(?<=,\s)(?={ADDITION.pattern})|(?<=\s)(?={_ENGLISH_AND})",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Segment:
    """``text`` is the message's ``[start:end]``, without white space around."""

    start: int
    end: int
    text: str


def segments(text: str, pipeline: Any = None) -> list[Segment]:
    """Return the segments in order, none overlapping; a text that is not blank has at least one.

    Every character that is not white space is in exactly one segment. ``pipeline`` is that of
    `nlp.clauses.load_clauses`; without one, dictated text is cut at its connecting words alone.
    """
    spans = _parted(text, _cuts(text) if len(text.split()) > SHORT else [])
    if pipeline:
        inner = [
            start + each
            for start, end in spans
            for each in clause_starts(text[start:end], pipeline)
        ]
        spans = _parted(text, [start for start, _ in spans] + inner)
    return [Segment(start, end, text[start:end]) for start, end in _join(text, spans)]


def _parted(text: str, cuts: list[int]) -> list[tuple[int, int]]:
    bounds = [0, *sorted(set(cuts)), len(text)]
    spans = [_trimmed(text, *pair) for pair in zip(bounds[:-1], bounds[1:], strict=True)]
    return [span for span in spans if span[0] < span[1]]


def _cuts(text: str) -> list[int]:
    cuts = [match.end() for match in _BOUNDARY.finditer(text) if not _abbreviates(text, match)]
    items = [match.start() for match in _ITEM.finditer(text)]
    turns = [m.start() for m in _TURN.finditer(text) if not MERE_JUDGEMENT.match(text, m.start())]
    return cuts + turns + (items if len(items) > 1 else [])


def _abbreviates(text: str, match: re.Match[str]) -> bool:
    """Tell whether the full stop belongs to a word such as « Dr. »."""
    if match.group() != ".":
        return False
    return _ABBREVIATION.search(text[max(0, match.end() - 8) : match.end()]) is not None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _join(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join what goes on with the point before it, and each piece of too few words."""
    joined: list[tuple[int, int]] = []
    before, words = "", 0  # the piece before this one, and the words of what it was joined to
    for start, end in spans:
        piece = text[start:end]
        count = _count_words(piece)
        too_short = words < FEWEST_WORDS or (count < FEWEST_WORDS and not opens_list(piece))
        if joined and (too_short or same_point(before, piece)):
            joined[-1], words = (joined[-1][0], end), words + count
        else:
            joined.append((start, end))
            words = count
        before = piece
    return joined


def _count_words(piece: str) -> int:
    return len(re.findall(r"\w+", piece))
