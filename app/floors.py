"""The one function that decides whether a number may be shown outside the team (model.md §1)."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

FLOOR = 11  # retours; a deployer may raise it, never lower it
RATE_FLOOR = 30  # retours behind a rate or a comparison
TEAM_FLOOR = 5  # inside the team, only for crossings of traits

Key = TypeVar("Key")


def may_show(count: int, floor: int = FLOOR) -> bool:
    """Say whether ``count`` retours may be shown: none at all hides nobody."""
    return count == 0 or count >= floor


def shown_total(count: int, floor: int = FLOOR) -> int | None:
    """Return what may be said of a count that moves by the day: a multiple of ``floor``, or None.

    A total of the last twelve months, read twice, gives what came and left in between. Said as "at
    least", two readings differ by nothing or by ``floor`` and more, however often anybody reads.
    """
    return count - count % floor if count >= floor else None


def shown_cells(cells: Mapping[Key, int], floor: int = FLOOR) -> dict[Key, int | None]:
    """Return ``cells`` with small counts as None, and one more when the total would give it away.

    Whoever knows the total can subtract: a single hidden cell is recovered, and so are hidden cells
    that sum below the floor. The smallest cells still shown join them until the hidden sum holds.
    """
    shown: dict[Key, int | None] = {
        key: count if may_show(count, floor) else None for key, count in cells.items()
    }
    hidden = [key for key, count in shown.items() if count is None]
    by_size = sorted((key for key in cells if shown[key]), key=lambda key: cells[key])
    while hidden and by_size and _can_be_recovered([cells[key] for key in hidden], floor):
        key = by_size.pop(0)
        shown[key] = None
        hidden.append(key)
    return shown


def _can_be_recovered(hidden: Sequence[int], floor: int) -> bool:
    return len(hidden) < 2 or sum(hidden) < floor
