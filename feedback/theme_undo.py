"""The edits that people made to a theme, newest first, and taking one back.

An edit can be undone while nothing later touched what it changed. What the machine placed anew
meanwhile, and what an author took out, stays as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update

from app import traces
from app.db import db
from app.traces import Actor
from feedback.models import Placement, Segment, Theme, ThemeBond, ThemeEvent
from feedback.theme_centres import describe
from feedback.theme_ledger import TABLES, Ledger, Row, note, plain, record_moved
from feedback.theme_refusals import Reason, Refused
from feedback.theme_words import UNNAMED, title_of

Touched = set[tuple[str, ...]]
DAYS = ("ended", "day")  # columns that JSON holds as text
INTO = "into"  # beside tables: the theme that rows went into
SOFT = "typical"  # computed: put back where nothing changed it, never in the way


@dataclass(frozen=True)
class Edit:
    """An edit of a person, and whether it can still be taken back."""

    event: ThemeEvent
    can_undo: bool


def edits_of(theme: Theme, limit: int = 8) -> list[Edit]:
    """Return the last edits that people made to ``theme``, newest first."""
    query = select(ThemeEvent).where(ThemeEvent.theme_id == theme.id)
    newest = db.session.scalars(query.order_by(ThemeEvent.id.desc()))
    events = [each for each in newest if each.before][:limit]
    later = _edits_of_service(theme.service_id) if events else []
    return [Edit(each, _can_undo(each, later)) for each in events]


def undo(event: ThemeEvent, actor: Actor, day: date) -> bool:
    """Put back what ``event`` changed. False: it was undone before, or is no edit of a person.

    Raise ``Refused`` when something later touched the same rows.
    """
    theme = db.session.get_one(Theme, event.theme_id)
    if event.before is None or event.undone:
        return False
    if not _can_undo(event, _edits_of_service(theme.service_id)):
        raise Refused(Reason.TOO_LATE)
    changes = list(reversed(event.before["changes"]))
    moved = [each for change in changes for each in _put_back(change, day)]
    if event.kind == "renamed" and not theme.named_by_person:
        theme.name = _name_before(event, theme)
    if event.kind == "split":
        _fold(changes[-1]["keys"][0][0], theme)
    event.undone = day
    _choose_typical(changes)
    note(theme, day, "undone", actor.role, event.kind)
    traces.record("arranged", actor, day, detail=f"undone {event.kind} {theme.id}")
    if event.kind != "merged":
        record_moved(moved, actor, day)
    return True


def _edits_of_service(service_id: int) -> list[ThemeEvent]:
    query = select(ThemeEvent).join(Theme, Theme.id == ThemeEvent.theme_id)
    mine = query.where(Theme.service_id == service_id, ThemeEvent.undone.is_(None))
    return [each for each in db.session.scalars(mine.order_by(ThemeEvent.id)) if each.before]


def _can_undo(event: ThemeEvent, edits: list[ThemeEvent]) -> bool:
    if event.before is None or event.undone:
        return False
    changes = event.before["changes"]
    needed = {each for each in _touched(changes) if each[0] != INTO} | _relied_on(changes)
    if any(needed & _touched(each.before["changes"]) for each in edits if each.id > event.id):  # type: ignore[index]
        return False
    return all(_is_as_left(change) for change in changes) and _homes_stand(changes)


def _touched(changes: list[dict[str, Any]]) -> Touched:
    """Return the rows and, of themes, the columns that ``changes`` set; and where rows went."""
    found: Touched = set()
    for change in changes:
        table, new = change["table"], change["new"] or {}
        fields = [name for name in new if name != SOFT] if table == "theme" else [""]
        found |= {(table, *key, name) for key in change["keys"] for name in fields}
        if "theme_id" in new:
            found.add((INTO, new["theme_id"]))
    return found


def _relied_on(changes: list[dict[str, Any]]) -> Touched:
    """Return what undoing relies on: nothing went into a theme that it will end."""
    ending = [c for c in changes if c["table"] == "theme" and (c["old"] or {}).get("ended")]
    return {(INTO, key[0]) for change in ending for key in change["keys"]}


def _rows(change: dict[str, Any]) -> Iterable[Row]:
    for key in change["keys"]:
        table: Any = TABLES[change["table"]]
        if (found := db.session.get(table, tuple(key))) is not None:
            yield found


def _matches(row: Row, values: dict[str, Any]) -> bool:
    return all(plain(getattr(row, k)) == v for k, v in values.items() if k != SOFT)


def _is_as_left(change: dict[str, Any]) -> bool:
    """Say whether the rows are as the edit left them; the machine's and an author's moves aside."""
    if not change["old"] or not change["new"]:
        return True
    if change["table"] == "placement" and "by" not in change["new"]:
        return True
    return all(_matches(row, change["new"]) or _is_contested(row) for row in _rows(change))


def _is_contested(row: Row) -> bool:
    return isinstance(row, Placement) and row.contested


def _homes_stand(changes: list[dict[str, Any]]) -> bool:
    """Say whether the themes that messages would go back to stand, or are brought back by this."""
    back = {c["old"]["theme_id"] for c in changes if c["old"] and "theme_id" in c["old"]}
    reopened = {
        key[0]
        for c in changes
        if c["table"] == "theme" and c["old"] and "ended" in c["old"] and not c["old"]["ended"]
        for key in c["keys"]
    }
    homes = [db.session.get(Theme, each) for each in back - reopened]
    return all(home is not None and home.ended is None for home in homes)


def _put_back(change: dict[str, Any], day: date) -> list[Placement]:
    """Restore the rows of one change; return the placements that it moved."""
    old, new = change["old"], change["new"]
    if new is None:
        _bring_back(change)
        return []
    rows = [row for row in _rows(change) if _matches(row, new)]
    for row in rows:
        if old is None:
            db.session.delete(row)
            continue
        for name, value in old.items():
            if name != SOFT or getattr(row, SOFT) == new[SOFT]:
                setattr(row, name, day if name in DAYS and value else value)
    db.session.flush()
    return [row for row in rows if isinstance(row, Placement)]


def _bring_back(change: dict[str, Any]) -> None:
    """Add a bond again, unless it is there or what it bound has gone."""
    table = TABLES[change["table"]]
    values = {k: date.fromisoformat(v) if k in DAYS else v for k, v in change["old"].items()}
    parent = Theme if table is ThemeBond else Segment
    ends = [db.session.get(parent, values[end]) for end in ("one_id", "other_id")]
    if all(ends) and not list(_rows(change)):
        db.session.add(table(**values))
        db.session.flush()


def _name_before(event: ThemeEvent, theme: Theme) -> str:
    """Return the machine's title; the history no longer holds one that quoted an erased message."""
    told = event.detail.split(" → ")[0]
    return title_of(theme.words) if told == UNNAMED else told


def _fold(part_id: str, theme: Theme) -> None:
    """Give ``theme`` back what came into its part since."""
    back = update(Placement).where(Placement.theme_id == part_id)
    db.session.execute(back.values(theme_id=theme.id))


def _choose_typical(changes: list[dict[str, Any]]) -> None:
    """Choose anew the typical messages that something later changed."""
    db.session.flush()
    for change in changes:
        if change["table"] == "theme" and SOFT in (change["new"] or {}):
            for row in _rows(change):
                if isinstance(row, Theme) and getattr(row, SOFT) != change["old"][SOFT]:
                    describe(Ledger(), row)
