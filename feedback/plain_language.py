"""Advice on the team's own sentences: those too long to read at once. Never on citizens' words."""

import re

MOST_WORDS = 25  # of a sentence; beyond, readers lose the beginning


def long_sentences(text: str, most_words: int = MOST_WORDS) -> list[str]:
    """Return the sentences of ``text`` with more than ``most_words`` words, as they stand."""
    sentences = re.split(r"(?<=[.!?…])\s+|\n+", text.strip())
    return [s for s in sentences if len(re.findall(r"[^\W_]+", s)) > most_words]
