"""The 2×2 table behind a candidate: is it more frequent here than elsewhere, and than before?

``nlp.facets`` compares; this reads retours for it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from feedback.watch_entries import Entry
from nlp.disproportionality import information_component
from nlp.facets import BEFORE_WEEKS, WEEKS, against_before, against_others

MONTH = ("month",)
MONTH_AND_CHANNEL = ("month", "channel")


@dataclass(frozen=True)
class Comparison:
    """Retours with the theme here (a), without it here (b), with it elsewhere (c), neither (d)."""

    a: int
    b: int
    c: int
    d: int
    expected: float  # of a, with ``strata`` held equal
    ic: float  # bits
    ic025: float
    ic975: float
    strata: tuple[str, ...] = MONTH_AND_CHANNEL  # what is held equal

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, fit for JSON."""
        return {**vars(self), "strata": list(self.strata)}


def compare(
    entries: Iterable[Entry],
    with_theme: Collection[str],
    here: Collection[str],
    end: date,
    strata: tuple[str, ...] = MONTH_AND_CHANNEL,
) -> Comparison | None:
    """Compare the 13 weeks before ``end``; None where there is no elsewhere or nothing here.

    ``with_theme`` and ``here`` are ids of retours. A channel is compared with ``strata`` MONTH
    alone: held equal itself, it would never differ from the others.
    """
    kept = list(_between(entries, end - timedelta(weeks=WEEKS), end))
    theme = np.array([entry.feedback_id in with_theme for entry in kept], dtype=bool)
    inside = np.array([entry.feedback_id in here for entry in kept], dtype=bool)
    found = against_others(theme, inside, [_stratum(entry, strata) for entry in kept])
    if found is None:
        return None
    cells = (theme & inside, ~theme & inside, theme & ~inside, ~theme & ~inside)
    a, b, c, d = (int(cell.sum()) for cell in cells)
    ic, low, high = (round(float(each), 4) for each in information_component(a, found.expected))
    return Comparison(a, b, c, d, round(found.expected, 4), ic, low, high, strata)


def growth_ic(entries: Iterable[Entry], with_theme: Collection[str], end: date) -> float | None:
    """Return the lower limit of IC against the same part's 52 weeks before; None without a past."""
    start = end - timedelta(weeks=WEEKS)
    kept = list(entries)
    now = _between(kept, start, end)
    past = _between(kept, start - timedelta(weeks=BEFORE_WEEKS), start)
    found = against_before(
        [entry.feedback_id in with_theme for entry in now],
        [entry.feedback_id in with_theme for entry in past],
    )
    return found.ic025 if found else None


def _stratum(entry: Entry, strata: tuple[str, ...]) -> str:
    month = entry.day.strftime("%Y-%m")
    return month if strata == MONTH else f"{month} {entry.channel}"


def _between(entries: Iterable[Entry], start: date, end: date) -> Iterable[Entry]:
    return (entry for entry in entries if start <= entry.day < end)
