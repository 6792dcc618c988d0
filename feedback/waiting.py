"""Reads the segments that wait for a theme, with the whole retours that they lie in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import or_, select

from app.db import db
from feedback.evidence import Words, whole_vectors
from feedback.models import Feedback, PlacedBy, Placement, Segment
from nlp.assign import UNPLACED, Assignments, Labels
from nlp.units import goes_along


@dataclass(frozen=True, eq=False)
class Waiting:
    """``words`` of segments, then of whole retours; ``whole`` (segments,): each one's, by row.

    -1 where it lies in none.
    """

    words: list[Words]
    whole: Labels

    def settle(self, places: Assignments) -> tuple[Labels, NDArray[np.bool_]]:
        """Return the place of each segment, and whether it has it with its whole retour.

        ``places``: one for each of ``words``.
        """
        own = places.first(len(self.whole))
        whole = np.where(self.whole >= 0, places.theme[self.whole], UNPLACED)
        along = goes_along(own, whole)
        return np.where(along, whole, own.theme), along


def read_waiting(segments: Sequence[Segment]) -> Waiting:
    """Return what ``segments`` and their retours say.

    A retour of which a person placed a part, or its author refused a theme, is none as a whole.
    """
    ids = {each.feedback_id for each in segments}
    texts = {
        each: text or ""
        for each, text in db.session.execute(
            select(Feedback.id, Feedback.text).where(Feedback.id.in_(ids))
        )
    }
    vectors = whole_vectors(ids - _touched(ids))
    words = [(texts[each.feedback_id][each.start : each.end], each.vector) for each in segments]
    rows = {each: len(words) + place for place, each in enumerate(sorted(vectors))}
    words += [(texts[each], vectors[each]) for each in sorted(vectors)]
    whole = [rows.get(each.feedback_id, UNPLACED) for each in segments]
    return Waiting(words, np.array(whole, np.int64))


def _touched(ids: set[str]) -> set[str]:
    by_person = or_(Placement.by == PlacedBy.PERSON, Placement.contested)
    query = select(Segment.feedback_id).join(Placement)
    return set(db.session.scalars(query.where(Segment.feedback_id.in_(ids), by_person)))
