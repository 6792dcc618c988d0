"""The prior of EBGM from a whole table: two gammas by maximum marginal likelihood.

The counts of a table follow a mixture of two negative binomials (DuMouchel 1999), each truncated
at zero when only the pairs that occur are kept. The likelihood has several hills and a long flat
ridge: five starts climb by gradient, Newton finishes, and at least two must meet at the top.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special

from nlp.disproportionality import Floats
from nlp.shrinkage import Theta, log_negative_binomial
from nlp.squashing import Points, keep, squash

FEWEST_CELLS = 1_000  # under it θ is a guess: on 17,189 cells α1 is already 3.25 ± 2.29
Loss = Callable[[Floats], tuple[float, Floats]]
# DuMouchel's first point and four around it: small or large scatter, few or many signals.
_STARTS = (
    (0.2, 0.1, 2.0, 4.0, 1 / 3),
    (0.1, 0.1, 10.0, 10.0, 0.2),
    (0.3, 0.5, 6.0, 6.0, 0.5),
    (0.5, 0.3, 12.0, 12.0, 0.8),
    (0.2, 0.2, 5.0, 5.0, 0.4),
)
_LIMIT = 1_000.0  # a gamma narrower than this is a point: the table has no spread to learn from
_SMALLEST = 1e-5
_NEAR = (0.05, 0.05, 0.2, 0.2, 0.025)  # fits agree within this; times a parameter above 1
_FLAT = 1e-7  # largest slope of the log-likelihood a cell, in ln α, ln β and logit p, at a summit


class NoAgreement(ValueError):
    """Fewer than two starting points reached the same prior."""


@dataclass(frozen=True)
class Fit:
    """θ, its standard errors in the same order, −ln L, and how many of the starts agreed."""

    theta: Theta
    errors: tuple[float, ...]
    loss: float
    agreed: int
    cells: int


def fit_prior(
    count: ArrayLike, expected: ArrayLike, zeroes: bool = False, squashed: bool = True
) -> Fit:
    """Return θ for observed and expected counts of shape (cells,).

    Without ``zeroes`` only cells with a count are used, and the likelihood is truncated; with
    them the table must hold its empty cells. ``squashed`` merges near cells first. Raises
    ValueError when nothing is left, and ``NoAgreement`` when the starts do not meet.
    """
    n, e = np.asarray(count, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    used = (e > 0) if zeroes else (e > 0) & (n >= 1)
    if not used.any():
        raise ValueError("no cell with a count: θ cannot be estimated")
    points = (squash if squashed else keep)(n[used], e[used])
    tops = [top for start in _STARTS if (top := _climb(start, points, not zeroes)) is not None]
    if not tops:
        raise NoAgreement("none of the five starting points reached a prior within bounds")
    best = min(tops, key=lambda top: top.loss)
    agreed = sum(_close(top.theta, best.theta) for top in tops)
    if agreed < 2:
        raise NoAgreement("only one of the five starting points reached the best prior")
    return Fit(best.theta, best.errors, best.loss, agreed, int(used.sum()))


@dataclass(frozen=True)
class _Top:
    theta: Theta
    errors: tuple[float, ...]
    loss: float


def _climb(start: tuple[float, ...], points: Points, truncated: bool) -> _Top | None:
    """Return the summit reached from a start, or None when it is no summit or out of bounds."""

    def loss(at: Floats) -> tuple[float, Floats]:
        return _loss(at, points, truncated)

    bounds = [(np.log(_SMALLEST), np.log(_LIMIT * 10))] * 4 + [(-15.0, 15.0)]
    options = {"maxiter": 500, "ftol": 1e-12, "gtol": 1e-6}
    begin = np.append(np.log(start[:4]), special.logit(start[4]))
    found = optimize.minimize(
        loss, begin, jac=True, method="L-BFGS-B", bounds=bounds, options=options
    )
    at, slope, curve = _polish(found.x, loss)
    sizes = np.exp(at[:4])
    inside = (sizes < _LIMIT).all() and (sizes > _SMALLEST * 10).all() and abs(at[4]) < 14.0
    if curve is None or np.abs(slope).max() > _FLAT * points.weight.sum() or not inside:
        return None
    spread = np.sqrt(np.diag(np.linalg.inv(curve)))
    theta = _theta(at)
    scale = np.append(np.exp(at[:4]), theta.p * (1 - theta.p))
    if theta.alpha1 / theta.beta1 < theta.alpha2 / theta.beta2:  # the first gamma is the larger
        theta = Theta(theta.alpha2, theta.beta2, theta.alpha1, theta.beta1, 1 - theta.p)
        spread, scale = spread[[2, 3, 0, 1, 4]], scale[[2, 3, 0, 1, 4]]
    return _Top(theta, tuple(float(x) for x in spread * scale), loss(at)[0])


def _polish(at: Floats, loss: Loss) -> tuple[Floats, Floats, Floats | None]:
    """Take Newton steps while they flatten; return the point, slope and curvature there."""
    value, slope = loss(at)
    curve = _curvature(at, loss)
    for _ in range(20):
        if curve is None or np.abs(slope).max() < 1e-8:
            break
        then = at - np.linalg.solve(curve, slope)
        new_value, new_slope = loss(then)
        # Near the top the value is all rounding, and only the slope still tells.
        higher = new_value > value + 1e-9 * (1 + abs(value))
        if not np.isfinite(new_value) or higher or np.abs(new_slope).max() >= np.abs(slope).max():
            break
        at, value, slope = then, new_value, new_slope
        curve = _curvature(at, loss)
    return at, slope, curve


def _curvature(at: Floats, loss: Loss) -> Floats | None:
    """Return the second derivatives by central differences of the slope, None if not a hollow."""
    step = 1e-4
    rows = []
    for index in range(len(at)):
        shift = np.zeros(len(at))
        shift[index] = step
        rows.append((loss(at + shift)[1] - loss(at - shift)[1]) / (2 * step))
    curve = np.array(rows)
    curve = (curve + curve.T) / 2
    hollow = np.isfinite(curve).all() and (np.linalg.eigvalsh(curve) > 0).all()
    return curve if hollow else None


def _loss(at: Floats, points: Points, truncated: bool) -> tuple[float, Floats]:
    """Return −ln L up to a constant, and its slope in (ln α1, ln β1, ln α2, ln β2, logit p)."""
    a1, b1, a2, b2 = np.exp(at[:4])
    one, slopes1 = _component(points, a1, b1, truncated)
    two, slopes2 = _component(points, a2, b2, truncated)
    log_p, log_q = -np.logaddexp(0.0, -at[4]), -np.logaddexp(0.0, at[4])
    both = np.logaddexp(log_p + one, log_q + two)
    first = np.exp(log_p + one - both)
    w = points.weight
    slope = [float(w @ (first * s)) for s in slopes1]
    slope += [float(w @ ((1 - first) * s)) for s in slopes2]
    slope.append(float(w @ (first - np.exp(log_p))))
    return -float(w @ both), -np.array(slope)


def _component(
    points: Points, alpha: float, beta: float, truncated: bool
) -> tuple[Floats, tuple[Floats, Floats]]:
    """Return ln P(count) under one gamma, and its slopes in ln α and ln β."""
    n, e = points.count, points.expected
    log_p = log_negative_binomial(n, e, alpha, beta)
    log_miss = -np.log1p(e / beta)  # ln β/(β+E): each unit of α misses with this
    by_alpha = special.digamma(alpha + n) - special.digamma(alpha) + log_miss
    by_beta = alpha / beta - (alpha + n) / (beta + e)
    if truncated:
        none = alpha * log_miss  # ln P(0)
        log_p = log_p - np.log(-np.expm1(none))
        with np.errstate(over="ignore"):  # odds of nearly 0 are 0
            odds = 1 / np.expm1(-none)  # P(0) / P(≥ 1)
        by_alpha = by_alpha + odds * log_miss
        by_beta = by_beta + odds * alpha * (1 / beta - 1 / (beta + e))
    return log_p, (alpha * by_alpha, beta * by_beta)


def _theta(at: Floats) -> Theta:
    a1, b1, a2, b2 = (float(x) for x in np.exp(at[:4]))
    return Theta(a1, b1, a2, b2, float(special.expit(at[4])))


def _close(one: Theta, other: Theta) -> bool:
    gaps = np.abs(np.subtract(one.values, other.values))
    return bool((gaps < _NEAR * np.maximum(1.0, other.values)).all())
