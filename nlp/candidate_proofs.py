"""What a candidate rests on: the part where the rise departs most, its weeks, reports and kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from nlp.dispersion import Floats
from nlp.facets import BEFORE_WEEKS, WEEKS, against_before, against_others, is_growing_apart
from nlp.watch_rows import Report
from nlp.weekly_themes import Part, Watched

MIN_AUTHORS, MIN_DAYS = 3, 2  # before any statistical alarm
WINDOW_WEEKS = 8  # before an alarm, the longest stretch that is summed over
TOLD_AFTER = 4  # weeks after the alarm that a candidate is still described from
YOUNG_WEEKS = 8  # of the whole, in which nothing is called new
PART_MARGIN = 2.0  # how much more a part must depart than the whole to be named, log-likelihood
GROWING, DISPROPORTIONATE, NEW = "growing", "disproportionate", "new"


@dataclass(frozen=True)
class Candidate:
    """A rise: ``week`` of the alarm, ``start`` to ``end`` the weeks that it is described from.

    ``rows`` are places of the counted reports in those weeks. ``e_value`` is the theme's, which
    raised it: a part without a past has little evidence of its own.
    """

    theme: int
    part: Part
    week: int
    start: int
    end: int
    observed: int
    expected: float
    e_value: float
    kind: str
    rows: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Looks:
    """All that was seen: ``e_values`` and ``expected`` have shape (streams, weeks)."""

    watched: Watched
    reports: Sequence[Report]
    e_values: Floats
    expected: Floats


def departure(observed: float, expected: float) -> float:
    """Return the Poisson log-likelihood ratio of a rise, 0 where there is none."""
    if observed <= expected:
        return 0.0
    floor = max(expected, 0.05)
    return observed * log(observed / floor) - (observed - floor)


def describe(looks: Looks, rows: Sequence[int], week: int) -> Candidate | None:
    """Return the candidate of a theme that alarmed, or None while too few authors or days speak.

    ``rows``: the theme's streams, the whole first. The part that is named is told from up to four
    weeks after the alarm, where there are any: the first reports seldom tell which.
    """
    start, row = _strongest(looks, rows, week, week)
    if not _is_heard(looks, row, start, week):
        return None
    end = min(week + TOLD_AFTER, looks.e_values.shape[1] - 1)
    later, part = _strongest(looks, rows, week, end)
    if _is_heard(looks, part, later, end):
        start, row = later, part
    else:
        end = week
    stream, inside = looks.watched.streams[row], slice(start, end + 1)
    return Candidate(
        theme=stream.theme,
        part=stream.part,
        week=week,
        start=start,
        end=end,
        observed=int(looks.watched.observed[row, inside].sum()),
        expected=float(looks.expected[row, inside].sum()),
        e_value=float(theme_e_values(looks.e_values, rows)[week : end + 1].max()),
        kind=_kind(looks, rows[0], row, start),
        rows=tuple(_rows_between(looks, row, start, end)),
    )


def theme_e_values(e_values: Floats, rows: Sequence[int]) -> Floats:
    """Return a theme's e-value by week; facets share the half that is not the whole's.

    ``e_values``: (streams, weeks); ``rows``: the theme's streams, the whole first.
    """
    whole, parts = rows[0], list(rows[1:])
    if not parts:
        return np.asarray(e_values[whole])
    return np.asarray(0.5 * e_values[whole] + 0.5 * e_values[parts].mean(axis=0))


def _is_heard(looks: Looks, row: int, start: int, end: int) -> bool:
    reports = [looks.reports[each] for each in _rows_between(looks, row, start, end)]
    authors = {each.author or ("id", each.id) for each in reports}
    return len(authors) >= MIN_AUTHORS and len({each.day for each in reports}) >= MIN_DAYS


def _strongest(looks: Looks, rows: Sequence[int], week: int, end: int) -> tuple[int, int]:
    """Return start and stream of the stretch up to ``end`` that departs most."""
    best, found = (week, rows[0]), -1.0
    for row in rows:
        margin = PART_MARGIN if looks.watched.streams[row].part else 0.0
        for start in range(max(0, week - WINDOW_WEEKS + 1), week + 1):
            observed = looks.watched.observed[row, start : end + 1].sum()
            each = departure(observed, looks.expected[row, start : end + 1].sum()) - margin
            if each > found:
                best, found = (start, row), each
    return best


def _rows_between(looks: Looks, row: int, start: int, end: int) -> list[int]:
    rows = looks.watched.streams[row].rows
    weeks = looks.watched.week_of[rows]
    return [int(each) for each in rows[(weeks >= start) & (weeks <= end)]]


def _kind(looks: Looks, whole: int, row: int, start: int) -> str:
    if start >= YOUNG_WEEKS and not looks.watched.observed[whole, :start].any():
        return NEW
    part = looks.watched.streams[row].part
    if part and _is_apart(looks, whole, part, start):
        return DISPROPORTIONATE
    return GROWING


def _is_apart(looks: Looks, whole: int, part: tuple[str, str], start: int) -> bool:
    """Compare the part with the others and with its past, month and channel held equal."""
    weeks = looks.watched.week_of
    theme = np.zeros(len(weeks), dtype=bool)
    theme[looks.watched.streams[whole].rows] = True
    inside = np.array([each.facets.get(part[0]) == part[1] for each in looks.reports])
    usable = looks.watched.kept | theme
    now = usable & (weeks >= start) & (weeks < start + WEEKS)
    past = usable & (weeks < start) & (weeks >= start - BEFORE_WEEKS)
    strata = _strata(looks.reports, now, part[0])
    return is_growing_apart(
        against_others(theme[now], inside[now], strata),
        against_before(theme[now & inside], theme[past & inside]),
    )


def _strata(reports: Sequence[Report], now: NDArray[np.bool_], facet: str) -> list[str]:
    rows = np.flatnonzero(now).tolist()
    channel = "" if facet == "channel" else "channel"
    return [f"{reports[row].day:%Y-%m} {reports[row].facets.get(channel, '')}" for row in rows]
