"""Who is near whom: the nearest others of each point, and graphs of them that vary by run."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]
BLOCK = 1024  # rows of similarities at once: 80 MB at 20,000 points
PAIRED = 1_000  # points whose pairs tell the usual similarity
FAINT = 1e-3  # the weight of a neighbour that is no nearer than any two points


@dataclass(frozen=True, eq=False)
class Graph:
    """Neighbour pairs ``pairs`` (e, 2), each once, with their weights (e,) above 0."""

    size: int
    pairs: Rows
    weights: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Candidates:
    """Pairs (e, 2), each once, that may be neighbours, and how near they are.

    ``closeness`` (e,): standard deviations above the mean cosine of any two points.
    """

    size: int
    pairs: Rows
    closeness: NDArray[np.float64]


def nearest_neighbours(points: Vectors, count: int) -> tuple[Rows, Vectors]:
    """Return (n, count) rows of the nearest others, nearest first, and their cosines."""
    count = min(count, len(points) - 1)
    nearest = np.zeros((len(points), count), dtype=np.int64)
    similar = np.zeros((len(points), count), dtype=np.float32)
    for start in range(0, len(points), BLOCK):
        block = points[start : start + BLOCK] @ points.T
        rows = np.arange(len(block))[:, None]
        block[rows[:, 0], start + rows[:, 0]] = -2  # no point is its own neighbour
        found = np.argpartition(-block, count - 1, axis=1)[:, :count]
        order = np.lexsort((found, -block[rows, found]), axis=1)
        found = found[rows, order]
        nearest[start : start + BLOCK], similar[start : start + BLOCK] = found, block[rows, found]
    return nearest, similar


def candidates(points: Vectors, count: int) -> Candidates:
    """Return the pairs in which one is among the ``count`` nearest of the other."""
    nearest, similar = nearest_neighbours(points, count)
    size, count = nearest.shape
    ends = np.column_stack([np.repeat(np.arange(size), count), nearest.ravel()])
    keys = ends.min(axis=1) * size + ends.max(axis=1)
    found, first = np.unique(keys, return_index=True)
    usual, spread = _usual_similarity(points)
    closeness = (similar.ravel()[first].astype(np.float64) - usual) / spread
    return Candidates(size, np.column_stack([found // size, found % size]), closeness)


def _usual_similarity(points: Vectors) -> tuple[float, float]:
    """Return mean and standard deviation of the cosines of any two points."""
    few = points[:: max(1, len(points) // PAIRED)]
    similar = few @ few.T
    others = similar[~np.eye(len(few), dtype=bool)]
    return float(others.mean()), max(1e-6, float(others.std()))


def noisy_graph(found: Candidates, count: int, noise: float, rng: np.random.Generator) -> Graph:
    """Return the graph of the ``count`` nearest of each point after a disturbance.

    ``noise``: standard deviation of what is added to each pair's closeness, the same both ways.
    """
    closeness = found.closeness + rng.normal(0.0, noise, len(found.closeness))
    pair = np.concatenate([np.arange(len(closeness))] * 2)
    start = np.concatenate([found.pairs[:, 0], found.pairs[:, 1]])
    order = np.lexsort((-closeness[pair], start))
    # Place of each edge among those of its starting point.
    firsts = np.searchsorted(start[order], np.arange(found.size))
    rank = np.arange(len(order)) - firsts[start[order]]
    kept = np.unique(pair[order[rank < count]])
    return Graph(found.size, found.pairs[kept], np.maximum(closeness[kept], FAINT))
