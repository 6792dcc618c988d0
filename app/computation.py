"""The one computation behind both editions: what happened to one service in [start, end).

Nothing here writes a sentence or hides a small number; ``app/digests.py`` makes two editions of it.
"""

from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from nlp.comparison import score_interval
from sqlalchemy import func, select

from app.catalogue import Service
from app.days import working_days_between
from app.db import db
from app.periods import Period
from feedback.models import (
    Commitment,
    CommitmentLink,
    Face,
    Feedback,
    Message,
    Placement,
    Segment,
    Signal,
    State,
    Theme,
    ThreadState,
    Verdict,
)
from feedback.models import CommitmentState as C

READABLE = (State.OPEN.value, State.PUBLISHED.value)
WAITING = (ThreadState.WAITING.value, ThreadState.REPLIED.value)
NOT_SETTLED = ("refuted", "known", "merged", "closed")


@dataclass(frozen=True)
class ThemeCount:
    """A theme in the period and in the one before."""

    id: str
    name: str
    retours: int
    before: int
    ever: int


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
    e_value: float | None
    threshold: float | None
    sentence: str
    release: str


@dataclass(frozen=True)
class CommitmentLine:
    """A commitment with its tally; whoever confirms is told that the tally is public."""

    id: str
    text: str
    state: str
    due: str
    announced: str
    links: int
    tally: dict[str, int]


@dataclass(frozen=True)
class Quote:
    """A retour whose author allowed its publication and a moderator published it."""

    feedback_id: str
    text: str


