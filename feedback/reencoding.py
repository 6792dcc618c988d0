"""Encodes again, batch by batch, what was encoded with another model than the one in use.

Segments keep their ids, so what people said of them holds; until the last one is done, themes stay
as they are and new messages wait. Interrupted, it goes on where it stopped.
"""

from sqlalchemy import func, select, update

from app.db import db, start_reading, start_writing
from feedback.analysis import Machine
from feedback.models import AnalysisRun, Feedback, Segment
from feedback.picture import last_run
from feedback.pieces import packed
from feedback.stale import any_stale, is_first, is_stale, short_retours
from nlp.space import check_finite

BATCH = 512  # segments; then whoever else waits has a turn
Row = tuple[
    str, str, str | None
]  # id, words, those of its whole retour where it keeps their vector


def model_changed(machine: Machine) -> bool:
    """Say whether the structure that stands was made with another model."""
    run: AnalysisRun | None = last_run()
    return run is not None and run.model != machine.model


def left(machine: Machine) -> int:
    """Return how many segments wait to be encoded again."""
    query = select(func.count()).where(is_stale(machine.model))
    return db.session.scalar(query.select_from(Segment)) or 0


def any_left(machine: Machine) -> bool:
    """Say whether a segment waits to be encoded again."""
    return any_stale(machine.model)


def reencode(machine: Machine, most: int = BATCH) -> int:
    """Encode up to ``most`` segments again, without a lock; return how many. Adds and flushes.

    A segment whose words changed meanwhile is gone, and with it its old vector. Raises ValueError
    for a vector with NaN.
    """
    start_reading()
    rows = _waiting(machine.model, most)
    db.session.rollback()
    wholes = [whole for _, _, whole in rows if whole is not None]
    vectors = machine.encoder.encode([text for _, text, _ in rows] + wholes)
    check_finite(vectors)
    start_writing()
    of_wholes = iter(vectors[len(rows) :])
    for (segment, _, whole), vector in zip(rows, vectors[: len(rows)], strict=True):
        told = None if whole is None else packed(next(of_wholes))
        new = {"vector": packed(vector), "whole_vector": told, "model": machine.model}
        db.session.execute(update(Segment).where(Segment.id == segment).values(new))
    db.session.flush()
    return len(rows)


def _waiting(model: str, most: int) -> list[Row]:
    words = func.substr(Feedback.text, Segment.start + 1, Segment.end - Segment.start)
    firsts = short_retours()
    query = (
        select(Segment.id, words, Feedback.text, firsts.c.first.is_not(None))
        .select_from(Segment)
        .join(Feedback, Feedback.id == Segment.feedback_id)
        .outerjoin(firsts, is_first(firsts))
        .where(is_stale(model))
    )
    return [
        (segment, text or "", (whole or "") if keeps_whole else None)
        for segment, text, whole, keeps_whole in db.session.execute(
            query.order_by(Segment.id).limit(most)
        )
    ]
