"""What people do to a theme, name it and contest it, and the history of both.

It survives every refresh: ``feedback/arrangement.py`` leaves it standing.
"""

from datetime import date

from app.db import db
from feedback.models import Feedback, PlacedBy, Theme, ThemeEvent
from feedback.themes import placements_of


class EmptyName(Exception):
    """A theme needs a name."""


def rename(theme: Theme, name: str, day: date, role: str) -> None:
    """Give ``theme`` a person's name; no run will change it. Raise ``EmptyName`` on a blank one."""
    name = " ".join(name.split())
    if not name:
        raise EmptyName
    _note(theme, day, "renamed", f"{theme.name} → {name}", role)
    theme.name, theme.named_by_person = name[:120], True


def contest(feedback: Feedback, theme: Theme, day: date) -> int:
    """Take the segments of ``feedback`` out of ``theme`` at its author's word; return how many."""
    taken = [p for p in placements_of(feedback) if p.theme_id == theme.id and not p.contested]
    for placement in taken:
        placement.contested, placement.by = True, PlacedBy.PERSON.value
    if taken:
        _note(theme, day, "contested", str(len(taken)), "author")
    return len(taken)


def note_birth(theme: Theme, day: date) -> None:
    """Write down that ``theme`` came to be."""
    _note(theme, day, "born", theme.name, PlacedBy.MACHINE.value)


def _note(theme: Theme, day: date, kind: str, detail: str, by: str) -> None:
    db.session.add(ThemeEvent(theme_id=theme.id, day=day, kind=kind, detail=detail, by=by))
    db.session.flush()
