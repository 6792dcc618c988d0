"""Places new segments in existing themes: similarity to the theme's centre, a threshold calibrated
on the theme's own members, and a margin to the runner-up. It abstains rather than forces.

Conformal p-values: Vovk, Gammerman & Shafer, "Algorithmic Learning in a Random World" (2005).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from nlp.encode import unit_rows
from nlp.space import check_finite

Vectors = NDArray[np.float32]
Labels = NDArray[np.int64]
UNPLACED = -1
QUANTILE = 0.05  # p-value below which a segment is turned away: one member in twenty would be
MARGIN = 0.02  # of similarity; closer than that, two themes claim the segment and neither has it
LOWEST = 0.2  # similarity below which nothing is about the same thing, however loose the theme
BLOCK = 4096  # rows compared at once: memory grows with the themes, not with the segments


@dataclass(frozen=True)
class Assignment:
    """Where a segment goes, and the numbers behind it; ``theme`` is -1 when nothing fits.

    Scores are cosines in [-1, 1]; ``runner_up`` is -1 with score -1 where there is no second
    theme. For an abstention, ``score`` and ``threshold`` are those of the theme that came closest.
    """

    theme: int
    score: float
    runner_up: int
    runner_up_score: float
    threshold: float


@dataclass(frozen=True, eq=False)
class Assignments:
    """Many assignments as columns of (n,), read row by row as `Assignment`."""

    theme: Labels
    score: Vectors
    runner_up: Labels
    runner_up_score: Vectors
    threshold: Vectors

    def __len__(self) -> int:
        return len(self.theme)

    def __getitem__(self, row: int) -> Assignment:
        return Assignment(
            int(self.theme[row]),
            float(self.score[row]),
            int(self.runner_up[row]),
            float(self.runner_up_score[row]),
            float(self.threshold[row]),
        )

    def first(self, count: int) -> "Assignments":
        """Return the first ``count`` of them."""
        return Assignments(
            self.theme[:count],
            self.score[:count],
            self.runner_up[:count],
            self.runner_up_score[:count],
            self.threshold[:count],
        )

    def __iter__(self) -> Iterator[Assignment]:
        return (self[row] for row in range(len(self)))


@dataclass(frozen=True, eq=False)
class Prototypes:
    """Fitted themes: ``themes`` (m,) ids, ``centres`` (m, d) unit rows, ``thresholds`` (m,).

    An id may stand on several rows: a theme with several centres, of which the nearest counts.
    """

    themes: Labels
    centres: Vectors
    thresholds: Vectors


def fit_thresholds(
    points: Vectors, labels: Sequence[int] | Labels, quantile: float = QUANTILE
) -> Prototypes:
    """Fit centres and thresholds on members: ``points`` (n, d) unit rows, label -1 left out.

    A threshold is the ``quantile`` of the members' similarity to the centre of the *others*
    (leave-one-out), and never under 0.2. Raises ValueError for NaN or an unequal number of labels.
    """
    labels = np.asarray(labels, dtype=np.int64)
    if len(labels) != len(points):
        raise ValueError(f"labels must be as many as points ({len(points)}), got {len(labels)}")
    check_finite(points)
    groups = rows_by_label(labels)
    centres = np.zeros((len(groups), points.shape[1]), dtype=np.float32)
    thresholds = np.zeros(len(groups), dtype=np.float32)
    for row, members in enumerate(groups.values()):
        centres[row] = points[members].sum(axis=0)
        thresholds[row] = calibrate(leave_one_out(points[members]), quantile)
    return Prototypes(np.array(list(groups), dtype=np.int64), unit_rows(centres), thresholds)


def rows_by_label(labels: Labels) -> dict[int, Labels]:
    """Return the rows of each label in ascending order, in one pass; label -1 is left out."""
    order = np.argsort(labels, kind="stable")
    found, starts = np.unique(labels[order], return_index=True)
    parts = np.split(order, starts[1:])
    return {int(each): part for each, part in zip(found, parts, strict=True) if each != UNPLACED}


def leave_one_out(members: Vectors) -> Vectors:
    """Return each member's cosine to the centre of the others; 1 for a member alone."""
    if len(members) < 2:
        return np.ones(len(members), dtype=np.float32)
    others = unit_rows(members.sum(axis=0) - members)
    return np.asarray((others * members).sum(axis=1), dtype=np.float32)


def p_value(score: float, similar: Vectors) -> float:
    """Return the conformal p-value of a cosine against the members' own (`leave_one_out`).

    In (0, 1]: how often a member would be as far from the centre as this, or farther.
    """
    return float(1 + np.count_nonzero(similar <= score)) / (1 + len(similar))


def calibrate(similar: Vectors, quantile: float = QUANTILE) -> float:
    """Return the lowest cosine whose p-value reaches ``quantile``, and never under 0.2.

    Under 19 members every p-value does: there, it is the cosine of the member farthest away.
    """
    if not len(similar):
        return LOWEST
    place = max(1, ceil(quantile * (1 + len(similar)) - 1e-9) - 1)
    return max(LOWEST, float(np.partition(similar, place - 1)[place - 1]))


def assign(points: Vectors, prototypes: Prototypes, margin: float = MARGIN) -> Assignments:
    """Return one assignment a row of ``points`` (n, d), unit rows in the themes' own space.

    Raises ValueError for NaN or vectors of another dimension.
    """
    check_finite(points)
    if len(points) and points.shape[1] != prototypes.centres.shape[1]:
        wanted = prototypes.centres.shape[1]
        raise ValueError(f"points must have {wanted} columns, got {points.shape[1]}")
    if not len(prototypes.themes) or not len(points):
        return _nowhere(len(points))
    centres = np.ascontiguousarray(prototypes.centres.T)
    parts = [
        _assign_block(points[start : start + BLOCK] @ centres, prototypes, margin)
        for start in range(0, len(points), BLOCK)
    ]
    return Assignments(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _nowhere(count: int) -> Assignments:
    none = np.full(count, UNPLACED, dtype=np.int64)
    far = np.full(count, -1.0, dtype=np.float32)
    return Assignments(none, far, none.copy(), far.copy(), np.full(count, LOWEST, np.float32))


def _assign_block(
    similar: Vectors, prototypes: Prototypes, margin: float
) -> tuple[Labels, Vectors, Labels, Vectors, Vectors]:
    rows = np.arange(len(similar))
    first = similar.argmax(axis=1)
    best = similar[rows, first]
    similar[rows, first] = -np.inf
    if len(np.unique(prototypes.themes)) < len(prototypes.themes):  # other centres of the same
        similar[prototypes.themes[first][:, None] == prototypes.themes[None, :]] = -np.inf
    second = similar.argmax(axis=1)
    next_best = similar[rows, second]
    alone = np.isneginf(next_best)
    runner_up = np.where(alone, UNPLACED, prototypes.themes[second])
    next_best = np.where(alone, np.float32(-1.0), next_best)
    limit = prototypes.thresholds[first]
    fits = (best >= limit) & (best - next_best >= margin)
    theme = np.where(fits, prototypes.themes[first], UNPLACED)
    return theme, best, runner_up, next_best, limit
