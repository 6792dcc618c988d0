"""Writes down what people change in themes: the values before, for undo, and the journal.

A change holds ids and values, never a word of a message: erasing a retour need not look here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import inspect

from app import traces
from app.db import db
from app.traces import Actor
from feedback.models import PlacedBy, Placement, SegmentBond, Theme, ThemeBond, ThemeEvent

Row = Theme | Placement | SegmentBond | ThemeBond
TABLES: dict[str, type[Row]] = {
    "theme": Theme,
    "placement": Placement,
    "segment_bond": SegmentBond,
    "theme_bond": ThemeBond,
}
KEYS: dict[str, tuple[str, ...]] = {
    "theme": ("id",),
    "placement": ("segment_id",),
    "segment_bond": ("one_id", "other_id"),
    "theme_bond": ("one_id", "other_id"),
}
PERSON = PlacedBy.PERSON.value


def key_of(row: Row) -> list[str]:
    """Return the primary key of ``row``, in the order of its table."""
    return [getattr(row, name) for name in KEYS[row.__tablename__]]


def plain(value: Any) -> Any:
    """Return ``value`` as JSON holds it."""
    return value.isoformat() if isinstance(value, date) else value


def note(theme: Theme, day: date, kind: str, by: str, detail: str = "") -> ThemeEvent:
    """Add what happened to ``theme`` to its history."""
    event = ThemeEvent(theme_id=theme.id, day=day, kind=kind, detail=detail, by=by)
    db.session.add(event)
    db.session.flush()
    return event


@dataclass
class Ledger:
    """The changes of one edit, in the order they are made."""

    changes: list[dict[str, Any]] = field(default_factory=list)

    def put(self, row: Row, **values: Any) -> None:
        """Set ``values`` on ``row`` and write down what they were."""
        old = {name: plain(getattr(row, name)) for name in values}
        self.write(row, old, {name: plain(value) for name, value in values.items()})
        for name, value in values.items():
            setattr(row, name, value)

    def place(self, placement: Placement, theme: Theme) -> None:
        """Put a segment into ``theme`` at a person's word."""
        self.put(placement, theme_id=theme.id, by=PERSON, contested=False)

    def take_out(self, placement: Placement) -> None:
        """Take a segment out of every theme at a person's word."""
        self.put(placement, by=PERSON, contested=True)

    def add(self, row: Row) -> None:
        """Add ``row``; undoing the edit removes it."""
        db.session.add(row)
        db.session.flush()
        self.write(row, None, {})

    def admit(self, placement: Placement) -> None:
        """Put a segment that stood nowhere into a theme; undoing takes it out again."""
        db.session.add(placement)
        db.session.flush()
        names = ("theme_id", "by", "contested")
        self.write(placement, None, {name: getattr(placement, name) for name in names})

    def remove(self, row: Row) -> None:
        """Delete ``row``; undoing the edit brings it back."""
        columns = [column.name for column in row.__table__.columns]
        old = {name: plain(getattr(row, name)) for name in columns}
        self.write(row, old, None)
        db.session.delete(row)

    def write(self, row: Row, old: dict[str, Any] | None, new: dict[str, Any] | None) -> None:
        """Write one change down; rows that change alike share one entry."""
        table, key = row.__tablename__, key_of(row)
        last = self.changes[-1] if self.changes else None
        if last and (last["table"], last["old"], last["new"]) == (table, old, new):
            last["keys"].append(key)
        else:
            self.changes.append({"table": table, "keys": [key], "old": old, "new": new})

    def close(
        self, theme: Theme, kind: str, actor: Actor, day: date, detail: str = ""
    ) -> ThemeEvent:
        """Write the edit into the history of ``theme`` and the journal."""
        event = note(theme, day, kind, actor.role, detail)
        event.before = {"changes": self.changes}
        traces.record("arranged", actor, day, detail=f"{kind} {theme.id}")
        db.session.flush()
        return event


def record_moved(placements: Iterable[Placement], actor: Actor, day: date) -> int:
    """Write into the journal of each retour, which its author reads; return how many retours."""
    retours = {each.segment.feedback_id: each for each in placements}
    for feedback_id, placement in sorted(retours.items()):
        is_out = placement.contested or inspect(placement).deleted
        verb = "ungrouped" if is_out else "grouped"
        traces.record(verb, actor, day, feedback_id, placement.theme_id)
    return len(retours)
