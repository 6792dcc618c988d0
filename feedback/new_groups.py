"""Groups among the unplaced, as tight as what stands already: what may become a subject."""

import numpy as np
from numpy.typing import NDArray

from nlp.assign import Labels, Vectors, rows_by_label
from nlp.cluster import cluster

SEED = 2019
FEWEST = 5
FEWEST_TO_CLUSTER = 30  # under it, `cluster` sees no structure: a plain linkage does
LOOSEST = 0.25  # of the standing subjects: a new one must be about as tight as the others
NEW_WORDS = 0.9  # of that: the space was fitted before its words, and sees them less well
TIGHT = 0.35  # mean cosine inside a group where there is nothing to compare with
MOST_ALIKE = 0.85  # cosine of two centres from which a group is one seen before


def pool_groups(points: Vectors, pool: NDArray[np.int64], of: Labels) -> list[NDArray[np.int64]]:
    """Return the rows of each tight group of ``pool``, largest first.

    ``points`` (n, d) unit rows; ``of`` (n,) numbers of what stands, -1 = none.
    """
    if len(pool) < FEWEST:
        return []
    limit = _limit(points, of)
    labels = _labels(points[pool], limit)
    groups = [pool[rows] for rows in rows_by_label(labels).values()]
    tight = [rows for rows in groups if len(rows) >= FEWEST and tightness(points[rows]) >= limit]
    return sorted(tight, key=lambda rows: (-len(rows), int(rows[0])))


def tightness(members: Vectors) -> float:
    """Return the mean cosine between two different members, in [-1, 1]; 1 for one alone."""
    count = len(members)
    if count < 2:
        return 1.0
    total = float(np.square(members.sum(axis=0, dtype=np.float64)).sum())
    return (total - count) / (count * (count - 1))


def _limit(points: Vectors, of: Labels) -> float:
    standing = [tightness(points[rows]) for rows in rows_by_label(of).values() if len(rows) > 1]
    return NEW_WORDS * float(np.quantile(standing, LOOSEST)) if standing else TIGHT


def _labels(points: Vectors, limit: float) -> Labels:
    if len(np.unique(points.round(5), axis=0)) >= FEWEST_TO_CLUSTER:
        return cluster(points, SEED)
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    apart = np.clip(1.0 - points @ points.T, 0.0, 2.0)
    np.fill_diagonal(apart, 0.0)
    tree = linkage(squareform(apart, checks=False), "average")
    return np.asarray(fcluster(tree, 1.0 - limit, "distance") - 1, dtype=np.int64)
