"""What a single word could be: first name, surname, nickname, everyday French."""

import re
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_lowercase as ALPHABET

from nlp.lexicons import Lexicons
from nlp.words import Word

ECHO = re.compile(r"([bcdfgjklmnprstvz]{1,2}(?:[aeiouy]|ou|an|on))\1t?")  # momo, loulou, titi
VERY_OFTEN = 10_000  # births that make an everyday word a likely name


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
