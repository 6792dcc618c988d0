"""The temporal detectors behind one door: each compares weekly counts with what was usual.

``edetector`` is the one in use; the others are the reference methods that it is measured against.
A release watch (``nlp.maxsprt``) and the space–time scan (``nlp.scan_statistic``) ask other
questions and have doors of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nlp.cusum import cusum
from nlp.ears import BASELINE_WEEKS, MIN_SIGMA, ears
from nlp.farrington import FLEXIBLE, FLEXIBLE_NB, OLD, Span, Variant, farrington
from nlp.weekly_counts import WEEKS_A_YEAR, Counts, Floats, Looks, blank

_FARRINGTON_ALPHA = 0.01  # one-sided; what Noufaily et al. 2013 recommend


@dataclass(frozen=True)
class Settings:
    """What the methods may be told; each reads its own.

    ``start``: first week watched, from 0. ``arl``: threshold of cusum and edetector, in weeks.
    ``alpha``: one-sided level of EARS and Farrington, the method's own when None. ``baseline``
    and ``min_sigma``: EARS. ``years`` and ``halfwindow``: Farrington. ``prior_share``: e-detector,
    the share of its first reference when None.
    """

    start: int = 0
    arl: float = 520.0
    alpha: float | None = None
    baseline: int = BASELINE_WEEKS
    min_sigma: float = MIN_SIGMA
    years: int = 5
    halfwindow: int = 3
    prior_share: float | None = None


def surveil(counts: Counts, method: str, settings: Settings | None = None) -> Looks:
    """Return the looks of a method of ``METHODS``, NaN where it cannot look.

    Weeks before ``settings.start`` may hold looks of methods without a memory. Raises ValueError
    for an unknown method or a setting out of range.
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, got {method}")
    return METHODS[method](counts, settings or Settings())


def first_share(counts: Counts, start: int) -> float:
    """Return the share in the first reference: a prior that leaves that reference as it is."""
    from nlp.dispersion import GAP_WEEKS, MIN_WEEKS, reference_window

    window = reference_window(max(start, MIN_WEEKS + GAP_WEEKS - 1))
    total = np.nansum(_totals(counts)[:, window])
    return float(max(0.5, np.nansum(counts.observed[:, window])) / max(1.0, total))


def needed_weeks(method: str, settings: Settings) -> int:
    """Return how many weeks must come before the first week that a method can look at."""
    from nlp.dispersion import GAP_WEEKS, MIN_WEEKS

    extra = {"ears-c1": 0, "ears-c2": 2, "ears-c3": 4}
    if method in extra:
        return settings.baseline + extra[method]
    if method.startswith("farrington"):
        return settings.years * WEEKS_A_YEAR + settings.halfwindow
    return MIN_WEEKS + GAP_WEEKS - 1


def _ears(name: str) -> Callable[[Counts, Settings], Looks]:
    def look(counts: Counts, settings: Settings) -> Looks:
        return ears(counts, name, settings.alpha, settings.baseline, settings.min_sigma)

    return look


def _farrington(variant: Variant) -> Callable[[Counts, Settings], Looks]:
    def look(counts: Counts, settings: Settings) -> Looks:
        alpha = _FARRINGTON_ALPHA if settings.alpha is None else settings.alpha
        span = Span(settings.years, settings.halfwindow, alpha)
        return farrington(counts, variant, span, settings.start)

    return look


def _cusum(counts: Counts, settings: Settings) -> Looks:
    return cusum(counts, settings.arl, start=settings.start)


def _edetector(counts: Counts, settings: Settings) -> Looks:
    """Run the detector in use; a week without news is one of 0 out of 0 to it."""
    from nlp.edetector import Week, detect

    looks, totals = blank(counts), _totals(counts)
    for stream in range(len(counts.observed)):
        one = Counts(counts.observed[[stream]], totals[[stream]])
        prior = settings.prior_share
        prior = first_share(one, settings.start) if prior is None else prior
        pairs = zip(np.nan_to_num(one.observed[0]), np.nan_to_num(totals[stream]), strict=True)
        weeks = [Week(int(x), int(n)) for x, n in pairs]
        for look in detect(weeks, prior, settings.arl, settings.start):
            if np.isnan(counts.observed[stream, look.index]):
                continue
            looks.expected[stream, look.index] = look.expected
            looks.upper[stream, look.index] = look.upper
            looks.score[stream, look.index] = look.sr
            looks.alarm[stream, look.index] = look.alarm
    return looks


def _totals(counts: Counts) -> Floats:
    """Return the totals; where none are known, every week had the same large one.

    Large, so that the counts are a small share of it, as a theme is of all feedback.
    """
    if counts.total is not None:
        return counts.total
    even = max(1000.0, 50.0 * float(np.nanmax(counts.observed, initial=0.0)))
    return np.where(np.isnan(counts.observed), np.nan, even)


METHODS: dict[str, Callable[[Counts, Settings], Looks]] = {
    "ears-c1": _ears("C1"),
    "ears-c2": _ears("C2"),
    "ears-c3": _ears("C3"),
    "farrington-old": _farrington(OLD),
    "farrington": _farrington(FLEXIBLE),
    "farrington-nb": _farrington(FLEXIBLE_NB),
    "cusum": _cusum,
    "edetector": _edetector,
}
