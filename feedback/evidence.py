"""Finds the words and the vector that speak for a segment: its own, or its whole retour's."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from app.db import db
from feedback.corpus import unpack
from feedback.models import Placement, Segment
from nlp.assign import Vectors
from nlp.space import Space

Words = tuple[str, bytes]  # a text and its stored vector


def words_of(placement: Placement) -> str:
    """Return the words for which a segment was placed."""
    segment = placement.segment
    return (segment.feedback.text or "") if placement.with_whole else segment.text


def evidence_points(placements: Sequence[Placement], space: Space) -> Vectors:
    """Return the places in ``space`` of what speaks for each placement, unit rows."""
    wholes = whole_vectors(p.segment.feedback_id for p in placements if p.with_whole)
    found = []
    for each in placements:
        segment = each.segment
        whole = wholes.get(segment.feedback_id) if each.with_whole else None
        found.append((segment.text, segment.vector) if whole is None else (words_of(each), whole))
    return points_of(found, space)


def points_of(words: Sequence[Words], space: Space) -> Vectors:
    """Return the places of texts with stored vectors in ``space`` (n, dimension), unit rows."""
    return space.transform(unpack(vector for _, vector in words), [text for text, _ in words])


def whole_vectors(feedback_ids: Iterable[str]) -> dict[str, bytes]:
    """Return the stored vectors of those retours that are grouped as a whole."""
    query = select(Segment.feedback_id, Segment.whole_vector).where(
        Segment.feedback_id.in_(set(feedback_ids)), Segment.whole_vector.is_not(None)
    )
    return {feedback: vector for feedback, vector in db.session.execute(query) if vector}
