"""Writes what a look found: makes a candidate, or brings the one that exists up to date.

Once a person has decided, its numbers are frozen: what comes afterwards is only added to its
messages.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select

from app.db import db
from feedback.findings import Finding
from feedback.models import (
    TO_EXAMINE,
    Feedback,
    Signal,
    SignalEvidence,
    SignalKind,
    SignalState,
    Theme,
)
from feedback.watch_entries import GONE, Entry

SETTLED = (SignalState.CONFIRMED.value, SignalState.MEASURES.value, SignalState.KNOWN.value)
STATISTICAL = (
    SignalKind.GROWING.value,
    SignalKind.NEW.value,
    SignalKind.DISPROPORTIONATE.value,
)


def raise_or_refresh(finding: Finding, day: date) -> bool:
    """Keep a candidate for ``finding``; return whether it is a new one. Adds and flushes."""
    chosen = finding.case.chosen
    if _was_refuted(finding) and chosen.e_value < 2 * chosen.threshold:
        return False
    signal = _standing(finding)
    if signal is None and (merged := _merged(finding)):
        link(merged, finding.entries)  # they count for the one that a person merged it into
        return False
    new = signal is None
    if signal is None:
        signal = _born(finding, day)
        db.session.add(signal)
    if signal.state in TO_EXAMINE:
        _describe(signal, finding, day)
    link(signal, finding.entries)
    return new


def about(finding: Finding) -> ColumnElement[bool]:
    """Return the condition that keeps the statistical signals of the same theme or subject."""
    found = finding.stream.about
    if isinstance(found, Theme):
        same = Signal.theme_id == found.id
    else:
        same = (Signal.subject_id == found.id) & Signal.service_id.is_(None)
    return same & Signal.kind.in_(STATISTICAL)


def _standing(finding: Finding) -> Signal | None:
    query = select(Signal).where(about(finding), Signal.state.in_(TO_EXAMINE + SETTLED))
    return db.session.scalars(query.order_by(Signal.raised.desc(), Signal.id).limit(1)).first()


def _merged(finding: Finding) -> Signal | None:
    """Return the last signal of the theme where a person merged it into one that still stands."""
    query = select(Signal).where(about(finding), Signal.state == SignalState.MERGED)
    last = db.session.scalars(query.order_by(Signal.raised.desc(), Signal.id).limit(1)).first()
    target, seen = last, set[str]()
    while target is not None and target.state == SignalState.MERGED and target.id not in seen:
        seen.add(target.id)
        target = db.session.get(Signal, target.merged_into) if target.merged_into else None
    return last if target is not None and target.state in TO_EXAMINE + SETTLED else None


def _was_refuted(finding: Finding) -> bool:
    query = select(func.count()).select_from(Signal)
    refuted = query.where(about(finding), Signal.state == SignalState.REFUTED)
    return bool(db.session.scalar(refuted))


def _born(finding: Finding, day: date) -> Signal:
    found = finding.stream.about
    return Signal(
        service_id=found.service_id if isinstance(found, Theme) else None,
        theme_id=found.id if isinstance(found, Theme) else None,
        subject_id=found.subject_id if isinstance(found, Theme) else found.id,
        kind=finding.kind,
        raised=day,
        title=found.name,
        state=SignalState.CANDIDATE.value,
    )


def _describe(signal: Signal, finding: Finding, day: date) -> None:
    stream, window, looks = finding.stream, finding.window, finding.stream.looks
    signal.release_id = finding.release_id
    signal.facet, signal.facet_value = stream.facet.value, stream.value
    signal.last_look = day
    signal.observed = sum(each.observed for each in window)
    signal.expected = round(sum(each.expected for each in window), 2)
    signal.weeks = len(window)
    signal.e_value = round(looks[-1].e_value, 1)
    signal.threshold = round(finding.case.chosen.threshold, 1)
    signal.first_week = stream.first_week + timedelta(weeks=looks[0].index)
    signal.history = [
        [each.observed, round(each.expected, 2), each.upper, round(each.e_value, 2)]
        for each in looks
    ]
    signal.tone, signal.authors, signal.proof = finding.tone, finding.authors, finding.proof
    signal.unlisted, signal.known_effect_id = finding.known.unlisted, finding.known.effect_id


def link(signal: Signal, entries: Sequence[Entry]) -> None:
    """Tie the retours that count to ``signal``; those that were tied stay.

    What its author erased or withheld from machines since it was read is left out.
    """
    db.session.flush()
    known = set(
        db.session.scalars(
            select(SignalEvidence.feedback_id).where(SignalEvidence.signal_id == signal.id)
        )
    )
    wanted = [entry.feedback_id for entry in entries if entry.feedback_id not in known]
    stands = Feedback.state.not_in(GONE), ~Feedback.objects_to_analysis
    query = select(Feedback.id).where(Feedback.id.in_(wanted), *stands).order_by(Feedback.id)
    for feedback_id in db.session.scalars(query):
        db.session.add(SignalEvidence(signal_id=signal.id, feedback_id=feedback_id))
    db.session.flush()
