"""Puts new segments into the themes that stand, or leaves them alone: abstain rather than force."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db
from feedback.centres import theme_centres
from feedback.evidence import evidence_points, points_of
from feedback.families import Centre, Families, choose, families, numbers
from feedback.models import AnalysisRun, Feedback, Placement, Segment
from feedback.picture import Picture, centre_of, last_run, read_picture
from feedback.routes import Routes, copied
from feedback.waiting import read_waiting
from nlp.space import Space, load_space


@dataclass(frozen=True)
class Standing:
    """The structure that the last refresh left, and what people made of it since."""

    space: Space
    routes: Routes
    subjects: dict[str, Centre]  # of those that show
    themes: dict[str, Centre]

    def of_service(self, service: int) -> Families:
        """Return what segments of ``service`` are compared with."""
        return families(self.routes, service, self.subjects, self.themes, self.space.dimension)


def standing_space(folder: Path, run: AnalysisRun | None, model_hash: str) -> Space | None:
    """Return the space that the last run left, or None when it is not the one to compare in."""
    path = space_path(folder)
    if run is None or not path.exists():
        return None
    try:
        space = load_space(path)
    except (ValueError, KeyError, OSError):  # a damaged file is fitted anew
        return None
    return space if space.hash == run.space and space.model_hash == model_hash else None


def space_path(folder: Path) -> Path:
    """Return where the fitted space is kept."""
    return folder / "space.npz"


def standing(folder: Path, model_hash: str) -> Standing | None:
    """Return the structure that stands; None before the first refresh, or for another model."""
    space = standing_space(folder, last_run(), model_hash)
    if space is None:
        return None
    picture = copied(read_picture())
    subjects = {
        each.id: (centre, each.threshold)
        for each in picture.live_subjects()
        if picture.is_shown(each) and (centre := centre_of(each, space.dimension)) is not None
    }
    return Standing(space, Routes(picture), subjects, _slices(picture, space))


def _slices(picture: Picture, space: Space) -> dict[str, Centre]:
    """Return the themes' own centres; of a part made since the last refresh, from its members."""
    every = [theme for theme in picture.themes.values() if theme.ended is None]
    found = {
        theme.id: (centre, theme.threshold)
        for theme in every
        if (centre := centre_of(theme, space.dimension)) is not None
    }
    new = [theme.id for theme in every if theme.id not in found]
    return found | _centres_of(new, space) if new else found


def _centres_of(themes: list[str], space: Space) -> dict[str, Centre]:
    query = (
        select(Placement)
        .join(Segment)
        .where(Placement.theme_id.in_(themes), ~Placement.contested)
        .order_by(Segment.id)
        .options(joinedload(Placement.segment).joinedload(Segment.feedback))
    )
    found = [p for p in db.session.scalars(query) if p.segment.model.endswith(space.model_hash)]
    if not found:
        return {}
    points = evidence_points(found, space)
    firsts: dict[str, int] = {}
    speakers = [
        firsts.setdefault(p.segment.feedback_id if p.with_whole else p.segment_id, row)
        for row, p in enumerate(found)
    ]
    return theme_centres(points, [each.theme_id for each in found], np.array(speakers, np.int64))


def place(segments: Sequence[Segment], model_hash: str, folder: Path, day: date) -> int:
    """Put ``segments`` into the themes that stand; return how many found one.

    Without a structure yet, or with one of another model, all wait for the next refresh. What has
    a placement already, a person's or an author's contest, keeps it.
    """
    taken = _placed(segments)
    waiting = [each for each in segments if each.id not in taken]
    found = standing(folder, model_hash) if waiting else None
    if found is None:
        return 0
    placed = [
        placement
        for service, some in _by_service(waiting).items()
        for placement in _place_in(found, service, some)
    ]
    for placement in placed:
        placement.placed = day
    db.session.add_all(placed)
    db.session.flush()
    return len(placed)


def _placed(segments: Sequence[Segment]) -> set[str]:
    ids = [each.id for each in segments]
    query = select(Placement.segment_id).where(Placement.segment_id.in_(ids))
    return set(db.session.scalars(query))


def _by_service(segments: Sequence[Segment]) -> dict[int, list[Segment]]:
    ids = {each.feedback_id for each in segments}
    query = select(Feedback.id, Feedback.service_id).where(Feedback.id.in_(ids))
    services = dict(db.session.execute(query).all())
    found: dict[int, list[Segment]] = defaultdict(list)
    for each in segments:
        found[services[each.feedback_id]].append(each)
    return found


def _place_in(found: Standing, service: int, segments: Sequence[Segment]) -> list[Placement]:
    here, waiting = found.of_service(service), read_waiting(segments)
    points = points_of(waiting.words, found.space)
    place, with_whole = waiting.settle(here.assign(points))
    rows = [row for row, each in enumerate(place.tolist()) if each >= 0 and here.leads[each]]
    points = points[np.where(with_whole, waiting.whole, np.arange(len(segments)))[rows]]
    homes = [
        choose(points[n : n + 1], here.leads[place[row]], found.themes)[0]
        for n, row in enumerate(rows)
    ]
    told = numbers(points, homes, here, found.themes)
    return [
        Placement(
            segment_id=segments[row].id,
            theme_id=homes[n],
            score=round(float(told.score[n]), 4),
            threshold=round(float(told.threshold[n]), 4),
            runner_up=told.runner_up[n],
            runner_up_score=told.second(n),
            with_whole=bool(with_whole[row]),
            model=segments[row].model,
        )
        for n, row in enumerate(rows)
    ]
