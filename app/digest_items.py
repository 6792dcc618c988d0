"""An edition as sections of items: pages, HTML parts and text parts all print these."""

from dataclasses import dataclass, field
from typing import Any

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
    """A heading with its items; decisions are numbered."""

    title: str
    items: list[Item]
    numbered: bool = False
