"""Signals for tests of the door, the report and what stands beside them."""

from datetime import timedelta
from typing import Any

from app.catalogue import Service
from app.days import week_start
from app.db import db
from feedback.models import Feedback, Signal, SignalEvidence
from tests import factories
from tests.factories import TODAY


def signal(service: Service, texts: tuple[str, ...] = (), **values: Any) -> Signal:
    """Return a statistical candidate of ``service`` that rests on a retour for each text."""
    weeks = 10
    first = week_start(TODAY) - timedelta(weeks=weeks)
    defaults: dict[str, Any] = {
        "kind": "growing",
        "title": "Mesures perdues",
        "raised": TODAY,
        "last_look": TODAY,
        "observed": 14,
        "expected": 2.4,
        "weeks": 3,
        "e_value": 61.2,
        "threshold": 20.0,
        "first_week": first,
        "history": [[n % 3, 1.0, 4, 1.0] for n in range(weeks)],
    }
    row = Signal(service=service, **{**defaults, **values})
    db.session.add(row)
    db.session.flush()
    for text in texts:
        link(row, factories.retour(service, text=text))
    return row


def link(row: Signal, retour: Feedback) -> Feedback:
    """Make ``retour`` evidence of the signal."""
    db.session.add(SignalEvidence(signal_id=row.id, feedback_id=retour.id))
    db.session.flush()
    return retour
