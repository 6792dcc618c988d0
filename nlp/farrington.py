"""Farrington's method: is this week above what the same season of earlier years foretells?

Farrington et al., JRSS A 1996; Noufaily et al., Statistics in Medicine 2013. A quasi-Poisson
regression of the reference weeks, weeks of past outbreaks counted less, gives the expected count
and an upper limit. Needs three to five years: not for a new service. Agrees with
``farringtonFlexible`` of R's surveillance, weeks counted as 52 rows a year.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from nlp.quasi_poisson import Model, fit_twice, trend_p
from nlp.weekly_counts import WEEKS_A_YEAR, Counts, Floats, Looks, blank

LIMITS = ("delta", "nb", "muan")
_FEWEST_REPORTS, _RECENT_WEEKS = 5, 4  # fewer reports than this in that many weeks: silent
_YEARS_FOR_TREND = 3


@dataclass(frozen=True)
class Variant:
    """What tells one form of the method from another.

    ``levels``: seasons in a year, 1 for the window around this week alone. ``dropped``: weeks just
    before this one that are not used. ``outbreak``: residual above which a week counts less.
    ``trend_p``: p-value under which a trend is kept. ``limit``: ``delta`` for the 2/3-power normal
    limit, ``nb`` for the negative binomial quantile, ``muan`` for it at the mean's own upper limit.
    """

    levels: int
    dropped: int
    outbreak: float
    trend_p: float
    limit: str = "delta"


OLD = Variant(levels=1, dropped=3, outbreak=1.0, trend_p=0.05)
FLEXIBLE = Variant(levels=10, dropped=26, outbreak=2.58, trend_p=1.0)
FLEXIBLE_NB = Variant(levels=10, dropped=26, outbreak=2.58, trend_p=1.0, limit="nb")


@dataclass(frozen=True)
class Span:
    """How much past is used: ``years`` back, ``halfwindow`` weeks either side; one-sided α."""

    years: int = 5
    halfwindow: int = 3
    alpha: float = 0.01

    def __post_init__(self) -> None:
        """Raise ValueError naming the value that is out of range."""
        if self.years < 1:
            raise ValueError(f"years must be at least 1, got {self.years}")
        if not 1 <= self.halfwindow < WEEKS_A_YEAR // 2 - 8:  # 9 more seasons must fit between
            raise ValueError(f"halfwindow must lie between 1 and 17 weeks, got {self.halfwindow}")
        if not 0 < self.alpha <= 0.5:
            raise ValueError(f"alpha must lie in (0, 0.5], got {self.alpha}")

    @property
    def weeks(self) -> int:
        """Return how many weeks before a look must exist."""
        return self.years * WEEKS_A_YEAR + self.halfwindow


def farrington(counts: Counts, variant: Variant, span: Span | None = None, start: int = 0) -> Looks:
    """Return one look per week from ``start`` on that has its years of past.

    The score is (x − expected) / (upper − expected). A week with fewer than 5 reports in the 4
    weeks up to it does not alarm and has no upper limit. Weeks without news are left out of the
    fit; totals are the exposure. A week whose fit does not settle is not looked at.
    """
    if variant.limit not in LIMITS:
        raise ValueError(f"limit must be one of {', '.join(LIMITS)}, got {variant.limit}")
    span = span or Span()
    looks = blank(counts)
    for week in range(max(start, span.weeks), counts.observed.shape[1]):
        expected, upper = _look(counts, week, variant, span)
        x = counts.observed[:, week]
        recent = counts.observed[:, max(0, week - _RECENT_WEEKS + 1) : week + 1]
        enough = np.nansum(recent, axis=1) >= _FEWEST_REPORTS
        looks.expected[:, week] = np.where(np.isnan(x), np.nan, expected)
        looks.upper[:, week] = np.where(enough & ~np.isnan(x), upper, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        score = (counts.observed - looks.expected) / (looks.upper - looks.expected)
        alarm = (counts.observed > looks.upper) & (counts.observed > 0)
    return Looks(looks.expected, looks.upper, np.where(np.isfinite(score), score, np.nan), alarm)


def seasons(week: int, variant: Variant, span: Span) -> NDArray[np.int64]:
    """Return the season of each week up to ``week``, 0 for one that is not used.

    The windows around this week in earlier years are the last season; the weeks between two windows
    are cut into ``levels`` − 1 of equal length, the first ones longer by what is left.
    """
    out = np.zeros(week + 1, np.int64)
    half, between = span.halfwindow, WEEKS_A_YEAR - 2 * span.halfwindow - 1
    lengths = np.full(variant.levels - 1, between // max(1, variant.levels - 1))
    lengths[: between - lengths.sum()] += 1
    year = np.repeat(np.arange(1, variant.levels), lengths)
    for back in range(span.years, 0, -1):
        centre = week - back * WEEKS_A_YEAR
        out[centre - half : centre + half + 1] = variant.levels
        out[centre + half + 1 : centre + half + 1 + len(year)] = year
    out[week - half :] = variant.levels
    out[max(0, week - variant.dropped) :] = 0
    return out


def _look(counts: Counts, week: int, variant: Variant, span: Span) -> tuple[Floats, Floats]:
    """Return the expected count and the upper limit of one week, arrays of shape (streams,)."""
    season = seasons(week, variant, span)
    used = np.flatnonzero(season)
    y = counts.observed[:, used]
    known = (~np.isnan(y)).astype(np.float64)
    exposure = np.ones_like(counts.observed) if counts.total is None else counts.total
    offset = np.log(np.where(known > 0, exposure[:, used], 1.0))
    levels = [season[used] == level for level in range(1, variant.levels)]
    flat = np.column_stack([np.ones(len(used)), *levels]).astype(np.float64)
    # Time is counted from this week, in years: the intercept is then this week's own level.
    trended = np.column_stack([flat, (used - week) / WEEKS_A_YEAR])
    y = np.where(known > 0, y, 0.0)
    sloped, settled = fit_twice(trended, (y, known, offset), variant.outbreak)
    level, usable = fit_twice(flat, (y, known, offset), variant.outbreak)
    now = np.log(exposure[:, week])
    keep = settled & _trend_holds(sloped, now, y, variant.trend_p, span)
    eta = np.where(keep, sloped.fit.beta[:, 0], level.fit.beta[:, 0]) + now
    error = np.where(keep, sloped.error(0), level.error(0))
    spread = np.where(keep, sloped.spread, level.spread)
    usable = keep | usable
    limit = _upper(eta, error, spread, variant.limit, span.alpha)
    return np.where(usable, np.exp(eta), np.nan), np.where(usable, limit, np.nan)


def _trend_holds(
    model: Model, now: Floats, y: Floats, largest_p: float, span: Span
) -> NDArray[np.bool_]:
    """Keep a trend of three years or more, if sure enough, unless it foretells an unseen height."""
    foretold = np.exp(model.fit.beta[:, 0] + now)
    sure = trend_p(model) < largest_p
    return np.asarray(sure & (span.years >= _YEARS_FOR_TREND) & (foretold <= y.max(axis=1)))


def _upper(eta: Floats, error: Floats, spread: Floats, limit: str, alpha: float) -> Floats:
    """Return the 1 − α limit for a new count; ``error`` is that of η, ``spread`` is φ."""
    z = float(special.ndtri(1 - alpha))
    mean = np.exp(eta)
    if limit == "delta":
        variance = spread + error**2 * mean
        return np.asarray(
            (np.cbrt(mean) ** 2 + z * 2 / 3 * np.sqrt(np.cbrt(mean) * variance)) ** 1.5
        )
    if limit == "muan":
        mean = np.exp(eta + z * error)
    from scipy import stats  # slow to load, and no page of the site counts alarms

    extra = np.maximum(spread - 1, 1e-12)
    wide = stats.nbinom.ppf(1 - alpha, mean / extra, 1 / (1 + extra))
    return np.asarray(np.where(spread > 1, wide, stats.poisson.ppf(1 - alpha, mean)))
