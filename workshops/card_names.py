"""Name finders for the cards of a session: one that remembers, one for words of ours."""

from functools import cache

from nlp.redact import NameFinder


class FoundNames:
    """A name finder that remembers what it found, so that it can be asked before the lock."""

    def __init__(self, finder: NameFinder) -> None:
        self.find = cache(finder.find)


class NobodyNamed:
    """A name finder for words of ours, which name nobody."""

    def find(self, text: str) -> list[tuple[int, int]]:
        """Return no range."""
        return []
