"""Writes the structure: subjects that keep their identity, their slices as themes, placements.

A refresh reads, computes and plans without a lock; under the lock it looks whether a person changed
something meanwhile, and if so plans again on what stands now. Only what differs is written.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import delete, insert, select, update

from app.db import db, start_reading, start_writing
from feedback.corpus import Corpus, read_corpus, read_places
from feedback.describing import describe
from feedback.families import Numbers, families, numbers
from feedback.grouping import decide
from feedback.models import (
    AnalysisRun,
    PlacedBy,
    Placement,
    Segment,
    Subject,
    SubjectEvent,
    Theme,
    ThemeEvent,
)
from feedback.picture import Picture, last_run, read_picture
from feedback.placing import space_path, standing_space
from feedback.planning import plan
from feedback.plans import Plan
from feedback.routes import Routes, copied
from feedback.structure import Base, fit_anew, group_anew, keep_space
from feedback.themes import FEWEST_TEXTS
from feedback.work import Work
from nlp.encode import Encoder
from nlp.space import Space

GROWTH = 1.2  # times the segments of the last full refresh, before the next
TRIES = 5  # plans, while people change things under the machine's hands
CHUNK = 500  # ids in one statement


class StillOtherModel(Exception):
    """Segments wait to be encoded with the model in use: vectors of two models are never mixed."""


class PeopleAreFaster(Exception):
    """People changed themes while each plan was made: try again later."""


@dataclass(frozen=True)
class Asked:
    """What a refresh is made with: the model, where its space is kept, the day."""

    model: str
    encoder: Encoder
    folder: Path
    day: date
    full: bool = False
    tagger: Any = None  # tells nouns for the names; without it, the use of words does


def refresh(asked: Asked) -> AnalysisRun:
    """Bring the structure up to date and return the run. Adds and flushes.

    The space is saved first: were the writing to fail, ``place`` sees centroids of another space
    and abstains until the next run. Raises ``StillOtherModel``, ``PeopleAreFaster``, and ValueError
    for a vector with NaN; what stood stands then.
    """
    start_reading()
    other = select(Segment.id).where(Segment.model != asked.model).limit(1)
    if db.session.scalar(other) is not None:
        raise StillOtherModel
    corpus = read_corpus(asked.model)
    if len(corpus.ids) < FEWEST_TEXTS:  # no structure yet, and none is written down
        start_writing()
        count = len(corpus.ids)
        return AnalysisRun(day=asked.day, model=asked.model, segments=count, subjects=0, unplaced=0)
    base = _base(corpus, asked)
    for _ in range(TRIES):
        start_reading()
        picture = read_picture()
        made = _planned(corpus, base, picture, asked)
        found = _score(made)
        start_writing()
        if read_picture().seal == picture.seal:
            return _write(made, found, asked, picture)
    raise PeopleAreFaster


def _base(corpus: Corpus, asked: Asked) -> Base:
    run = last_run()
    space = standing_space(asked.folder, run, asked.encoder.model_hash)
    full = asked.full or _needs_full(run, space, len(corpus.ids), asked.model)
    picture, places = copied(read_picture()), read_places(corpus)
    db.session.rollback()
    if space is not None and not full:
        return keep_space(corpus, space)
    base = fit_anew(corpus, asked.encoder, space)
    return group_anew(base, Work(corpus, base, picture, places, asked.day).origin)


def _needs_full(run: AnalysisRun | None, space: Space | None, segments: int, model: str) -> bool:
    """Say whether everything is grouped anew: nothing stands, the model or the amount changed."""
    if run is None or space is None or run.model != model:
        return True
    newest = select(AnalysisRun).where(AnalysisRun.kind == "full").order_by(AnalysisRun.id.desc())
    whole = db.session.scalars(newest.limit(1)).first()
    standing = select(Subject.id).where(Subject.ended.is_(None), Subject.merged_into.is_(None))
    nothing = db.session.scalar(standing.limit(1)) is None
    return nothing or whole is None or segments >= GROWTH * whole.segments


def _planned(corpus: Corpus, base: Base, picture: Picture, asked: Asked) -> Plan:
    work = Work(corpus, base, copied(picture), read_places(corpus), asked.day)
    db.session.rollback()
    made = plan(work, decide(work))
    describe(made, asked.tagger)
    return made


def _score(made: Plan) -> list[tuple[list[int], Numbers]]:
    """Return the numbers of every placement, service by service."""
    routes, corpus = Routes(made.after), made.work.corpus
    shown = {s: at for s, at in made.centres.items() if s in set(made.grouping.subjects)}
    placed = np.array([home is not None for home in made.homes], bool)
    found = []
    for service in np.unique(corpus.services[placed]).tolist():
        rows = np.flatnonzero(placed & (corpus.services == service)).tolist()
        here = families(routes, service, shown, made.slices, made.work.base.space.dimension)
        homes = [made.homes[row] or "" for row in rows]
        found.append((rows, numbers(made.work.base.points[rows], homes, here, made.slices)))
    return found


def _write(
    made: Plan, found: list[tuple[list[int], Numbers]], asked: Asked, before: Picture
) -> AnalysisRun:
    base, day = made.work.base, asked.day
    if base.full:
        base.space.save(space_path(asked.folder))
    _write_rows(Subject, before.subjects, made.after.subjects)
    _write_rows(Theme, before.themes, made.after.themes)
    _write_placements(made, found, asked)
    for theme, kind, detail in made.events:
        db.session.add(ThemeEvent(theme_id=theme, day=day, kind=kind, detail=detail))
    names = {each: row.name for each, row in made.after.subjects.items()}
    for subject, kind, others in made.grouping.events:
        detail = " → ".join([names[subject], *(names[each] for each in others)])
        db.session.add(SubjectEvent(subject_id=subject, day=day, kind=kind, detail=detail))
    run = AnalysisRun(
        day=day,
        model=asked.model,
        space=base.space.hash,
        segments=len(made.work.corpus.ids),
        subjects=len({*made.grouping.seen} | {*made.grouping.subjects} - made.grouping.ended),
        unplaced=sum(home is None for home in made.homes),
        kind="full" if base.full else "partial",
    )
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


def _write_placements(made: Plan, found: list[tuple[list[int], Numbers]], asked: Asked) -> None:
    """Write the machine's placements that differ; those of people stay."""
    query = select(*Placement.__table__.c).where(Placement.by == PlacedBy.MACHINE)
    before = {row.segment_id: row._asdict() for row in db.session.execute(query)}
    alive = set(db.session.scalars(select(Segment.id)))
    fixed, ids = made.work.places.fixed, made.work.corpus.ids
    wanted: dict[str, dict[str, Any]] = {}
    for rows, figures in found:
        for place, row in enumerate(rows):
            if not fixed[row] and ids[row] in alive:
                wanted[ids[row]] = _placement(made, row, figures, place, asked)
    gone = [each for each in ids if each in before and each not in wanted]
    for start in range(0, len(gone), CHUNK):
        some = Placement.segment_id.in_(gone[start : start + CHUNK])
        db.session.execute(delete(Placement).where(some, Placement.by == PlacedBy.MACHINE))
    new = [row for each, row in wanted.items() if each not in before]
    changed = list(_changed(before, wanted))
    if new:
        db.session.execute(insert(Placement), new)
    if changed:
        db.session.execute(update(Placement), changed)


def _placement(made: Plan, row: int, figures: Numbers, place: int, asked: Asked) -> dict[str, Any]:
    return {
        "segment_id": made.work.corpus.ids[row],
        "theme_id": made.homes[row],
        "score": round(float(figures.score[place]), 4),
        "threshold": round(float(figures.threshold[place]), 4),
        "runner_up": figures.runner_up[place],
        "runner_up_score": figures.second(place),
        "model": asked.model,
        "placed": asked.day,
        "by": PlacedBy.MACHINE.value,
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
