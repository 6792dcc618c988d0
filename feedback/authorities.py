"""The authorities that a signal may be taken to, read from a dated table beside this module.

Each door carries its sources and the day they were read; what could not be checked says so, and the
operator confirms (model.md §9). Which door is the right one is in ``feedback/routing.py``.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import get_locale
from sqlalchemy import select

from app import traces
from app.db import db
from app.traces import Actor, Trace

TABLE = Path(__file__).parent / "data" / "authorities.json"
CONFIRMED = "doors confirmed"  # the journal's verb


@dataclass(frozen=True)
class Said:
    """Words in both languages; printed, they are in the reader's."""

    fr: str
    en: str

    def __str__(self) -> str:
        return self.en if str(get_locale()) == "en" else self.fr


@dataclass(frozen=True)
class Source:
    """Where something was read."""

    title: str
    url: str


@dataclass(frozen=True)
class Deadline:
    """A term that the law sets to somebody at a door."""

    door: str
    who: str  # of routing.Reporter
    limit: Said
    when: Said
    source: str
    checked: date


@dataclass(frozen=True)
class Door:
    """One authority: what it does, who must and who may, and how we know."""

    key: str
    name: Said
    does: Said
    address: str  # without its scheme; empty where there is none for all
    must: Said
    may: Said
    obliged: tuple[str, ...]  # of routing.Reporter
    allowed: tuple[str, ...]
    checked: date
    sources: tuple[Source, ...]
    unchecked: tuple[Said, ...]


@dataclass(frozen=True)
class Table:
    """Everything that the file holds."""

    doors: Mapping[str, Door]
    routes: Mapping[str, tuple[str, ...]]  # routing.About -> doors
    deadlines: tuple[Deadline, ...]
    words: Mapping[str, tuple[str, ...]]  # routing.About -> beginnings of words


def deadlines_at(door: str) -> list[Deadline]:
    """Return the terms that the law sets at ``door``, whoever they bind."""
    return [each for each in table().deadlines if each.door == door]


@cache
def table() -> Table:
    """Return the table as the file has it."""
    raw = json.loads(TABLE.read_text("utf-8"))
    return Table(
        {each["key"]: _door(each) for each in raw["doors"]},
        {about: tuple(keys) for about, keys in raw["routes"].items()},
        tuple(_deadline(each) for each in raw["deadlines"]),
        {about: tuple(words) for about, words in raw["words"].items()},
    )


def _said(raw: Mapping[str, str]) -> Said:
    return Said(raw["fr"], raw["en"])


def _door(raw: Mapping[str, Any]) -> Door:
    return Door(
        raw["key"],
        _said(raw["name"]),
        _said(raw["does"]),
        raw["address"],
        _said(raw["must"]),
        _said(raw["may"]),
        tuple(raw["obliged"]),
        tuple(raw["allowed"]),
        date.fromisoformat(raw["checked"]),
        tuple(Source(**each) for each in raw["sources"]),
        tuple(_said(each) for each in raw["unchecked"]),
    )


def _deadline(raw: Mapping[str, Any]) -> Deadline:
    return Deadline(
        raw["door"],
        raw["who"],
        _said(raw["limit"]),
        _said(raw["when"]),
        raw["source"],
        date.fromisoformat(raw["checked"]),
    )


def checked() -> date:
    """Return the day on which the oldest of what the table says was read."""
    found = table()
    days = [door.checked for door in found.doors.values()]
    return min(days + [each.checked for each in found.deadlines])


def confirm(actor: Actor, day: date) -> None:
    """Write in the journal that the operator has read this table and found it right."""
    traces.record_once(CONFIRMED, actor, day, detail=checked().isoformat())


def confirmed_on() -> date | None:
    """Return the day on which the operator last confirmed the table as it is now, or None."""
    query = (
        select(Trace.day)
        .where(
            Trace.feedback_id.is_(None),
            Trace.payload["verb"].as_string() == CONFIRMED,
            Trace.payload["detail"].as_string() == checked().isoformat(),
        )
        .order_by(Trace.id.desc())
    )
    return db.session.scalars(query.limit(1)).first()
