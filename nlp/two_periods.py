"""Is a share larger now than before, or is it chance? The conditional test of two Poisson counts.

Przyborowski and Wilenski 1940: given their sum, the newer of two counts is binomial.
The interval of the difference of two shares: Newcombe, Statistics in Medicine 17 (1998).
"""

from dataclasses import dataclass
from math import hypot

from scipy import special

from nlp.comparison import Interval, wilson


@dataclass(frozen=True)
class Change:
    """How easily chance alone gives a count so high, or so low; both in (0, 1]."""

    rise: float
    fall: float


def change(now: int, before: int, all_now: int, all_before: int) -> Change:
    """Return the two one-sided p-values of ``now`` after ``before``.

    ``all_now`` and ``all_before`` are what both periods counted in whole, of which the counts are
    part: when everything doubles, a part that doubles has not changed. A period that counted
    nothing leaves nothing to compare: both values are 1. Raises ValueError on an impossible count.
    """
    for part, whole in ((now, all_now), (before, all_before)):
        if not 0 <= part <= whole:
            raise ValueError(f"a part must lie in 0…{whole}, got {part}")
    if not all_now or not all_before:
        return Change(1.0, 1.0)
    share = all_now / (all_now + all_before)
    rise = float(special.bdtrc(now - 1, now + before, share))  # quicker than stats.binom: per theme
    return Change(rise, float(special.bdtr(now, now + before, share)))


def difference(
    now: int, before: int, all_now: int, all_before: int, level: float = 0.95
) -> Interval:
    """Return the share now minus the share before, in [-1, 1], with its interval.

    Newcombe 1998 (method 10): the Wilson limits of each share, squared and added, so that small
    shares keep an honest width. Raises ValueError on an impossible count or an empty period.
    """
    late, early = wilson(now, all_now, level), wilson(before, all_before, level)
    value = late.value - early.value
    return Interval(
        value,
        value - hypot(late.value - late.low, early.high - early.value),
        value + hypot(late.high - late.value, early.value - early.low),
    )
