"""The indicators that public pages read: counted at once, or each night where retours are many.

Twelve months of 100,000 retours take seconds to count, and a page may not wait for that. A small
service sees each answer in its figures at once; a large one reads those of the last night.
"""

from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta

from sqlalchemy import func, select

from app.catalogue import Service, all_services
from app.db import db
from feedback.indicators import Indicators, indicators
from feedback.models import Feedback, KeptFigures
from feedback.public_themes import theme_sizes

THEMES = "themes"  # beside the indicators: sizes by the id of each named theme
MOST_LIVE = 1000  # retours counted on a page: about 20 ms
OLDEST = timedelta(days=2)  # of a worker that stands still: then the page counts by itself


@dataclass(frozen=True)
class Counted:
    """The indicators, and the day on which they were counted."""

    figures: Indicators
    day: date


def current(service: Service, day: date) -> Counted:
    """Return the figures of ``service`` for a page of ``day``; writes nothing."""
    kept = db.session.get(KeptFigures, service.id) if _hears_much(service) else None
    if kept is None or not timedelta(0) <= day - kept.day <= OLDEST:
        return Counted(indicators(service, day), day)
    counts = {each.name: kept.counts[each.name] for each in fields(Indicators)}
    return Counted(Indicators(**counts), kept.day)


def kept_themes(service: Service, day: date) -> dict[str, int] | None:
    """Return the sizes of themes as the night counted them; None where a page counts by itself."""
    kept = db.session.get(KeptFigures, service.id) if _hears_much(service) else None
    if kept is None or not timedelta(0) <= day - kept.day <= OLDEST:
        return None
    sizes: dict[str, int] | None = kept.counts.get(THEMES)
    return sizes


def count_all(day: date) -> int:
    """Count anew for each service that hears much, drop what others kept; return how many."""
    large = [service for service in all_services() if _hears_much(service)]
    for service in large:
        counts = asdict(indicators(service, day)) | {THEMES: theme_sizes(service)}
        db.session.merge(KeptFigures(service_id=service.id, day=day, counts=counts))
    for kept in db.session.scalars(select(KeptFigures)):
        if kept.service_id not in {service.id for service in large}:
            db.session.delete(kept)
    db.session.flush()
    return len(large)


def _hears_much(service: Service) -> bool:
    """Say whether there are more than ``MOST_LIVE`` retours; reads no more rows than that."""
    some = select(Feedback.id).where(Feedback.service_id == service.id).limit(MOST_LIVE + 1)
    return (db.session.scalar(select(func.count()).select_from(some.subquery())) or 0) > MOST_LIVE
