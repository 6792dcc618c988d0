"""The words of a view, with what their writing tells: capitals, shouting, what is allowed."""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from nlp.textview import OPAQUE, View

WORD = re.compile(
    r"(?:(?<![^\W\d_])(?:[ONon]'(?=[A-Za-z]{3})|M'(?=[A-Z])|m'(?=b[aeiou])))?[^\W\d_]+"
    r"(?:(?<=[cC])'[hH][^\W\d_]{0,20})?(?:-[^\W\d_]+)*"
)
SENTENCE_END = frozenset('.!?:;\n\r•*>–—"«(')
SHOUTED_SHARE = 0.6  # a line with more capitals than this tells nothing by a capital
PHRASE_WORDS = 4  # longest phrase of the allow-list


class Word(NamedTuple):
    """One word with its range in the view; ``link`` is what stands between it and the next."""

    start: int
    end: int
    folded: str
    capital: bool  # starts with a capital, in a line that is not shouted
    opens: bool  # first of its sentence
    allowed: bool  # part of a phrase that may stay
    acronym: bool  # a few capitals: more often an organisation than a name
    shouted: bool  # in a line that is mostly capitals
    link: str

    @property
    def joins(self) -> bool:
        """Tell whether the next word can belong to the same name."""
        if self.link == ". ":
            return len(self.folded) <= 2  # an initial, not the end of a sentence
        if self.link == ".":
            return len(self.folded) == 1
        return self.link in (" ", "  ", "-", "'")


def read_words(view: View, allowed: Collection[str]) -> list[Word]:
    """Cut the view into words; ``allowed`` holds folded phrases."""
    plain = view.plain
    places = [match.span() for match in WORD.finditer(plain)]
    folded = [view.lower[start:end] for start, end in places]
    kept = mark_phrases(folded, allowed)
    shouted = shouted_ranges(plain)
    links = [start for start, _ in places[1:]] + [len(plain)]  # where each next word starts
    words: list[Word] = []
    for index, (start, end) in enumerate(places):
        surface = plain[start:end]
        loud = bool(shouted) and in_ranges(start, shouted)
        before = plain[max(0, start - 3) : start].rstrip(" ")
        words.append(
            Word(
                start,
                end,
                folded[index],
                surface[0].isupper() and not loud,
                before[-1] in SENTENCE_END if before else index == 0,
                index in kept,
                end - start <= 5 and surface.isupper(),
                loud,
                plain[end : links[index]],
            )
        )
    return words


def shouted_ranges(plain: str) -> list[tuple[int, int]]:
    """Return the ranges of lines of several words that are mostly in capitals."""
    ranges = []
    for line in re.finditer(rf"[^\n{OPAQUE}]+", plain):
        letters = sum(map(str.isalpha, line[0]))
        if letters > 12 and sum(map(str.isupper, line[0])) > SHOUTED_SHARE * letters:
            ranges.append(line.span())
    return ranges


def in_ranges(place: int, ranges: list[tuple[int, int]]) -> bool:
    """Tell whether a place stands in one of the ranges."""
    return any(start <= place < end for start, end in ranges)


def mark_phrases(folded: list[str], allowed: Collection[str]) -> set[int]:
    """Return the indexes of words that belong to a phrase of the allow-list."""
    kept: set[int] = set()
    heads = phrase_heads(frozenset(allowed))
    spread = [word.replace("-", " ").replace("'", " ") for word in folded]
    for index, word in enumerate(spread):
        if word.partition(" ")[0] not in heads:
            continue
        for size in range(min(PHRASE_WORDS, len(spread) - index), 0, -1):
            if " ".join(spread[index : index + size]) in allowed:
                kept.update(range(index, index + size))
                break
    return kept


@lru_cache(maxsize=8)
def phrase_heads(allowed: frozenset[str]) -> frozenset[str]:
    """Return the first words of the phrases: most words start none."""
    return frozenset(phrase.partition(" ")[0] for phrase in allowed)
