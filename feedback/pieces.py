"""Cuts retours into segments and stores these with their vectors; a short retour of several keeps
that of all its words beside the first (`nlp.units`)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from app.db import db
from feedback.models import Segment
from nlp.assign import Vectors
from nlp.encode import Encoder
from nlp.segment import segments
from nlp.space import check_finite
from nlp.units import is_grouped_whole


@dataclass(frozen=True)
class Piece:
    """One segment before it is stored."""

    feedback_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, eq=False)
class Read:
    """What retours say: their segments, the short ones as a whole, and the vectors of both."""

    pieces: list[Piece]
    vectors: Vectors  # of the pieces, then of the wholes
    wholes: list[str]  # retours

    def whole_vectors(self) -> dict[str, bytes]:
        """Return what is stored of each whole retour."""
        return dict(zip(self.wholes, map(packed, self.vectors[len(self.pieces) :]), strict=True))


def packed(vector: Vectors) -> bytes:
    """Return a vector as it is stored."""
    return vector.astype("float16").tobytes()


def read(texts: Mapping[str, str], encoder: Encoder, clauses: Any) -> Read:
    """Cut and encode ``texts``, by the ids of their retours. Raises ValueError for NaN."""
    pieces = [
        Piece(each, found.start, found.end, found.text)
        for each, text in texts.items()
        for found in segments(text, clauses)
    ]
    counts = Counter(piece.feedback_id for piece in pieces)
    wholes = [each for each, count in counts.items() if is_grouped_whole(texts[each], count)]
    vectors = encoder.encode([piece.text for piece in pieces] + [texts[each] for each in wholes])
    check_finite(vectors)  # a vector that is no number would spoil every later refresh
    return Read(pieces, vectors, wholes)


def store(found: Read, ids: set[str], model: str) -> list[Segment]:
    """Store the segments of the retours ``ids`` and return them; one that was there keeps its id.

    Words that change take their segments with them (``feedback/editing.py``): what stands at the
    same place still says the same, and what people said of it still holds.
    """
    stored = db.session.scalars(select(Segment).where(Segment.feedback_id.in_(ids)))
    before = {(row.feedback_id, row.start, row.end): row for row in stored}
    wholes = found.whole_vectors()
    rows = []
    for piece, vector in zip(found.pieces, found.vectors[: len(found.pieces)], strict=True):
        if piece.feedback_id in ids:
            row = before.pop((piece.feedback_id, piece.start, piece.end), None) or Segment(
                feedback_id=piece.feedback_id, start=piece.start, end=piece.end
            )
            row.vector, row.model = packed(vector), model
            row.whole_vector = wholes.pop(piece.feedback_id, None)  # on the first alone
            rows.append(row)
    gone = [row.id for row in before.values()]
    db.session.execute(delete(Segment).where(Segment.id.in_(gone)))
    db.session.add_all(rows)
    db.session.flush()
    return rows
