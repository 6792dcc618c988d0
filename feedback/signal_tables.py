"""The 2×2 table behind a candidate: is it more frequent here than elsewhere, and than before?

Both hold month and channel equal (the information component, Norén, Hopstadius & Bate 2013).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from feedback.watch_entries import Entry
from nlp.disproportionality import information_component

WEEKS = 13  # compared with everything else
BEFORE_WEEKS = 52  # the same part's own past


@dataclass(frozen=True)
class Comparison:
    """Retours with the theme here (a), without it here (b), with it elsewhere (c), neither (d)."""

    a: int
    b: int
    c: int
    d: int
    expected: float  # of a, held equal by month and channel
    ic: float  # bits
    ic025: float
    ic975: float

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, fit for JSON."""
        return {**vars(self), "strata": ["month", "channel"]}


def compare(
    entries: Iterable[Entry], with_theme: Collection[str], here: Collection[str], end: date
) -> Comparison | None:
    """Compare the 13 weeks before ``end``; None where there is no elsewhere or nothing here.

    ``with_theme`` and ``here`` are ids of retours.
    """
    cells: dict[tuple[str, str], Counter[tuple[bool, bool]]] = {}
    for entry in _between(entries, end - timedelta(weeks=WEEKS), end):
        cell = (entry.feedback_id in here, entry.feedback_id in with_theme)
        cells.setdefault(entry.stratum, Counter())[cell] += 1
    whole: Counter[tuple[bool, bool]] = sum(cells.values(), Counter())
    a, b, c, d = (
        whole[cell] for cell in ((True, True), (True, False), (False, True), (False,) * 2)
    )
    if not a + b or not c + d:
        return None
    return _compared((a, b, c, d), sum(map(_expected, cells.values())))


def growth_ic(entries: Iterable[Entry], with_theme: Collection[str], end: date) -> float | None:
    """Return the lower limit of IC against the same part's 52 weeks before; None without a past."""
    start = end - timedelta(weeks=WEEKS)
    kept = list(entries)
    now = [e.feedback_id in with_theme for e in _between(kept, start, end)]
    past = [
        e.feedback_id in with_theme
        for e in _between(kept, start - timedelta(weeks=BEFORE_WEEKS), start)
    ]
    if not past or not now:
        return None
    _ic, low, _high = information_component(sum(now), len(now) * sum(past) / len(past))
    return float(low)


def _compared(cells: tuple[int, int, int, int], expected: float) -> Comparison:
    ic, low, high = (round(float(each), 4) for each in information_component(cells[0], expected))
    return Comparison(*cells, round(expected, 4), ic, low, high)


def _expected(cells: Mapping[tuple[bool, bool], int]) -> float:
    """Return a stratum's own expected count: (a + b)(a + c) / n."""
    n = sum(cells.values())
    here = sum(count for (is_here, _theme), count in cells.items() if is_here)
    theme = sum(count for (_here, has_theme), count in cells.items() if has_theme)
    return here * theme / n


def _between(entries: Iterable[Entry], start: date, end: date) -> Iterable[Entry]:
    return (entry for entry in entries if start <= entry.day < end)
