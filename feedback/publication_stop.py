"""When the test of recognition is due, what it last found, whether it stopped publication."""

from datetime import date, timedelta

from sqlalchemy import select

from app.db import db
from feedback.models import RecognitionTest

EVERY = timedelta(days=7)
SHOWN = 12  # runs on the public page


def is_due(day: date) -> bool:
    """Say whether the test is to be run: a week after the last, the next day after a failure."""
    last = latest()
    return last is None or (day > last.day if not last.passed else day - last.day >= EVERY)


def latest() -> RecognitionTest | None:
    """Return the newest run."""
    return db.session.scalar(select(RecognitionTest).order_by(RecognitionTest.day.desc()).limit(1))


def newest() -> list[RecognitionTest]:
    """Return the runs that the public page shows, the newest first."""
    query = select(RecognitionTest).order_by(RecognitionTest.day.desc()).limit(SHOWN)
    return list(db.session.scalars(query))


def is_stopped() -> bool:
    """Say whether nothing new may be published: the last test failed."""
    last = latest()
    return last is not None and not last.passed
