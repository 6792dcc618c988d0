"""How often the detector cries wolf on a service's own past, with its weeks in another order.

The promise (`nlp.edetector`) holds where the usual course is what the detector takes it for. Put
in another order, real weeks keep how they scatter and lose any rise: alarms are then false ones.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from nlp import streams

FEWEST_WEEKS = 26  # with feedback, below which the past says too little
PERMUTATIONS = 20


@dataclass(frozen=True)
class Recurrence:
    """Mean weeks to a false alarm of one stream; ``mean`` and ``high`` are inf without any alarm.

    ``low`` and ``high``: exact 95 % limits of a Poisson rate. ``weeks`` counts the looks until the
    first alarm or the end, over streams and permutations.
    """

    streams: int
    weeks: int
    alarms: int
    mean: float
    low: float
    high: float


def recurrence(
    observed: ArrayLike,
    total: ArrayLike,
    prior_share: ArrayLike,
    arl: float,
    rng: np.random.Generator,
) -> Recurrence | None:
    """Estimate from streams of shape (streams, weeks); None where the past is too short.

    Every stream's weeks are put in 20 other orders, the same for its counts and its totals. Raises
    ValueError as `nlp.streams.scan` does.
    """
    x, n = np.asarray(observed), np.asarray(total)
    prior = np.broadcast_to(np.asarray(prior_share, dtype=np.float64), (len(x),))
    enough = (n > 0).sum(axis=1) >= FEWEST_WEEKS if n.ndim == 2 and n.size else np.zeros(0, bool)
    if not enough.any():
        return None
    x, n, prior = x[enough], n[enough], prior[enough]
    orders = [rng.permutation(x.shape[1]) for _ in range(PERMUTATIONS)]
    mixed = np.concatenate([x[:, order] for order in orders])
    totals = np.concatenate([n[:, order] for order in orders])
    paths = streams.scan(mixed, totals, np.tile(prior, PERMUTATIONS), arl)
    weeks, alarms = _until_first(paths.alarms(arl), ~np.isnan(paths.sr))
    return Recurrence(len(x), weeks, alarms, *_limits(weeks, alarms))


def _until_first(alarms: NDArray[np.bool_], looked: NDArray[np.bool_]) -> tuple[int, int]:
    """Return the looks up to each stream's first alarm, and how many streams had one."""
    before: NDArray[np.bool_] = np.cumsum(alarms, axis=1) - alarms == 0
    return int((looked & before).sum()), int(alarms.any(axis=1).sum())


def _limits(weeks: int, alarms: int) -> tuple[float, float, float]:
    """Return the mean weeks to an alarm with its 95 % limits (Garwood 1936)."""
    most = special.gammaincinv(alarms + 1, 0.975)  # half the χ² quantile
    low = weeks / most if weeks else 0.0
    if not alarms:
        return np.inf, float(low), np.inf
    least = special.gammaincinv(alarms, 0.025)
    return weeks / alarms, float(low), float(weeks / least)
