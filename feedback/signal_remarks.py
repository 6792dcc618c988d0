"""What is written into a signal's history while its state stays: a door chosen, a merge."""

from datetime import date
from typing import Any

from app.db import db
from app.traces import Actor
from feedback.models import Signal, SignalNote


def remark(
    signal: Signal, actor: Actor, day: date, answers: dict[str, Any], reason: str = ""
) -> None:
    """Add a note to the history of ``signal``. Adds and flushes."""
    note = SignalNote(
        signal_id=signal.id,
        day=day,
        role=actor.role,
        organisation=actor.organisation,
        from_state=signal.state,
        to_state=signal.state,
        reason=reason,
        answers=answers,
    )
    db.session.add(note)
    db.session.flush()
