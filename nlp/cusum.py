"""Poisson CUSUM: evidence for one size of rise, added up week by week and never below zero.

S ← max(0, S + x ln ρ − E (ρ − 1)). The score is exp(S), so that it has the scale of the
e-detector's: under a right null, exp(S) ≥ A comes on average no oftener than every A weeks
(Lorden, Annals of Mathematical Statistics 1971). E is the stream's share of the reference weeks
of nlp.md §3.3, times this week's total.
"""

import numpy as np

from nlp.dispersion import GAP_WEEKS, MIN_WEEKS, REFERENCE_WEEKS
from nlp.weekly_counts import Counts, Floats, Looks, blank

RATIO = 2.0  # the rise it is tuned for: smaller ones take long, larger ones are found anyway
_LARGEST = 690.0  # exp() of more is no longer a finite number


def cusum(counts: Counts, arl: float = 520.0, ratio: float = RATIO, start: int = 0) -> Looks:
    """Return one look per week from ``start`` on, once 8 weeks of reference have news.

    Without totals every week counts the same. The reference is frozen while an alarm is open; a
    week without news leaves S as it is. Raises ValueError for ``arl`` ≤ 1, ``ratio`` ≤ 1 and a
    negative ``start``.
    """
    for name, value, least in (("arl", arl, 1.0), ("ratio", ratio, 1.0)):
        if not least < value < np.inf:
            raise ValueError(f"{name} must be a finite number > {least:.0f}, got {value}")
    if start < 0:
        raise ValueError(f"start must be ≥ 0, got {start}")
    looks, limit = blank(counts), float(np.log(arl))
    x = counts.observed
    total = np.where(np.isnan(x), np.nan, 1.0) if counts.total is None else counts.total
    share, s = np.full(len(x), np.nan), np.zeros(len(x))
    for week in range(max(start, MIN_WEEKS + GAP_WEEKS - 1), x.shape[1]):
        fresh = _share(x, total, week)
        share = np.where((s >= limit) & ~np.isnan(share), share, fresh)
        expected = share * total[:, week]
        drift = expected * (ratio - 1)
        seen = ~np.isnan(expected) & ~np.isnan(x[:, week])
        after = np.maximum(0, s + x[:, week] * np.log(ratio) - drift)
        upper = np.ceil((limit - s + drift) / np.log(ratio)) - 1
        s = np.where(seen, after, s)
        looks.expected[:, week] = np.where(seen, expected, np.nan)
        looks.upper[:, week] = np.where(seen, np.maximum(upper, -1), np.nan)
        looks.score[:, week] = np.where(seen, np.exp(np.minimum(s, _LARGEST)), np.nan)
        looks.alarm[:, week] = seen & (s >= limit)
    return looks


def _share(x: Floats, total: Floats, week: int) -> Floats:
    """Return (K + ½) / M over the 52 weeks that end 4 weeks before, NaN under 8 weeks of news.

    Half a report keeps a theme that was never seen from making its first one an alarm.
    """
    last = week - GAP_WEEKS + 1
    window = slice(max(0, last - REFERENCE_WEEKS), max(0, last))
    news = ~np.isnan(x[:, window])
    exposure = np.nansum(total[:, window], axis=1)
    share = (np.nansum(x[:, window], axis=1) + 0.5) / np.where(exposure > 0, exposure, np.nan)
    return np.where(news.sum(axis=1) >= MIN_WEEKS, share, np.nan)
