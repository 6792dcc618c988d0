"""What a stream usually does: its reference window, its share and how much it scatters.

Weekly shares of real themes scatter more than chance alone (holidays, a letter sent to all, a
news item); a detector that ignores it alarms nearly every year on a busy service.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

REFERENCE_WEEKS = 52
GAP_WEEKS = 4
MIN_WEEKS = 8
SMALLEST_EXPECTED = 0.05

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Reference:
    """The usual course of several streams: arrays of shape (streams,).

    ``count`` and ``total`` are K and M, ``dispersion`` is φ ≥ 1, ``weeks`` counts the weeks with at
    least one feedback. A stream with fewer than ``MIN_WEEKS`` of them has no reference yet.
    """

    count: Floats
    total: Floats
    dispersion: Floats
    weeks: NDArray[np.int64]

    @property
    def ready(self) -> NDArray[np.bool_]:
        return self.weeks >= MIN_WEEKS

    def keep_where(self, frozen: NDArray[np.bool_], other: "Reference") -> "Reference":
        """Take this reference where ``frozen``, the other one elsewhere."""
        return Reference(
            np.where(frozen, self.count, other.count),
            np.where(frozen, self.total, other.total),
            np.where(frozen, self.dispersion, other.dispersion),
            np.where(frozen, self.weeks, other.weeks),
        )


def reference_window(week: int) -> slice:
    """Return the weeks that week ``week`` (0-based) is compared with: 52, ending 4 weeks before."""
    last = week - GAP_WEEKS
    return slice(max(0, last - REFERENCE_WEEKS + 1), max(0, last + 1))


def measure(observed: Floats, total: Floats) -> Reference:
    """Summarise a window of shape (streams, weeks).

    φ = max(1, Σ (x − p̂ n)² / max(p̂ n, 0.05) / (m − 1)), Pearson's statistic over the m weeks that
    had any feedback: an empty week says nothing about scatter.
    """
    count, exposure = observed.sum(axis=1), total.sum(axis=1)
    share = count / np.maximum(exposure, 1.0)
    expected = share[:, None] * total
    pearson = ((observed - expected) ** 2 / np.maximum(expected, SMALLEST_EXPECTED)).sum(axis=1)
    weeks = (total > 0).sum(axis=1)
    return Reference(count, exposure, np.maximum(1.0, pearson / np.maximum(weeks - 1, 1)), weeks)
