"""Pages of a long list: which one an address asks for, and the links to the ones beside it."""

from typing import Any

from flask import url_for


def page_asked(typed: str) -> int:
    """Return the page that an address names; the first when it names none."""
    return max(1, int(typed)) if typed.isdecimal() and len(typed) < 6 else 1


def pages_of(total: int, per_page: int) -> int:
    """Return how many pages hold ``total`` rows: one when there are none."""
    return max(1, -(-total // per_page))


def pager(
    endpoint: str, query: dict[str, Any], page: int, pages: int, anchor: str
) -> dict[str, Any]:
    """Return what ``_pager.html`` prints: where one is, and the addresses before and after."""

    def address(number: int) -> str:
        known = 1 <= number <= pages
        return url_for(endpoint, **query, page=number, _anchor=anchor) if known else ""

    return {
        "page": page,
        "pages": pages,
        "previous_url": address(page - 1),
        "next_url": address(page + 1),
    }
