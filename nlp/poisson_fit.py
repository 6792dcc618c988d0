"""Log-linear Poisson regression of many streams at once, by iteratively re-weighted least squares.

The streams share their design (the same weeks), so that one batch of small systems is solved a
step. Stops as R's ``glm`` does: when the deviance changes by less than 1e-8, or after 25 steps.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from nlp.weekly_counts import Floats

_STEPS, _STILL = 25, 1e-8
_ROUNDING = 1e-13  # of all counts: the deviance of huge counts is not known any closer
_WIDEST = 50.0  # |η|: exp() of more is no count


@dataclass(frozen=True)
class PoissonFit:
    """Coefficients (streams, p), means (streams, m), (XᵀWX)⁻¹, leverages; which fits settled."""

    beta: Floats
    mean: Floats
    inverse: Floats
    leverage: Floats
    settled: NDArray[np.bool_]


def fit_poisson(design: Floats, y: Floats, weight: Floats, offset: Floats) -> PoissonFit:
    """Fit E y = exp(design β + offset); design (m, p), the others (streams, m); weight 0: left out.

    A stream whose system is singular does not settle.
    """
    terms = design.shape[1]
    squares = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)  # one product each
    mean = np.where(weight > 0, y + 0.1, 1.0)
    eta, work = np.log(mean), weight * mean
    deviance, rounding = _deviance(y, mean, weight), _ROUNDING * (weight * y).sum(axis=1)
    beta, settled = np.zeros((len(y), terms)), np.zeros(len(y), np.bool_)
    going = np.arange(len(y))
    for _ in range(_STEPS):
        if not len(going):
            break
        w = work[going] = weight[going] * mean[going]
        target = eta[going] - offset[going] + (y[going] - mean[going]) / mean[going]
        cross = (w @ squares).reshape(-1, terms, terms)
        beta[going] = _solve(cross, (w * target) @ design)
        eta[going] = np.clip(beta[going] @ design.T, -_WIDEST, _WIDEST) + offset[going]
        mean[going] = np.exp(eta[going])
        then = _deviance(y[going], mean[going], weight[going])
        still = np.abs(then - deviance[going]) < _STILL * (np.abs(then) + 0.1) + rounding[going]
        deviance[going] = then
        settled[going] = still
        going = going[~still & np.isfinite(then)]
    inverse = _solve((work @ squares).reshape(-1, terms, terms))
    leverage = work * (inverse.reshape(len(y), -1) @ squares.T)
    return PoissonFit(beta, mean, inverse, leverage, settled)


def _deviance(y: Floats, mean: Floats, weight: Floats) -> Floats:
    gaps = special.xlogy(y, y / mean) - (y - mean)
    return np.asarray(2 * (weight * gaps).sum(axis=1))


def _solve(matrices: Floats, right: Floats | None = None) -> Floats:
    """Solve each system, or invert each matrix; one that is singular gives NaN."""
    try:
        return _solve_all(matrices, right)
    except np.linalg.LinAlgError:  # rare: a season without a week
        good = np.linalg.matrix_rank(matrices, hermitian=True) == matrices.shape[-1]
        safe = np.where(good[:, None, None], matrices, np.eye(matrices.shape[-1]))
        solved = _solve_all(safe, right)
        return np.where(good.reshape(-1, *[1] * (solved.ndim - 1)), solved, np.nan)


def _solve_all(matrices: Floats, right: Floats | None) -> Floats:
    if right is None:
        return np.asarray(np.linalg.inv(matrices), dtype=np.float64)
    return np.asarray(np.linalg.solve(matrices, right[:, :, None])[:, :, 0], dtype=np.float64)
