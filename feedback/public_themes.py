"""What people speak of, as everybody may read it: the themes that last and that a person named.

A machine put the texts together; a title stands here once a person wrote or approved it (model.md
§8). Counts are of today, or of the night where retours are many: they say "at least" a multiple of
the floor, and their order says no more.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from app.catalogue import Service
from app.db import db
from app.floors import FLOOR, shown_total
from feedback.models import Feedback, Placement, Segment, Theme
from feedback.theme_counts import is_readable, placed

MOST = 10


@dataclass(frozen=True)
class PublicTheme:
    """A theme with how many retours it holds at least."""

    name: str
    retours: int


def public_themes(
    service: Service, floor: int, kept: Mapping[str, int] | None = None
) -> tuple[PublicTheme, ...]:
    """Return the largest themes of ``service`` that pass the floor, in one query.

    ``kept``: the counts of last night, where retours are too many to count them on a page.
    """
    if kept is None:
        kept = theme_sizes(service)
    named = select(Theme.id, Theme.name).where(
        Theme.service_id == service.id, Theme.named_by_person, Theme.ended.is_(None)
    )
    found = [
        PublicTheme(name, shown)
        for theme_id, name in db.session.execute(named)
        if (shown := shown_total(kept.get(theme_id, 0), floor))
    ]
    return tuple(sorted(found, key=lambda each: (-each.retours, each.name))[:MOST])


def theme_sizes(service: Service) -> dict[str, int]:
    """Return how many retours each named theme of ``service`` holds, by its id; from the floor on.

    Reads every placement: on a page of a large service, ask for what the night kept.
    """
    count = func.count(Feedback.id.distinct())
    query = (
        select(Theme.id, count)
        .join(Placement, Placement.theme_id == Theme.id)
        .join(Segment, Segment.id == Placement.segment_id)
        .join(Feedback, Feedback.id == Segment.feedback_id)
        .where(Theme.service_id == service.id, Theme.named_by_person, placed(), is_readable())
        .group_by(Theme.id)
        .having(count >= FLOOR)
    )
    return dict(db.session.execute(query).all())
