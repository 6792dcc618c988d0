"""The one computation behind both editions: what happened to one service in [start, end).

Nothing here writes a sentence or hides a small number; ``app/writings.py`` makes two editions.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.catalogue import Service
from app.db import db
from app.digest_counts import (
    PeriodScore,
    Waits,
    count_answers,
    count_contests,
    count_retours,
    score,
    waits,
)
from app.digest_themes import ThemeCount, themes_in
from app.periods import Period
from feedback.models import (
    Commitment,
    Feedback,
    Signal,
    SignalNote,
    SignalState,
    State,
    Verdict,
)
from feedback.models import CommitmentState as C

STANDING = (  # a signal that somebody must still look at, or that the public was told of
    SignalState.CANDIDATE.value,
    SignalState.UNDER_REVIEW.value,
    SignalState.CONFIRMED.value,
    SignalState.MEASURES.value,
)
TO_KEEP = (C.PROMISED.value, C.DUE.value, C.LATE.value, C.REOPENED.value)
TO_VERIFY = (C.ANNOUNCED.value, C.UNVERIFIED.value)
MOST_QUOTES = 3


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


@dataclass(frozen=True)
class CommitmentLine:
    """A commitment with its tally; whoever confirms is told that the tally is public."""

    id: str
    theme_id: str
    text: str
    state: str
    due: str
    announced: str
    links: int
    tally: dict[str, int]
    moved: bool  # made, announced or judged in the period


@dataclass(frozen=True)
class Computation:
    """Everything that either edition may say."""

    retours: int
    before: int
    answers: int
    contested: int
    waits: Waits
    score: PeriodScore | None
    themes: list[ThemeCount]
    signals: list[SignalLine]
    commitments: list[CommitmentLine]
    quotes: list[str]  # ids of published retours: their words are read when the page is

    def in_state(self, states: tuple[str, ...]) -> list[CommitmentLine]:
        """Return the commitments that stand in one of ``states``."""
        return [line for line in self.commitments if line.state in states]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, fit for JSON."""
        return asdict(self)


def compute(service: Service, period: Period, day: date) -> Computation:
    """Return what happened to ``service`` in ``period``, as it stands on ``day``."""
    return Computation(
        retours=count_retours(service, period),
        before=count_retours(service, period.before),
        answers=count_answers(service, period),
        contested=count_contests(service, period),
        waits=waits(service, day),
        score=score(service, period.end),
        themes=themes_in(service, period),
        signals=_signals(service, period),
        commitments=_commitments(service, period),
        quotes=_quotes(service, period),
    )


def _signals(service: Service, period: Period) -> list[SignalLine]:
    """Return the signals that stand, and those that a person moved in ``period``."""
    moved = exists().where(
        SignalNote.signal_id == Signal.id,
        SignalNote.day >= period.start,
        SignalNote.day < period.end,
    )
    query = (
        select(Signal, moved)
        .where(Signal.service_id == service.id, or_(Signal.state.in_(STANDING), moved))
        .options(joinedload(Signal.theme), joinedload(Signal.release))
        .order_by(Signal.e_value.desc().nulls_last(), Signal.id)
    )
    return [_signal(each, was_moved) for each, was_moved in db.session.execute(query)]


def _signal(each: Signal, moved: bool) -> SignalLine:
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


def _commitments(service: Service, period: Period) -> list[CommitmentLine]:
    query = (
        select(Commitment)
        .where(Commitment.service_id == service.id)
        .options(selectinload(Commitment.links))
        .order_by(Commitment.due, Commitment.id)
    )
    return [_commitment(each, period) for each in db.session.scalars(query)]


def _commitment(each: Commitment, period: Period) -> CommitmentLine:
    verdicts = [link.verdict for link in each.links if link.verdict]
    days = [each.made, each.announced, *(link.verdict_day for link in each.links)]
    return CommitmentLine(
        id=each.id,
        theme_id=each.theme_id or "",
        text=each.text,
        state=each.state,
        due=each.due.isoformat(),
        announced=each.announced.isoformat() if each.announced else "",
        links=len(each.links),
        tally={verdict.value: verdicts.count(verdict.value) for verdict in Verdict},
        moved=any(day is not None and period.start <= day < period.end for day in days),
    )


def _quotes(service: Service, period: Period) -> list[str]:
    query = (
        select(Feedback.id)
        .where(
            Feedback.service_id == service.id,
            Feedback.state == State.PUBLISHED,
            Feedback.wants_publication,
            Feedback.names_masked,
            Feedback.text.is_not(None),
            Feedback.day >= period.start,
            Feedback.day < period.end,
        )
        .order_by(Feedback.id)
        .limit(MOST_QUOTES)
    )
    return list(db.session.scalars(query))
