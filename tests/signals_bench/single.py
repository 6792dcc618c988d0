"""One change in one stream: found within 8 weeks, each method at 5 % false alarms a year."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nlp.streams import scan
from nlp.surveillance import Settings, surveil
from nlp.weekly_counts import make_counts
from tests.report_sections import table
from tests.signals_bench.quiet import draw
from tests.themes_bench.targets import Target, at_least

HISTORY, QUIET, WITHIN, SHARE = 156, 12, 8, 0.02
FALSE_A_YEAR = 0.05
CASES = (  # name, feedback a week, ratio, weeks of ramp, target
    ("0.46 a week, ×5", 23, 5.0, 0, 0.94),
    ("0.46 a week, ×3", 23, 3.0, 0, 0.48),
    ("0.46 a week, ramp to ×5 over 8 weeks", 23, 5.0, 8, 0.58),
    ("4.6 a week, ×2", 230, 2.0, 0, 0.92),
)
Scores = NDArray[np.float64]
Method = Callable[[NDArray[np.int64], NDArray[np.int64]], Scores]


def e_detector(observed: NDArray[np.int64], total: NDArray[np.int64]) -> Scores:
    """Return S of every week."""
    return scan(observed, total, SHARE, start=HISTORY).sr


def reference(name: str) -> Method:
    """Return a method of `nlp.surveillance` whose score is compared with a threshold."""

    def score(observed: NDArray[np.int64], total: NDArray[np.int64]) -> Scores:
        counts = make_counts(observed.astype(float), total.astype(float))
        found = surveil(counts, name, Settings(start=HISTORY, years=3))
        if not name.startswith("farrington"):
            return found.score
        room = np.maximum(found.upper - found.expected, 0.5)
        return np.asarray((observed - found.expected) / room)

    return score


def measure(streams: int, farrington_streams: int) -> tuple[list[Target], str]:
    """Return the targets and the table; Farrington fits a model a week and gets fewer streams."""
    methods: dict[str, tuple[Method, int]] = {"e-detector": (e_detector, streams)}
    for name in ("ears-c1", "ears-c2", "ears-c3", "cusum"):
        methods[name] = (reference(name), streams)
    if farrington_streams:
        methods["farrington"] = (reference("farrington"), farrington_streams)
    rows, targets = [], []
    for case, per_week, ratio, ramp, wanted in CASES:
        found = {
            name: _power(method, count, per_week, (ratio, ramp))
            for name, (method, count) in methods.items()
        }
        rows.append([case, *(f"{each:.2f}" for each in found.values())])
        targets.append(at_least(f"found within 8 weeks: {case}", wanted, found["e-detector"]))
    page = (
        f"### Single changes\n\nShare found within {WITHIN} weeks, theme share 2 %, {HISTORY} weeks"
        f" of history, change at week {QUIET} of 52; each method's threshold is the one that 5 % of"
        f" quiet streams pass in a year. {streams} streams a case ({farrington_streams} for"
        " Farrington, whose score is the excess over its limit's distance), seed 0.\n\n"
        + table(["case", *methods], rows)
    )
    return targets, page


def _power(method: Method, streams: int, per_week: float, rise: tuple[float, int]) -> float:
    rng = np.random.default_rng(0)
    quiet = method(*draw(rng, (streams, HISTORY + 52), per_week, np.full(1, SHARE)))[:, HISTORY:]
    threshold = np.quantile(np.nan_to_num(quiet, nan=-np.inf).max(axis=1), 1 - FALSE_A_YEAR)
    change = HISTORY + QUIET
    weeks = np.arange(change + WITHIN) - change
    ratio, ramp = rise
    growth = np.minimum(1.0, (weeks + 1) / ramp) if ramp else 1.0
    shares = SHARE * np.where(weeks >= 0, 1 + (ratio - 1) * growth, 1.0)
    changed = method(*draw(rng, (streams, len(weeks)), per_week, shares))
    alarms = np.nan_to_num(changed, nan=-np.inf) > threshold
    still = ~alarms[:, HISTORY:change].any(axis=1)
    return float(alarms[still, change:].any(axis=1).mean())
