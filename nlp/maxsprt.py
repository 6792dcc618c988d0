"""Poisson MaxSPRT: did a release bring more of this, asked in advance and looked at continuously?

Kulldorff et al., Sequential Analysis 2011. The log-likelihood ratio of a rise is compared at every
report with a critical value that keeps P(any false signal before the planned end) at α. Right for
one question with a planned length, stated before the release; not for watching everything for ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from nlp.weekly_counts import Floats

_LARGEST = 60.0  # a log-likelihood ratio that no α worth asking for needs
_PRECISION = 1e-10


@dataclass(frozen=True)
class Plan:
    """A watch declared in advance: expected reports until its end, fewest that may signal, α."""

    expected: float
    fewest: int = 1
    alpha: float = 0.05

    def __post_init__(self) -> None:
        """Raise ValueError naming what cannot be planned, or a plan too short ever to signal."""
        if not 0 < self.expected < np.inf:
            raise ValueError(f"expected must be a finite number > 0, got {self.expected}")
        if self.fewest < 1:
            raise ValueError(f"fewest must be at least 1, got {self.fewest}")
        if not 1e-7 <= self.alpha <= 0.5:
            raise ValueError(f"alpha must lie in [1e-7, 0.5], got {self.alpha}")
        if special.pdtrc(self.fewest - 1, self.expected) < self.alpha:
            least = float(special.gammaincinv(self.fewest, self.alpha))
            raise ValueError(
                f"expected {self.expected} is too short a watch for {self.fewest} reports at α "
                f"{self.alpha}: plan at least {least:.4f} expected reports"
            )


@dataclass(frozen=True)
class Verdict:
    """Where a watch stands: ``state`` is ``signal``, ``watching`` or ``ended`` (without a signal).

    ``look`` is the 0-based look of the signal or of the end, None while watching. ``ratios`` has
    one log-likelihood ratio per look, ``critical`` is what they are compared with.
    """

    state: str
    look: int | None
    critical: float
    ratios: tuple[float, ...]


def log_likelihood_ratio(count: float, expected: float) -> float:
    """Return (μ − c) + c ln(c / μ) when c > μ, 0 otherwise."""
    if count <= expected:
        return 0.0
    return float(expected - count + count * np.log(count / expected)) if expected > 0 else np.inf


def critical_value(plan: Plan) -> float:
    """Return the value that a false signal reaches with probability α before the planned end."""

    def excess(value: float) -> float:
        return false_signal(value, plan) - plan.alpha

    return float(optimize.brentq(excess, 1e-9, _LARGEST, xtol=_PRECISION))


def false_signal(critical: float, plan: Plan) -> float:
    """Return P(LLR reaches ``critical`` with ``fewest`` reports or more) without any rise.

    Exact: n reports signal when they come before μ_n = −n W(−exp(−1 − critical / n)) are expected;
    the distribution of the counts that did not signal is carried from each μ_n to the next.
    """
    reports = plan.fewest
    time = _latest(reports, critical)
    if time >= plan.expected:
        return float(special.pdtrc(reports - 1, plan.expected))
    quiet = _poisson(time, reports)
    signalled = float(special.pdtrc(reports - 1, time))
    while time < plan.expected:
        reports += 1
        then = min(_latest(reports, critical), plan.expected)
        steps = _poisson(then - time, reports)
        # k reports so far need reports − k more to signal.
        missing = reports - 1 - np.arange(len(quiet))
        signalled += float(quiet @ special.pdtrc(missing, then - time))
        quiet = np.convolve(quiet, steps)[:reports]
        time = then
    return signalled


def watch(counts: Sequence[float], expected: Sequence[float], plan: Plan) -> Verdict:
    """Return where the watch stands after looks with these new reports and new expected reports.

    The first look over the planned end closes the watch, without a signal unless one came before
    it. Raises ValueError for series of different lengths or a negative number.
    """
    if len(counts) != len(expected):
        raise ValueError(f"counts and expected differ in length: {len(counts)} and {len(expected)}")
    for name, values in (("counts", counts), ("expected", expected)):
        if not all(0 <= value < np.inf for value in values):
            raise ValueError(f"{name} must be finite numbers ≥ 0, got {list(values)}")
    critical = critical_value(plan)
    ratios: list[float] = []
    seen = time = 0.0
    for look, (new, more) in enumerate(zip(counts, expected, strict=True)):
        if time + more > plan.expected * (1 + 1e-12):
            return Verdict("ended", look, critical, tuple(ratios))
        seen, time = seen + new, time + more
        ratios.append(log_likelihood_ratio(seen, time))
        if ratios[-1] >= critical and seen >= plan.fewest:
            return Verdict("signal", look, critical, tuple(ratios))
    ended = time >= plan.expected * (1 - 1e-12) and bool(ratios)
    return Verdict(
        "ended" if ended else "watching",
        len(ratios) - 1 if ended else None,
        critical,
        tuple(ratios),
    )


def _latest(reports: int, critical: float) -> float:
    """Return the expected count before which this many reports signal."""
    return float(-reports * special.lambertw(-np.exp(-1 - critical / reports)).real)


def _poisson(mean: float, size: int) -> Floats:
    """Return P(0), …, P(size − 1)."""
    k = np.arange(size)
    return np.asarray(np.exp(special.xlogy(k, mean) - mean - special.gammaln(k + 1)))
