"""Themes with retours in them, for tests of what the pages of themes count and show."""

from datetime import date
from typing import Any

from app.catalogue import Service
from app.db import db
from feedback.models import Answer, Feedback, Placement, Segment, Theme
from tests import factories
from tests.factories import TODAY


def theme(service: Service, name: str = "Mesures", **values: Any) -> Theme:
    """Return a new theme of ``service``, born long ago."""
    row = Theme(service=service, name=name, **{"born": date(2026, 1, 5), **values})
    db.session.add(row)
    db.session.flush()
    return row


def place(row: Feedback, into: Theme | None, score: float = 0.8, **values: Any) -> Segment:
    """Return the whole text of ``row`` as a segment, in the theme ``into`` unless that is None."""
    start = values.pop("start", 0)
    end = len(row.text or "")
    segment = Segment(feedback=row, start=start, end=end, vector=b"\0\0", model="essai")
    db.session.add(segment)
    db.session.flush()
    if into is not None:
        given = {"score": score, "threshold": 0.5, "model": "essai", "placed": TODAY, **values}
        db.session.add(Placement(segment_id=segment.id, theme_id=into.id, **given))
    row.analysed = True
    db.session.flush()
    return segment


def said(into: Theme, count: int, day: date = TODAY, **values: Any) -> list[Feedback]:
    """Return ``count`` new retours of ``day`` in the theme ``into``."""
    rows = [factories.retour(into.service, day=day, **values) for _ in range(count)]
    for row in rows:
        place(row, into)
    return rows


def declare(row: Feedback, question: str, value: str) -> None:
    """Let the author of ``row`` answer ``question``."""
    db.session.add(Answer(feedback=row, question=question, status="given", value=value))
    db.session.flush()
