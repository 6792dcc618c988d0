"""The lists of one page, each shown a page at a time: an address asks for one of them by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PER_PAGE = 20


@dataclass(frozen=True)
class Asked:
    """Which list an address asks for, and which of its pages; every other starts at its first."""

    part: str = ""
    page: int = 1


@dataclass(frozen=True)
class ListPart:
    """One list: what its page shows, of how many."""

    name: str
    rows: Sequence[Any]
    total: int
    page: int = 1

    @property
    def pages(self) -> int:
        """How many pages it fills; one when it is empty."""
        return pages_of(self.total)


FIRST = Asked()  # every list at its first page


def asked_for(part: str, page: str) -> Asked:
    """Return what the two words of an address ask for; a page that is none is the first."""
    return Asked(part, max(1, int(page)) if page.isdecimal() and len(page) < 6 else 1)


def pages_of(total: int) -> int:
    """Return how many pages hold ``total`` rows."""
    return max(1, -(-total // PER_PAGE))


def page_of(name: str, total: int, asked: Asked) -> int:
    """Return the page of the list ``name`` to show; past the last one, the last."""
    return min(asked.page, pages_of(total)) if asked.part == name else 1


def part_of(name: str, rows: Sequence[Any], asked: Asked) -> ListPart:
    """Return the list ``name`` with the rows of the page that is asked for."""
    page = page_of(name, len(rows), asked)
    return ListPart(name, rows[(page - 1) * PER_PAGE : page * PER_PAGE], len(rows), page)


def holding(name: str, ids: Sequence[str], row_id: str) -> Asked | None:
    """Return the page of the list ``name`` that holds the row ``row_id``, if it does."""
    return Asked(name, ids.index(row_id) // PER_PAGE + 1) if row_id in ids else None
