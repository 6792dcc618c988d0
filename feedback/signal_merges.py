"""Two signals about the same thing become one: the retours of the merged count for the target.

Nothing is copied: the evidence is read through the link, so that a change of mind takes it back.
"""

from datetime import date

from sqlalchemy import select, update

from app.db import db
from app.traces import Actor
from feedback.models import Signal, SignalState
from feedback.signal_remarks import remark

STANDING = (
    SignalState.CANDIDATE.value,
    SignalState.UNDER_REVIEW.value,
    SignalState.CONFIRMED.value,
    SignalState.MEASURES.value,
)


def targets_of(signal: Signal) -> list[Signal]:
    """Return the standing signals of the same service, or of the platform, strongest first."""
    same = (
        Signal.service_id.is_(None)
        if signal.service_id is None
        else Signal.service_id == signal.service_id
    )
    query = select(Signal).where(same, Signal.id != signal.id, Signal.state.in_(STANDING))
    order = Signal.priority.desc(), Signal.raised.desc(), Signal.id
    return list(db.session.scalars(query.order_by(*order)))


def merge(signal: Signal, target: Signal, actor: Actor, day: date) -> None:
    """Let ``signal``, and what was merged into it before, count for ``target``; both say so."""
    signal.merged_into = target.id
    earlier = update(Signal).where(Signal.merged_into == signal.id)
    db.session.execute(earlier.values(merged_into=target.id))
    remark(target, actor, day, {"merged": signal.id})
