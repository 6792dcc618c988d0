"""The one computation behind both editions: what happened to one service in [start, end).

Nothing here writes a sentence or hides a small number; ``app/writings.py`` makes two editions.
"""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import selectinload

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
from app.digest_signals import SignalLine, signals_in
from app.digest_themes import ThemeCount, themes_in
from app.periods import Period
from app.proposal_lines import ProposalLine, proposals_in
from feedback.models import (
    Commitment,
    CommitmentLink,
    Feedback,
    State,
    Verdict,
)
from feedback.models import CommitmentState as C

TO_KEEP = (C.PROMISED.value, C.DUE.value, C.LATE.value, C.REOPENED.value)
TO_VERIFY = (C.ANNOUNCED.value, C.UNVERIFIED.value)
MOST_QUOTES = 3


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
    proposals: list[ProposalLine] = field(default_factory=list)

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
        signals=signals_in(service, period),
        commitments=_commitments(service, period),
        quotes=_quotes(service, period),
        proposals=proposals_in(service, period),
    )


def _commitments(service: Service, period: Period) -> list[CommitmentLine]:
    query = (
        select(Commitment, commitment_moved_in(period))
        .where(Commitment.service_id == service.id)
        .options(selectinload(Commitment.links))
        .order_by(Commitment.due, Commitment.id)
    )
    return [_commitment(each, bool(moved)) for each, moved in db.session.execute(query)]


def commitment_moved_in(period: Period) -> ColumnElement[bool]:
    """Return the condition that a commitment was made, announced or judged in ``period``."""

    def inside(day: Any) -> ColumnElement[bool]:
        return and_(day >= period.start, day < period.end)

    of_it = CommitmentLink.commitment_id == Commitment.id
    judged = exists().where(of_it, inside(CommitmentLink.verdict_day)).correlate(Commitment)
    return or_(inside(Commitment.made), inside(Commitment.announced), judged)


def _commitment(each: Commitment, moved: bool) -> CommitmentLine:
    verdicts = [link.verdict for link in each.links if link.verdict]
    return CommitmentLine(
        id=each.id,
        theme_id=each.theme_id or "",
        text=each.text,
        state=each.state,
        due=each.due.isoformat(),
        announced=each.announced.isoformat() if each.announced else "",
        links=len(each.links),
        tally={verdict.value: verdicts.count(verdict.value) for verdict in Verdict},
        moved=moved,
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
