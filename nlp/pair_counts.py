"""From reports to 2×2 tables: who was named with what, counted once a report, expected by stratum.

Rows are counted by sorting whole columns, never pair by pair, so that a million rows take seconds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nlp.disproportionality import Floats, Tables, make_tables

Ints = NDArray[np.int64]
_LENGTHS = "var1, var2, ids, counts and strata differ in length"
_MOST_CELLS = 20_000_000  # of a full table with its empty cells: beyond, memory is gone
_PAIRS_AT_ONCE = 200_000  # rows of the sparse strata product held in memory together


@dataclass(frozen=True)
class Labels:
    """A column of names as numbers: ``names`` distinct and sorted, ``places`` of shape (rows,)."""

    names: list[str]
    places: Ints

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.places)


@dataclass(frozen=True)
class Reports:
    """One row per mention: two variables, and what tells reports, weights and strata apart.

    ``ids``: mentions with one id are one report, counted once. ``counts``: how many reports a row
    stands for (used without ids). ``strata``: the stratum of the row.
    """

    var1: Sequence[str] | Labels
    var2: Sequence[str] | Labels
    ids: Sequence[str] | Labels | None = None
    counts: ArrayLike | None = None
    strata: Sequence[str] | Labels | None = None


def label(values: Iterable[str]) -> Labels:
    """Return the distinct values, sorted, and the place of each value among them."""
    seen: dict[str, int] = {}
    order = np.fromiter((seen.setdefault(value, len(seen)) for value in values), np.int64)
    return sort_labels(list(seen), order)


def sort_labels(names: list[str], places: Ints) -> Labels:
    """Return labels with sorted names from names in any order and the place of each row."""
    ranked = sorted(range(len(names)), key=names.__getitem__)
    rank = np.empty(len(names), np.int64)
    rank[ranked] = np.arange(len(names))
    return Labels([names[index] for index in ranked], rank[places])


def count_pairs(reports: Reports, zeroes: bool = False) -> tuple[list[tuple[str, str]], Tables]:
    """Return the pairs that occur, sorted, and their tables; with strata E is summed over them.

    ``zeroes`` adds the pairs that never occur. Raises ValueError for columns of different lengths,
    no row, an impossible count, or more than 20 million cells with ``zeroes``.
    """
    coded = _Coded.of(reports)
    one, two = coded.one, coded.two
    width = len(two.names)
    key = one.places * width + two.places
    pair, place = _all_cells(one, two, key) if zeroes else np.unique(key, return_inverse=True)
    first, second = pair // width, pair % width
    a = coded.tally(place, len(pair))
    rows, columns = coded.tally(one.places, len(one.names)), coded.tally(two.places, width)
    total = coded.tally(np.zeros_like(one.places), 1)[0]
    expected = coded.expected(first, second)
    b, c = rows[first] - a, columns[second] - a
    # A report may name several values, so the margins can overlap beyond the pair: d stays ≥ 0.
    tables = make_tables(a, b, c, np.maximum(total - a - b - c, 0), expected)
    names = zip(first.tolist(), second.tolist(), strict=True)
    return [(one.names[i], two.names[j]) for i, j in names], tables


def full_size(reports: Reports) -> int:
    """Return how many pairs there would be if each name of one were met with each of the other."""
    return len(_labelled(reports.var1).names) * len(_labelled(reports.var2).names)


def distinct_tables(tables: Tables) -> tuple[Tables, Ints]:
    """Return the tables that differ, and which of them each pair has, shape (pairs,)."""
    key = np.zeros(len(tables.a), np.int64)
    for values in (tables.a, tables.b, tables.c, tables.d, tables.expected):
        kinds, place = np.unique(values, return_inverse=True)
        key = np.unique(key * len(kinds) + place, return_inverse=True)[1]
    _, first = np.unique(key, return_index=True)
    return Tables(*(values[first] for values in vars(tables).values())), key


@dataclass(frozen=True)
class _Coded:
    """Reports as numbers, checked: what the counting works on."""

    one: Labels
    two: Labels
    ids: Ints | None
    weights: Floats
    strata: Labels

    @classmethod
    def of(cls, reports: Reports) -> "_Coded":
        one, two = _labelled(reports.var1), _labelled(reports.var2)
        size = len(one)
        if size == 0:
            raise ValueError("there is no report")
        counts = np.ones(size) if reports.counts is None else reports.counts
        weights = np.asarray(counts, dtype=np.float64)
        wrong = ~np.isfinite(weights) | (weights < 0)
        if wrong.any():
            raise ValueError(f"n must be a finite number ≥ 0, got {weights[wrong][0]}")
        ids = None if reports.ids is None else _labelled(reports.ids).places
        none = Labels([""], np.zeros(size, np.int64))
        strata = none if reports.strata is None else _labelled(reports.strata)
        lengths = {size, len(two), len(weights), len(strata), size if ids is None else len(ids)}
        if len(lengths) > 1:
            raise ValueError(_LENGTHS)
        return cls(one, two, ids, weights, strata)

    def tally(self, key: Ints, size: int) -> Floats:
        """Sum the weights by key, or count the distinct ids by key when there are ids."""
        if self.ids is None:
            return np.asarray(np.bincount(key, self.weights, size), dtype=np.float64)
        span = int(self.ids.max()) + 1
        distinct = np.unique(key * span + self.ids) // span
        return np.bincount(distinct, minlength=size).astype(np.float64)

    def expected(self, first: Ints, second: Ints) -> Floats:
        """Return Σ over strata of (row total)(column total) / total, for the pairs asked for."""
        layers, places = len(self.strata.names), self.strata.places
        total = self.tally(places, layers)
        share = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
        if layers == 1:
            rows = self.tally(self.one.places, len(self.one.names))
            columns = self.tally(self.two.places, len(self.two.names))
            return np.asarray(rows[first] * columns[second] * share[0])
        return self._expected_in_layers(first, second, share)

    def _expected_in_layers(self, first: Ints, second: Ints, share: Floats) -> Floats:
        from scipy import sparse  # slow to load, and only strata need it

        layers = len(share)

        def by_layer(labels: Labels) -> "sparse.csr_array":
            cell, place = np.unique(
                labels.places * layers + self.strata.places, return_inverse=True
            )
            counts = self.tally(place, len(cell))
            shape = (len(labels.names), layers)
            return sparse.csr_array((counts, (cell // layers, cell % layers)), shape=shape)

        rows, columns = by_layer(self.one), by_layer(self.two) * share
        out = np.empty(len(first))
        for start in range(0, len(first), _PAIRS_AT_ONCE):
            part = slice(start, start + _PAIRS_AT_ONCE)
            out[part] = rows[first[part]].multiply(columns[second[part]]).sum(axis=1)
        return out


def _labelled(values: Sequence[str] | Labels) -> Labels:
    return values if isinstance(values, Labels) else label(values)


def _all_cells(one: Labels, two: Labels, key: Ints) -> tuple[Ints, Ints]:
    cells = len(one.names) * len(two.names)
    if cells > _MOST_CELLS:
        raise ValueError(f"a table with its zeroes must have at most {_MOST_CELLS} cells: {cells}")
    return np.arange(cells), key
