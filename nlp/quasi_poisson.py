"""Quasi-Poisson regression fitted twice, past outbreaks counted less, for Farrington's method.

Anscombe residuals of the first fit say which weeks were outbreaks; each of those then weighs the
inverse square of its residual (Farrington et al., JRSS A 1996).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from nlp.poisson_fit import PoissonFit, fit_poisson
from nlp.weekly_counts import Floats


@dataclass(frozen=True)
class Model:
    """A fitted model: coefficients, (XᵀWX)⁻¹, φ for the limit, φ for errors, degrees of freedom."""

    fit: PoissonFit
    spread: Floats
    error_spread: Floats
    freedom: Floats

    def error(self, index: int) -> Floats:
        """Return the standard error of one coefficient, of shape (streams,)."""
        with np.errstate(invalid="ignore"):
            return np.sqrt(self.error_spread * self.fit.inverse[:, index, index])


def fit_twice(
    design: Floats, data: tuple[Floats, Floats, Floats], outbreak: float
) -> tuple[Model, NDArray[np.bool_]]:
    """Return the second fit and which streams' first fit settled.

    ``design`` (weeks, terms); ``data`` holds counts, 1 or 0 for a week known or not, and offsets,
    each (streams, weeks); ``outbreak`` is the residual above which a week counts less.
    """
    y, known, offset = data
    first = fit_poisson(design, y, known, offset)
    freedom = known.sum(axis=1) - design.shape[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = _weights(_residuals(first, y, known, freedom), known, outbreak)
        second = fit_poisson(design, y, weight, offset)
        spread = np.maximum(_pearson(y, second.mean, weight) / freedom, 1.0)
        # R's surveillance scales the errors of the coefficients by Σ ω ((y − μ)/μ)², without the
        # mean: that decides whether a trend is kept, and only so do its alarms come out.
        relative = (weight * ((y - second.mean) / second.mean) ** 2).sum(axis=1) / freedom
    return Model(second, spread, relative, freedom), first.settled & (freedom > 0)


def trend_p(model: Model) -> Floats:
    """Return the two-sided p-value of the last coefficient, NaN where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(model.fit.beta[:, -1]) / model.error(-1)
        return np.asarray(2 * special.stdtr(np.maximum(model.freedom, 1), -t))


def _residuals(first: PoissonFit, y: Floats, known: Floats, freedom: Floats) -> Floats:
    """Return standardised Anscombe residuals; a week not known has none."""
    spread = np.maximum(_pearson(y, first.mean, known) / freedom, 1.0)
    raw = 1.5 * (np.cbrt(y) ** 2 * first.mean ** (-1 / 6) - np.sqrt(first.mean))
    residual = raw / np.sqrt(spread[:, None] * (1 - first.leverage))
    return np.where(known > 0, residual, 0.0)


def _weights(residual: Floats, known: Floats, outbreak: float) -> Floats:
    """Return weights that sum to the known weeks, r⁻² for a residual r above ``outbreak``."""
    high = residual > outbreak
    weight = np.where(high, np.where(high, residual, 1.0) ** -2.0, 1.0) * known
    return np.asarray(
        weight * (known.sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-300))[:, None]
    )


def _pearson(y: Floats, mean: Floats, weight: Floats) -> Floats:
    return np.asarray((weight * (y - mean) ** 2 / mean).sum(axis=1))
