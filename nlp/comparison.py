"""Set a service beside others without fooling anyone: intervals, the score on ten, shrinkage.

Wilson 1927 for shares; a Beta prior fitted to all services by moments (Kleinman 1973) pulls
small services towards the whole. Floors decide elsewhere whether a number may be shown at all.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

FACES = (0.0, 5.0, 10.0)
_LARGEST_STRENGTH = 1e6  # services that differ by no more than chance: the prior says it all


@dataclass(frozen=True)
class Interval:
    """A value with its limits, in the value's unit."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Prior:
    """Beta(alpha, beta) of the share over all services."""

    alpha: float
    beta: float

    @property
    def mean(self) -> float:
        return self.alpha / (self.alpha + self.beta)


@dataclass(frozen=True)
class Shrunk:
    """A service's share pulled towards the others, and P(its true share is above their mean)."""

    value: float
    low: float
    high: float
    above_mean: float


def wilson(k: int, n: int, level: float = 0.95) -> Interval:
    """Return k / n with Wilson's score interval. Raises ValueError unless 0 ≤ k ≤ n and n ≥ 1."""
    _check_share(k, n)
    z = _quantile(level)
    share = k / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = 0.0 if k == 0 else float(centre - half)
    return Interval(share, low, 1.0 if k == n else float(centre + half))


def mean_score(bad: int, fair: int, good: int, level: float = 0.95) -> Interval:
    """Return the mean of the faces mapped to 0, 5, 10, with an interval that stays on the scale.

    The limits are quantiles of the Beta with the mean and variance of the score under a
    Dirichlet(1/2, 1/2, 1/2) prior: sensible with three answers and with three thousand.
    Raises ValueError without any answer or for a negative count.
    """
    counts = np.array([bad, fair, good], dtype=np.float64)
    if not np.isfinite(counts).all() or (counts < 0).any():
        raise ValueError(f"counts of faces must be ≥ 0, got {(bad, fair, good)}")
    n = counts.sum()
    if n == 0:
        raise ValueError("there is no face to average")
    tail = (1 - _checked_level(level)) / 2
    scores = np.array(FACES) / FACES[-1]
    weights = (counts + 0.5) / (n + 1.5)
    mean = float(weights @ scores)
    variance = float(weights @ (scores - mean) ** 2) / (n + 2.5)
    strength = mean * (1 - mean) / variance - 1
    low, high = special.betaincinv(mean * strength, (1 - mean) * strength, [tail, 1 - tail])
    value = float(counts @ scores / n)
    # With every face the same the quantiles fall short of the mean itself, which must be inside.
    limits = min(float(low), value), max(float(high), value)
    return Interval(value * FACES[-1], limits[0] * FACES[-1], limits[1] * FACES[-1])


def fit_prior(successes: ArrayLike, totals: ArrayLike) -> Prior:
    """Fit Beta(α, β) to services' counts by the method of moments.

    Raises ValueError for fewer than two services, an impossible count, or when all said the same
    (the mean is then 0 or 1 and no Beta fits).
    """
    k, n = _checked_pairs(successes, totals)
    weights, shares = n / n.sum(), k / n
    mean = float(weights @ shares)
    if not 0 < mean < 1:
        raise ValueError(f"the share over all services is {mean:g}: there is nothing to compare")
    spread = float(weights @ (shares - mean) ** 2)
    free = weights * (1 - weights)
    by_chance = mean * (1 - mean) * float((free / n).sum())
    rho = (spread - by_chance) / (mean * (1 - mean) * float(free.sum()) - by_chance or 1.0)
    strength = min(_LARGEST_STRENGTH, max(1 / rho - 1, 1e-3)) if rho > 0 else _LARGEST_STRENGTH
    return Prior(mean * strength, (1 - mean) * strength)


def shrink(k: int, n: int, prior: Prior, level: float = 0.95) -> Shrunk:
    """Return (k + α) / (n + α + β) with its interval and P(above the prior's mean)."""
    if n != 0:
        _check_share(k, n)
    tail = (1 - _checked_level(level)) / 2
    posterior = k + prior.alpha, n - k + prior.beta
    value = (k + prior.alpha) / (n + prior.alpha + prior.beta)
    low, high = special.betaincinv(*posterior, [tail, 1 - tail])
    above = float(special.betaincc(*posterior, prior.mean))
    return Shrunk(value, float(low), float(high), above)


def _quantile(level: float) -> float:
    return float(special.ndtri((1 + _checked_level(level)) / 2))


def _checked_level(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"level must lie in (0, 1), got {level}")
    return level


def _check_share(k: float, n: float) -> None:
    if not 1 <= n < np.inf:
        raise ValueError(f"n must be ≥ 1, got {n}")
    if not 0 <= k <= n:
        raise ValueError(f"k must lie in 0…{n}, got {k}")


def _checked_pairs(
    successes: ArrayLike, totals: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    k, n = np.asarray(successes, dtype=np.float64), np.asarray(totals, dtype=np.float64)
    if k.shape != n.shape or k.ndim != 1 or len(k) < 2:
        raise ValueError(f"at least two services are needed, got {k.shape} and {n.shape}")
    for one, of in zip(k.tolist(), n.tolist(), strict=True):
        _check_share(one, of)
    return k, n
