"""The Shiryaev–Roberts recursion over many streams at once; ``nlp.edetector`` is its plain door.

Follows nlp.md §3.3: negative binomial likelihood ratios for five sizes of rise, each accumulated
by R ← (R + 1) LR, and their mean S. All of it runs in logarithms, so that a long rise cannot
overflow.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nlp.dispersion import (
    GAP_WEEKS,
    MIN_WEEKS,
    SMALLEST_EXPECTED,
    Floats,
    Reference,
    measure,
    reference_window,
)

RATIOS = (1.5, 2.0, 3.0, 5.0, 10.0)
_LOG_RATIOS = np.log(RATIOS)
_LOG_LARGEST = 690.0  # exp() of more is no longer a finite number


@dataclass(frozen=True)
class Paths:
    """What ``scan`` saw, arrays of shape (streams, weeks); NaN (0 in ``looks``) where no look was.

    ``expected`` is μ, ``dispersion`` φ, ``upper`` the largest count that would not have alarmed,
    ``sr`` S, ``looks`` the number of looks since the start.
    """

    expected: Floats
    dispersion: Floats
    upper: Floats
    sr: Floats
    looks: NDArray[np.int64]

    def alarms(self, arl: float) -> NDArray[np.bool_]:
        return np.asarray(np.nan_to_num(self.sr) >= arl)


def scan(
    observed: ArrayLike,
    total: ArrayLike,
    prior_share: ArrayLike,
    arl: float = 520.0,
    start: int = 0,
) -> Paths:
    """Run the detector over streams of shape (streams, weeks); no look is taken before ``start``.

    The reference is frozen while S ≥ ``arl``, so that a rise does not become its own yardstick.
    Raises ValueError naming the value for non-finite, negative, fractional or contradictory input.
    """
    x, n = _checked_counts("observed", observed), _checked_counts("total", total)
    _check_together(x, n, arl, start)
    prior = _checked_share(prior_share, len(x))
    out = _empty_paths(x.shape)
    log_sr = np.full((len(x), len(RATIOS)), -np.inf)
    looks = np.zeros(len(x), np.int64)
    first = max(start, MIN_WEEKS + GAP_WEEKS - 1)
    kept: Reference | None = None
    for week in range(first, x.shape[1]):
        window = reference_window(week)
        fresh = measure(x[:, window], n[:, window])
        kept = fresh if kept is None else kept.keep_where(_mean_sr(log_sr) >= arl, fresh)
        mu, shape = predict(kept, n[:, week], prior)
        before = np.logaddexp(log_sr, 0.0)
        after = before + log_likelihood_ratio(x[:, week], mu, shape)
        log_sr = np.where(kept.ready[:, None], after, log_sr)
        looks = looks + kept.ready
        upper = _largest_quiet(before, mu, shape, arl)
        _write(out, week, kept.ready, (mu, kept.dispersion, upper, _mean_sr(log_sr)))
        out.looks[:, week] = looks
    return out


def predict(reference: Reference, total: Floats, prior_share: Floats) -> tuple[Floats, Floats]:
    """Return the expected count μ and the negative binomial's shape a' of a week.

    a = K + 0.5, b = M + 0.5 / p0, μ = (a / b) n, a' = 1 / (1/a + (φ − 1) / max(μ, 0.05)).
    """
    a = reference.count + 0.5
    b = reference.total + 0.5 / prior_share
    mu = a / b * total
    extra = (reference.dispersion - 1.0) / np.maximum(mu, SMALLEST_EXPECTED)
    return mu, 1.0 / (1.0 / a + extra)


def log_likelihood_ratio(observed: Floats, expected: Floats, shape: Floats) -> Floats:
    """Return ln NB(x; rμ, a') / NB(x; μ, a') for every ratio, shape (streams, ratios).

    With one shape the binomial coefficients cancel: x ln r − (x + a') ln((a' + rμ) / (a' + μ)).
    Where μ is 0, no feedback came, and the week says nothing: 0.
    """
    x, mu, a = observed[:, None], expected[:, None], shape[:, None]
    growth = np.log((a + np.asarray(RATIOS) * mu) / (a + mu))
    return np.where(mu > 0, x * _LOG_RATIOS - (x + a) * growth, 0.0)


def _empty_paths(shape: tuple[int, ...]) -> Paths:
    blank = [np.full(shape, np.nan) for _ in range(4)]
    return Paths(blank[0], blank[1], blank[2], blank[3], np.zeros(shape, np.int64))


def _write(out: Paths, week: int, ready: NDArray[np.bool_], values: tuple[Floats, ...]) -> None:
    series = (out.expected, out.dispersion, out.upper, out.sr)
    for target, value in zip(series, values, strict=True):
        target[:, week] = np.where(ready, value, np.nan)


def _mean_sr(log_sr: Floats) -> Floats:
    log_mean = np.logaddexp.reduce(log_sr, axis=1) - np.log(len(RATIOS))
    return np.asarray(np.exp(np.minimum(log_mean, _LOG_LARGEST)), dtype=np.float64)


def _largest_quiet(before: Floats, mu: Floats, shape: Floats, arl: float) -> Floats:
    """Return the largest x whose S stays under ``arl``, −1 if none; S grows with x."""
    low, high = np.full(mu.shape, -1.0), _surely_alarming(before, mu, shape, arl)
    while bool((active := (high - low) > 1).any()):
        middle = np.floor((low + high) / 2)
        sr = _mean_sr(before + log_likelihood_ratio(np.maximum(middle, 0), mu, shape))
        quiet = sr < arl
        low = np.where(active & quiet, middle, low)
        high = np.where(active & ~quiet, middle, high)
    return np.where(mu > 0, low, 0.0)


def _surely_alarming(before: Floats, mu: Floats, shape: Floats, arl: float) -> Floats:
    """Return a count at which the largest ratio alone already reaches the threshold."""
    at_zero = log_likelihood_ratio(np.zeros_like(mu), mu, shape)[:, -1]
    slope = log_likelihood_ratio(np.ones_like(mu), mu, shape)[:, -1] - at_zero
    missing = np.log(len(RATIOS) * arl) - before[:, -1] - at_zero
    return np.asarray(np.ceil(np.maximum(missing, 0) / np.where(mu > 0, slope, 1.0)) + 1)


def _checked_counts(name: str, values: ArrayLike) -> Floats:
    counts = np.asarray(values, dtype=np.float64)
    if counts.ndim != 2 or counts.size == 0:
        raise ValueError(f"{name} must have shape (streams, weeks), got {counts.shape}")
    wrong = ~np.isfinite(counts) | (counts < 0) | (counts != np.floor(counts))
    if wrong.any():
        raise ValueError(f"{name} must be whole numbers ≥ 0, got {counts[wrong][0]}")
    return counts


def _check_together(x: Floats, n: Floats, arl: float, start: int) -> None:
    if x.shape != n.shape:
        raise ValueError(f"observed and total differ in shape: {x.shape} and {n.shape}")
    if (x > n).any():
        raise ValueError(f"observed {x[x > n][0]:.0f} is larger than total {n[x > n][0]:.0f}")
    if (n.sum(axis=1) == 0).any():
        raise ValueError("total is 0 in every week")
    if not 1 < arl < np.inf:
        raise ValueError(f"arl must be a finite number > 1, got {arl}")
    if start < 0:
        raise ValueError(f"start must be ≥ 0, got {start}")


def _checked_share(prior_share: ArrayLike, streams: int) -> Floats:
    prior = np.broadcast_to(np.asarray(prior_share, dtype=np.float64), (streams,))
    wrong = ~((prior > 0) & (prior <= 1))
    if wrong.any():
        raise ValueError(f"prior_share must lie in (0, 1], got {prior[wrong][0]}")
    return prior
