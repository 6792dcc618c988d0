"""Places new segments in existing themes: similarity to the theme's centre, a threshold calibrated
on the theme's own members, and a margin to the runner-up. It abstains rather than forces."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.encode import unit_rows
from nlp.space import check_finite

Vectors = NDArray[np.float32]
Labels = NDArray[np.int64]
UNPLACED = -1
QUANTILE = 0.05  # of the members' own similarities: one member in twenty would be turned away
MARGIN = 0.02  # of similarity; closer than that, two themes claim the segment and neither has it
LOWEST = 0.2  # similarity below which nothing is about the same thing, however loose the theme
BLOCK = 8192  # rows compared at once: memory grows with the themes, not with the segments


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
class Prototypes:
    """Fitted themes: ``themes`` (m,) ids, ``centres`` (m, d) unit rows, ``thresholds`` (m,)."""

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
    themes = np.unique(labels[labels != UNPLACED])
    centres = np.zeros((len(themes), points.shape[1]), dtype=np.float32)
    thresholds = np.zeros(len(themes), dtype=np.float32)
    for row, theme in enumerate(themes):
        members = points[labels == theme]
        centres[row] = members.sum(axis=0)
        similar = leave_one_out(members)
        thresholds[row] = max(LOWEST, float(np.quantile(similar, quantile)))
    return Prototypes(themes, unit_rows(centres), thresholds)


def leave_one_out(members: Vectors) -> Vectors:
    """Return each member's cosine to the centre of the others; 1 for a member alone."""
    if len(members) < 2:
        return np.ones(len(members), dtype=np.float32)
    others = unit_rows(members.sum(axis=0) - members)
    return np.asarray((others * members).sum(axis=1), dtype=np.float32)


def assign(points: Vectors, prototypes: Prototypes, margin: float = MARGIN) -> list[Assignment]:
    """Return one assignment a row of ``points`` (n, d), unit rows in the themes' own space.

    Raises ValueError for NaN or vectors of another dimension.
    """
    check_finite(points)
    if len(points) and points.shape[1] != prototypes.centres.shape[1]:
        wanted = prototypes.centres.shape[1]
        raise ValueError(f"points must have {wanted} columns, got {points.shape[1]}")
    if not len(prototypes.themes):
        return [Assignment(UNPLACED, -1.0, UNPLACED, -1.0, LOWEST) for _ in points]
    placed: list[Assignment] = []
    for start in range(0, len(points), BLOCK):
        placed += _assign_block(points[start : start + BLOCK], prototypes, margin)
    return placed


def _assign_block(points: Vectors, prototypes: Prototypes, margin: float) -> list[Assignment]:
    similar = points @ prototypes.centres.T
    rows = np.arange(len(points))
    first = similar.argmax(axis=1)
    best = similar[rows, first]
    similar[rows, first] = -np.inf
    second = similar.argmax(axis=1)
    next_best = similar[rows, second]
    alone = np.isneginf(next_best)
    runner_up = np.where(alone, UNPLACED, prototypes.themes[second])
    next_best = np.where(alone, -1.0, next_best)
    limit = prototypes.thresholds[first]
    fits = (best >= limit) & (best - next_best >= margin)
    theme = np.where(fits, prototypes.themes[first], UNPLACED)
    columns = (theme, best, runner_up, next_best, limit)
    return [Assignment(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]
