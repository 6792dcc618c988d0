"""What a look finds, before anything is written: a stream that stands out, examined in full.

All that takes time stands here, so that it can be done without the database's write lock;
``feedback/raising.py`` writes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from feedback.counts import distinct_authors
from feedback.models import SignalKind, Theme
from feedback.rises import from_release, release_before, tone
from feedback.signal_proofs import proof_of
from feedback.signal_tables import Comparison
from feedback.unlisted import Match, match
from feedback.watch_entries import Entry
from feedback.watch_families import Chosen
from feedback.watch_streams import Stream, strongest_window
from nlp.edetector import Look

MIN_AUTHORS, MIN_DAYS = 3, 2  # before any statistical alarm
YOUNG_WEEKS = 8  # a service this young raises nothing "new"


@dataclass(frozen=True, eq=False)
class Case:
    """A stream that stands out, with how it compares with elsewhere."""

    chosen: Chosen
    table: Comparison | None  # against the other services or the other parts
    growth: float | None  # lower limit of IC against the same part's past, bits


@dataclass(frozen=True, eq=False)
class Finding:
    """A case with three authors behind it, on two days, and all that a signal keeps of it."""

    case: Case
    window: tuple[Look, ...]  # the weeks of the rise
    entries: tuple[Entry, ...]  # that count in them
    authors: int
    kind: str
    tone: str
    release_id: int | None
    known: Match
    proof: dict[str, Any]

    @property
    def stream(self) -> Stream:
        """The stream that stands out."""
        return self.case.chosen.stream


def examine(case: Case) -> Finding | None:
    """Return what a signal of ``case`` would hold; None while too few authors or days speak."""
    stream, looks = case.chosen.stream, case.chosen.stream.looks
    window = from_release(stream, looks[strongest_window(looks) :])
    entries = stream.since(window[0].index)
    voices = distinct_authors(entries)
    if voices < MIN_AUTHORS or len({entry.day for entry in entries}) < MIN_DAYS:
        return None
    release = release_before(stream, stream.first_week + timedelta(weeks=window[0].index))
    return Finding(
        case=case,
        window=tuple(window),
        entries=tuple(entries),
        authors=voices,
        kind=_kind(case, window),
        tone=tone(entries),
        release_id=release.id if release else None,
        known=match(stream.about) if isinstance(stream.about, Theme) else Match(None),
        proof=proof_of(case.chosen, window, case.table),
    )


def _kind(case: Case, window: Sequence[Look]) -> str:
    start, weeks = window[0].index, case.chosen.stream.weeks
    if not any(week.observed for week in weeks[:start]) and start >= YOUNG_WEEKS:
        return SignalKind.NEW.value
    if case.table and case.table.ic025 > 0 and (case.growth or 0) > 0:
        return SignalKind.DISPROPORTIONATE.value
    return SignalKind.GROWING.value
