"""Is a theme more frequent for one service than elsewhere? PRR, ROR, χ² and IC, vectorised.

Table of theme × service: a = with both, b = the service without the theme, c = the theme
elsewhere, d = neither; E = (a+b)(a+c)/N, summed over strata when there are any. PRR: Evans,
Waller & Davis 2001. IC with gamma limits: Norén, Hopstadius & Bate 2013. These compare, they do
not prove: a theme can be frequent for a good reason. ``nlp.pair_counts`` makes the tables,
``nlp.shrinkage`` gives EBGM.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
# Not 1.96: only the quantile gives the reference values (797.2, 533.9) to the printed digit.
_Z = float(special.ndtri(0.975))


@dataclass(frozen=True)
class Tables:
    """Many 2×2 tables, arrays of shape (pairs,); ``expected`` may be a sum over strata."""

    a: Floats
    b: Floats
    c: Floats
    d: Floats
    expected: Floats


@dataclass(frozen=True)
class Scores:
    """Measures of shape (pairs,); NaN where a zero cell leaves one undefined. IC is in bits."""

    rr: Floats
    prr: Floats
    prr_low: Floats
    prr_high: Floats
    ror: Floats
    ror_low: Floats
    ror_high: Floats
    chi2_yates: Floats
    ic: Floats
    ic025: Floats
    ic975: Floats


def make_tables(
    a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike, expected: ArrayLike | None = None
) -> Tables:
    """Return checked tables; ``expected`` is computed from the margins when not given.

    Raises ValueError naming the cell for a negative or non-finite number and for an empty table.
    """
    cells = [np.atleast_1d(np.asarray(cell, dtype=np.float64)) for cell in (a, b, c, d)]
    for name, cell in zip("abcd", cells, strict=True):
        _refuse(name, cell)
    cells = list(np.broadcast_arrays(*cells))
    total = cells[0] + cells[1] + cells[2] + cells[3]
    if (total == 0).any():
        raise ValueError("a + b + c + d is 0")
    if expected is None:
        expected = (cells[0] + cells[1]) * (cells[0] + cells[2]) / total
    expected = np.broadcast_to(np.asarray(expected, dtype=np.float64), total.shape)
    _refuse("expected", expected)
    return Tables(cells[0], cells[1], cells[2], cells[3], expected)


def score(tables: Tables) -> Scores:
    """Return PRR, ROR and IC with their 95 % limits, RR = a / E and Yates' χ²."""
    a, b, c, d, e = tables.a, tables.b, tables.c, tables.d, tables.expected
    with np.errstate(divide="ignore", invalid="ignore"):
        prr = _where_finite((a / (a + b)) / (c / (c + d)))
        prr_spread = np.exp(_Z * np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)))
        ror = _where_finite(a * d / (b * c))
        ror_spread = np.exp(_Z * np.sqrt(1 / a + 1 / b + 1 / c + 1 / d))
        rr = _where_finite(a / e)
    ic, ic025, ic975 = information_component(a, e)
    return Scores(
        *(rr, prr, *_limits(prr, prr_spread)),
        *(ror, *_limits(ror, ror_spread)),
        *(_chi2_yates(tables), ic, ic025, ic975),
    )


def information_component(a: ArrayLike, expected: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Return IC = log2((a + 0.5) / (E + 0.5)) and its 2.5 and 97.5 % limits, gamma quantiles."""
    shape = np.asarray(a, dtype=np.float64) + 0.5
    rate = np.asarray(expected, dtype=np.float64) + 0.5
    low, high = (special.gammaincinv(shape, q) / rate for q in (0.025, 0.975))
    return np.log2(shape / rate), np.log2(low), np.log2(high)


def _chi2_yates(tables: Tables) -> Floats:
    a, b, c, d = tables.a, tables.b, tables.c, tables.d
    total = a + b + c + d
    gap = np.maximum(np.abs(a * d - b * c) - total / 2, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _where_finite(total * gap**2 / ((a + b) * (c + d) * (a + c) * (b + d)))


def _limits(value: Floats, spread: Floats) -> tuple[Floats, Floats]:
    usable = np.isfinite(spread) & (value > 0)
    spread = np.where(usable, spread, np.nan)
    return value / spread, value * spread


def _where_finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, np.nan)


def _refuse(name: str, values: Floats) -> None:
    wrong = ~np.isfinite(values) | (values < 0)
    if wrong.any():
        raise ValueError(f"{name} must be a finite number ≥ 0, got {values[wrong][0]}")
