"""Makes a candidate of a stream that stands out, or brings the one that exists up to date.

A candidate rests on at least three authors and two days. Once a person has decided, its numbers
are frozen: what comes afterwards is only added to its messages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select

from app.db import db
from feedback.counts import distinct_authors
from feedback.models import TO_EXAMINE, Signal, SignalEvidence, SignalKind, SignalState, Theme
from feedback.rises import from_release, release_before, tone
from feedback.signal_proofs import proof_of
from feedback.signal_tables import Comparison
from feedback.unlisted import Match, match
from feedback.watch_entries import Entry
from feedback.watch_families import Chosen
from feedback.watch_streams import strongest_window
from nlp.edetector import Look

MIN_AUTHORS, MIN_DAYS = 3, 2  # before any statistical alarm
YOUNG_WEEKS = 8  # a service this young raises nothing "new"
SETTLED = (SignalState.CONFIRMED.value, SignalState.MEASURES.value, SignalState.KNOWN.value)
STATISTICAL = (
    SignalKind.GROWING.value,
    SignalKind.NEW.value,
    SignalKind.DISPROPORTIONATE.value,
)


@dataclass(frozen=True, eq=False)
class Case:
    """A stream that stands out, with how it compares with elsewhere."""

    chosen: Chosen
    table: Comparison | None  # against the other services or the other parts
    growth: float | None  # lower limit of IC against the same part's past, bits


def raise_or_refresh(case: Case, day: date) -> bool:
    """Keep a candidate for ``case``; return whether it is a new one. Adds and flushes."""
    stream = case.chosen.stream
    looks = stream.looks
    window = from_release(stream, looks[strongest_window(looks) :])
    entries = stream.since(window[0].index)
    voices = distinct_authors(entries)
    if voices < MIN_AUTHORS or len({entry.day for entry in entries}) < MIN_DAYS:
        return False
    if _was_refuted(case) and case.chosen.e_value < 2 * case.chosen.threshold:
        return False
    signal = _standing(case)
    if signal is None and (merged := _merged(case)):
        link(merged, entries)  # they count for the one that a person merged it into
        return False
    new = signal is None
    if signal is None:
        signal = _born(case, window[0].index, day)
        db.session.add(signal)
        db.session.flush()
    if signal.state in TO_EXAMINE:
        _describe(signal, case, looks, window, day)
        signal.tone, signal.authors = tone(entries), voices
        _match_known(signal)
    link(signal, entries)
    return new


def about(case: Case) -> ColumnElement[bool]:
    """Return the condition that keeps the statistical signals of the same theme or subject."""
    found = case.chosen.stream.about
    if isinstance(found, Theme):
        same = Signal.theme_id == found.id
    else:
        same = (Signal.subject_id == found.id) & Signal.service_id.is_(None)
    return same & Signal.kind.in_(STATISTICAL)


def _standing(case: Case) -> Signal | None:
    query = select(Signal).where(about(case), Signal.state.in_(TO_EXAMINE + SETTLED))
    return db.session.scalars(query.order_by(Signal.raised.desc(), Signal.id).limit(1)).first()


def _merged(case: Case) -> Signal | None:
    """Return the last signal of the theme where a person merged it into one that still stands."""
    query = select(Signal).where(about(case), Signal.state == SignalState.MERGED)
    last = db.session.scalars(query.order_by(Signal.raised.desc(), Signal.id).limit(1)).first()
    target, seen = last, set[str]()
    while target is not None and target.state == SignalState.MERGED and target.id not in seen:
        seen.add(target.id)
        target = db.session.get(Signal, target.merged_into) if target.merged_into else None
    return last if target is not None and target.state in TO_EXAMINE + SETTLED else None


def _was_refuted(case: Case) -> bool:
    query = select(func.count()).select_from(Signal)
    refuted = query.where(about(case), Signal.state == SignalState.REFUTED)
    return bool(db.session.scalar(refuted))


def _born(case: Case, start: int, day: date) -> Signal:
    found = case.chosen.stream.about
    return Signal(
        service_id=found.service_id if isinstance(found, Theme) else None,
        theme_id=found.id if isinstance(found, Theme) else None,
        subject_id=found.subject_id if isinstance(found, Theme) else found.id,
        kind=_kind(case, start),
        raised=day,
        last_look=day,
        observed=0,
        expected=0.0,
        weeks=0,
        title=found.name,
        state=SignalState.CANDIDATE.value,
    )


def _kind(case: Case, start: int) -> str:
    weeks = case.chosen.stream.weeks
    if not any(week.observed for week in weeks[:start]) and start >= YOUNG_WEEKS:
        return SignalKind.NEW.value
    if case.table and case.table.ic025 > 0 and (case.growth or 0) > 0:
        return SignalKind.DISPROPORTIONATE.value
    return SignalKind.GROWING.value


def _describe(
    signal: Signal, case: Case, looks: Sequence[Look], window: Sequence[Look], day: date
) -> None:
    stream = case.chosen.stream
    first = stream.first_week + timedelta(weeks=window[0].index)
    release = release_before(stream, first)
    signal.release_id = release.id if release else None
    signal.facet, signal.facet_value = stream.facet.value, stream.value
    signal.last_look = day
    signal.observed = sum(each.observed for each in window)
    signal.expected = round(sum(each.expected for each in window), 2)
    signal.weeks = len(window)
    signal.e_value = round(looks[-1].e_value, 1)
    signal.threshold = round(case.chosen.threshold, 1)
    signal.first_week = stream.first_week + timedelta(weeks=looks[0].index)
    signal.history = [
        [each.observed, round(each.expected, 2), each.upper, round(each.e_value, 2)]
        for each in looks
    ]
    signal.proof = proof_of(case.chosen, window, case.table)
    db.session.flush()


def _match_known(signal: Signal) -> None:
    found = match(signal.theme) if signal.theme else Match(None)
    signal.unlisted, signal.known_effect_id = found.unlisted, found.effect_id


def link(signal: Signal, entries: Sequence[Entry]) -> None:
    """Tie the retours that count to ``signal``; those that were tied stay."""
    db.session.flush()
    known = set(
        db.session.scalars(
            select(SignalEvidence.feedback_id).where(SignalEvidence.signal_id == signal.id)
        )
    )
    for entry in entries:
        if entry.feedback_id not in known:
            db.session.add(SignalEvidence(signal_id=signal.id, feedback_id=entry.feedback_id))
    db.session.flush()
