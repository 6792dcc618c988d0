"""Counts who spoke among some retours: by channel and by what people said of themselves.

The functions named after a page say which retours stand behind its figures.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from app.catalogue import Service
from app.db import db
from feedback.facets import BY_CODE, CHANNEL, TRAITS
from feedback.models import (
    NOT_PEER,
    Answer,
    AnswerStatus,
    Feedback,
    Placement,
    Segment,
    Signal,
    SignalEvidence,
    State,
    Theme,
)
from feedback.signal_evidence import family

YEAR = timedelta(days=365)
READABLE = (State.OPEN.value, State.PUBLISHED.value)


@dataclass(frozen=True)
class Voices:
    """How many retours there are, and how many carry each value of each facet."""

    n: int
    counts: dict[str, dict[str, int]]  # facet → value → retours; the silent are in none

    def unsaid(self, facet: str) -> int:
        """Return how many retours do not say their value of ``facet``."""
        return self.n - sum(self.counts[facet].values())


@dataclass(frozen=True)
class Voice:
    """One retour as the weights see it: its face and its value of each facet that has one."""

    face: int | None
    values: dict[str, str]


def of_theme(theme: Theme) -> ColumnElement[bool]:
    """Return the condition that keeps the retours of ``theme``."""
    return of_themes([theme.id])


def of_themes(theme_ids: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that keeps the retours of any of these themes: a subject's slices."""
    placed = select(Segment.feedback_id).join(Placement, Placement.segment_id == Segment.id)
    placed = placed.where(Placement.theme_id.in_(theme_ids), ~Placement.contested)
    return Feedback.id.in_(placed)


def of_texts(service: Service) -> ColumnElement[bool]:
    """Return the condition that keeps the texts that the themes of ``service`` are made of."""
    return (
        (Feedback.service_id == service.id)
        & Feedback.text.is_not(None)
        & Feedback.state.in_(READABLE)
        & ~Feedback.objects_to_analysis
    )


def of_signal(signal: Signal) -> ColumnElement[bool]:
    """Return the condition that keeps the evidence of ``signal`` and of those merged into it."""
    return Feedback.id.in_(select(SignalEvidence.feedback_id).where(family(signal)))


def of_days(service: Service, start: date, end: date) -> ColumnElement[bool]:
    """Return the condition that keeps the retours of ``service`` in [start, end)."""
    return (Feedback.service_id == service.id) & (Feedback.day >= start) & (Feedback.day < end)


def of_public_year(service: Service, day: date) -> ColumnElement[bool]:
    """Return the condition that keeps the twelve months before the month of ``day``.

    A public table that moved each day would tell of each new retour by subtraction.
    """
    end = day.replace(day=1)
    return of_days(service, end - YEAR, end)


def count_voices(condition: ColumnElement[bool]) -> Voices:
    """Return who spoke among the retours that ``condition`` keeps; withdrawn ones are gone."""
    kept = _kept(condition)
    counts: dict[str, dict[str, int]] = {facet.code: {} for facet in (CHANNEL, *TRAITS)}
    by_channel = (
        select(Feedback.channel, func.count())
        .where(Feedback.id.in_(kept))
        .group_by(Feedback.channel)
    )
    counts[CHANNEL.code] = dict(db.session.execute(by_channel).all())
    by_answer = (
        select(Answer.question, Answer.value, func.count())
        .where(Answer.feedback_id.in_(kept), *_declared())
        .group_by(Answer.question, Answer.value)
    )
    for question, value, count in db.session.execute(by_answer):
        if value in BY_CODE[question].values:
            counts[question][value] = count
    return Voices(sum(counts[CHANNEL.code].values()), counts)


def each_voice(condition: ColumnElement[bool]) -> list[Voice]:
    """Return every kept retour with its face and facets, in a fixed order."""
    kept = _kept(condition)
    said: dict[str, dict[str, str]] = defaultdict(dict)
    answers = select(Answer.feedback_id, Answer.question, Answer.value).where(
        Answer.feedback_id.in_(kept), *_declared()
    )
    for feedback_id, question, value in db.session.execute(answers):
        said[feedback_id][question] = value
    rows = select(Feedback.id, Feedback.face, Feedback.channel).where(Feedback.id.in_(kept))
    return [
        Voice(face, {**said[feedback_id], CHANNEL.code: channel})
        for feedback_id, face, channel in db.session.execute(rows.order_by(Feedback.id))
    ]


def _kept(condition: ColumnElement[bool]) -> Select[Any]:
    return select(Feedback.id).where(condition, Feedback.state != State.WITHDRAWN, NOT_PEER)


def _declared() -> tuple[ColumnElement[bool], ...]:
    codes = [facet.code for facet in TRAITS]
    return Answer.question.in_(codes), Answer.status == AnswerStatus.GIVEN.value
