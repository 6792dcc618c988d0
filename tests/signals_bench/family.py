"""Two hundred streams for a year, ten of which change: what each rule raises, and when."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nlp.disproportionality import information_component
from nlp.ebh import e_bh
from nlp.streams import scan
from tests.report_sections import table
from tests.signals_bench.quiet import draw
from tests.themes_bench.targets import Target, at_least, at_most

STREAMS, CHANGED, RATIO, HISTORY, YEAR, CHANGE = 200, 10, 4.0, 104, 52, 12
PER_WEEK = 500
Flags = NDArray[np.bool_]
Rule = Callable[[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]], Flags]


def by_ebh(observed: NDArray[np.int64], total: NDArray[np.int64], share: NDArray) -> Flags:
    """Return what e-BH at 0.10 rejects at each weekly look."""
    paths = scan(observed, total, share, start=HISTORY)
    flags = np.zeros(observed.shape, dtype=bool)
    for week in range(HISTORY, observed.shape[1]):
        values = np.nan_to_num(paths.sr[:, week]) / np.maximum(paths.looks[:, week], 1)
        flags[e_bh(values, 0.10), week] = True
    return flags


def by_run_length(observed: NDArray[np.int64], total: NDArray[np.int64], share: NDArray) -> Flags:
    """Return each stream's own alarms, without regard to how many there are."""
    return scan(observed, total, share, start=HISTORY).alarms(520.0)


def by_quarter(rule: str) -> Rule:
    """Return the PRR or IC025 rule on the last 13 weeks against the year before."""

    def flags(observed: NDArray[np.int64], total: NDArray[np.int64], _share: NDArray) -> Flags:
        found = np.zeros(observed.shape, dtype=bool)
        for week in range(HISTORY, observed.shape[1]):
            now, past = slice(week - 12, week + 1), slice(week - 64, week - 12)
            a, n = observed[:, now].sum(axis=1), total[:, now].sum(axis=1)
            c, m = observed[:, past].sum(axis=1), total[:, past].sum(axis=1)
            found[:, week] = _ic(a, n, c, m) if rule == "ic" else _prr(a, n, c, m)
        return found

    return flags


RULES: dict[str, Rule] = {
    "e-detector, e-BH α .10": by_ebh,
    "e-detector, run length 520, each alone": by_run_length,
    "PRR ≥ 2, χ² ≥ 4, a ≥ 3": by_quarter("prr"),
    "IC025 > 0": by_quarter("ic"),
}


def measure(runs: int) -> tuple[list[Target], str]:
    """Return the targets and the table, over ``runs`` families."""
    rows, targets = [], []
    for name, rule in RULES.items():
        false, sensitivity, delay, soon = _run(rule, runs)
        cells = [f"{false:.3f}", f"{sensitivity:.2f}", f"{delay:.0f}", f"{soon:.2f}"]
        rows.append([name, *cells])
        if rule is by_ebh:
            targets = [
                at_most("200 streams: false discovery share", 0.08, false, "{:.3f}"),
                at_least("200 streams: sensitivity", 0.97, sensitivity),
                at_most("200 streams: median delay, weeks", 2, delay, "{:.0f}"),
            ]
    page = (
        f"### Two hundred streams\n\n{STREAMS} streams, {CHANGED} of them ×{RATIO:.0f} from week "
        f"{CHANGE} of a year, {HISTORY} weeks of history, {PER_WEEK} feedback a week, theme shares "
        f"log-uniform from 0.2 % to 2 %, weekly looks, {runs} families, seed 0. A stream counts "
        "when first raised; the false share is the mean over families.\n\n"
        + table(["rule", "false share", "sensitivity", "median delay", "≤ 8 weeks"], rows)
    )
    return targets, page


def _run(rule: Rule, runs: int) -> tuple[float, float, float, float]:
    rng = np.random.default_rng(0)
    false, delays = [], []
    for _ in range(runs):
        share = np.exp(rng.uniform(np.log(0.002), np.log(0.02), STREAMS))
        weekly = np.tile(share[:, None], (1, HISTORY + YEAR))
        weekly[:CHANGED, HISTORY + CHANGE :] *= RATIO
        observed, total = draw(rng, weekly.shape, PER_WEEK, weekly)
        flags = rule(observed, total, share)
        first = np.where(flags.any(axis=1), flags.argmax(axis=1), -1)
        early = (first[:CHANGED] >= 0) & (first[:CHANGED] < HISTORY + CHANGE)
        wrong = int((first[CHANGED:] >= 0).sum() + early.sum())
        false.append(wrong / max(1, int((first >= 0).sum())))
        waited = np.where(first[:CHANGED] >= HISTORY + CHANGE, first[:CHANGED], np.inf)
        delays += (waited[~early] - HISTORY - CHANGE + 1).tolist()
    found = np.array(delays)
    hit = np.isfinite(found)
    return (
        float(np.mean(false)),
        float(hit.mean()),
        float(np.median(found)),
        float((found <= 8).mean()),
    )


def _ic(a: NDArray, n: NDArray, c: NDArray, m: NDArray) -> Flags:
    return np.asarray(information_component(a, n * (c + 0.5) / np.maximum(m, 1))[1] > 0)


def _prr(a: NDArray, n: NDArray, c: NDArray, m: NDArray) -> Flags:
    ratio = (a / np.maximum(n, 1)) / np.maximum(c / np.maximum(m, 1), 1e-12)
    both = n + m
    shift = np.maximum(np.abs(a * (m - c) - c * (n - a)) - both / 2, 0)
    chi2 = both * shift**2 / np.maximum(1.0 * n * m * (a + c) * (both - a - c), 1)
    return np.asarray((a >= 3) & (ratio >= 2) & (chi2 >= 4))
