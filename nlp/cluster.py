"""Groups segments without a fixed number of groups: many graphs of neighbours, each a little
disturbed and each parted by itself, and what the partitions agree on. What belongs nowhere stays
unplaced (-1).

Surprise, which finds large and small groups side by side where modularity evens them out: Traag,
Aldecoa & Delvenne, Physical Review E 92 (2015); Leiden: Traag, Waltman & van Eck, Scientific
Reports 9 (2019). Consensus: Lancichinetti & Fortunato, Scientific Reports 2 (2012).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from nlp.assign import Labels, Vectors, assign, fit_thresholds
from nlp.neighbours import Candidates, Graph, candidates, noisy_graph
from nlp.space import check_finite

UNPLACED = -1
FEWEST = 30  # different points, under which there is no structure yet
EVERY = 500  # points up to which every pair may become neighbours
DENSE = 4_000  # points up to which every pair's agreement is kept (64 MB)
EXACT = 20_000  # points up to which every pair is compared, block by block
SMALL = 200  # points from which the neighbourhoods grow: themes of a large set hold more each
WIDEST = 1.5  # times the neighbourhoods of a small set; more cost time and change little
MOST = 60  # neighbours of a point in a large set; more cost memory
SPARE = 1.5  # candidates for each neighbour that a disturbance may let in


@dataclass(frozen=True)
class Settings:
    """Which runs are made; their spread matters more than any single value."""

    neighbours: tuple[int, ...] = (6, 10, 16, 26, 42, 68)
    repeats: int = 3
    noise: float = 0.3  # in standard deviations of the similarity of any two points
    disagreement: float = 0.55  # mean share of runs that may part two halves of one group
    smallest: int = 3  # members of a group; fewer is chance


DEFAULTS = Settings()


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
        return by_size(_coarse_to_fine(distinct, seed, settings)[back], settings.smallest)
    return by_size(_consensus(distinct, seed, settings)[back], settings.smallest)


def by_size(labels: Labels, smallest: int = DEFAULTS.smallest) -> Labels:
    """Number the groups 0, 1, … from the largest on; those under ``smallest`` become -1."""
    found, first, counts = np.unique(labels, return_index=True, return_counts=True)
    kept = [row for row in range(len(found)) if counts[row] >= smallest and found[row] >= 0]
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
    for row, point in enumerate(points):
        # A digest for a row: the rows themselves would double the memory of a large set.
        plain = np.round(point, 5) + np.float32(0.0)
        key = hashlib.blake2b(plain.tobytes(), digest_size=16).digest()
        if key not in numbers:
            numbers[key] = len(rows)
            rows.append(row)
        back[row] = numbers[key]
    if len(rows) == len(points):
        return points, back
    return points[rows], back


def _coarse_to_fine(points: Vectors, seed: int, settings: Settings) -> Labels:
    sample = np.random.default_rng(seed).choice(len(points), EXACT, replace=False)
    labels = np.full(len(points), UNPLACED, dtype=np.int64)
    labels[sample] = by_size(_consensus(points[sample], seed, settings), settings.smallest)
    prototypes = fit_thresholds(points[sample], labels[sample])
    others = np.setdiff1d(np.arange(len(points)), sample)
    labels[others] = assign(points[others], prototypes).theme
    return labels


def _consensus(points: Vectors, seed: int, settings: Settings) -> Labels:
    widest = _scaled(max(settings.neighbours), len(points))
    found = candidates(points, int(SPARE * widest) if len(points) > EVERY else len(points) - 1)
    runs = list(_runs(found, seed, settings))
    if len(points) <= DENSE:
        return _agree_on_all_pairs(runs, settings.disagreement)
    return _agree_on_neighbours(runs, found, seed, 1 - settings.disagreement)


def _scaled(neighbours: int, points: int) -> int:
    """Return how many neighbours a run reads among ``points``, growing with their square root."""
    if points > DENSE:
        return min(MOST, neighbours)
    return min(points - 1, int(neighbours * min(WIDEST, max(1.0, (points / SMALL) ** 0.5))))


def _runs(found: Candidates, seed: int, settings: Settings) -> Iterator[Labels]:
    rng = np.random.default_rng(seed)
    large = found.size > DENSE
    for _ in range(1 if large else settings.repeats):
        # Every other size of neighbourhood is enough where each is read over many points.
        for count in settings.neighbours[1::2] if large else settings.neighbours:
            graph = noisy_graph(found, _scaled(count, found.size), settings.noise, rng)
            yield partition(graph, int(rng.integers(2**31)))


def partition(graph: Graph, seed: int) -> Labels:
    """Return the community of each point, of no fixed number, that surprises most."""
    # Heavy: only the worker and the command line group anything.
    import igraph
    import leidenalg

    library: Any = leidenalg
    found = library.find_partition(
        igraph.Graph(n=graph.size, edges=graph.pairs.tolist()),
        library.SurpriseVertexPartition,
        weights=graph.weights.tolist(),
        seed=seed,
    )
    return np.array(found.membership, dtype=np.int64)


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


def _agree_on_neighbours(
    runs: list[Labels], found: Candidates, seed: int, agreement: float
) -> Labels:
    """Part once more the graph of neighbours that enough runs put together."""
    one, other = found.pairs.T
    share = np.mean([labels[one] == labels[other] for labels in runs], axis=0)
    kept = share >= agreement
    return partition(Graph(found.size, found.pairs[kept], share[kept]), seed)
