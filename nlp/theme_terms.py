"""Reads the texts of themes: where words and phrases stand, and what is known of each word."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nlp.keywords import FEWEST_TEXTS
from nlp.noun_evidence import NounEvidence, is_denied
from nlp.noun_phrases import (
    Key,
    Span,
    Token,
    content,
    listed,
    opens_with_infinitive,
    spans,
    tokens,
)
from nlp.spellings import Spellings, corrections, family

MOST_TEXTS = 200  # texts of a theme that are counted, evenly spaced
MOST_CHARACTERS = 1000  # of a text that are read; a segment is far shorter
EVERYWHERE = 0.5  # share of themes that use a word from which it sets none apart
USED = 0.1  # share of a theme's texts from which the theme uses a word
FEWEST_THEMES = 3  # from which a word can be everywhere

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Place:
    """Where a phrase stands: the row of a text in its theme and the tokens of it."""

    row: int
    span: Span


@dataclass(frozen=True, eq=False)
class Read:
    """A theme as it was read: its texts, their words, and the places of phrases in two or more."""

    texts: list[str]
    rows: list[int]  # of the texts, in what was given
    found: list[list[Token]]
    words: Counter[str]  # texts that hold each single word
    families: dict[str, frozenset[int]]  # rows of the texts that hold a word of each family
    places: dict[Key, list[Place]]

    def held(self, key: Key) -> frozenset[int]:
        """Return the rows of the texts that hold a phrase, or for a word, one of its family."""
        if len(key) == 1:
            return self.families.get(family(key[0]), frozenset())
        return frozenset(place.row for place in self.places.get(key, []))


class Terms:
    """All themes as read, with what is known of words over all of them."""

    def __init__(self, texts_by_theme: Mapping[int, Sequence[str]]) -> None:
        sampled = {theme: _evenly(len(texts)) for theme, texts in texts_by_theme.items()}
        read = {
            theme: [texts_by_theme[theme][row][:MOST_CHARACTERS] for row in rows]
            for theme, rows in sampled.items()
        }
        found = {theme: [tokens(text) for text in texts] for theme, texts in read.items()}
        everything = [each for texts in found.values() for each in texts]
        self.fixed = corrections(_count_words(everything, {}))
        self.evidence = NounEvidence(everything)
        self.spellings = Spellings(everything)
        self.themes: dict[int, Read] = {}
        for theme, rows in sampled.items():
            words = _count_words(found[theme], self.fixed)
            families = _families(found[theme], self.fixed)
            places = _places(found[theme], self.fixed, families)
            self.themes[theme] = Read(read[theme], rows, found[theme], words, families, places)
        self.everywhere = _everywhere(self.themes.values())
        self._whole: Counter[Key | str] = Counter()
        for each in self.themes.values():
            phrases = {key: len(each.held(key)) for key in each.places if len(key) > 1}
            self._whole.update(phrases)
            self._whole.update({word: len(rows) for word, rows in each.families.items()})

    def sizes(self, read: Read) -> tuple[int, int]:
        """Return the texts of a theme and those of all: a phrase counts once a text."""
        return len(read.texts), sum(len(each.texts) for each in self.themes.values())

    def everywhere_held(self, key: Key) -> int:
        """Return the texts of all themes that hold a phrase; a theme's only one is left out."""
        return self._whole[family(key[0]) if len(key) == 1 else key]

    def may_name(self, read: Read, key: Key) -> bool:
        """Tell whether a phrase has a word of its own, none that is rude, and opens with a noun."""
        weak = listed("weak_words.txt")
        if not set(content(key)) - weak - self.everywhere or set(key) & listed("rude_words.txt"):
            return False
        places = [(read.found[each.row], each.span.first) for each in read.places[key]]
        if key[-1] in weak and any(is_denied(*each) for each in places):
            return False  # « plus de rappel possible » is no « rappel possible »
        found, first = places[0]
        return key[0] not in weak or len(key) == 1 or found[first + 1].key == ""

    def looks_nominal(self, read: Read, key: Key) -> bool:
        """Tell from the use of its words whether a phrase is a noun phrase."""
        place = read.places[key][0]
        inside = read.found[place.row][place.span.first : place.span.last]
        weak = listed("weak_words.txt")
        words = [(self.fixed.get(token.key, token.key), token.text) for token in inside]
        named = [
            bool(word) and word not in weak and self._names(word, text) for word, text in words
        ]
        if opens_with_infinitive([word for word, _ in words]):
            return key[0] in weak or named[0]
        for at, (word, _) in enumerate(words):
            if word and not named[at] and (self.evidence.is_verb(word) or not words[at - 1][0]):
                return False  # as a verb, or what a small word cannot lead to
            if word and word not in weak and not any(named[: at + 1]):
                return False  # an adjective has no noun to belong to
        return any(named)

    def is_never_noun(self, key: Key) -> bool:
        """Tell whether a lone word stands often enough and nowhere as a noun does."""
        return len(key) == 1 and self.evidence.is_never_noun(key[0])

    def _names(self, word: str, text: str) -> bool:
        """Tell whether a word may name a thing: a noun by its use, or what has a capital."""
        capital = self.spellings.shown(text) != text.lower()
        return self.evidence.is_noun(word) or (capital and not self.evidence.is_verb(word))

    def shown(self, read: Read, key: Key) -> str:
        """Return a phrase as most people write it, with typographic apostrophes."""
        places = [place for place in read.places[key] if place.span.key == key]  # no typos
        written = Counter(self._as_written(read, each) for each in places or read.places[key])
        return min(written, key=lambda text: (-written[text], -len(_WORD.findall(text)), text))

    def _as_written(self, read: Read, place: Place) -> str:
        parts = []
        for token in read.found[place.row][place.span.first : place.span.last]:
            word = self.spellings.shown(token.text) if token.key else token.text.lower()
            elided = word[-1] in "'’"
            parts.append(f"{word[:-1]}’" if elided else f"{word} ")
        return "".join(parts).strip()


