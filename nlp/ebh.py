"""Choose among many streams with e-BH: the share of false ones is bounded under any dependence.

Wang & Ramdas, "False discovery rate control with e-values": reject the k largest of m e-values,
k = max{i: e_(i) ≥ m / (α i)}. A family is one service's streams for its team, or the platform's
subjects for the experts, so that a small service does not pay for the large ones.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def threshold_for(rank: int, m: int, alpha: float) -> float:
    """Return the e-value that the ``rank``-th largest of ``m`` (from 1) must reach: m / (α rank).

    Raises ValueError unless 1 ≤ rank ≤ m and 0 < alpha ≤ 1.
    """
    if not 1 <= rank <= m:
        raise ValueError(f"rank must lie in 1…{m}, got {rank}")
    if not 0 < alpha <= 1:
        raise ValueError(f"alpha must lie in (0, 1], got {alpha}")
    return m / (alpha * rank)


def e_bh(e_values: Sequence[float] | NDArray[np.float64], alpha: float) -> list[int]:
    """Return the indices of the rejected e-values, largest first (ties: the earlier index first).

    An empty family rejects nothing. Raises ValueError for a NaN or negative e-value; an infinite
    one is allowed.
    """
    values = np.asarray(e_values, dtype=np.float64)
    wrong = np.isnan(values) | (values < 0)
    if wrong.any():
        raise ValueError(f"e_values must be ≥ 0, got {values[wrong][0]}")
    if not 0 < alpha <= 1:
        raise ValueError(f"alpha must lie in (0, 1], got {alpha}")
    order = np.argsort(-values, kind="stable")
    ranks = np.arange(1, len(values) + 1)
    passing = np.flatnonzero(values[order] >= len(values) / (alpha * ranks))
    rejected = passing[-1] + 1 if passing.size else 0
    return [int(index) for index in order[:rejected]]
