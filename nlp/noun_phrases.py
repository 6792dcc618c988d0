"""Finds the noun phrases that could name a theme: runs of words that begin and end with content.

Which of them are noun phrases is said by ``nlp/noun_evidence.py`` and ``nlp/tagged_phrases.py``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from nlp.lexicons import fold, read_lines
from nlp.stop_words import stop_words

LONGEST = 6  # words of a phrase, the small ones counted
MOST_CONTENT = 4  # of these, words with a meaning of their own
SHORTEST = 3  # letters of a word with a meaning; two for an acronym

Key = tuple[str, ...]  # folded singulars of a phrase's words, without « de »

_MASK = re.compile(r"\[[^\[\]\s]{1,40}\]")
_TOKEN = re.compile(
    r"(?P<word>[^\W\d_]+(?:['’](?=[^\W\d_])|(?:-[^\W\d_]+)*))|(?P<stop>[^\s\w])|\d+"
)
_APOSTROPHES = "'’"
_OF = frozenset({"de", "d'", "du", "des", "of"})
_TO = frozenset({"à", "a", "au", "aux"})
_LINKS = _OF | _TO | {"en", "pour", "sur", "sans", "avec", "par", "for", "in", "to"}
_ARTICLES = frozenset({"la", "le", "les", "l'", "the"})


@dataclass(frozen=True)
class Token:
    """A word at ``[start:end]`` of its text; ``key`` is "" for a small word, "." for a stop."""

    text: str  # as written, with the apostrophe that elides it
    key: str
    start: int
    end: int


@dataclass(frozen=True)
class Span:
    """A candidate: the tokens ``[first:last]`` of a text."""

    key: Key
    first: int
    last: int


@cache
def listed(name: str) -> frozenset[str]:
    """Return the folded words of a list in ``nlp/data``."""
    return frozenset(fold(word) for line in read_lines(name) for word in line.split())


@cache
def _empty_words() -> frozenset[str]:
    return frozenset(fold(word) for word in stop_words())


def tokens(text: str) -> list[Token]:
    """Return the words and stops of a text, in order; a mask is a stop, a number too."""
    hidden = _MASK.sub(lambda mask: "." * len(mask.group()), text)
    found = []
    for match in _TOKEN.finditer(hidden):
        word = match.group("word")
        key = "." if word is None else _key(word)
        found.append(Token(match.group(), key, *match.span()))
    return found


@cache
def singular(word: str) -> str:
    """Return a folded word without the mark of its plural; for counting only, never shown."""
    if len(word) > 4 and word.endswith("aux"):
        return word[:-1] if word.endswith("eaux") else f"{word[:-3]}al"
    return word[:-1] if len(word) > 4 and word[-1] in "sx" and word[-2] != "s" else word


@lru_cache(maxsize=65536)
def _key(word: str) -> str:
    if word[-1] in _APOSTROPHES or word.lower() in stop_words():
        return ""
    plain = fold(word)
    shortest = 2 if word.isupper() else SHORTEST
    return "" if len(plain) < shortest or plain in _empty_words() else singular(plain)


def spans(found: Sequence[Token]) -> Iterator[Span]:
    """Yield each run of words that could be a noun phrase, single words included."""
    for first, token in enumerate(found):
        if token.key not in ("", "."):
            yield from _from(found, first)


def _from(found: Sequence[Token], first: int) -> Iterator[Span]:
    key: Key = ()
    links: list[str] = []
    for place in range(first, min(first + LONGEST, len(found))):
        token = found[place]
        if token.key == ".":
            return
        if token.key:
            key, links = (*key, *_joint(links), token.key), []
            yield Span(key, first, place + 1)
            if sum(found[each].key != "" for each in range(first, place + 1)) == MOST_CONTENT:
                return
        elif _links(small := token.text.lower().replace("’", "'"), links):
            links.append(small)
        else:
            return


def content(key: Key) -> list[str]:
    """Return the words of a key that have a meaning of their own."""
    return [word for word in key if word not in _empty_words()]


def _joint(links: Sequence[str]) -> Key:
    """Return what the key keeps of small words: nothing of « de », one spelling of « au »."""
    if not links or links[0] in _OF:
        return ()
    return ("a" if links[0] in _TO else links[0],)


def _links(word: str, before: Sequence[str]) -> bool:
    """Tell whether a small word may stand here inside a noun phrase: « à », then « la »."""
    return word in _LINKS if not before else len(before) == 1 and word in _ARTICLES


def opens_with_infinitive(keys: Sequence[str]) -> bool:
    """Tell from the keys of tokens whether they are like « impossible de connecter »."""
    return len(keys) == 3 and not keys[1] and keys[2].endswith(("er", "ir", "oir"))
