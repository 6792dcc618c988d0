"""Arranges the structure: subjects that keep their identity, their slices as themes, placements.

A refresh reads, computes and plans without a lock; under the lock it looks whether a person changed
something meanwhile, and if so plans again on what stands now. Only what differs is written.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import select

from app.db import db, start_reading, start_writing
from feedback.corpus import Corpus, read_corpus, read_places
from feedback.describing import describe
from feedback.families import families, numbers
from feedback.grouping import decide
from feedback.models import AnalysisRun, Subject
from feedback.picture import Picture, last_run, read_picture
from feedback.placing import space_path, standing_space
from feedback.planning import plan
from feedback.plans import Figures, Plan
from feedback.routes import Routes, copied
from feedback.stale import any_stale
from feedback.structure import Base, fit_anew, group_anew, keep_space
from feedback.themes import FEWEST_TEXTS
from feedback.work import Work
from feedback.writing_plans import write_plan
from nlp.encode import Encoder
from nlp.space import Space

GROWTH = 1.2  # times the segments of the last full refresh, before the next
TRIES = 5  # plans, while people change things under the machine's hands


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
    if any_stale(asked.model):
        raise StillOtherModel
    corpus = read_corpus(asked.model)
    if len(corpus.ids) < FEWEST_TEXTS:  # no structure yet, and none is written down
        start_writing()
        count = len(corpus.ids)
        return AnalysisRun(day=asked.day, model=asked.model, segments=count, subjects=0, unplaced=0)
    return _arranged(corpus, _base(corpus, asked), asked)


def _arranged(corpus: Corpus, base: Base, asked: Asked) -> AnalysisRun:
    """Plan without a lock, and write the first plan under which no person changed anything."""
    for _ in range(TRIES):
        start_reading()
        picture = read_picture()
        made = _planned(corpus, base, picture, asked)
        found = _score(made)
        start_writing()
        if read_picture().seal == picture.seal:
            if base.full:
                base.space.save(space_path(asked.folder))
            return write_plan(made, found, asked.model, picture)
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
    before = Work(corpus, base, picture, places, asked.day).origin
    return group_anew(base, before, np.flatnonzero(corpus.is_unit))


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


def _score(made: Plan) -> list[Figures]:
    """Return the numbers of every placement, service by service."""
    routes, services = Routes(made.after), made.work.corpus.services[: len(made.homes)]
    shown = {s: at for s, at in made.centres.items() if s in set(made.grouping.subjects)}
    placed = np.array([home is not None for home in made.homes], bool)
    points, found = made.work.base.points, []
    for service in np.unique(services[placed]).tolist():
        rows = np.flatnonzero(placed & (services == service)).tolist()
        here = families(routes, service, shown, made.slices, made.work.base.space.dimension)
        homes = [made.homes[row] or "" for row in rows]
        found.append((rows, numbers(points[made.evidence[rows]], homes, here, made.slices)))
    return found
