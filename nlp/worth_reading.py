"""Chooses what a name finder reads of a text that is hardly words: rows of digits, signs, junk.

A model takes as long for a sign as for a word, and names need letters. A text of sentences is read
whole: what stands here only bounds the time that a hostile one takes.
"""

import re
from collections.abc import Callable

WORDS = re.compile(r"[^\W\d_]{3,}")
ANY_WORD = re.compile(r"[^\W\d_]{2}")
SHORT = 1000  # characters: read whole, whatever it is
FEWEST_LETTERS = 0.2  # share of the characters that stand in words; prose has 0.7
AROUND = 60  # characters on each side of a word: the model looks at four tokens
GAP = "\n\n"

Finder = Callable[[str], list[tuple[int, int]]]


def pieces(text: str) -> list[tuple[int, int]]:
    """Return the ranges of ``text`` that may hold a name, in order and apart: all in prose."""
    if not ANY_WORD.search(text):
        return []
    words = [match.span() for match in WORDS.finditer(text)]
    if len(text) <= SHORT or sum(b - a for a, b in words) >= FEWEST_LETTERS * len(text):
        return [(0, len(text))]
    found: list[tuple[int, int]] = []
    for start, end in words:
        start, end = max(0, start - AROUND), min(len(text), end + AROUND)
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return found


def find_in_pieces(text: str, find: Finder) -> list[tuple[int, int]]:
    """Return what ``find`` finds in the pieces of ``text``, asked once, as ranges of ``text``."""
    chosen = pieces(text)
    if chosen == [(0, len(text))]:
        return find(text)
    if not chosen:
        return []
    found = find(GAP.join(text[start:end] for start, end in chosen))
    ranges: list[tuple[int, int]] = []
    place = 0  # of the piece in what was asked
    for start, end in chosen:
        stop = place + end - start
        ranges += [
            (a - place + start, b - place + start) for a, b in found if place <= a < b <= stop
        ]
        place = stop + len(GAP)
    return ranges
