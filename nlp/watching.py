"""Looks at weekly themes week by week and raises candidates, each once, where it shows most.

The e-value of a theme is the mean of its streams' e-values, half of it the whole's: a mean of
e-values is one whatever their dependence (Vovk & Wang 2021), so that e-BH runs over themes and a
rise seen in the whole and in every part that goes along is one discovery. Looks in week t use
counts up to week t alone.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from nlp import streams
from nlp.candidate_proofs import TOLD_AFTER, Candidate, Looks, describe, theme_e_values
from nlp.dispersion import Floats
from nlp.ebh import e_bh
from nlp.watch_rows import Report
from nlp.weekly_themes import Stream, Watched

CLOSED_AFTER = 4  # quiet weeks until the same theme may be raised anew


def watch(
    watched: Watched,
    reports: Sequence[Report],
    alpha: float = 0.10,
    arl: float = 520.0,
    floor: float = 0.0,
) -> list[Candidate]:
    """Return the candidates in order of their alarm.

    ``alpha`` bounds the expected share of false ones among the themes alarming at a look; ``arl``
    is the run length above which a stream's reference stands still; ``floor`` is what a theme's
    e-value must reach besides (`nlp.quiet_floor`). Raises ValueError for a level out of range.
    """
    e_bh([], alpha)  # a wrong level is told even where there is nothing to look at
    if not watched.streams:
        return []
    paths = streams.scan(watched.observed, watched.total, watched.prior, arl)
    looks = Looks(watched, reports, _e_values(paths), np.nan_to_num(paths.expected))
    members = _by_theme(watched.streams)
    found: list[Candidate] = []
    for week, opened in _alarms(_together(watched, looks.e_values, members), alpha, floor):
        for index, rows in enumerate(members.values()):
            if index in opened and (candidate := describe(looks, rows, week)):
                found.append(candidate)
                opened.remove(index)  # what stays in it had too few authors: looked at again
    return found


def peaks(watched: Watched, alpha: float, arl: float) -> list[float]:
    """Return the largest e-value of each theme's alarms, as if every one were raised."""
    if not watched.streams:
        return []
    paths = streams.scan(watched.observed, watched.total, watched.prior, arl)
    values = _together(watched, _e_values(paths), _by_theme(watched.streams))
    raised: list[float] = []
    for week, opened in _alarms(values, alpha, 0.0):
        raised += [float(values[index, week : week + TOLD_AFTER + 1].max()) for index in opened]
        opened.clear()
    return raised


def _alarms(values: Floats, alpha: float, floor: float) -> Iterator[tuple[int, set[int]]]:
    """Yield each week with the themes that alarm and are not open; who is raised is taken out."""
    quiet = np.full(len(values), CLOSED_AFTER)  # weeks since the last alarm of what was raised
    for week in range(values.shape[1]):
        alarmed = {i for i in e_bh(values[:, week], alpha) if values[i, week] >= floor}
        opened = {index for index in alarmed if quiet[index] >= CLOSED_AFTER}
        waiting = set(opened)
        yield week, opened
        raised = waiting - opened
        for index in range(len(values)):
            is_open = index in raised or (index in alarmed and index not in waiting)
            quiet[index] = 0 if is_open else quiet[index] + 1


def _e_values(paths: streams.Paths) -> Floats:
    return np.asarray(np.nan_to_num(paths.sr) / np.maximum(paths.looks, 1))


def _together(watched: Watched, e_values: Floats, members: Mapping[int, list[int]]) -> Floats:
    return np.array([theme_e_values(e_values, rows) for rows in members.values()])


def _by_theme(found: Sequence[Stream]) -> dict[int, list[int]]:
    """Return the streams of each theme, the whole first."""
    rows: dict[int, list[int]] = {}
    for row, stream in enumerate(found):
        rows.setdefault(stream.theme, []).append(row)
    return rows
