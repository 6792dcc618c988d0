"""EARS C1, C2 and C3: is this week far above the seven weeks before? For short histories.

Hutwagner et al. 2003; Fricker, Hegler & Dunfee, Statistics in Medicine 2008. C1 compares with the
weeks just before, C2 leaves two weeks out, C3 adds up what three weeks of C2 exceed by more than
one standard deviation. Exposure is not used, as in the originals.
"""

import numpy as np
from scipy import special

from nlp.weekly_counts import Counts, Floats, Looks

BASELINE_WEEKS = 7
MIN_SIGMA = 0.5  # counts: a flat baseline must not make one report an alarm
ALPHA = {"C1": 0.001, "C2": 0.001, "C3": 0.025}  # one-sided, as CDC chose: z = 3.09 and 1.96
_GAP_WEEKS = {"C1": 0, "C2": 2, "C3": 2}
_SHORTEST = 3  # weeks: under it a standard deviation is noise


def ears(
    counts: Counts,
    method: str,
    alpha: float | None = None,
    baseline: int = BASELINE_WEEKS,
    min_sigma: float = MIN_SIGMA,
) -> Looks:
    """Return the looks of method ``C1``, ``C2`` or ``C3``; the score is its statistic.

    A week alarms when the statistic exceeds the 1 − ``alpha`` normal quantile. A week whose
    baseline holds a week without news is not looked at. Raises ValueError for an unknown method,
    a baseline under 3 weeks, a negative ``min_sigma``, and an ``alpha`` outside (0, 0.5].
    """
    z = _checked_quantile(method, alpha, baseline, min_sigma)
    x = counts.observed
    mean, sigma = _baseline(x, baseline, _GAP_WEEKS[method])
    sigma = np.maximum(sigma, min_sigma)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = (x - mean) / sigma
    upper = mean + z * sigma
    if method == "C3":
        score, upper = _three_weeks(score, mean, sigma, z)
    seen = ~np.isnan(upper) & ~np.isnan(x)
    score = np.where(seen & np.isfinite(score), score, np.nan)
    return Looks(
        np.where(seen, mean, np.nan), np.where(seen, upper, np.nan), score, seen & (x > upper)
    )


def _checked_quantile(method: str, alpha: float | None, baseline: int, min_sigma: float) -> float:
    """Return the 1 − α normal quantile, or raise ValueError naming what is out of range."""
    if method not in ALPHA:
        raise ValueError(f"method must be one of {', '.join(ALPHA)}, got {method}")
    if baseline < _SHORTEST:
        raise ValueError(f"baseline must be at least {_SHORTEST} weeks, got {baseline}")
    if not 0 <= min_sigma < np.inf:
        raise ValueError(f"min_sigma must be a finite number ≥ 0, got {min_sigma}")
    level = ALPHA[method] if alpha is None else alpha
    if not 0 < level <= 0.5:
        raise ValueError(f"alpha must lie in (0, 0.5], got {level}")
    return float(special.ndtri(1 - level))


def _baseline(x: Floats, length: int, gap: int) -> tuple[Floats, Floats]:
    """Return the mean and standard deviation of the ``length`` weeks that end ``gap`` weeks ago."""
    mean, sigma = np.full(x.shape, np.nan), np.full(x.shape, np.nan)
    first = length + gap
    if x.shape[1] > first:
        last = x.shape[1] - gap
        windows = np.lib.stride_tricks.sliding_window_view(x[:, : last - 1], length, axis=1)
        mean[:, first:] = windows.mean(axis=2)
        sigma[:, first:] = windows.std(axis=2, ddof=1)
    return mean, sigma


def _three_weeks(c2: Floats, mean: Floats, sigma: Floats, z: float) -> tuple[Floats, Floats]:
    """Return C3 and its limit: C3 = Σ max(0, C2 − 1) over this week and the two before.

    R's surveillance 1.25 writes the limit around the observed count, so that this week's own
    excess never counts there; here the definition of the papers holds.
    """
    excess = np.maximum(c2 - 1, 0)
    before = np.full(c2.shape, np.nan)
    before[:, 2:] = excess[:, 1:-1] + excess[:, :-2]
    with np.errstate(invalid="ignore"):
        upper = np.where(before > z, -1.0, mean + sigma * (1 + z - before))
    return excess + before, np.where(np.isnan(before), np.nan, upper)
