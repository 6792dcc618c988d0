"""What one week's count may be, in the usual course of a stream and under a rise.

The count is Poisson around a level that scatters by itself (holidays, a letter sent to all, a news
item) and may do so for several weeks in a row. How much, nobody knows beforehand and a year of
weeks tells only roughly; trusting one estimate of it alarms too often on streams whose reference
happened to be calm. So seven experts each hold one answer, and ``nlp.streams`` weighs them by how
well they foretold the weeks so far (a Bayesian mixture: Robbins 1970; Shin, Ramdas & Rinaldo).

An expert is a squared coefficient of variation of the weekly level, ``spread``, and the share of a
deviation that the next week keeps, ``persistence``: a negative binomial whose mean follows last
week's deviation. One week in ten is taken from the next wider expert, so that a single odd week
convinces nobody (Huber's contamination). Why these: ``docs/decisions/0013``.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from nlp.dispersion import Floats, Reference

RATIOS = (1.5, 2.0, 3.0, 5.0, 10.0)
SPREADS = (0.05, 0.25, 0.7)  # log-sd .22, .47, .73; the last only lends its weight to odd weeks
PERSISTENCES = (0.0, 0.4, 0.7)
ODD_WEEKS = 0.1  # share of weeks that the next wider spread explains
_LARGEST_LOG = 400.0  # exp() of more would overflow in a product with S

_SPREAD = np.array([0.0] + [spread for spread in SPREADS for _ in PERSISTENCES])
_PERSISTENCE = np.array([0.0] + list(PERSISTENCES) * len(SPREADS))
EXPERTS = len(_SPREAD) - len(PERSISTENCES)
_WIDER = np.array([1, *range(4, len(_SPREAD))])  # of each expert: same persistence, next spread
# A calm stream is the commonest; persistence divides a spread's share.
SPREAD_PRIOR = np.array([0.5, 0.25, 0.25])  # of no spread at all, then of each but the last
PRIOR = np.repeat(SPREAD_PRIOR / [1, 3, 3], [1, 3, 3])
_FACTORS = np.array([1.0, *RATIOS])


@dataclass(frozen=True)
class Course:
    """What is known before a week's count: arrays of shape (streams,).

    ``expected`` is μ > 0; ``before`` and ``expected_before`` are last week's count and μ, 0 where
    last week had no feedback.
    """

    reference: Reference
    expected: Floats
    before: Floats
    expected_before: Floats


def densities(course: Course, observed: Floats) -> Floats:
    """Return how likely ``observed`` is, shape (streams, experts, 1 + ratios).

    Place 0 of the last axis is the usual course, the others a rise by each of ``RATIOS``. Each
    stream's values are relative to its best expert of the usual course.
    """
    means = _means(course)
    shape = _shapes(course)
    x = observed[:, None, None]
    constant = gammaln(observed[:, None] + shape) - gammaln(shape)
    log = np.log(means / (means + shape[:, :, None]))
    log *= x
    log -= shape[:, :, None] * np.log1p(means / shape[:, :, None])
    log += constant[:, :, None]
    log -= log[:, :, 0].max(axis=1)[:, None, None]
    density = np.exp(np.minimum(log, _LARGEST_LOG, out=log), out=log)
    mixed = (1 - ODD_WEEKS) * density[:, :EXPERTS]
    mixed += ODD_WEEKS * density[:, _WIDER]
    return np.asarray(mixed)


def overdispersion(weights: Floats, expected: Floats) -> Floats:
    """Return variance over mean of a usual week's count, ≥ 1, as the weighed experts see it."""
    return np.asarray(1.0 + weights @ _SPREAD[:EXPERTS] * expected)


def _means(course: Course) -> Floats:
    """Return each expert's expected count, shape (streams, all experts, 1 + ratios).

    Under a rise, last week's deviation is one from the risen level. Of a deviation, the part
    v μ / (1 + v μ) is the level's and may last; the rest is chance (Kalman's gain).
    """
    level = course.expected_before[:, None, None] * _FACTORS
    variance = _SPREAD[:, None] * level
    kept = _PERSISTENCE[:, None] * variance / (1.0 + variance)
    deviation = course.before[:, None, None] / np.where(level > 0, level, 1.0) - 1.0
    return np.asarray(course.expected[:, None, None] * _FACTORS * (1.0 + kept * deviation))


def _shapes(course: Course) -> Floats:
    """Return the negative binomial's shape, (streams, all experts).

    One over it sums what last week left unknown of the level's scatter, the chance in the
    reference's count K + 0.5, and the scatter of the reference's weeks, m / (1 + p) (1 − p) of
    which are worth a week of their own.
    """
    variance = _SPREAD * course.expected_before[:, None]
    told = _PERSISTENCE**2 * variance / (1.0 + variance)
    weeks = np.maximum(course.reference.weeks, 1.0)[:, None]
    alone = (1 + _PERSISTENCE) / (1 - _PERSISTENCE) / weeks
    chance = 1.0 / (course.reference.count[:, None] + 0.5)
    return np.asarray(1.0 / (chance + _SPREAD * (1.0 - told + alone)))


def uniform_weights(streams: int) -> NDArray[np.float64]:
    """Return the experts' weights before any week, shape (streams, experts)."""
    return np.tile(PRIOR, (streams, 1))
