"""What an answer says for itself: real sentences, words of its own, and about this retour.

Pure: texts in, findings out. Rules of writing that a person can read; none judges a citizen.
"""

import re
from collections.abc import Iterable

from feedback.plain_language import sentences
from nlp.lexicons import fold
from nlp.shared_words import word_families

FEWEST_WORDS = 3  # of a sentence that says something; « Merci ! » is none
_WORD = re.compile(r"[^\W\d_]{2,}")


def real_sentences(text: str) -> list[str]:
    """Return the sentences of ``text`` that hold words: no list of signs, no lone greeting."""
    return [each for each in sentences(text) if len(_WORD.findall(each)) >= FEWEST_WORDS]


def own_sentences(text: str, earlier: Iterable[str]) -> list[str]:
    """Return the sentences of ``text`` that none of the ``earlier`` answers holds.

    Case, accents and punctuation make no sentence another one.
    """
    known = {_plain(sentence) for answer in earlier for sentence in sentences(answer)}
    return [each for each in real_sentences(text) if _plain(each) not in known]


def takes_up(text: str, told: Iterable[str]) -> bool:
    """Say whether ``text`` takes up at least one telling word of what the author ``told``.

    True when the author's words tell nothing that could be taken up.
    """
    families = frozenset[str]().union(*(word_families(each) for each in told))
    return not families or bool(families & word_families(text))


def _plain(sentence: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(sentence)))
