"""How the moderators' queue fares, in counts only: what waits, how fast it is decided, by reason.

No row of a retour is read again for it: each decision adds one to a count of its month.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from app.db import db
from feedback.models import DecisionCount
from feedback.moderation_items import HELD_DAYS, Asked, Item, Look, Wait, WhyHeld
from feedback.moderation_queue import Queue

LONGEST_DAYS = 30  # waits beyond are counted together
KEPT = timedelta(days=92)  # three months
Waits = Item | Look | Asked | Wait


@dataclass(frozen=True)
class Figures:
    """One line: a reason, or all of them together where ``why`` is None."""

    why: WhyHeld | None
    waiting: int
    oldest: int  # working days
    decided: int
    median: int  # working days
    in_time: int  # percent decided within three working days


def count(why: WhyHeld, outcome: str, days: int, day: date) -> None:
    """Add one decision to the counts of its month."""
    month, days = day.replace(day=1), min(days, LONGEST_DAYS)
    key = {"month": month, "why": why.value, "outcome": outcome, "days": days}
    row = db.session.scalar(select(DecisionCount).filter_by(**key))
    if row is None:
        row = DecisionCount(**key, number=0)
        db.session.add(row)
    row.number += 1
    db.session.flush()


def figures(queue: Queue, beside: Sequence[Wait], day: date) -> tuple[Figures, ...]:
    """Return the line of all reasons, then one for each that waits or was decided.

    Args:
        beside: what waits beside retours and answers (``moderation_waits.py``).
    """
    since = (day - KEPT).replace(day=1)
    rows = list(db.session.scalars(select(DecisionCount).where(DecisionCount.month >= since)))
    items: list[Waits] = [*queue.held, *queue.wishes, *queue.looks, *queue.asked, *beside]
    found = [_line(None, items, rows)]
    for why in WhyHeld:
        waiting = [item for item in items if item.why is why]
        decided = [row for row in rows if row.why == why.value]
        if waiting or decided:
            found.append(_line(why, waiting, decided))
    return tuple(found)


def _line(why: WhyHeld | None, items: Sequence[Waits], rows: Sequence[DecisionCount]) -> Figures:
    waits = sorted((row.days, row.number) for row in rows)
    total = sum(number for _days, number in waits)
    in_time = sum(number for days, number in waits if days <= HELD_DAYS)
    return Figures(
        why,
        len(items),
        max((item.days for item in items), default=0),
        total,
        _median(waits, total),
        round(100 * in_time / total) if total else 0,
    )


def _median(waits: Sequence[tuple[int, int]], total: int) -> int:
    """Return the lower median of ``waits``, pairs of days and how many waited so long."""
    passed = 0
    for days, number in waits:
        passed += number
        if 2 * passed >= total:
            return days
    return 0
