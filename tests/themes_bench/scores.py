"""How well groups agree with hand-made ones; each unplaced text counts as a group of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import (
    adjusted_mutual_info_score,
    adjusted_rand_score,
    v_measure_score,
)
from sklearn.metrics.cluster import contingency_matrix

Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Score:
    """Agreement in [0, 1] (AMI and ARI are 0 by chance), placed share, and number of groups."""

    ami: float
    ari: float
    bcubed: float
    v: float
    coverage: float
    groups: float


def score(truth: Sequence[Any], labels: Labels) -> Score:
    """Compare ``labels``, -1 for the unplaced, with the true groups."""
    alone = apart(labels)
    return Score(
        float(adjusted_mutual_info_score(truth, alone)),
        float(adjusted_rand_score(truth, alone)),
        bcubed(truth, alone),
        float(v_measure_score(truth, alone)),
        float((labels >= 0).mean()),
        float(len(np.unique(labels[labels >= 0]))),
    )


def mean_score(scores: Sequence[Score]) -> Score:
    """Return the mean of each figure."""
    columns = zip(*(vars(each).values() for each in scores), strict=True)
    return Score(*(float(np.mean(column)) for column in columns))


def apart(labels: Labels) -> Labels:
    """Return the labels with a number of its own for each unplaced text."""
    found = np.array(labels, dtype=np.int64)
    unplaced = np.flatnonzero(found < 0)
    found[unplaced] = found.max(initial=-1) + 1 + np.arange(len(unplaced))
    return found


def bcubed(truth: Sequence[Any], labels: Labels) -> float:
    """Return the B-cubed F: Bagga & Baldwin, COLING-ACL 1998.

    Precision of a text is the share of its group that is truly with it, recall the share of its
    true group that is in its group; F is the harmonic mean of their means.
    """
    counts = contingency_matrix(truth, labels, sparse=True).tocoo()
    true_sizes = np.bincount(counts.row, counts.data)
    sizes = np.bincount(counts.col, counts.data)
    squares = counts.data.astype(np.float64) ** 2
    precision = (squares / sizes[counts.col]).sum() / sizes.sum()
    recall = (squares / true_sizes[counts.row]).sum() / sizes.sum()
    return float(2 * precision * recall / (precision + recall))


def agreement(one: Labels, other: Labels) -> float:
    """Return the AMI of two groupings of the same texts."""
    return float(adjusted_mutual_info_score(apart(one), apart(other)))
