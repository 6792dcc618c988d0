"""The detector in use: a dispersion-aware Shiryaev–Roberts e-detector over weekly counts.

Shin, Ramdas & Rinaldo, "E-detectors: a nonparametric framework for sequential change detection".
Under the usual course one stream alarms on average no oftener than every ``arl`` weeks, and
P(any alarm within T weeks) ≤ T / arl. An e-value of 40 means that these numbers are about 40
times more likely under a rise than under the usual course; it is not a probability.
Left to others: who counts as an author (``nlp.copies``), floors, many streams (``nlp.ebh``).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlp import streams, usual_course

RATIOS = usual_course.RATIOS
SHOWN_RATIOS = (1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0, 30.0)
POWER = 0.8
_HISTORY, _QUIET, _STREAMS = 56, 12, 600


@dataclass(frozen=True)
class Week:
    """One week of a stream: theme segments from distinct authors, and all feedback of the facet."""

    observed: int
    total: int


@dataclass(frozen=True)
class Look:
    """What the detector saw in one week; ``index`` is the week's place in the series, from 0.

    ``upper`` is the largest count that would not have alarmed this week, given the weeks before
    (−1 when even zero would have left the alarm open). ``dispersion`` is the variance
    over the mean of a usual week's count. ``sr`` is S, the mean over ``RATIOS``;
    ``weeks`` is t, the number of looks since the start; ``e_value`` is S / t.
    """

    index: int
    observed: int
    expected: float
    upper: int
    dispersion: float
    sr: float
    e_value: float
    weeks: int
    alarm: bool


def detect(
    weeks: Sequence[Week], prior_share: float, arl: float = 520.0, start: int | None = None
) -> list[Look]:
    """Return one look per week, from the first week with a reference on (nlp.md §3.3).

    The reference is the 52 weeks ending 4 weeks before, at least 8 of them with feedback; so a
    series under 12 weeks gives no look. How much weeks scatter is learnt from all those before.
    ``prior_share`` is the theme's share over all services, in (0, 1]; 0.5 / all feedback for a
    theme without history. ``start`` restarts S and t at that week, after a person's decision, while
    the reference still looks further back. A week without feedback is no look: it is returned, with
    S and t as they stood, and expects 0. Raises ValueError naming the value when
    ``weeks`` is empty, never had feedback, or holds an impossible number.
    """
    if not weeks:
        raise ValueError("weeks is empty")
    observed = [[week.observed for week in weeks]]
    total = [[week.total for week in weeks]]
    first = 0 if start is None else start
    paths = streams.scan(observed, total, prior_share, arl, first, upper=True)
    seen = np.flatnonzero(~np.isnan(paths.sr[0])).tolist()
    return [_look(paths, index, weeks[index].observed, arl) for index in seen]


def minimum_detectable_ratio(
    expected_per_week: float,
    weeks: int = 8,
    arl: float = 520.0,
    rng: np.random.Generator | None = None,
) -> float | None:
    """Return the smallest of ``SHOWN_RATIOS`` found within ``weeks`` in 4 streams of 5, or None.

    Simulates 600 Poisson streams with a year of history and a rise after 12 quiet weeks. Without
    ``rng`` the seed is fixed: a service must not show another number at each reading.
    """
    if not 0 < expected_per_week < np.inf:
        raise ValueError(f"expected_per_week must be finite and > 0, got {expected_per_week}")
    if weeks < 1:
        raise ValueError(f"weeks must be ≥ 1, got {weeks}")
    seed = int((rng or np.random.default_rng(520)).integers(2**32))
    low, high = 0, len(SHOWN_RATIOS)  # bisection: power grows with the ratio
    while low < high:
        middle = (low + high) // 2
        power = _power(expected_per_week, SHOWN_RATIOS[middle], weeks, arl, seed)
        low, high = (low, middle) if power >= POWER else (middle + 1, high)
    return SHOWN_RATIOS[low] if low < len(SHOWN_RATIOS) else None


def _power(expected: float, ratio: float, weeks: int, arl: float, seed: int) -> float:
    """Return the share of the quiet streams that alarm within ``weeks`` of the rise."""
    rng = np.random.default_rng(seed)
    change = _HISTORY + _QUIET
    mean = np.full(change + weeks, float(expected))
    mean[change:] *= ratio
    observed = rng.poisson(mean, (_STREAMS, len(mean)))
    # A total far above any count: the theme is rare among the feedback, as themes are.
    size = max(1000, 50 * int(observed.max() + 1))
    alarms = streams.scan(
        observed, np.full(observed.shape, size), expected / size, arl, _HISTORY
    ).alarms(arl)
    quiet = ~alarms[:, _HISTORY:change].any(axis=1)
    return float(alarms[quiet, change:].any(axis=1).mean())


def _look(paths: streams.Paths, index: int, observed: int, arl: float) -> Look:
    sr, looks = float(paths.sr[0, index]), int(paths.looks[0, index])
    return Look(
        index=index,
        observed=int(observed),
        expected=float(paths.expected[0, index]),
        upper=int(paths.upper[0, index]),
        dispersion=float(paths.dispersion[0, index]),
        sr=sr,
        e_value=sr / looks,
        weeks=looks,
        alarm=sr >= arl,
    )
