"""Where one unit stands among others: its quantile, the funnel of all, and fair expectations.

Takes counts and gives numbers; floors, names and words are the caller's. No function draws: the
interval of a quantile comes from the posterior's own quantiles.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from nlp.comparison import Interval, Prior

WINSORISED = 0.10  # of the z-scores, at each end (Spiegelhalter 2005)
WARNING, APART = 0.95, 0.998  # the two pairs of limits of a funnel
Stratum = TypeVar("Stratum", bound=Hashable)
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Funnel:
    """Units against the share of all: what chance and ordinary differences explain, and who is out.

    ``z`` are (units,) float64, 0 at the centre; ``phi`` ≥ 0 is their mean square after winsorising,
    1 when chance alone is at work; ``tau2`` ≥ 0 the variance between units beyond chance.
    """

    centre: float  # in (0, 1)
    phi: float
    tau2: float
    z: tuple[float, ...]

    def limits(self, n: float, level: float = WARNING) -> tuple[float, float]:
        """Return the share below and above which a unit of ``n`` answers leaves ``level``."""
        if not 0 < n < np.inf:
            raise ValueError(f"n must be above 0, got {n}")
        if not 0 < level < 1:
            raise ValueError(f"level must lie in (0, 1), got {level}")
        spread = np.sqrt(self.centre * (1 - self.centre) / n + self.tau2)
        half = float(special.ndtri((1 + level) / 2) * spread)
        return max(0.0, self.centre - half), min(1.0, self.centre + half)

    @property
    def apart(self) -> tuple[bool, ...]:
        """Which units lie outside the outer limits, in their order."""
        outer = float(special.ndtri((1 + APART) / 2))
        return tuple(abs(each) > outer for each in self.z)


def funnel(successes: ArrayLike, totals: ArrayLike) -> Funnel:
    """Return the funnel of k successes out of n: (units,) each, 0 ≤ k ≤ n, n ≥ 1, not both whole.

    z = (p − θ) / sqrt(θ(1 − θ) / n); over-dispersion φ is the mean of the winsorised z²; where it
    exceeds (I − 1) / I the random-effects variance τ² joins the limits (Spiegelhalter 2005, Funnel
    plots for comparing institutional performance; Marshall and Spiegelhalter 1998 for why a rank is
    no finding). Raises ValueError for fewer than two units, an impossible or missing count, or when
    all said the same.
    """
    k, n = _pairs(successes, totals)
    if len(k) < 2:
        raise ValueError(f"at least two units are needed, got {len(k)}")
    centre = float(k.sum() / n.sum())
    if not 0 < centre < 1:
        raise ValueError(f"the share over all units is {centre:g}: there is nothing to compare")
    variance = centre * (1 - centre) / n
    z = (k / n - centre) / np.sqrt(variance)
    phi = float((_winsorised(z) ** 2).mean())
    tau2 = _between(phi, 1 / variance)
    return Funnel(centre, phi, tau2, tuple(((k / n - centre) / np.sqrt(variance + tau2)).tolist()))


def _winsorised(z: Floats) -> Floats:
    low, high = np.quantile(z, [WINSORISED, 1 - WINSORISED])
    return np.clip(z, low, high)


def _between(phi: float, weights: Floats) -> float:
    """Return τ² by moments from φ and the weights n / (θ(1 − θ)); 0 where chance explains all."""
    free = float(weights.sum() - (weights**2).sum() / weights.sum())
    return max(0.0, (len(weights) * phi - (len(weights) - 1)) / free)


def quantile(
    k: float, n: float, others: tuple[ArrayLike, ArrayLike], prior: Prior, weights: ArrayLike = ()
) -> Interval:
    """Return which share of ``others`` lies below the unit of ``k`` out of ``n``, in [0, 1].

    Every true share is taken as Beta(k + α, n − k + β) under ``prior`` (Kleinman 1973), so that a
    small unit does not land at an extreme. G(t) is the expected share of others below t; the value
    is the mean of G over the unit's own posterior and the limits are G at that posterior's 2.5 %
    and 97.5 % (Goldstein and Spiegelhalter 1996, League tables and their limitations). 0.5 with
    limits far apart means that the data cannot tell. ``others``: k and n, (units,) each, at least
    one; ``weights``: (units,) how many units each stands for, 1 by default. Raises ValueError for
    an impossible or missing count.
    """
    _pairs([k], [n])
    peers_k, peers_n = _pairs(*others)
    heavy = np.asarray(weights, dtype=np.float64) if np.size(weights) else np.ones(len(peers_k))
    if heavy.shape != peers_k.shape or not (heavy > 0).all():
        raise ValueError(f"weights must be {len(peers_k)} numbers above 0, got {heavy}")
    own = k + prior.alpha, n - k + prior.beta
    inner = (np.arange(_POINTS) + 0.5) / _POINTS
    at = np.asarray(special.betaincinv(*own, [0.025, 0.975, *inner]), dtype=np.float64)
    below = special.betainc(
        (peers_k + prior.alpha)[:, None], (peers_n - peers_k + prior.beta)[:, None], at[None, :]
    )
    share = heavy @ below / heavy.sum()
    return Interval(float(share[2:].mean()), float(share[0]), float(share[1]))


_POINTS = 32  # of the posterior, at equal probability: the mean of G is right to the third digit


def standardised(
    observed: Mapping[Stratum, tuple[float, float]], rates: Mapping[Stratum, float]
) -> float:
    """Return the observed successes of a unit over those expected from ``rates`` of all units.

    Indirect standardisation (Breslow and Day 1987, chapter 2): ``observed`` has (k, n) of each
    stratum, ``rates`` the share of all units in [0, 1] for each of these strata. 1 means as
    expected of the people who answered. Raises ValueError without a success to expect, for a
    stratum without a rate or an impossible count.
    """
    expected = successes = 0.0
    for stratum, (k, n) in observed.items():
        _pairs([k], [n])
        rate = rates.get(stratum, np.nan)
        if not 0 <= rate <= 1:
            raise ValueError(f"the stratum {stratum!r} needs a rate in [0, 1], got {rate}")
        expected, successes = expected + n * rate, successes + k
    if expected == 0:
        raise ValueError("no success is expected: there is nothing to compare with")
    return successes / expected


def _pairs(successes: ArrayLike, totals: ArrayLike) -> tuple[Floats, Floats]:
    k, n = np.asarray(successes, dtype=np.float64), np.asarray(totals, dtype=np.float64)
    if k.shape != n.shape or k.ndim != 1 or not len(k):
        raise ValueError(f"k and n must be as many, at least one, got {k.shape} and {n.shape}")
    if not np.isfinite(n).all() or (n < 1).any():
        raise ValueError(f"each n must be ≥ 1, got {n}")
    if not ((k >= 0) & (k <= n)).all():
        raise ValueError(f"each k must lie in 0…n, got {k} of {n}")
    return k, n
