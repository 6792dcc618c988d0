"""The members of a theme nearest to one of its segments, by the meaning of their stored vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db
from feedback.corpus import unpack
from feedback.models import Feedback, Placement, Segment, State
from feedback.placing import space_path
from feedback.themes import typical_segments
from nlp.meaning import Meaning, load_meaning

MOST = 20_000  # members compared; ids are random, so the first by id are a fair sample
BLOCK = 4096  # rows in memory at once
READABLE = (State.OPEN, State.PUBLISHED)
PUBLIC = (State.PUBLISHED,)


@dataclass(frozen=True)
class Near:
    """A fellow member; ``similarity`` is of meaning, in [-1, 1], None when nothing was compared."""

    segment: Segment
    similarity: float | None

    @property
    def feedback_id(self) -> str:
        """The retour that it is of."""
        return self.segment.feedback_id

    @property
    def text(self) -> str:
        """Its words."""
        return self.segment.text


def nearest(
    placement: Placement, folder: Path, states: Sequence[State], count: int
) -> tuple[Near, ...]:
    """Return the nearest members of the theme, one a retour, whose retours are in ``states``.

    Without a space fitted for the segment's own model, the most typical ones, not compared.
    """
    meaning = load_meaning(space_path(folder))
    if meaning is None or not _fits(meaning, placement.segment):
        return _typical(placement, states, count)
    scores = _scores(placement, meaning, states)
    chosen = sorted(scores.values(), key=lambda pair: (-pair[1], pair[0]))[:count]
    query = select(Segment).where(Segment.id.in_([each for each, _ in chosen]))
    rows = {s.id: s for s in db.session.scalars(query.options(joinedload(Segment.feedback)))}
    return tuple(Near(rows[each], round(score, 4)) for each, score in chosen)


def _fits(meaning: Meaning, segment: Segment) -> bool:
    """Tell whether the space was fitted on vectors of the segment's own model."""
    is_same = segment.model.endswith(f" {meaning.model_hash}")
    return is_same and len(segment.vector) == 2 * len(meaning.mean)


def _scores(
    placement: Placement, meaning: Meaning, states: Sequence[State]
) -> dict[str, tuple[str, float]]:
    """Return for each retour its nearest segment and how near it is."""
    segment = placement.segment
    query = (
        select(Segment.id, Segment.feedback_id, Segment.vector)
        .join(Placement)
        .join(Feedback)
        .where(
            Placement.theme_id == placement.theme_id,
            ~Placement.contested,
            Segment.model == segment.model,
            Segment.feedback_id != segment.feedback_id,
            Feedback.state.in_(states),
            Feedback.names_masked,
        )
        .order_by(Segment.id)
        .limit(MOST)
    )
    point = meaning.points(unpack([segment.vector]))[0]
    found: dict[str, tuple[str, float]] = {}
    for block in db.session.execute(query).partitions(BLOCK):
        similar = meaning.points(unpack(row.vector for row in block)) @ point
        for row, score in zip(block, similar.tolist(), strict=True):
            if row.feedback_id not in found or score > found[row.feedback_id][1]:
                found[row.feedback_id] = (row.id, score)
    return found


def _typical(placement: Placement, states: Sequence[State], count: int) -> tuple[Near, ...]:
    own = placement.segment.feedback_id
    near = [
        Near(each, None)
        for each in typical_segments(placement.theme)
        if each.feedback_id != own and each.feedback.state in states and each.feedback.names_masked
    ]
    return tuple(near[:count])
