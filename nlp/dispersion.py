"""What a stream's week is compared with: the reference window, its counts, and how long it is.

How much the weeks scatter around that level is the business of ``nlp.usual_course``.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

REFERENCE_WEEKS = 52
GAP_WEEKS = 4
MIN_WEEKS = 8

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Reference:
    """The usual level of several streams: arrays of shape (streams,).

    ``count`` and ``total`` are K and M; ``weeks`` counts the weeks with at least one feedback. A
    stream with fewer than ``MIN_WEEKS`` of them has no reference yet.
    """

    count: Floats
    total: Floats
    weeks: Floats

    @property
    def ready(self) -> NDArray[np.bool_]:
        return np.asarray(self.weeks >= MIN_WEEKS)

    def keep_where(self, frozen: NDArray[np.bool_], other: "Reference") -> "Reference":
        """Take this reference where ``frozen``, the other one elsewhere."""
        return Reference(
            np.where(frozen, self.count, other.count),
            np.where(frozen, self.total, other.total),
            np.where(frozen, self.weeks, other.weeks),
        )

    def expected(self, total: Floats, prior_share: Floats) -> Floats:
        """Return μ = (K + 0.5) / (M + 0.5 / p0) n, the count that ``total`` lets expect."""
        return (self.count + 0.5) / (self.total + 0.5 / prior_share) * total


class References:
    """Every week's reference, from running sums over series of shape (streams, weeks)."""

    def __init__(self, observed: Floats, total: Floats) -> None:
        self._sums = [_running(each) for each in (observed, total, (total > 0).astype(float))]

    def before(self, week: int) -> Reference:
        """Return the reference of week ``week`` (0-based)."""
        window = reference_window(week)
        count, total, weeks = (sums[:, window.stop] - sums[:, window.start] for sums in self._sums)
        return Reference(count, total, weeks)


def reference_window(week: int) -> slice:
    """Return the weeks that week ``week`` (0-based) is compared with: 52, ending 4 weeks before."""
    last = week - GAP_WEEKS
    return slice(max(0, last - REFERENCE_WEEKS + 1), max(0, last + 1))


def _running(series: Floats) -> Floats:
    return np.concatenate([np.zeros((len(series), 1)), series.cumsum(axis=1)], axis=1)
