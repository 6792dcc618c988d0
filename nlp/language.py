"""The language of a message, French or English, by its function words.

A page says of a message in another language which one it is (WCAG 3.1.2); nothing else asks.
French is what people write here, so English must be clear: two words of its own at least, and more
than twice as many as French has. Closed-class words are how language guessers began (Ingle, 1976);
two languages that share few of them need no more.
"""

import re
from functools import cache
from pathlib import Path

FRENCH, ENGLISH = "fr", "en"
FEWEST = 2  # English words, of different spelling
_FILE = Path(__file__).parent / "data" / "function_words.txt"
_WORD = re.compile(r"[^\W\d_]+")


@cache
def _words_of(language: str) -> frozenset[str]:
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    own = (line.split()[1:] for line in lines if line.startswith(f"{language} "))
    return frozenset(word for words in own for word in words)


def language_of(text: str) -> str:
    """Return the code of the language of ``text``: "en" where it is clearly English, else "fr"."""
    words = {word.lower() for word in _WORD.findall(text)}
    english, french = len(words & _words_of(ENGLISH)), len(words & _words_of(FRENCH))
    return ENGLISH if english >= FEWEST and english > 2 * french else FRENCH
