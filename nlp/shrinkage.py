"""EBGM, EB05 and EB95: how many times more often than expected, small counts shrunk towards usual.

DuMouchel, "Bayesian data mining in large frequency tables", The American Statistician 1999. Each
count is Poisson(λE), and λ comes from a mixture of two gamma distributions that ``nlp.prior_fit``
learns from the whole table. EB05 ≥ 2 is the customary rule for a signal.
"""

import math
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from nlp.disproportionality import Floats

_PRECISION = 1e-10  # relative, of a quantile
_ROUNDS = 200  # a bisection alone needs about 60


@dataclass(frozen=True)
class Theta:
    """The prior: λ ~ p·Gamma(alpha1, beta1) + (1 − p)·Gamma(alpha2, beta2), betas as rates."""

    alpha1: float
    beta1: float
    alpha2: float
    beta2: float
    p: float

    def __post_init__(self) -> None:
        """Raise ValueError naming a parameter not finite and positive, or p not in (0, 1)."""
        for name, value in vars(self).items():
            if not (math.isfinite(value) and value > 0):
                raise ValueError(f"{name} must be a finite number > 0, got {value}")
        if self.p >= 1:
            raise ValueError(f"p must lie between 0 and 1, got {self.p}")

    @property
    def values(self) -> tuple[float, ...]:
        """Return the five numbers in the order of the literature."""
        return tuple(astuple(self))


@dataclass(frozen=True)
class Shrunk:
    """Posterior summaries of λ, arrays of shape (pairs,): geometric mean, 5 and 95 % quantiles."""

    ebgm: Floats
    eb05: Floats
    eb95: Floats


@dataclass(frozen=True)
class _Posterior:
    """λ given the counts: ``weight`` on Gamma(shape1, rate1), the rest on Gamma(shape2, rate2)."""

    weight: Floats
    shape1: Floats
    rate1: Floats
    shape2: Floats
    rate2: Floats

    def at(self, index: NDArray[np.int64]) -> "_Posterior":
        return _Posterior(*(values[index] for values in vars(self).values()))


def shrink(count: ArrayLike, expected: ArrayLike, theta: Theta) -> Shrunk:
    """Return EBGM and its 90 % interval for observed and expected counts of shape (pairs,).

    Raises ValueError when the shapes differ or a number is negative or not finite.
    """
    n, e = np.asarray(count, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if n.shape != e.shape or n.ndim != 1:
        raise ValueError(
            f"count and expected must have one shape (pairs,), got {n.shape}, {e.shape}"
        )
    for name, values in (("count", n), ("expected", e)):
        wrong = ~np.isfinite(values) | (values < 0)
        if wrong.any():
            raise ValueError(f"{name} must be a finite number ≥ 0, got {values[wrong][0]}")
    # Small counts repeat by the thousand: each distinct cell is solved once.
    distinct, back = np.unique(n + 1j * e, return_inverse=True)
    posterior = _posterior(distinct.real, distinct.imag, theta)
    low, high = _quantile(posterior, 0.05), _quantile(posterior, 0.95)
    return Shrunk(_geometric_mean(posterior)[back], low[back], high[back])


def first_component(count: ArrayLike, expected: ArrayLike, theta: Theta) -> Floats:
    """Return Qn, the posterior probability in [0, 1] that λ came from the first gamma."""
    n, e = np.asarray(count, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    one = log_negative_binomial(n, e, theta.alpha1, theta.beta1)
    two = log_negative_binomial(n, e, theta.alpha2, theta.beta2)
    return np.asarray(special.expit(special.logit(theta.p) + one - two))


def log_negative_binomial(count: Floats, expected: Floats, alpha: float, beta: float) -> Floats:
    """Return ln P(count), λ ~ Gamma(alpha, beta), less count ln E − ln count!, which cancels."""
    chosen = special.gammaln(alpha + count) - special.gammaln(alpha)
    return np.asarray(chosen - alpha * np.log1p(expected / beta) - count * np.log(beta + expected))


def _posterior(n: Floats, e: Floats, theta: Theta) -> _Posterior:
    weight = first_component(n, e, theta)
    return _Posterior(weight, theta.alpha1 + n, theta.beta1 + e, theta.alpha2 + n, theta.beta2 + e)


def _geometric_mean(of: _Posterior) -> Floats:
    one = special.digamma(of.shape1) - np.log(of.rate1)
    two = special.digamma(of.shape2) - np.log(of.rate2)
    return np.asarray(np.exp(of.weight * one + (1 - of.weight) * two))


def _quantile(of: _Posterior, level: float) -> Floats:
    """Solve for the quantile of every mixture at once: Newton in ln λ, kept inside a bracket.

    The quantile of a mixture lies between those of its two parts, which brackets it.
    """
    one = special.gammaincinv(of.shape1, level) / of.rate1
    two = special.gammaincinv(of.shape2, level) / of.rate2
    low, high = np.minimum(one, two), np.maximum(one, two)
    x = np.asarray(of.weight * one + (1 - of.weight) * two)
    left = np.flatnonzero(high - low > _PRECISION * high)
    for _ in range(_ROUNDS):
        if not len(left):
            break
        here, now = of.at(left), x[left]
        gap, density = _excess(here, now, level)
        low[left] = np.where(gap < 0, now, low[left])
        high[left] = np.where(gap < 0, high[left], now)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            then = now * np.exp(-gap / (now * density))
        inside = (then > low[left]) & (then < high[left])
        x[left] = np.where(inside, then, (low[left] + high[left]) / 2)
        left = left[np.abs(x[left] - now) > _PRECISION * now]
    return x


def _excess(of: _Posterior, x: Floats, level: float) -> tuple[Floats, Floats]:
    """Return the distribution function at x less the level, and the density at x."""
    below, density = np.zeros_like(x), np.zeros_like(x)
    parts = ((of.weight, of.shape1, of.rate1), (1 - of.weight, of.shape2, of.rate2))
    for weight, shape, rate in parts:
        below += weight * special.gammainc(shape, rate * x)
        log_density = special.xlogy(shape, rate * x) - rate * x - special.gammaln(shape)
        with np.errstate(divide="ignore", invalid="ignore"):
            density += np.where(x > 0, weight * np.exp(log_density) / x, 0.0)
    return below - level, density
