"""Is a theme more frequent in one part than elsewhere, and than the same part was before?

The information component (Norén, Hopstadius & Bate 2013) of the last 13 weeks, stratified, and its
change against the part's own 52 weeks before (Norén et al. 2010, IC delta). Only both together are
called disproportionate and growing. Lists are cut by false discovery rate: Benjamini & Hochberg
1995, or Benjamini & Yekutieli 2001 where parts overlap.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammainc

from nlp.disproportionality import information_component

WEEKS = 13
BEFORE_WEEKS = 52
LEVEL = 0.10

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Contrast:
    """``observed`` and ``expected`` reports with the theme, the lower limit of their IC in bits,
    and the probability that their true ratio is under 1."""

    observed: float
    expected: float
    ic025: float
    p: float


def contrast(observed: float, expected: float) -> Contrast:
    """Return the contrast of a count with what was expected, both ≥ 0.

    p is P(Gamma(a + 0.5, E + 0.5) < 1), the posterior that belongs to the same IC.
    """
    if not (0 <= observed < np.inf and 0 <= expected < np.inf):
        raise ValueError(f"counts must be finite and ≥ 0, got {observed} and {expected}")
    _ic, low, _high = information_component(observed, expected)
    p = float(gammainc(observed + 0.5, expected + 0.5))
    return Contrast(float(observed), float(expected), float(low), p)


def against_others(theme: ArrayLike, inside: ArrayLike, strata: ArrayLike) -> Contrast | None:
    """Compare a part with everything else, each stratum by itself; None without an elsewhere.

    Arrays of shape (reports,): has the theme, is in the part, and a label of the stratum (month and
    channel). E sums (inside) (with the theme) / (all) over strata.
    """
    has, here = np.asarray(theme, dtype=bool), np.asarray(inside, dtype=bool)
    _names, place = np.unique(np.asarray(strata), return_inverse=True)
    if not len(has) == len(here) == len(place):
        raise ValueError(f"arrays differ in length: {len(has)}, {len(here)}, {len(place)}")
    if not here.any() or here.all():
        return None
    sizes = np.bincount(place)
    expected = np.bincount(place, here) * np.bincount(place, has) / sizes
    return contrast(float((has & here).sum()), float(expected.sum()))


def against_before(now: ArrayLike, before: ArrayLike) -> Contrast | None:
    """Compare a part with its own past; None where either is empty.

    ``now`` and ``before``: has the theme, for each report of the part in either stretch of time.
    """
    new, old = np.asarray(now, dtype=bool), np.asarray(before, dtype=bool)
    if not len(new) or not len(old):
        return None
    return contrast(float(new.sum()), len(new) * float(old.mean()))


def is_growing_apart(others: Contrast | None, before: Contrast | None) -> bool:
    """Tell whether a part stands out from the others and from its past: IC025 > 0 in both."""
    if others is None or before is None:
        return False
    return others.ic025 > 0 and before.ic025 > 0


def discoveries(p_values: ArrayLike, level: float = LEVEL, overlapping: bool = False) -> Flags:
    """Return which of the p-values (n,) are kept, with a false discovery rate of ``level``.

    ``overlapping`` parts share reports: the level is divided by 1 + 1/2 + … + 1/n.
    """
    p = np.asarray(p_values, dtype=np.float64)
    if ((p < 0) | (p > 1) | np.isnan(p)).any():
        raise ValueError("p_values must lie in [0, 1]")
    kept = np.zeros(len(p), dtype=bool)
    if not len(p):
        return kept
    ranks = np.arange(1, len(p) + 1)
    share = level / (1.0 / ranks).sum() if overlapping else level
    order = np.argsort(p, kind="stable")
    passing = np.flatnonzero(p[order] <= share * ranks / len(p))
    if passing.size:
        kept[order[: passing[-1] + 1]] = True
    return kept
