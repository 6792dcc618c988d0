"""An edition as sections of items: pages, HTML parts and text parts all print these."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import ngettext

Content = dict[str, Any]  # what ``Edition.content`` holds


@dataclass(frozen=True)
class Item:
    """One line: what is said first and strongest, the rest, the ring beside it, where it leads."""

    lead: str = ""
    words: str = ""
    ring: str = ""
    endpoint: str = ""
    values: dict[str, str] = field(default_factory=dict)
    label: str = ""


@dataclass(frozen=True)
class Section:
    """A heading with its items; decisions are numbered, doors print their address on paper."""

    title: str
    items: list[Item]
    numbered: bool = False
    has_doors: bool = False


MOST_LINES = 5  # then « et n autres »: a mail is read on a phone


def capped(items: Sequence[Item], more: Item, most: int = MOST_LINES) -> list[Item]:
    """Return the first items and how many are left, with where to read them."""
    left = len(items) - most
    if left < 1:
        return list(items)
    words = ngettext("et %(num)d autre.", "et %(num)d autres.", left)
    return [*items[:most], replace(more, words=words)]
