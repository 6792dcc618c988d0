"""Single-case review: one message that names harm is put before an expert. A rule, said so."""

from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.db import db
from feedback.answer_safety import harms_of
from feedback.models import Feedback, Signal, SignalEvidence, SignalKind, SignalState
from feedback.theme_counts import READABLE

RECENT_DAYS = 28  # older ones were there to be read; an import must not flood the experts


def look_for_harm(day: date) -> int:
    """Raise one candidate for each recent retour that names harm and was never reviewed."""
    seen = (
        select(SignalEvidence.feedback_id)
        .join(Signal, Signal.id == SignalEvidence.signal_id)
        .where(Signal.kind == SignalKind.SERIOUS)
    )
    query = select(Feedback).where(
        Feedback.severity == 3,
        Feedback.day > day - timedelta(days=RECENT_DAYS),
        Feedback.state.in_(READABLE),
        ~Feedback.objects_to_analysis,
        Feedback.id.not_in(seen),
    )
    raised = 0
    for feedback in db.session.scalars(query.options(selectinload(Feedback.answers))):
        if kinds := harms_of(feedback):
            _raise(feedback, kinds, day)
            raised += 1
    db.session.flush()
    return raised


def _raise(feedback: Feedback, kinds: list[str], day: date) -> None:
    signal = Signal(
        service_id=feedback.service_id,
        release_id=feedback.release_id,
        kind=SignalKind.SERIOUS.value,
        title=_("Un retour parle d’un dommage"),
        state=SignalState.CANDIDATE.value,
        raised=day,
        last_look=day,
        observed=1,
        expected=0.0,
        weeks=1,
        authors=1,
        proof={"rule": "danger words", "kinds": kinds},
    )
    db.session.add(signal)
    db.session.flush()
    db.session.add(SignalEvidence(signal_id=signal.id, feedback_id=feedback.id))
