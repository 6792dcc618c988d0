"""The words of a view and what each could be: first name, surname, meaningful capital."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_lowercase as ALPHABET
from typing import NamedTuple

from nlp.lexicons import Lexicons
from nlp.textview import OPAQUE, View

WORD = re.compile(
    r"(?:(?<![^\W\d_])(?:[ONon]'(?=[A-Za-z]{3})|M'(?=[A-Z])|m'(?=b[aeiou])))?[^\W\d_]+"
    r"(?:(?<=[cC])'[hH][^\W\d_]{0,20})?(?:-[^\W\d_]+)*"
)
ECHO = re.compile(r"([bcdfgjklmnprstvz]{1,2}(?:[aeiouy]|ou|an|on))\1t?")  # momo, loulou, titi
SENTENCE_END = frozenset('.!?:;\n\r•*>–—"«(')
SHOUTED_SHARE = 0.6  # a line with more capitals than this tells nothing by a capital
VERY_OFTEN = 10_000  # births that make an everyday word a likely name
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


def is_typo(word: str, judge: "Judge") -> bool:
    """Tell whether one letter more, less or other makes the word everyday French."""
    return len(word) > 3 and is_near(word, judge.lexicons.common)


@lru_cache(maxsize=4096)
def is_near(word: str, common: frozenset[str]) -> bool:
    """Tell whether a word of ``common`` is one edit away."""
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        if tail and head + tail[1:] in common:
            return True
        if any(head + c + tail in common or head + c + tail[1:] in common for c in ALPHABET):
            return True
    return False


@dataclass(frozen=True)
class Judge:
    """Weighs single words with the lexicons; births and bearers are the evidence."""

    lexicons: Lexicons

    def is_first_name(self, word: Word, births: int) -> bool:
        """Tell whether at least ``births`` people were given the word, and it may be masked."""
        return not word.allowed and self.lexicons.births(word.folded) >= births

    def is_plain(self, word: Word) -> bool:
        """Tell whether the word is everyday French rather than a name."""
        return word.folded in self.lexicons.common or word.folded in self.lexicons.places

    def is_silent(self, word: Word) -> bool:
        """Tell whether no rule takes the word for a name where no context announces one."""
        if self.is_barred(word):  # one letter may be an initial
            return not word.allowed and (len(word.folded) > 1 or word.link not in (". ", "."))
        if word.capital or word.shouted or not self.is_plain(word):
            return False
        return self.lexicons.first_names.get(word.folded, 0) < VERY_OFTEN

    def is_clear_first_name(self, word: Word) -> bool:
        """Tell whether the word alone is a first name, in whatever case it is written."""
        if self.is_plain(word) or len(word.folded) < 3:
            return False
        foreign = len(word.folded) > 3 and not self.lexicons.is_french(word.folded)
        if self.is_first_name(word, (30 if foreign else 100) if word.capital else 4000):
            return True
        if is_typo(word.folded, self):
            return False
        return self.is_first_name(word, 60 if foreign else 700)

    def is_nickname(self, word: Word) -> bool:
        """Tell whether the word is a pet name: of the list, or a syllable said twice."""
        if word.folded in self.lexicons.nicknames:
            return True
        return bool(ECHO.fullmatch(word.folded)) and not self.is_plain(word) and not word.allowed

    def may_stay(self, word: Word) -> bool:
        """Tell whether an allowed word stays even where a person is named: "Ameli", not "Noël"."""
        births = self.lexicons.births(word.folded)
        return word.allowed and (births < 5000 or word.folded in self.lexicons.vouched)

    def is_barred(self, word: Word) -> bool:
        """Tell whether the word can never be part of a name."""
        return word.folded in self.lexicons.function or len(word.folded) < 2

    def is_known(self, word: Word) -> bool:
        """Tell whether the word is in a name lexicon at all."""
        return self.lexicons.births(word.folded) > 0 or self.lexicons.bearers(word.folded) > 0

    def is_unheard_of(self, word: Word) -> bool:
        """Tell whether a lower-case word is neither French nor shaped like it."""
        unknown = not (self.is_plain(word) or word.allowed or word.folded in self.lexicons.roles)
        return unknown and len(word.folded) > 3 and not self.lexicons.is_french(word.folded)

    def is_foreign(self, word: Word) -> bool:
        """Tell whether a lower-case word is unheard of and no misspelt everyday word either."""
        return self.is_unheard_of(word) and not is_typo(word.folded, self)

    def could_be_surname(self, word: Word) -> bool:
        """Tell whether the word can follow a first name as a surname."""
        if self.is_barred(word) or word.folded in self.lexicons.roles:
            return False
        if word.allowed:  # "Leclerc" is a shop alone and a surname after "François"
            vouched = word.folded in self.lexicons.vouched
            return word.capital and not vouched and self.lexicons.bearers(word.folded) >= 20
        if word.acronym and not self.is_known(word):
            return False
        if word.capital:
            return word.folded not in self.lexicons.places or self.lexicons.bearers(word.folded) > 0
        known = self.lexicons.bearers(word.folded) + self.lexicons.births(word.folded) // 1000
        return known >= (200 if self.is_plain(word) else 1)
