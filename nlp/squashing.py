"""Fewer points, nearly the same likelihood: cells of equal count and near expected counts merge.

DuMouchel & Pregibon, "Empirical Bayes screening for multi-item associations", KDD 2001. With the
bins used here a table the size of CAERS gives the points that openEBGM 0.9.1 gives.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.disproportionality import Floats

MOST_BINS = 5_000  # of one count: a likelihood of some ten thousand points takes milliseconds
FEWEST = 500  # cells of one count under which nothing is merged
_SMALLEST_BIN = {0: 50, 1: 50, 2: 10}  # cells, by count; larger counts merge only in huge tables
_KEPT = {0: 100, 1: 100}  # cells with the largest expected counts stay alone: they vary the most
_KEPT_ELSEWHERE = 50


@dataclass(frozen=True)
class Points:
    """Counts, expected counts and how many cells each stands for, arrays of shape (points,)."""

    count: Floats
    expected: Floats
    weight: Floats


def squash(count: Floats, expected: Floats) -> Points:
    """Return fewer weighted points for cells of shape (cells,); the weights sum to the cells."""
    parts = []
    order = np.lexsort((expected, count))
    values, starts = np.unique(count[order], return_index=True)
    for value, cells in zip(values, np.split(expected[order], starts[1:]), strict=True):
        means, weights = _merge(cells, int(value))
        parts.append((np.full(len(means), value), means, weights))
    return Points(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def keep(count: Floats, expected: Floats) -> Points:
    """Return every cell as a point of its own."""
    return Points(count, expected, np.ones(len(count)))


def _merge(cells: Floats, count: int) -> tuple[Floats, Floats]:
    """Return the means and sizes of consecutive bins of sorted cells, the largest left alone."""
    kept = _KEPT.get(count, _KEPT_ELSEWHERE)
    size = max(_SMALLEST_BIN.get(count, 1), -(-len(cells) // MOST_BINS))
    if len(cells) < FEWEST or size == 1:
        return cells, np.ones(len(cells))
    merged, alone = cells[:-kept], cells[-kept:]
    edges: NDArray[np.int64] = np.arange(0, len(merged), size)
    weights = np.diff(np.append(edges, len(merged))).astype(np.float64)
    means = np.add.reduceat(merged, edges) / weights
    return np.append(means, alone), np.append(weights, np.ones(kept))
