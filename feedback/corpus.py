"""Reads what a refresh decides on: every segment of one model, the short retours that are grouped
as a whole, and where each segment stands.

Writes no row.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select

from app.db import db
from feedback.models import Feedback, PlacedBy, Placement, Segment
from nlp.assign import Vectors
from nlp.copies import authors, near_copies

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Corpus:
    """What a refresh reads, in a fixed order: every segment of one model, then the whole retours.

    ``ids`` are of the segments; every other list goes on with the short retours of several
    segments (`nlp.units`). ``whole`` says in which row each is grouped: a segment of such a retour
    in that one, anything else in its own.
    """

    ids: list[str]
    feedback_ids: list[str]
    services: Rows
    texts: list[str]
    vectors: Vectors
    days: list[date]
    batches: list[str | None]
    whole: Rows

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each segment id."""
        return {each: row for row, each in enumerate(self.ids)}

    @cached_property
    def is_unit(self) -> NDArray[np.bool_]:
        """Which rows are grouped: whole retours, and segments that lie in none."""
        return self.whole == np.arange(len(self.whole))

    @cached_property
    def inside(self) -> Rows:
        """The rows of segments that lie in a whole retour."""
        return np.flatnonzero(~self.is_unit)

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
    with_whole: NDArray[np.bool_]  # placed for what its whole retour says


def read_corpus(model: str) -> Corpus:
    """Return every stored segment of ``model``, and the whole retours."""
    words = func.substr(Feedback.text, Segment.start + 1, Segment.end - Segment.start)
    segments = _read(model, Segment.id, words, Segment.vector)
    has_whole = Segment.whole_vector.is_not(None)
    wholes = _read(model, Segment.id, Feedback.text, Segment.whole_vector, has_whole)
    columns = list(zip(*segments, *wholes, strict=True)) if segments else [()] * 7
    ids, feedback_ids, services, texts, vectors, days, batches = columns
    count = len(segments)
    return Corpus(
        list(ids[:count]),
        list(feedback_ids),
        np.array(services, np.int64),
        [text or "" for text in texts],
        unpack(vectors),
        list(days),
        list(batches),
        _wholes(feedback_ids, count),
    )


def _read(model: str, key: Any, text: Any, vector: Any, *conditions: Any) -> list[Any]:
    query = (
        select(
            key,
            Segment.feedback_id,
            Feedback.service_id,
            text,
            vector,
            Feedback.day,
            Feedback.batch,
        )
        .join(Feedback, Feedback.id == Segment.feedback_id)
        .where(Segment.model == model, *conditions)
        .order_by(Segment.id)
    )
    return list(db.session.execute(query))


def _wholes(feedback_ids: tuple[str, ...], count: int) -> Rows:
    """Return for each row the one that it is grouped in; whole retours are from ``count`` on."""
    found = {each: count + place for place, each in enumerate(feedback_ids[count:])}
    return np.array([found.get(each, row) for row, each in enumerate(feedback_ids)], np.int64)


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
    fixed, contested, with_whole = (np.zeros(len(themes), bool) for _ in range(3))
    columns = (Placement.segment_id, Placement.theme_id, Placement.by, Placement.contested)
    for segment, theme, by, was_contested, whole in db.session.execute(
        select(*columns, Placement.with_whole)
    ):
        row = corpus.rows.get(segment)
        if row is not None:
            fixed[row] = by == PlacedBy.PERSON or was_contested
            contested[row] = was_contested
            themes[row] = None if was_contested else theme
            # Without the vector of its whole retour, a segment speaks for itself.
            with_whole[row] = whole and not corpus.is_unit[row]
    return Places(themes, fixed, contested, with_whole)
