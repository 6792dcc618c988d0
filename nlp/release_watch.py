"""Did a release bring more of a theme? One question, asked beforehand, with a planned end.

The sequential test is the Poisson MaxSPRT (Kulldorff et al., Sequential Analysis 30, 2011): a
log-likelihood ratio of a rise, compared at every look with one limit. There the expected count is
known; here it comes from the weeks before the release, so the limit keeps the false-alarm promise
on the average over what those weeks leave open, and weeks that vary more than chance weigh less.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, log

import numpy as np
from scipy import optimize, special, stats

from nlp.edetector import Week

FEWEST = 3  # reports that may signal: as for every other alarm
SHORTEST_BASELINE = 8  # weeks with feedback
LEAST_EXPECTED = 1.0  # over the whole watch: under it, no number of reports would be telling
ROOM = 1.25  # more retours than usual may come: the watch then still lasts its weeks
RATIOS = (1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)  # of a rise, from the first week on
POWER = 0.8
_NODES = 40  # of the average over the rates that the baseline leaves open
_LARGEST = 80.0  # a log-likelihood ratio that no limit reaches


class NoBaseline(Exception):
    """Too few weeks before the release to say what is usual; ``weeks`` is how many there are."""

    def __init__(self, weeks: int) -> None:
        super().__init__(f"{weeks} weeks of baseline, {SHORTEST_BASELINE} are needed")
        self.weeks = weeks


class TooFewExpected(Exception):
    """So little is expected that the watch could not end in a finding worth the name."""

    def __init__(self, expected: float) -> None:
        super().__init__(f"{expected:.2f} expected, {LEAST_EXPECTED} are needed")
        self.expected = expected


@dataclass(frozen=True)
class Plan:
    """A watch before its first look.

    ``share`` in (0, 1] is expected of every retour, ``expected`` reports over ``weeks``; ``most``
    expected reports close the watch before its time. ``dispersion`` ≥ 1 divides the log-likelihood
    ratio; ``limit`` is what it is compared with. ``reports`` of ``total`` retours in
    ``baseline_weeks`` stand behind it.
    """

    share: float
    weeks: int
    expected: float
    most: float
    alpha: float
    limit: float
    dispersion: float
    reports: int
    total: int
    baseline_weeks: int


def plan_watch(baseline: Sequence[Week], weeks: int, alpha: float) -> Plan:
    """Return the plan of a watch over ``weeks`` after ``baseline``, at error ``alpha`` in (0, 0.5].

    Raises NoBaseline, TooFewExpected, or ValueError on an impossible number.
    """
    if weeks < 1:
        raise ValueError(f"weeks must be ≥ 1, got {weeks}")
    heard = [week for week in baseline if week.total > 0]
    if len(heard) < SHORTEST_BASELINE:
        raise NoBaseline(len(heard))
    reports, total = sum(week.observed for week in heard), sum(week.total for week in heard)
    share = min(1.0, (reports + 0.5) / total)
    expected = share * total / len(baseline) * weeks
    if expected < LEAST_EXPECTED:
        raise TooFewExpected(expected)
    dispersion = dispersion_of(heard, share)
    most = ROOM * expected
    value = limit(most / dispersion, alpha, (reports + 0.5) / dispersion)
    return Plan(
        *(share, weeks, expected, most, alpha, value, dispersion, reports, total, len(heard))
    )


def dispersion_of(weeks: Sequence[Week], share: float) -> float:
    """Return Pearson's dispersion of the weekly counts around ``share``, at least 1."""
    means = [max(share * week.total, 0.05) for week in weeks]
    squares = sum((w.observed - m) ** 2 / m for w, m in zip(weeks, means, strict=True))
    return max(1.0, squares / (len(weeks) - 1))


def log_ratio(observed: float, expected: float) -> float:
    """Return the log-likelihood ratio of a rise: (μ − c) + c ln(c / μ) when c > μ, else 0."""
    if observed < 0 or expected <= 0:
        raise ValueError(f"need observed ≥ 0 and expected > 0, got {observed} and {expected}")
    if observed <= expected:
        return 0.0
    return expected - observed + observed * log(observed / expected)


def crosses(plan: Plan, observed: int, expected: float) -> bool:
    """Say whether ``observed`` reports, for ``expected`` so far, reach the limit of ``plan``."""
    return observed >= FEWEST and log_ratio(observed, expected) / plan.dispersion >= plan.limit


def largest_quiet(plan: Plan, expected: float) -> int:
    """Return the largest count that would not cross the limit when ``expected`` were."""
    count = max(FEWEST - 1, int(expected))
    while not crosses(plan, count + 1, expected):
        count += 1
    return count


def detectable_ratio(plan: Plan) -> float | None:
    """Return the smallest of ``RATIOS`` that such a watch finds 4 times in 5, or None."""
    expected = plan.expected / plan.dispersion
    for ratio in RATIOS:
        if _crossing(plan.limit, expected, ratio, FEWEST) >= POWER:
            return ratio
    return None


def limit(expected: float, alpha: float, reports: float = inf, fewest: int = FEWEST) -> float:
    """Return the value that a false alarm reaches with probability ``alpha`` before the end.

    ``reports`` stand behind the expected count; infinity: it is known, as in the published tables.
    """
    if not 0 < alpha <= 0.5:
        raise ValueError(f"alpha must lie in (0, 0.5], got {alpha}")
    if not 0 < expected < inf or reports <= 0:
        raise ValueError(f"need expected > 0 and reports > 0, got {expected} and {reports}")

    def excess(value: float) -> float:
        return false_alarm(value, expected, reports, fewest) - alpha

    if excess(1e-9) < 0:  # even `fewest` reports at any time are rarer than that
        return 1e-9
    return float(optimize.brentq(excess, 1e-9, _LARGEST, xtol=1e-7))


def false_alarm(value: float, expected: float, reports: float = inf, fewest: int = FEWEST) -> float:
    """Return P(a watch without any rise reaches ``value`` before ``expected`` reports were due)."""
    if reports == inf:
        return _crossing(value, expected, 1.0, fewest)
    middles = (np.arange(_NODES) + 0.5) / _NODES
    ratios = stats.gamma.ppf(middles, reports) / reports  # the true rate over the estimated one
    return float(np.mean([_crossing(value, expected, float(r), fewest) for r in ratios]))


def _crossing(value: float, expected: float, ratio: float, fewest: int) -> float:
    """Return P(crossing) when ``ratio`` times as many reports come as are expected. Exact.

    n reports cross when they come while fewer than μ_n are expected, and μ_n grows with n: the
    distribution of the counts that have not crossed is carried from each μ_n to the next.
    """
    quiet = np.array([1.0])  # P(k reports so far and no crossing), k = 0, 1, …
    crossed = time = 0.0
    reports = fewest
    while time < expected:
        then = min(_latest(reports, value), expected)
        quiet, gone = _step(quiet, ratio * (then - time), reports)
        crossed, time, reports = crossed + gone, then, reports + 1
    return crossed


def _step(quiet: np.ndarray, mean: float, size: int) -> tuple[np.ndarray, float]:
    """Return the distribution after ``mean`` more reports, cut below ``size``; and what is cut."""
    counts = np.arange(size)
    more = np.exp(special.xlogy(counts, mean) - mean - special.gammaln(counts + 1))
    kept = np.convolve(quiet, more)[:size]
    return kept, max(0.0, float(quiet.sum() - kept.sum()))


def _latest(reports: int, value: float) -> float:
    """Return the expected count below which ``reports`` reach ``value``: μ of LLR(n, μ) = value."""
    return float(-reports * special.lambertw(-exp(-1 - value / reports)).real)
