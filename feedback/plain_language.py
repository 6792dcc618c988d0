"""Advice on the team's own sentences: those too long to read at once. Never on citizens' words."""

import re

MOST_WORDS = 25  # of a sentence; beyond, readers lose the beginning


def sentences(text: str) -> list[str]:
    """Return the sentences of ``text`` as they stand; a line is a sentence at least."""
    return [each for each in re.split(r"(?<=[.!?…])\s+|\n+", text.strip()) if each]


def long_sentences(text: str, most_words: int = MOST_WORDS) -> list[str]:
    """Return the sentences of ``text`` with more than ``most_words`` words, as they stand."""
    return [s for s in sentences(text) if len(re.findall(r"[^\W_]+", s)) > most_words]
