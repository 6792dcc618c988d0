"""How much of what was said to a service its themes hold, and one theme of them."""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.db import db
from feedback.models import Feedback, Placement, Segment, Theme


@dataclass(frozen=True)
class Coverage:
    """Segments of a service, those that stand in a theme of it, and those in one theme."""

    segments: int
    placed: int
    inside: int

    @property
    def placed_share(self) -> float:
        """Percent of the service's segments that stand in a theme."""
        return 100 * self.placed / max(1, self.segments)

    @property
    def inside_share(self) -> float:
        """Percent of the service's segments that stand in this theme."""
        return 100 * self.inside / max(1, self.segments)


def coverage_of(theme: Theme) -> Coverage:
    """Return how much of its service ``theme`` and all themes hold."""
    segments = select(func.count()).select_from(Segment).join(Feedback)
    every = segments.where(Feedback.service_id == theme.service_id)
    placed = every.join(Placement, Placement.segment_id == Segment.id).join(
        Theme, Theme.id == Placement.theme_id
    )
    placed = placed.where(~Placement.contested, Theme.ended.is_(None))
    inside = (
        select(func.count())
        .select_from(Placement)
        .where(Placement.theme_id == theme.id, ~Placement.contested)
    )
    return Coverage(*(db.session.scalar(query) or 0 for query in (every, placed, inside)))
