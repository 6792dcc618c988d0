"""What a console page showed, against how the board stands: two hands at once make no accident.

Each tick carries where the page showed its card, each group what it held; a gesture on something
that somebody moved meanwhile is refused whole, in a sentence, and nothing is lost.
"""

from collections.abc import Sequence

from workshops import board, groups
from workshops.groups import Row
from workshops.models import Card, CardGroup, Workshop


class MovedMeanwhile(Exception):
    """Somebody moved, hid or took away what was ticked, after the page was drawn."""


class GroupGone(Exception):
    """Somebody merged or separated the group, after the page was drawn."""


class RenamedMeanwhile(Exception):
    """Somebody gave the group another name, after the page was drawn."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


def tick_of(card: Card, row: Row | None = None) -> str:
    """Return the value of a card's box: the card and, unless it stands alone, its group."""
    return card.id if row is None or row.is_single else f"{card.id}.{row.group.id}"


def ticked_cards(workshop: Workshop, ticks: Sequence[str]) -> list[Card]:
    """Return the cards that were ticked. Raises ``MovedMeanwhile``."""
    rows = groups.rows(workshop)
    now = {tick_of(card): card for card in board.shown_cards(workshop)}
    now |= {tick_of(card, row): card for row in rows if not row.is_single for card in row.cards}
    held = {card.id for row in rows if not row.is_single for card in row.cards}
    found = [now.get(tick) for tick in dict.fromkeys(ticks)]
    cards = [card for card in found if card]
    if len(cards) < len(found) or any(tick in held for tick in ticks):
        raise MovedMeanwhile
    return cards


def ticked_groups(workshop: Workshop, ticks: Sequence[str]) -> list[CardGroup]:
    """Return the groups that were ticked whole. Raises ``GroupGone`` or ``MovedMeanwhile``."""
    rows = {row.group.id: row for row in groups.rows(workshop)}
    found = []
    for tick in dict.fromkeys(ticks):
        group_id, _dot, seal = tick.partition(".")
        if group_id not in rows:
            raise GroupGone(group_id)
        if rows[group_id].seal != seal:
            raise MovedMeanwhile
        found.append(rows[group_id].group)
    return found


def group_seen(workshop: Workshop, group_id: str, title: str | None = None) -> CardGroup:
    """Return the group; ``title`` is the name that the page showed.

    Raises ``GroupGone`` or ``RenamedMeanwhile``.
    """
    group = groups.group_of(workshop, group_id)
    if group is None:
        raise GroupGone(group_id)
    if title is not None and group.title != title:
        raise RenamedMeanwhile(group.title)
    return group
