"""Weekly counts of several streams, checked, and what a detector saw in each week.

A week nobody could report in (missing, or with a total of 0) is NaN here, never 0.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
WEEKS_A_YEAR = 52


@dataclass(frozen=True)
class Counts:
    """Arrays of shape (streams, weeks): counts, NaN in a week without news, and all feedback.

    ``total`` is None when the exposure is not known.
    """

    observed: Floats
    total: Floats | None = None


@dataclass(frozen=True)
class Looks:
    """What a detector saw, arrays of shape (streams, weeks); NaN where it could not look.

    ``upper`` is the largest count that does not alarm (a real number where the method draws one),
    −1 when even 0 would. ``score`` is the method's own statistic.
    """

    expected: Floats
    upper: Floats
    score: Floats
    alarm: NDArray[np.bool_]


def make_counts(observed: ArrayLike, total: ArrayLike | None = None) -> Counts:
    """Return checked counts from arrays of shape (weeks,) or (streams, weeks).

    NaN marks a missing week. Raises ValueError naming the value for no week, a negative or
    fractional count, and a count above its total.
    """
    x = _checked("observed", observed)
    if total is None:
        return Counts(x)
    n = _checked("total", total)
    if n.shape != x.shape:
        raise ValueError(f"observed and total differ in shape: {x.shape} and {n.shape}")
    if (x > n).any():
        raise ValueError(f"observed {x[x > n][0]:.0f} is larger than total {n[x > n][0]:.0f}")
    news = n > 0  # NaN is not
    return Counts(np.where(news, x, np.nan), np.where(news, n, np.nan))


def blank(counts: Counts) -> Looks:
    """Return looks that saw nothing yet, to be filled."""
    shape = counts.observed.shape
    empty = [np.full(shape, np.nan) for _ in range(3)]
    return Looks(empty[0], empty[1], empty[2], np.zeros(shape, np.bool_))


def _checked(name: str, values: ArrayLike) -> Floats:
    counts = np.atleast_2d(np.asarray(values, dtype=np.float64))
    if counts.ndim != 2 or counts.size == 0:
        raise ValueError(f"{name} must have shape (streams, weeks), got {counts.shape}")
    known = counts[~np.isnan(counts)]
    wrong = np.isinf(known) | (known < 0) | (known != np.floor(known))
    if wrong.any():
        raise ValueError(f"{name} must be whole numbers ≥ 0, got {known[wrong][0]}")
    return counts
