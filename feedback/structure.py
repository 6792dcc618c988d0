"""Computes what a refresh decides on: the space, the points and in a full one the new groups.

The long work: ``feedback/arrangement.py`` has it done without a lock.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from feedback.corpus import Corpus
from nlp.assign import UNPLACED, Labels, Vectors, rows_by_label
from nlp.cluster import cluster
from nlp.encode import Encoder, unit_rows
from nlp.space import Space, fit_space

SEED = 2019
DRAWN = 0.3  # of a unit; 0.1 keeps 93 % of memberships at +1 % of messages, 0.3 keeps 98 %


@dataclass(frozen=True, eq=False)
class Base:
    """The heavy part of a refresh: the space, a point for each row, in a full one the groups."""

    full: bool
    space: Space
    points: Vectors
    labels: Labels  # of what is grouped; all -1 in a partial refresh
    old_points: Vectors | None  # in the space that stood; None when it cannot be compared


def keep_space(corpus: Corpus, space: Space) -> Base:
    """Return the points of a partial refresh. Raises ValueError for a vector with NaN."""
    points = space.transform(corpus.vectors, corpus.texts)
    return Base(False, space, points, np.full(len(points), UNPLACED, np.int64), points)


def fit_anew(corpus: Corpus, encoder: Encoder, old: Space | None) -> Base:
    """Return the points of a full refresh, without groups yet. Raises ValueError for NaN."""
    # On what is grouped alone: with their segments beside them, short retours agree far less.
    units = np.flatnonzero(corpus.is_unit)
    texts = [corpus.texts[row] for row in units.tolist()]
    space = fit_space(corpus.vectors[units], texts, encoder.model_hash, SEED, encoder.encode)
    points = space.transform(corpus.vectors, corpus.texts)
    before = old.transform(corpus.vectors, corpus.texts) if old else None
    return Base(True, space, points, np.full(len(points), UNPLACED, np.int64), before)


def group_anew(base: Base, before: Labels, units: NDArray[np.int64]) -> Base:
    """Return ``base`` with the rows ``units`` grouped; ``before`` (n,) numbers what each was about.

    Chance moves the border of a group at every run: old members are drawn a little towards their
    middle, so that a group changes where the messages changed.
    """
    drawn = base.points[units]
    for rows in rows_by_label(before[units]).values():
        middle = unit_rows(drawn[rows].sum(axis=0, keepdims=True))
        drawn[rows] = unit_rows(drawn[rows] + DRAWN * middle)
    labels = np.full(len(base.points), UNPLACED, np.int64)
    labels[units] = cluster(drawn, SEED)
    return replace(base, labels=labels)
