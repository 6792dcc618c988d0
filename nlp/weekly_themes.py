"""From dated reports to weekly counts: one stream for each theme in the whole and in each facet.

A report counts once for its author and near-copies in a week; of a campaign one report counts. A
part of the reports is watched from 30 on, a theme from three.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from nlp.copies import Labels, campaigns, counted
from nlp.dispersion import GAP_WEEKS, Floats
from nlp.watch_rows import Report

FEWEST_OF_FACET = 30
FEWEST_OF_THEME = 3

Part = tuple[str, str] | None  # a facet and its value; None is the whole
Placed = Sequence[frozenset[int]]  # the themes of each report


@dataclass(frozen=True, eq=False)
class Stream:
    """One theme in one part: ``rows`` are places of its counted reports, in order of the file."""

    theme: int
    part: Part
    rows: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Watched:
    """Weekly counts of every stream, arrays of shape (streams, weeks), and what they are of.

    ``week_of`` gives each report's week, ``kept`` whether it counts in totals; ``prior`` is the
    theme's share among all reports up to the end of each week's reference.
    """

    first_week: date
    week_of: NDArray[np.int64]
    kept: NDArray[np.bool_]
    streams: list[Stream]
    observed: Floats
    total: Floats
    prior: Floats

    def last_day(self, week: int) -> date:
        """Return the Sunday that ends a week: what a look at it is dated."""
        return self.first_week + timedelta(days=7 * week + 6)


def watch_weeks(reports: Sequence[Report], themes: Placed, copies: Labels) -> Watched:
    """Return the streams of ``reports``, whose near-copies are labelled as `nlp.copies` does."""
    first = min(each.day for each in reports)
    first -= timedelta(days=first.weekday())
    week_of = np.array([(each.day - first).days // 7 for each in reports])
    kept = _without_campaigns(reports, copies)
    parts = _parts(reports, kept)
    size = int(week_of.max()) + 1
    streams, observed, total = [], [], []
    for theme, rows in _once_a_week(reports, themes, copies, week_of, kept).items():
        for part, members in parts.items():
            inside = rows[members[rows]]
            if part is not None and len(inside) < FEWEST_OF_THEME:
                continue
            streams.append(Stream(theme, part, inside))
            observed.append(np.bincount(week_of[inside], minlength=size))
            total.append(np.bincount(week_of[members & kept], minlength=size))
    if not streams:
        empty = np.zeros((0, size))
        return Watched(first, week_of, kept, [], empty, empty, empty)
    found, all_of_them = np.array(observed, dtype=float), np.array(total, dtype=float)
    return Watched(
        first, week_of, kept, streams, found, all_of_them, _priors(streams, found, all_of_them)
    )


def _without_campaigns(reports: Sequence[Report], copies: Labels) -> NDArray[np.bool_]:
    kept = np.ones(len(reports), dtype=bool)
    for campaign in campaigns(copies, [each.day.toordinal() for each in reports]):
        kept[list(campaign.members[1:])] = False
    return kept


def _parts(reports: Sequence[Report], kept: NDArray[np.bool_]) -> Mapping[Part, NDArray[np.bool_]]:
    """Return who belongs to the whole and to each value of a facet that is large enough."""
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, report in enumerate(reports):
        for pair in report.facets.items():
            rows[pair].append(row)
    parts: dict[Part, NDArray[np.bool_]] = {None: np.ones(len(reports), dtype=bool)}
    for pair, found in sorted(rows.items()):
        members = np.zeros(len(reports), dtype=bool)
        members[found] = True
        if FEWEST_OF_FACET <= (members & kept).sum() < kept.sum():
            parts[pair] = members
    return parts


def _once_a_week(
    reports: Sequence[Report],
    themes: Placed,
    copies: Labels,
    week_of: NDArray[np.int64],
    kept: NDArray[np.bool_],
) -> dict[int, NDArray[np.int64]]:
    """Return the counted reports of each theme with three of them or more."""
    rows: dict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero(kept).tolist():
        for theme in themes[row]:
            rows[theme].append(row)
    found = {}
    for theme, members in sorted(rows.items()):
        # A week's authors and copies are labels of their own: next week they may speak again.
        codes = [(int(week_of[row]), _author(reports[row], row)) for row in members]
        labels: dict[tuple[int, int], int] = {}
        weekly = [
            labels.setdefault((int(week_of[row]), int(copies[row])), len(labels)) for row in members
        ]
        counts = np.array(members)[counted(codes, weekly)]
        if len(counts) >= FEWEST_OF_THEME:
            found[theme] = counts
    return found


def _author(report: Report, row: int) -> tuple[str, str | int]:
    return ("row", row) if report.author in (None, "") else ("author", str(report.author))


def _priors(streams: Sequence[Stream], observed: Floats, total: Floats) -> Floats:
    """Return each theme's share of all reports before each week's gap, an average theme's at least.

    A theme is watched because it has reports: taking one without any so far for rarer than the
    others would make its first ones a discovery.
    """
    whole = {each.theme: row for row, each in enumerate(streams) if each.part is None}
    rows = [whole[each.theme] for each in streams]
    before = np.zeros((2, *observed.shape))
    for place, series in enumerate((observed, total)):
        before[place, :, GAP_WEEKS:] = series[rows].cumsum(axis=1)[:, :-GAP_WEEKS]
    themes = list(whole.values())
    average = observed[themes].sum() / total[themes].sum()
    share = np.maximum(before[0], 0.5) / np.maximum(before[1], 1.0)
    return np.asarray(np.clip(share, average, 1.0))
