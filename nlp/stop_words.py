"""The French and English words that tell nothing of what a text is about."""

from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "stopwords.txt"


@cache
def stop_words() -> frozenset[str]:
    """Return the words, in lower case."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
