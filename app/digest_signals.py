"""The signals of a period as an edition keeps them: those that stand, and those a person moved."""

from dataclasses import dataclass

from sqlalchemy import Exists, exists, or_, select
from sqlalchemy.orm import joinedload

from app.catalogue import Service
from app.db import db
from app.periods import Period
from feedback.models import Signal, SignalNote, SignalState

STANDING = (  # a signal that somebody must still look at, or that the public was told of
    SignalState.CANDIDATE.value,
    SignalState.UNDER_REVIEW.value,
    SignalState.CONFIRMED.value,
    SignalState.MEASURES.value,
)


@dataclass(frozen=True)
class SignalLine:
    """A signal with its numbers and what was decided."""

    id: str
    title: str
    kind: str
    state: str
    observed: int
    expected: float
    weeks: int
    sentence: str
    release: str
    moved: bool  # a person moved it in the period


def signals_in(service: Service, period: Period) -> list[SignalLine]:
    """Return the signals that stand, and those that a person moved in ``period``."""
    moved = moved_in(period)
    query = (
        select(Signal, moved)
        .where(Signal.service_id == service.id, or_(Signal.state.in_(STANDING), moved))
        .options(joinedload(Signal.theme), joinedload(Signal.release))
        .order_by(Signal.e_value.desc().nulls_last(), Signal.id)
    )
    return [signal_line(each, was_moved) for each, was_moved in db.session.execute(query)]


def moved_in(period: Period) -> Exists:
    """Return the condition that a person moved a signal in ``period``."""
    return exists().where(
        SignalNote.signal_id == Signal.id,
        SignalNote.day >= period.start,
        SignalNote.day < period.end,
    )


def signal_line(each: Signal, moved: bool) -> SignalLine:
    """Return what an edition keeps of a signal."""
    return SignalLine(
        id=each.id,
        title=each.theme.name if each.theme else each.title,
        kind=each.kind,
        state=each.state,
        observed=each.observed,
        expected=each.expected,
        weeks=each.weeks,
        sentence=each.sentence,
        release=each.release.number if each.release else "",
        moved=moved,
    )
