"""Encodes again, batch by batch, what was encoded with another model than the one in use.

Segments keep their ids, so what people said of them holds; until the last one is done, themes stay
as they are and new messages wait. Interrupted, it goes on where it stopped.
"""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import exists, func, select, update

from app.db import db, start_reading, start_writing
from feedback.analysis import Machine
from feedback.models import AnalysisRun, Feedback, Segment
from feedback.picture import last_run
from nlp.space import check_finite

BATCH = 512  # segments; then whoever else waits has a turn


def model_changed(machine: Machine) -> bool:
    """Say whether the structure that stands was made with another model."""
    run: AnalysisRun | None = last_run()
    return run is not None and run.model != machine.model


def left(machine: Machine) -> int:
    """Return how many segments wait to be encoded again."""
    query = select(func.count()).where(Segment.model != machine.model)
    return db.session.scalar(query.select_from(Segment)) or 0


def any_left(machine: Machine) -> bool:
    """Say whether a segment waits to be encoded again."""
    return bool(db.session.scalar(select(exists().where(Segment.model != machine.model))))


def reencode(machine: Machine, most: int = BATCH) -> int:
    """Encode up to ``most`` segments again, without a lock; return how many. Adds and flushes.

    A segment whose words changed meanwhile is gone, and with it its old vector. Raises ValueError
    for a vector with NaN.
    """
    start_reading()
    words = func.substr(Feedback.text, Segment.start + 1, Segment.end - Segment.start)
    query = select(Segment.id, words).join(Feedback).where(Segment.model != machine.model)
    rows: Sequence[tuple[str, str | None]] = [
        (each, text) for each, text in db.session.execute(query.order_by(Segment.id).limit(most))
    ]
    db.session.rollback()
    vectors = machine.encoder.encode([text or "" for _, text in rows])
    check_finite(vectors)
    start_writing()
    for (segment, _), vector in zip(rows, vectors, strict=True):
        new = {"vector": vector.astype(np.float16).tobytes(), "model": machine.model}
        db.session.execute(update(Segment).where(Segment.id == segment).values(new))
    db.session.flush()
    return len(rows)
