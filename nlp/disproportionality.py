"""Is a theme more frequent for one service than elsewhere? PRR, ROR, χ² and IC, vectorised.

Table of theme × service: a = with both, b = the service without the theme, c = the theme
elsewhere, d = neither; E = (a+b)(a+c)/N, summed over strata when there are any. PRR: Evans,
Waller & Davis 2001. IC with gamma limits: Norén, Hopstadius & Bate 2013. These compare, they do
not prove: a theme can be frequent for a good reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# Not 1.96: only the quantile gives the reference values (797.2, 533.9) to the printed digit.
_Z = float(stats.norm.ppf(0.975))
_LENGTHS = "var1, var2, ids, counts and strata differ in length"


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


@dataclass(frozen=True)
class Reports:
    """One row per mention: two variables, and what tells reports, weights and strata apart.

    ``ids``: mentions with one id are one report, counted once. ``counts``: how many reports a row
    stands for (used without ids). ``strata``: the stratum of the row.
    """

    var1: Sequence[str]
    var2: Sequence[str]
    ids: Sequence[str] | None = None
    counts: ArrayLike | None = None
    strata: Sequence[str] | None = None


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
    """Return every measure of nlp.md §3.1 but EBGM, with 95 % limits."""
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
    low, high = (stats.gamma.ppf(q, shape, scale=1 / rate) for q in (0.025, 0.975))
    return np.log2(shape / rate), np.log2(low), np.log2(high)


def count_pairs(reports: Reports) -> tuple[list[tuple[str, str]], Tables]:
    """Return the pairs that occur, sorted, and their tables; with strata E is summed over them.

    Raises ValueError for columns of different lengths, no row, or an impossible count.
    """
    names1, one = _code(reports.var1)
    names2, two = _code(reports.var2)
    weights, ids, strata = _columns(reports, len(one))
    if not len(one) == len(two) == len(weights) == len(strata):
        raise ValueError(_LENGTHS)
    pair, place = np.unique(one * len(names2) + two, return_inverse=True)
    first, second = pair // len(names2), pair % len(names2)
    a, rows, columns = (
        _tally(key, size, ids, weights)
        for key, size in ((place, len(pair)), (one, len(names1)), (two, len(names2)))
    )
    total = _tally(np.zeros_like(one), 1, ids, weights)[0]
    expected = np.zeros(len(pair))
    for stratum in np.unique(strata):
        here = strata == stratum
        part = None if ids is None else ids[here]
        r = _tally(one[here], len(names1), part, weights[here])
        k = _tally(two[here], len(names2), part, weights[here])
        size = _tally(np.zeros_like(one[here]), 1, part, weights[here])[0]
        expected += r[first] * k[second] / size if size else 0.0
    b, c = rows[first] - a, columns[second] - a
    # A report may name several values, so the margins can overlap beyond the pair: d stays ≥ 0.
    tables = make_tables(a, b, c, np.maximum(total - a - b - c, 0), expected)
    pairs = [(names1[i], names2[j]) for i, j in zip(first.tolist(), second.tolist(), strict=True)]
    return pairs, tables


def _code(values: Sequence[str]) -> tuple[list[str], Ints]:
    """Return the distinct values, sorted, and the place of each value among them."""
    names = sorted(set(values))
    place = {name: index for index, name in enumerate(names)}
    return names, np.fromiter((place[value] for value in values), np.int64, len(values))


def _columns(reports: Reports, size: int) -> tuple[Floats, Ints | None, Ints]:
    if size == 0:
        raise ValueError("there is no report")
    counts = np.ones(size) if reports.counts is None else reports.counts
    weights = np.asarray(counts, dtype=np.float64)
    _refuse("n", weights)
    ids, strata = reports.ids, reports.strata
    coded = None if ids is None else _code(ids)[1]
    if coded is not None and len(coded) != size:
        raise ValueError(_LENGTHS)
    groups = [""] * size if strata is None else strata
    return weights, coded, _code(groups)[1]


def _tally(key: Ints, size: int, ids: Ints | None, weights: Floats) -> Floats:
    """Sum the weights by key, or count the distinct ids by key when there are ids."""
    if ids is None:
        return np.asarray(np.bincount(key, weights, size), dtype=np.float64)
    span = int(ids.max()) + 1
    distinct = np.unique(key * span + ids) // span
    return np.bincount(distinct, minlength=size).astype(np.float64)


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
