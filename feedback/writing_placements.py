"""Writes the machine's placements as a plan has them, those that differ alone."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, insert, select, update

from app.db import db
from feedback.families import Numbers
from feedback.models import (
    PlacedBy,
    Placement,
    Segment,
)
from feedback.plans import Figures, Plan

CHUNK = 500  # ids in one statement


def write_placements(made: Plan, found: list[Figures], model: str) -> None:
    """Write the machine's placements that differ; those of people stay."""
    query = select(*Placement.__table__.c).where(Placement.by == PlacedBy.MACHINE)
    before = {row.segment_id: row._asdict() for row in db.session.execute(query)}
    wanted = _wanted(made, found, model)
    _delete([each for each in made.work.corpus.ids if each in before and each not in wanted])
    new = [row for each, row in wanted.items() if each not in before]
    changed = list(_changed(before, wanted))
    if new:
        db.session.execute(insert(Placement), new)
    if changed:
        db.session.execute(update(Placement), changed)


def _wanted(made: Plan, found: list[Figures], model: str) -> dict[str, dict[str, Any]]:
    """Return the rows of the machine's placements, by segment, of the segments still there."""
    alive = set(db.session.scalars(select(Segment.id)))
    fixed, ids = made.work.places.fixed, made.work.corpus.ids
    wanted: dict[str, dict[str, Any]] = {}
    for rows, figures in found:
        for place, row in enumerate(rows):
            if not fixed[row] and ids[row] in alive:
                wanted[ids[row]] = _placement(made, row, figures, place, model)
    return wanted


def _delete(segments: list[str]) -> None:
    for start in range(0, len(segments), CHUNK):
        some = Placement.segment_id.in_(segments[start : start + CHUNK])
        db.session.execute(delete(Placement).where(some, Placement.by == PlacedBy.MACHINE))


def _placement(made: Plan, row: int, figures: Numbers, place: int, model: str) -> dict[str, Any]:
    return {
        "segment_id": made.work.corpus.ids[row],
        "theme_id": made.homes[row],
        "score": round(float(figures.score[place]), 4),
        "threshold": round(float(figures.threshold[place]), 4),
        "runner_up": figures.runner_up[place],
        "runner_up_score": figures.second(place),
        "model": model,
        "placed": made.work.day,
        "by": PlacedBy.MACHINE.value,
        "with_whole": bool(made.grouping.with_whole[row]),
        "contested": False,
    }


def _changed(
    before: dict[str, dict[str, Any]], wanted: dict[str, dict[str, Any]]
) -> Iterable[dict[str, Any]]:
    """Return the placements that changed; a segment that stays keeps the day it was placed."""
    for segment, row in wanted.items():
        if segment in before:
            if before[segment]["theme_id"] == row["theme_id"]:
                row["placed"] = before[segment]["placed"]
            if row != before[segment]:
                yield row