def _evenly(size: int) -> list[int]:
    if size <= MOST_TEXTS:
        return list(range(size))
    return [place * size // MOST_TEXTS for place in range(MOST_TEXTS)]


def _count_words(found: Sequence[Sequence[Token]], fixed: Mapping[str, str]) -> Counter[str]:
    """Return in how many texts each word stands."""
    kept = ({fixed.get(token.key, token.key) for token in each} for each in found)
    return Counter(word for each in kept for word in each if word not in ("", "."))


def _families(
    found: Sequence[Sequence[Token]], fixed: Mapping[str, str]
) -> dict[str, frozenset[int]]:
    rows: dict[str, set[int]] = defaultdict(set)
    for row, each in enumerate(found):
        for token in each:
            rows[family(fixed.get(token.key, token.key))].add(row)
    return {word: frozenset(each) for word, each in rows.items() if word not in ("", ".")}


def _places(
    found: Sequence[Sequence[Token]],
    fixed: Mapping[str, str],
    families: Mapping[str, frozenset[int]],
) -> dict[Key, list[Place]]:
    """Return the places of phrases that two texts hold; of a lone word, or three its family."""
    places: dict[Key, list[Place]] = defaultdict(list)
    for row, each in enumerate(found):
        for span in spans(each):
            key = tuple(fixed.get(word, word) for word in span.key)
            places[key].append(Place(row, span))
    return {
        key: each
        for key, each in places.items()
        if each[0].row != each[-1].row
        or (len(key) == 1 and len(families[family(key[0])]) > FEWEST_TEXTS)
    }


def _everywhere(themes: Any) -> frozenset[str]:
    """Return the words that most themes use: the name of the service, what everybody says."""
    read = [each for each in themes if each.texts]
    if len(read) < FEWEST_THEMES:
        return frozenset()
    using = Counter(
        word
        for each in read
        for word, count in each.words.items()
        if count >= USED * len(each.texts)
    )
    return frozenset(word for word, count in using.items() if count > EVERYWHERE * len(read))
