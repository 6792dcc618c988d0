"""How much two short texts say with the same words: rare shared words weigh, common ones hardly.

No model is loaded: it is for places that must answer at once. Words count by their family
(`nlp.spellings`), so that « mesure » and « mesures », « bloqué » and « blocage » are one.
"""

import math
import re
from collections.abc import Collection, Mapping

from nlp.lexicons import fold
from nlp.spellings import family
from nlp.stop_words import stop_words
from nlp.tokens import TOKEN

SHORTEST = 3  # letters of a word that tells something: « sms »
_WORD = re.compile(r"[a-z]+")


def word_families(text: str) -> frozenset[str]:
    """Return the families of the words that tell what ``text`` is about; masked words tell nothing.

    Each is a folded beginning that its words share: « mesur », « brassard ».
    """
    words = _WORD.findall(fold(TOKEN.sub(" ", text)))
    telling = (word for word in words if len(word) >= SHORTEST and word not in stop_words())
    return frozenset(family(word.rstrip("sx") or word) for word in telling)


def rarity(holding: int, texts: int) -> float:
    """Return what a family weighs that ``holding`` of ``texts`` texts hold: log((1 + n) / (1 + h)).

    0 for a family that every text holds.
    """
    return max(0.0, math.log((1 + texts) / (1 + holding)))


def likeness(
    one: Collection[str], other: Collection[str], weights: Mapping[str, float]
) -> tuple[float, int]:
    """Return the cosine of two texts' families and how many they share.

    ``weights`` are rarities; the cosine is in [0, 1], 1 for the same families, 0 when none that
    weighs is shared or a side is empty.
    """
    shared = set(one) & set(other)
    product = sum(weights[each] ** 2 for each in shared)
    length = math.sqrt(
        sum(weights[each] ** 2 for each in one) * sum(weights[each] ** 2 for each in other)
    )
    return (product / length if length else 0.0), len(shared)
