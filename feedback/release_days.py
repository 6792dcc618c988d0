"""Which release each retour was sent under: the one in use on its day, as the team dates them now.

A release may be added late, corrected or taken away; the retours follow, their text untouched.
"""

from sqlalchemy import exists, select, update

from app.catalogue import Release, Service
from app.db import db
from feedback.models import Feedback, ReleaseWatch, State


def redate(service: Service) -> int:
    """Give the retours of ``service`` the release of their day; return how many had another."""
    in_use = (
        select(Release.id)
        .where(Release.service_id == service.id, Release.day <= Feedback.day)
        .order_by(Release.day.desc(), Release.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    others = (
        Feedback.service_id == service.id,
        Feedback.state != State.WITHDRAWN,  # of those, nothing is kept
        Feedback.release_id.is_distinct_from(in_use),
    )
    changed = update(Feedback).where(*others).values(release_id=in_use)
    found = db.session.execute(changed.execution_options(synchronize_session=False))
    return int(found.rowcount)  # type: ignore[attr-defined]


def is_watched(release: Release) -> bool:
    """Say whether an expert watches what follows ``release``."""
    watch = exists().where(ReleaseWatch.release_id == release.id)
    return bool(db.session.scalar(select(watch)))
