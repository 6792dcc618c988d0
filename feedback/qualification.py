"""What an expert makes of a signal: the moves of model.md §4, each with its reason, kept."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from app.db import db
from app.traces import Actor
from feedback.models import Feedback, Signal, SignalEvidence, SignalNote
from feedback.models import SignalState as S

MOVES: dict[str, tuple[S, ...]] = {
    S.CANDIDATE: (S.UNDER_REVIEW, S.CONFIRMED, S.REFUTED, S.KNOWN),
    S.UNDER_REVIEW: (S.CONFIRMED, S.REFUTED, S.KNOWN),
    S.CONFIRMED: (S.MEASURES, S.CLOSED),
    S.MEASURES: (S.CLOSED,),
    S.REFUTED: (S.UNDER_REVIEW,),
    S.KNOWN: (S.UNDER_REVIEW,),
    S.CLOSED: (S.UNDER_REVIEW,),
}
PUBLIC = (S.CONFIRMED.value, S.MEASURES.value, S.CLOSED.value)  # shown as the expert's sentence


class ForbiddenQualification(Exception):
    """The move is not in the table."""


class ReasonNeeded(Exception):
    """Every move says why; a public one also says it for the public."""


@dataclass(frozen=True)
class Decision:
    """What the expert writes."""

    to_state: S
    reason: str
    sentence: str = ""  # for the public
    beneficial: bool = False


def moves_from(signal: Signal) -> tuple[S, ...]:
    """Return the states that an expert may move ``signal`` to."""
    return MOVES.get(S(signal.state), ())


def qualify(signal: Signal, decision: Decision, actor: Actor, day: date) -> None:
    """Move ``signal``; raise ``ForbiddenQualification`` or ``ReasonNeeded``."""
    if decision.to_state not in moves_from(signal):
        raise ForbiddenQualification(f"{signal.state} to {decision.to_state}")
    sentence = decision.sentence.strip() or signal.sentence
    if not decision.reason.strip() or (decision.to_state.value in PUBLIC and not sentence):
        raise ReasonNeeded
    db.session.add(
        SignalNote(
            signal_id=signal.id,
            day=day,
            role=actor.role,
            organisation=actor.organisation,
            from_state=signal.state,
            to_state=decision.to_state.value,
            reason=decision.reason.strip(),
        )
    )
    signal.state, signal.sentence = decision.to_state.value, sentence
    signal.beneficial = decision.beneficial
    db.session.flush()


def history(signal: Signal) -> list[SignalNote]:
    """Return the steps of the qualification, oldest first."""
    query = select(SignalNote).where(SignalNote.signal_id == signal.id).order_by(SignalNote.id)
    return list(db.session.scalars(query))


def evidence(signal: Signal) -> list[Feedback]:
    """Return the retours that ``signal`` rests on and that still exist, newest first."""
    query = (
        select(Feedback)
        .join(SignalEvidence)
        .where(SignalEvidence.signal_id == signal.id)
        .order_by(Feedback.day.desc(), Feedback.id)
    )
    return list(db.session.scalars(query))


def signals_where(reach: ColumnElement[bool], states: tuple[str, ...] = ()) -> list[Signal]:
    """Return the signals within ``reach``, of ``states`` when named, strongest first."""
    query = select(Signal).where(reach).options(joinedload(Signal.service))
    if states:
        query = query.where(Signal.state.in_(states))
    by_strength = query.order_by(
        Signal.e_value.desc().nulls_last(), Signal.raised.desc(), Signal.id
    )
    return list(db.session.scalars(by_strength))
