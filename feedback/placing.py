"""Puts new segments into the themes that stand, or leaves them alone: abstain rather than force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from sqlalchemy import select

from app.db import db
from feedback.models import AnalysisRun, Feedback, Placement, Segment, Subject, Theme
from nlp.assign import UNPLACED, Prototypes, assign
from nlp.space import Space, load_space


@dataclass(frozen=True)
class Scored:
    """How near a segment is to its theme, how near it had to be, and the second choice."""

    score: float
    threshold: float
    runner_up: Theme | None


@dataclass(frozen=True)
class Standing:
    """The structure that the last refresh left: the space, the centres, the themes."""

    space: Space
    subjects: list[str]  # ids, by the row that ``prototypes`` knows them under
    prototypes: Prototypes
    themes: dict[tuple[int, str | None], Theme]  # by service and subject


def space_path(folder: Path) -> Path:
    """Return where the fitted space is kept."""
    return folder / "space.npz"


def placement(segment_id: str, theme: Theme, scored: Scored, model: str, day: date) -> Placement:
    """Return the machine's placement of one segment, with what "Pourquoi ?" needs to say."""
    return Placement(
        segment_id=segment_id,
        theme_id=theme.id,
        score=round(scored.score, 4),
        threshold=round(scored.threshold, 4),
        runner_up=scored.runner_up.id if scored.runner_up else None,
        model=model,
        placed=day,
    )


def standing(folder: Path) -> Standing | None:
    """Return the structure that stands; None before the first refresh or between two of them."""
    run = db.session.scalar(select(AnalysisRun).order_by(AnalysisRun.id.desc()).limit(1))
    if run is None or not space_path(folder).exists():
        return None
    space = load_space(space_path(folder))
    if space.hash != run.space:
        return None
    query = select(Subject).where(Subject.ended.is_(None), Subject.centroid.is_not(None))
    subjects = list(db.session.scalars(query.order_by(Subject.id)))
    centres = [np.frombuffer(each.centroid or b"", np.float32) for each in subjects]
    prototypes = Prototypes(
        np.arange(len(subjects), dtype=np.int64),
        np.stack(centres) if centres else np.zeros((0, space.dimension), np.float32),
        np.array([each.threshold for each in subjects], np.float32),
    )
    themes = db.session.scalars(select(Theme).where(Theme.ended.is_(None)))
    by_place = {(theme.service_id, theme.subject_id): theme for theme in themes}
    return Standing(space, [each.id for each in subjects], prototypes, by_place)


def place(segments: Sequence[Segment], model_hash: str, folder: Path, day: date) -> int:
    """Put ``segments`` into the themes that stand; return how many found one.

    Without a structure yet, or with one of another model, all wait for the next refresh.
    """
    found = standing(folder)
    if found is None or found.space.model_hash != model_hash or not segments:
        return 0
    rows = _texts(segments)
    vectors = [np.frombuffer(each.vector, np.float16).astype(np.float32) for each in segments]
    points = found.space.transform(np.stack(vectors), [rows[each.id][1] for each in segments])
    placed = 0
    for segment, assigned in zip(segments, assign(points, found.prototypes), strict=True):
        service = rows[segment.id][0]
        theme = _theme(found, service, assigned.theme)
        if theme is not None:
            runner_up = _theme(found, service, assigned.runner_up)
            scored = Scored(assigned.score, assigned.threshold, runner_up)
            db.session.add(placement(segment.id, theme, scored, segment.model, day))
            placed += 1
    db.session.flush()
    return placed


def _theme(found: Standing, service: int, row: int) -> Theme | None:
    return found.themes.get((service, found.subjects[row])) if row != UNPLACED else None


def _texts(segments: Sequence[Segment]) -> dict[str, tuple[int, str]]:
    """Return the service and the words of each segment."""
    ids = {each.feedback_id for each in segments}
    query = select(Feedback.id, Feedback.service_id, Feedback.text).where(Feedback.id.in_(ids))
    known = {each: (service, text or "") for each, service, text in db.session.execute(query)}
    return {
        each.id: (known[each.feedback_id][0], known[each.feedback_id][1][each.start : each.end])
        for each in segments
    }
