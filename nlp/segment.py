"""Cuts a message into the clauses that carry one point each, with offsets back into the message.

Rules only: punctuation, line breaks and words that open another point ("mais", "par contre").
"""

import re
from dataclasses import dataclass

SHORT = 60  # characters: below, a message says one thing and stays whole
FEWEST_WORDS = 3  # a shorter piece ("Merci.", "Bref !") joins its neighbour
# Each branch looks at one character, so that no text makes the search slow.
_BOUNDARY = re.compile(
    r"[.!?…][\"»)\]]?(?=\s)"
    r"|[;\n\r\u2028\u2029](?=.)"
    r"|(?<=\s)(?=(?:mais|par contre|en revanche|et aussi|et puis|de plus|"
    r"but|however|and also|on the other hand)\b)",
    re.IGNORECASE | re.DOTALL,
)
_ABBREVIATION = re.compile(
    r"\b(?:\w|mm|mme|mlle|dr|pr|me|st|ste|ex|cf|env|tel|tél|art|av|bd|no|vs|mr|mrs|ms)\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Segment:
    """``text`` is the message's ``[start:end]``, without white space around."""

    start: int
    end: int
    text: str


def segments(text: str) -> list[Segment]:
    """Return the segments in order, none overlapping; a text that is not blank has at least one.

    Every character that is not white space is in exactly one segment.
    """
    spans = [_trimmed(text, start, end) for start, end in _pieces(text)]
    joined = _join_short(text, [span for span in spans if span[0] < span[1]])
    return [Segment(start, end, text[start:end]) for start, end in joined]


def _pieces(text: str) -> list[tuple[int, int]]:
    if len(text.strip()) < SHORT:
        return [(0, len(text))]
    cuts = [match.end() for match in _BOUNDARY.finditer(text) if not _abbreviates(text, match)]
    bounds = [0, *cuts, len(text)]
    return list(zip(bounds[:-1], bounds[1:], strict=True))


def _abbreviates(text: str, match: re.Match[str]) -> bool:
    """Tell whether the full stop belongs to a word such as « Dr. »."""
    if match.group() != ".":
        return False
    return _ABBREVIATION.search(text[max(0, match.end() - 8) : match.end()]) is not None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _join_short(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join each piece of too few words to the one before it, or to the next at the beginning."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and (_is_short(text[start:end]) or _is_short(text[slice(*joined[-1])])):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _is_short(piece: str) -> bool:
    return len(re.findall(r"\w+", piece)) < FEWEST_WORDS
