"""Signals made by hand with the proof that a nightly look leaves, for the pages of experts."""

from datetime import date, timedelta
from typing import Any

from app.catalogue import Service
from app.db import db
from feedback.models import (
    Feedback,
    Placement,
    Segment,
    Signal,
    SignalEvidence,
    SignalKind,
    Theme,
)
from tests import factories
from tests.factories import TODAY

PROOF: dict[str, Any] = {
    "method": "e-detector 2",
    "first": "2025-11-24",
    "observed": [1] * 52,
    "total": [20] * 52,
    "prior_share": 0.01,
    "arl": 520.0,
    "start": 12,
    "window": {"start": 49, "weeks": 3},
    "family": {"streams": 31, "rank": 1, "alpha": 0.1, "budget": "team"},
    "table": {
        "a": 12,
        "b": 88,
        "c": 40,
        "d": 1960,
        "expected": 2.5,
        "ic": 2.0,
        "ic025": 1.0,
        "ic975": 2.585,
        "strata": ["month", "channel"],
    },
    "excluded": {"copies": 4, "batches": 0, "contested": 1},
    "campaigns": [{"retours": 7, "from": "2026-11-02", "to": "2026-11-05"}],
    "detectable": {"expected_per_week": 0.5, "weeks": 8, "ratio": 4.0},
    "recurrence": {"mean_weeks": 700.0, "low": 540.0, "high": 990.0, "weeks": 40_000},
}


def signal(service: Service | None, **values: Any) -> Signal:
    """Return a candidate about a theme of ``service`` (None: about a subject of the platform)."""
    if service is not None and "theme" not in values and values.get("kind") != "serious":
        values["theme"] = theme(service)
    defaults: dict[str, Any] = {
        "service": service,
        "kind": SignalKind.GROWING.value,
        "title": "Rappels la nuit",
        "raised": TODAY - timedelta(days=14),
        "last_look": TODAY,
        "observed": 12,
        "expected": 3.0,
        "weeks": 3,
        "authors": 12,
        "e_value": 60.4,
        "threshold": 48.0,
        "first_week": date(2026, 9, 7),
        "history": [[1, 1.0, 3.0, 1.0]] * 8 + [[4, 1.0, 3.0, 20.0], [5, 1.0, 3.0, 60.4]],
        "proof": PROOF,
    }
    row = Signal(**{**defaults, **values})
    db.session.add(row)
    db.session.flush()
    return row


def theme(service: Service, name: str = "Rappels la nuit", **values: Any) -> Theme:
    """Return a theme of ``service``, named by the machine unless told otherwise."""
    words = [["rappel", 2.0], ["nuit", 1.0]]
    row = Theme(service=service, name=name, words=words, born=TODAY, **values)
    db.session.add(row)
    db.session.flush()
    return row


def evidence(
    signal: Signal, text: str = "Un rappel sonne à trois heures.", **values: Any
) -> Feedback:
    """Return a retour that ``signal`` rests on, with its one sentence in the signal's theme."""
    service = values.pop("service", None) or signal.service
    row = factories.retour(service, text=text, **values)
    segment = Segment(feedback_id=row.id, start=0, end=len(text), vector=b"\0\0", model="test")
    db.session.add_all([segment, SignalEvidence(signal_id=signal.id, feedback_id=row.id)])
    db.session.flush()
    if signal.theme_id:
        placed = {"score": 0.8, "threshold": 0.5, "model": "test", "placed": TODAY}
        db.session.add(Placement(segment_id=segment.id, theme_id=signal.theme_id, **placed))
        db.session.flush()
    return row
