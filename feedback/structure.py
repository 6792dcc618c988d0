"""What a refresh reads and computes: every segment grouped anew, matched to what stood before.

Writes no row: ``feedback/arrangement.py`` does, once this long work is done without a lock.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from app.db import db
from feedback.models import Feedback, PlacedBy, Placement, Segment, Theme
from nlp.assign import UNPLACED, Prototypes, fit_thresholds
from nlp.cluster import cluster
from nlp.match import Matches, match
from nlp.space import Space, fit_space

SEED = 2019


@dataclass(frozen=True)
class Corpus:
    """Every segment of one model, in a fixed order: what a refresh reads."""

    ids: list[str]
    feedback_ids: list[str]
    services: list[int]
    texts: list[str]
    vectors: NDArray[np.float32]
    subjects: list[str | None]
    by_person: list[bool]


def read_corpus(model: str) -> Corpus:
    """Return every stored segment of ``model`` with where it stands now."""
    query = (
        select(
            Segment.id,
            Segment.feedback_id,
            Feedback.service_id,
            Feedback.text,
            Segment.start,
            Segment.end,
            Segment.vector,
            Theme.subject_id,
            Placement.by,
        )
        .join(Feedback, Feedback.id == Segment.feedback_id)
        .outerjoin(Placement, Placement.segment_id == Segment.id)
        .outerjoin(Theme, Theme.id == Placement.theme_id)
        .where(Segment.model == model)
        .order_by(Segment.id)
    )
    rows = db.session.execute(query).all()
    vectors = [np.frombuffer(row.vector, np.float16).astype(np.float32) for row in rows]
    return Corpus(
        [row.id for row in rows],
        [row.feedback_id for row in rows],
        [row.service_id for row in rows],
        [(row.text or "")[row.start : row.end] for row in rows],
        np.stack(vectors) if vectors else np.zeros((0, 1), np.float32),
        [row.subject_id for row in rows],
        [row.by == PlacedBy.PERSON for row in rows],
    )


@dataclass(frozen=True)
class Found:
    """What a refresh computed, before anything is written: one point and label a segment."""

    space: Space
    points: NDArray[np.float32]
    labels: list[int]
    prototypes: Prototypes
    matches: Matches
    old_ids: list[str]  # subject ids, by the numbers that ``matches`` knows them under


def compute(corpus: Corpus, model_hash: str) -> Found:
    """Group every segment anew and match the groups to the subjects that stand. Writes nothing."""
    space = fit_space(corpus.vectors, corpus.texts, model_hash, SEED)
    points = space.transform(corpus.vectors, corpus.texts)
    labels = cluster(points, SEED)
    old_ids = sorted({each for each in corpus.subjects if each})
    old = _members([old_ids.index(each) if each else UNPLACED for each in corpus.subjects])
    new = _members(labels.tolist())
    return Found(
        space,
        points,
        labels.tolist(),
        fit_thresholds(points, labels),
        match(old, new),
        old_ids,
    )


def _members(labels: list[int]) -> dict[int, set[int]]:
    """Return the rows of each group; what is unplaced is in none."""
    members: dict[int, set[int]] = defaultdict(set)
    for row, label in enumerate(labels):
        if label != UNPLACED:
            members[label].add(row)
    return members
