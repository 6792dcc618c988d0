"""Reads what a refresh decides on: every segment of one model, and where each stands.

Writes no row.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select

from app.db import db
from feedback.models import Feedback, PlacedBy, Placement, Segment
from nlp.assign import Vectors
from nlp.copies import authors, near_copies


@dataclass(frozen=True, eq=False)
class Corpus:
    """Every segment of one model, in a fixed order: what a refresh reads."""

    ids: list[str]
    feedback_ids: list[str]
    services: NDArray[np.int64]
    texts: list[str]
    vectors: Vectors
    days: list[date]
    batches: list[str | None]

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each segment id."""
        return {each: row for row, each in enumerate(self.ids)}

    def authors(self, rows: Iterable[int]) -> int:
        """Return how many authors these segments have, near-copies counted once."""
        found = list(dict.fromkeys(rows))
        texts = [self.texts[row] for row in found]
        codes = [self.feedback_ids[row] for row in found]
        batches = [self.batches[row] for row in found]
        return authors(codes, near_copies(texts), batches, [self.days[row] for row in found])


@dataclass(frozen=True, eq=False)
class Places:
    """Where each segment of a corpus stands: its theme, and whether a person put it there."""

    themes: list[str | None]
    fixed: NDArray[np.bool_]
    contested: NDArray[np.bool_]


def read_corpus(model: str) -> Corpus:
    """Return every stored segment of ``model``."""
    query = (
        select(
            Segment.id,
            Segment.feedback_id,
            Feedback.service_id,
            func.substr(Feedback.text, Segment.start + 1, Segment.end - Segment.start),
            Segment.vector,
            Feedback.day,
            Feedback.batch,
        )
        .join(Feedback, Feedback.id == Segment.feedback_id)
        .where(Segment.model == model)
        .order_by(Segment.id)
    )
    rows = db.session.execute(query).all()
    columns = list(zip(*rows, strict=True)) if rows else [()] * 7
    ids, feedback_ids, services, texts, vectors, days, batches = columns
    return Corpus(
        list(ids),
        list(feedback_ids),
        np.array(services, np.int64),
        [text or "" for text in texts],
        unpack(vectors),
        list(days),
        list(batches),
    )


def unpack(vectors: Iterable[bytes]) -> Vectors:
    """Return stored vectors as float32 rows."""
    stored = list(vectors)
    if not stored:
        return np.zeros((0, 1), np.float32)
    flat = np.frombuffer(b"".join(stored), np.float16)
    return flat.reshape(len(stored), -1).astype(np.float32)


def read_places(corpus: Corpus) -> Places:
    """Return where the segments of ``corpus`` stand now; an author's contest is nowhere."""
    themes: list[str | None] = [None] * len(corpus.ids)
    fixed, contested = np.zeros(len(themes), bool), np.zeros(len(themes), bool)
    query = select(Placement.segment_id, Placement.theme_id, Placement.by, Placement.contested)
    for segment, theme, by, was_contested in db.session.execute(query):
        row = corpus.rows.get(segment)
        if row is not None:
            fixed[row] = by == PlacedBy.PERSON or was_contested
            contested[row] = was_contested
            themes[row] = None if was_contested else theme
    return Places(themes, fixed, contested)