@dataclass(frozen=True)
class Computation:
    """Everything that either edition may say."""

    retours: int
    before: int
    score: float | None
    score_low: float | None
    score_high: float | None
    score_n: int
    late: int
    oldest_wait: int
    waiting: int
    answers: int
    contested: int
    themes: list[ThemeCount] = field(default_factory=list)
    signals: list[SignalLine] = field(default_factory=list)
    commitments: list[CommitmentLine] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, fit for JSON."""
        return asdict(self)


def compute(service: Service, period: Period, day: date) -> Computation:
    """Return what happened to ``service`` in ``period``, as it stands on ``day``."""
    low, mean, high, rated = _score(service, period.end)
    late, oldest, waiting = _waits(service, day)
    return Computation(
        retours=_retours(service, period),
        before=_retours(service, period.before),
        score=mean,
        score_low=low,
        score_high=high,
        score_n=rated,
        late=late,
        oldest_wait=oldest,
        waiting=waiting,
        answers=_answers(service, period),
        contested=_contests(service, period),
        themes=_themes(service, period),
        signals=_signals(service),
        commitments=_commitments(service),
        quotes=_quotes(service, period),
    )


def _count(query: Any) -> int:
    return int(db.session.scalar(query) or 0)


def _retours(service: Service, period: Period) -> int:
    query = select(func.count()).select_from(Feedback)
    inside = Feedback.day >= period.start, Feedback.day < period.end
    return _count(
        query.where(Feedback.service_id == service.id, Feedback.state != State.WITHDRAWN, *inside)
    )


def _score(service: Service, end: date) -> tuple[float | None, float | None, float | None, int]:
    """Return low, mean, high and n of the faces of the year before ``end``."""
    query = (
        select(Feedback.face, func.count())
        .where(
            Feedback.service_id == service.id,
            Feedback.face.is_not(None),
            Feedback.day >= end - timedelta(days=365),
            Feedback.day < end,
            Feedback.state != State.WITHDRAWN,
        )
        .group_by(Feedback.face)
    )
    counts = dict(db.session.execute(query).tuples().all())
    rated = sum(counts.values())
    if not rated:
        return None, None, None, 0
    mean, low, high = score_interval([counts.get(face.value, 0) for face in Face])
    return low, mean, high, rated


def _waits(service: Service, day: date) -> tuple[int, int, int]:
    query = select(Feedback.waiting_since, Feedback.reply_due).where(
        Feedback.service_id == service.id,
        Feedback.thread_state.in_(WAITING),
        Feedback.state.in_(READABLE),
    )
    rows = list(db.session.execute(query))
    late = [since for since, due in rows if due and due < day and since]
    oldest = max((working_days_between(since, day) for since in late), default=0)
    return len(late), oldest, len(rows)


def _answers(service: Service, period: Period) -> int:
    query = select(func.count()).select_from(Message).join(Feedback)
    inside = Message.day >= period.start, Message.day < period.end
    return _count(query.where(Feedback.service_id == service.id, Message.sender == "team", *inside))


def _contests(service: Service, period: Period) -> int:
    query = select(func.count()).select_from(CommitmentLink).join(Commitment)
    inside = (
        CommitmentLink.verdict_day >= period.start,
        CommitmentLink.verdict_day < period.end,
    )
    return _count(
        query.where(
            Commitment.service_id == service.id, CommitmentLink.verdict == Verdict.NOT, *inside
        )
    )


def _themes(service: Service, period: Period) -> list[ThemeCount]:
    query = (
        select(Theme.id, Theme.name, Feedback.id, Feedback.day)
        .join(Placement, Placement.theme_id == Theme.id)
        .join(Segment, Segment.id == Placement.segment_id)
        .join(Feedback, Feedback.id == Segment.feedback_id)
        .where(
            Theme.service_id == service.id,
            Theme.ended.is_(None),
            ~Placement.contested,
            Feedback.day < period.end,
        )
        .distinct()
    )
    names: dict[str, str] = {}
    days: dict[str, list[date]] = {}
    for theme_id, name, _feedback_id, day in db.session.execute(query):
        names[theme_id] = name
        days.setdefault(theme_id, []).append(day)
    before = period.before
    lines = [
        ThemeCount(
            id=each,
            name=names[each],
            retours=sum(day >= period.start for day in found),
            before=sum(before.start <= day < before.end for day in found),
            ever=len(found),
        )
        for each, found in days.items()
    ]
    return sorted(lines, key=lambda line: (-line.retours, -line.ever, line.name))


def _signals(service: Service) -> list[SignalLine]:
    query = select(Signal).where(Signal.service_id == service.id, Signal.state.not_in(NOT_SETTLED))
    strongest = query.order_by(Signal.e_value.desc().nulls_last(), Signal.id)
    return [
        SignalLine(
            id=each.id,
            title=each.theme.name if each.theme else each.title,
            kind=each.kind,
            state=each.state,
            observed=each.observed,
            expected=each.expected,
            weeks=each.weeks,
            e_value=each.e_value,
            threshold=each.threshold,
            sentence=each.sentence,
            release=each.release.number if each.release else "",
        )
        for each in db.session.scalars(strongest)
    ]


def _commitments(service: Service) -> list[CommitmentLine]:
    query = select(Commitment).where(Commitment.service_id == service.id)
    return [_commitment(each) for each in db.session.scalars(query.order_by(Commitment.due))]


def _commitment(each: Commitment) -> CommitmentLine:
    verdicts = [link.verdict for link in each.links if link.verdict]
    return CommitmentLine(
        id=each.id,
        text=each.text,
        state=each.state,
        due=each.due.isoformat(),
        announced=each.announced.isoformat() if each.announced else "",
        links=len(each.links),
        tally={verdict.value: verdicts.count(verdict.value) for verdict in Verdict},
    )


def _quotes(service: Service, period: Period) -> list[Quote]:
    query = (
        select(Feedback.id, Feedback.text)
        .where(
            Feedback.service_id == service.id,
            Feedback.state == State.PUBLISHED,
            Feedback.text.is_not(None),
            Feedback.day >= period.start,
            Feedback.day < period.end,
        )
        .order_by(Feedback.id)
        .limit(3)
    )
    return [Quote(each, text) for each, text in db.session.execute(query)]


def open_commitments(computation: Computation) -> list[CommitmentLine]:
    """Return the promises still to be kept."""
    to_keep = (C.PROMISED, C.DUE, C.LATE, C.REOPENED)
    return [line for line in computation.commitments if line.state in to_keep]


def announced_commitments(computation: Computation) -> list[CommitmentLine]:
    """Return the announced changes that authors may verify."""
    to_verify = (C.ANNOUNCED, C.UNVERIFIED)
    return [line for line in computation.commitments if line.state in to_verify]
