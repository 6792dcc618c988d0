"""Groups segments without a fixed number of groups: neighbour graphs, many Leiden runs on them, and
what the runs agree on. What belongs nowhere stays unplaced (-1).

Leiden: Traag, Waltman & van Eck, Scientific Reports 9 (2019). Consensus: Lancichinetti & Fortunato,
Scientific Reports 2 (2012).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.assign import Labels, Vectors, assign, fit_thresholds
from nlp.space import check_finite

UNPLACED = -1
FEWEST = 30  # different points, under which there is no structure yet
SMALLEST = 5  # members of a group; fewer is chance
DENSE = 4_000  # points up to which every pair's agreement is kept (64 MB)
EXACT = 20_000  # points up to which every pair is compared, block by block
BLOCK = 1024  # rows of similarities at once: 80 MB at 20,000 points


@dataclass(frozen=True)
class Settings:
    """Which runs are made; their spread matters more than any single value."""

    neighbours: tuple[int, ...] = (6, 8, 12)
    resolutions: tuple[float, ...] = (3.0, 4.0, 6.0)
    repeats: int = 3
    disagreement: float = 0.7  # mean share of runs that may part two halves of one group


DEFAULTS = Settings()


@dataclass(frozen=True, eq=False)
class Graph:
    """Neighbour pairs ``pairs`` (e, 2), each once, with their weights (e,) above 0."""

    size: int
    pairs: NDArray[np.int64]
    weights: NDArray[np.float64]


def cluster(points: Vectors, seed: int, settings: Settings = DEFAULTS) -> Labels:
    """Return a label for each row of ``points`` (n, d), unit rows; 0 is the largest group.

    The same points in the same order and the same seed give the same labels. All are -1 under 30
    different points. Up to 20,000 different points all pairs are compared, in blocks; above, a
    random 20,000 are grouped and the rest assigned to the groups or left unplaced, so that memory
    grows linearly. Raises ValueError for NaN.
    """
    check_finite(points)
    distinct, back = _distinct(points)
    if len(distinct) < FEWEST:
        return np.full(len(points), UNPLACED, dtype=np.int64)
    if len(distinct) > EXACT:
        return by_size(_coarse_to_fine(distinct, seed, settings)[back])
    return by_size(_consensus(distinct, seed, settings)[back])


def by_size(labels: Labels) -> Labels:
    """Number the groups 0, 1, … from the largest on; groups under 5 members become -1."""
    found, first, counts = np.unique(labels, return_index=True, return_counts=True)
    kept = [row for row in range(len(found)) if counts[row] >= SMALLEST and found[row] >= 0]
    # Equal sizes in the order in which they appear: no run differs from another.
    kept.sort(key=lambda row: (-counts[row], first[row]))
    numbers = {int(found[row]): number for number, row in enumerate(kept)}
    return np.array([numbers.get(int(label), UNPLACED) for label in labels], dtype=np.int64)


def _distinct(points: Vectors) -> tuple[Vectors, Labels]:
    """Return the different rows and, for each row, which of them it is.

    Copies of one message would otherwise be each other's only neighbours.
    """
    numbers: dict[bytes, int] = {}
    rows: list[int] = []
    back = np.zeros(len(points), dtype=np.int64)
    for row, point in enumerate(np.round(points, 5) + np.float32(0.0)):
        key = point.tobytes()
        if key not in numbers:
            numbers[key] = len(rows)
            rows.append(row)
        back[row] = numbers[key]
    return points[rows], back


def _coarse_to_fine(points: Vectors, seed: int, settings: Settings) -> Labels:
    sample = np.random.default_rng(seed).choice(len(points), EXACT, replace=False)
    labels = np.full(len(points), UNPLACED, dtype=np.int64)
    labels[sample] = by_size(_consensus(points[sample], seed, settings))
    prototypes = fit_thresholds(points[sample], labels[sample])
    others = np.setdiff1d(np.arange(len(points)), sample)
    labels[others] = [placed.theme for placed in assign(points[others], prototypes)]
    return labels


def _consensus(points: Vectors, seed: int, settings: Settings) -> Labels:
    nearest, similar = nearest_neighbours(points, max(settings.neighbours))
    runs = list(_runs(nearest, similar, seed, settings))
    if len(points) <= DENSE:
        return _agree_on_all_pairs(runs, settings.disagreement)
    widest = neighbour_graph(nearest, similar)
    return _agree_on_neighbours(runs, widest, seed)


def nearest_neighbours(points: Vectors, count: int) -> tuple[Labels, Vectors]:
    """Return (n, count) rows of the nearest others, nearest first, and their cosines."""
    count = min(count, len(points) - 1)
    nearest = np.zeros((len(points), count), dtype=np.int64)
    similar = np.zeros((len(points), count), dtype=np.float32)
    for start in range(0, len(points), BLOCK):
        block = points[start : start + BLOCK] @ points.T
        rows = np.arange(len(block))[:, None]
        block[rows[:, 0], start + rows[:, 0]] = -np.inf
        found = np.argpartition(-block, count - 1, axis=1)[:, :count]
        order = np.lexsort((found, -block[rows, found]), axis=1)
        found = found[rows, order]
        nearest[start : start + BLOCK], similar[start : start + BLOCK] = found, block[rows, found]
    return nearest, similar


def neighbour_graph(nearest: Labels, similar: Vectors) -> Graph:
    """Return the pairs in which one is among the other's nearest.

    Where both are, the pair counts twice: the mutual graph alone leaves too many points apart.
    """
    size, count = nearest.shape
    ends = np.column_stack([np.repeat(np.arange(size), count), nearest.ravel()])
    keys = ends.min(axis=1) * size + ends.max(axis=1)
    found, places = np.unique(keys, return_inverse=True)
    weights = np.bincount(places, np.maximum(similar.ravel(), 1e-3)).astype(np.float64)
    return Graph(size, np.column_stack([found // size, found % size]), weights)


def _runs(nearest: Labels, similar: Vectors, seed: int, settings: Settings) -> Iterator[Labels]:
    number = 0
    for count in settings.neighbours:
        graph = neighbour_graph(nearest[:, :count], similar[:, :count])
        for resolution in settings.resolutions:
            for _ in range(settings.repeats):
                yield leiden(graph, resolution, seed + number)
                number += 1


def leiden(graph: Graph, resolution: float, seed: int) -> Labels:
    """Return the community of each point; a higher resolution gives more and smaller ones."""
    # Heavy: only the worker and the command line group anything.
    import igraph
    import leidenalg

    library: Any = leidenalg
    partition = library.find_partition(
        igraph.Graph(n=graph.size, edges=graph.pairs.tolist()),
        library.RBConfigurationVertexPartition,
        weights=graph.weights.tolist(),
        resolution_parameter=resolution,
        seed=seed % 2**31,
    )
    return np.array(partition.membership, dtype=np.int64)


def _agree_on_all_pairs(runs: list[Labels], disagreement: float) -> Labels:
    """Join, by average linkage, what most runs put together."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    together = np.zeros((len(runs[0]), len(runs[0])), dtype=np.float32)
    for labels in runs:
        together += labels[:, None] == labels[None, :]
    apart = squareform(1.0 - together / len(runs), checks=False)
    tree = linkage(apart, "average")
    return np.asarray(fcluster(tree, disagreement, "distance"), dtype=np.int64)


def _agree_on_neighbours(runs: list[Labels], graph: Graph, seed: int) -> Labels:
    """Run Leiden once more, on the share of runs that put two neighbours together."""
    one, other = graph.pairs.T
    share = np.mean([labels[one] == labels[other] for labels in runs], axis=0)
    kept = share > 0.2
    return leiden(Graph(graph.size, graph.pairs[kept], share[kept]), 4.0, seed)
