"""Tells nouns from verbs and adverbs by the small words around them in all texts, untagged.

« la carte », « my appointment » speak for a noun; « je vois », « ne sonne pas », « se coupe »
for a verb. Hurried texts misspell endings more often than these.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from nlp.lexicons import fold, read_sections
from nlp.noun_phrases import Token

FEWEST = 0.25  # share of places that must speak for a noun
ENOUGH = 3  # places that tell
MOST = 0.2  # share of places that speak for a verb from which it is one

_VERBAL = ("er", "ir", "re", "ant")  # after « de » or « en », an infinitive or a participle


@cache
def small_words(kind: str) -> frozenset[str]:
    """Return the folded words of one section of ``small_words.txt``."""
    return read_sections("small_words.txt")[kind]


class NounEvidence:
    """Counts how the words of many texts were used; asked afterwards."""

    def __init__(self, texts: Iterable[Sequence[Token]]) -> None:
        self.nouns: Counter[str] = Counter()
        self.verbs: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()
        for found in texts:
            self._read(found)

    def _read(self, found: Sequence[Token]) -> None:
        small = [_small(token) for token in found]
        for place, token in enumerate(found):
            if token.key in ("", "."):
                continue
            before, earlier = _at(small, place - 1), _at(small, place - 2)
            after = _at(small, place + 1)
            if before == "." and after not in small_words("denial"):
                continue  # the first word of a sentence says nothing
            self.seen[token.key] += 1
            self.nouns[token.key] += _is_noun(before, earlier, token.key)
            self.verbs[token.key] += before in small_words("subject") or (
                after in small_words("denial") and before != "pas"
            )

    def is_noun(self, key: str) -> bool:
        """Tell whether a word may stand as a noun; one of which nothing is known may not."""
        seen = self.seen[key]
        return seen > 0 and self.nouns[key] >= FEWEST * seen and not self._is_mostly_verb(key)

    def is_never_noun(self, key: str) -> bool:
        """Tell whether a word was seen often enough, and never where a noun stands."""
        return self.seen[key] >= ENOUGH and not self.nouns[key]

    def is_verb(self, key: str) -> bool:
        """Tell whether a word is used as a verb."""
        return self.seen[key] > 0 and self.verbs[key] >= MOST * self.seen[key]

    def _is_mostly_verb(self, key: str) -> bool:
        return self.verbs[key] > self.nouns[key]


def is_denied(found: Sequence[Token], first: int) -> bool:
    """Tell whether what begins at a place is said not to be: « plus de synchronisation »."""
    before = [_small(token) for token in found[max(0, first - 2) : first]]
    return bool({"pas", "plus", "aucun", "aucune", "sans", "no", "not"} & set(before))


def _at(words: Sequence[str], place: int) -> str:
    return words[place] if 0 <= place < len(words) else "."


def _small(token: Token) -> str:
    """Return a small word folded, "." for a stop and "" for a word with a meaning."""
    if token.key:
        return "." if token.key == "." else ""
    return fold(token.text).replace("’", "'")


def _is_noun(before: str, earlier: str, word: str) -> bool:
    if before in small_words("determiner"):
        return True
    if before in small_words("article"):
        return earlier not in small_words("subject")
    return before in small_words("preposition") and not word.endswith(_VERBAL)
