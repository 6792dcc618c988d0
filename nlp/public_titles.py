"""Says whether a title may be read by the public: each of its words is that of many people."""

import re
from collections.abc import Sequence

from nlp.lexicons import fold
from nlp.noun_phrases import singular
from nlp.stop_words import stop_words

FEWEST = 11  # retours that hold each word of a title that no person approved


def is_public_title(title: str, texts: Sequence[str], fewest: int = FEWEST) -> bool:
    """Tell whether each word of a title that tells something stands in ``fewest`` texts or more.

    ``texts``: one for each retour, not each segment. A title with a mask is never public.
    """
    return "[" not in title and fewest_retours(title, texts) >= fewest


def fewest_retours(title: str, texts: Sequence[str]) -> int:
    """Return the texts that hold the rarest word of a title, in singular or plural.

    Small words are not asked for; 0 for a title without any other.
    """
    asked = _words(title) - {singular(fold(word)) for word in stop_words()}
    held = [_words(text) for text in texts]
    return min((sum(word in each for each in held) for word in asked), default=0)


def _words(text: str) -> set[str]:
    return {singular(word) for word in re.findall(r"[^\W_]+", fold(text))}
