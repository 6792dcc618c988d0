"""Writes what a plan changed: subjects, themes, placements, their histories and the run."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import insert, update

from app.db import db
from feedback.models import (
    AnalysisRun,
    Subject,
    SubjectEvent,
    Theme,
    ThemeEvent,
)
from feedback.picture import Picture
from feedback.plans import Figures, Plan
from feedback.writing_placements import write_placements


def write_plan(made: Plan, found: list[Figures], model: str, before: Picture) -> AnalysisRun:
    """Write what ``made`` changed since ``before``, and the run. Adds and flushes."""
    _write_rows(Subject, before.subjects, made.after.subjects)
    _write_rows(Theme, before.themes, made.after.themes)
    write_placements(made, found, model)
    _write_events(made)
    run = _run(made, model)
    db.session.add(run)
    db.session.flush()
    db.session.expire_all()  # rows were changed under the session's hands
    return run


def _write_rows(table: type[Any], before: dict[str, Any], after: dict[str, Any]) -> None:
    """Insert the new rows and update those that differ."""
    new = [asdict(row) for each, row in sorted(after.items()) if each not in before]
    new.sort(key=lambda row: row.get("merged_into") is not None)  # what it points to comes first
    changed = [
        asdict(row) for each, row in sorted(after.items()) if each in before and row != before[each]
    ]
    if new:
        db.session.execute(insert(table), new)
    if changed:
        db.session.execute(update(table), changed)


def _write_events(made: Plan) -> None:
    """Write what happened to themes and to subjects into their histories."""
    day = made.work.day
    for theme, kind, detail in made.events:
        db.session.add(ThemeEvent(theme_id=theme, day=day, kind=kind, detail=detail))
    names = {each: row.name for each, row in made.after.subjects.items()}
    for subject, kind, others in made.grouping.events:
        detail = " → ".join([names[subject], *(names[each] for each in others)])
        db.session.add(SubjectEvent(subject_id=subject, day=day, kind=kind, detail=detail))


def _run(made: Plan, model: str) -> AnalysisRun:
    base, grouping = made.work.base, made.grouping
    return AnalysisRun(
        day=made.work.day,
        model=model,
        space=base.space.hash,
        segments=len(made.work.corpus.ids),
        subjects=len({*grouping.seen} | {*grouping.subjects} - grouping.ended),
        unplaced=sum(home is None for home in made.homes),
        kind="full" if base.full else "partial",
    )
