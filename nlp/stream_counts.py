"""Weekly counts as the detector takes them: what is impossible is refused by its name and value,
and the largest count that would not have alarmed is searched."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
_SEARCHED = 1e7  # counts above are no week of any service


def checked(
    observed: ArrayLike, total: ArrayLike, prior_share: ArrayLike, start: ArrayLike
) -> tuple[Floats, Floats, Floats, NDArray[np.int64]]:
    """Return counts, totals and shares, (streams, weeks), and starts, (streams,).

    Raises ValueError naming the value for non-finite, negative, fractional or contradictory input.
    """
    x, n = _counts("observed", observed), _counts("total", total)
    if x.shape != n.shape:
        raise ValueError(f"observed and total differ in shape: {x.shape} and {n.shape}")
    if (x > n).any():
        raise ValueError(f"observed {x[x > n][0]:.0f} is larger than total {n[x > n][0]:.0f}")
    if (n.sum(axis=1) == 0).any():
        raise ValueError("total is 0 in every week")
    return x, n, _shares(prior_share, x.shape), _starts(start, len(x))


def check_run_length(arl: float) -> None:
    """Raise ValueError unless ``arl`` is a finite number of weeks above 1."""
    if not 1 < arl < np.inf:
        raise ValueError(f"arl must be a finite number > 1, got {arl}")


def largest_quiet(sr_of: Callable[[Floats], Floats], expected: Floats, arl: float) -> Floats:
    """Return the largest count whose S stays under ``arl``, −1 where even zero's does not.

    ``sr_of`` gives S for one count a stream; ``expected`` says where the search begins.
    """
    low = np.full(expected.shape, -1.0)
    high = np.ceil(expected) + 1.0
    while bool((quiet := (sr_of(high) < arl) & (high < _SEARCHED)).any()):
        low, high = np.where(quiet, high, low), np.where(quiet, 2.0 * high, high)
    while bool((active := high - low > 1).any()):
        middle = np.floor((low + high) / 2)
        quiet = sr_of(np.maximum(middle, 0)) < arl
        low = np.where(active & quiet, middle, low)
        high = np.where(active & ~quiet, middle, high)
    return low


def _counts(name: str, values: ArrayLike) -> Floats:
    counts = np.asarray(values, dtype=np.float64)
    if counts.ndim != 2 or counts.size == 0:
        raise ValueError(f"{name} must have shape (streams, weeks), got {counts.shape}")
    wrong = ~np.isfinite(counts) | (counts < 0) | (counts != np.floor(counts))
    if wrong.any():
        raise ValueError(f"{name} must be whole numbers ≥ 0, got {counts[wrong][0]}")
    return counts


def _shares(prior_share: ArrayLike, shape: tuple[int, ...]) -> Floats:
    prior = np.asarray(prior_share, dtype=np.float64)
    wrong = ~((prior > 0) & (prior <= 1))
    if wrong.any():
        raise ValueError(f"prior_share must lie in (0, 1], got {prior[wrong].flat[0]}")
    return np.broadcast_to(prior[:, None] if prior.ndim == 1 else prior, shape)


def _starts(start: ArrayLike, streams: int) -> NDArray[np.int64]:
    starts = np.broadcast_to(np.asarray(start, dtype=np.int64), (streams,))
    if (starts < 0).any():
        raise ValueError(f"start must be ≥ 0, got {starts[starts < 0][0]}")
    return starts
