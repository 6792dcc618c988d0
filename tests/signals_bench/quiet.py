"""How many streams that nothing happens to alarm in a year, over volume and dispersion."""

import numpy as np
from numpy.typing import NDArray

from nlp.streams import scan
from tests.report_sections import table
from tests.themes_bench.targets import Target, at_most

MONTHLY = (10, 30, 100, 300, 1_000, 3_000, 10_000)
SHARES = (0.02, 0.05)
COURSES = ((0.0, 0.0), (0.15, 0.0), (0.3, 0.0), (0.5, 0.0), (0.15, 0.3), (0.3, 0.3), (0.5, 0.3))
HISTORY, YEAR, ARL = 104, 52, 520.0

Counts = NDArray[np.int64]


def draw(
    rng: np.random.Generator, shape: tuple[int, int], per_week: float, shares: NDArray[np.float64]
) -> tuple[Counts, Counts]:
    """Return counts and totals: Poisson totals, binomial counts of the weekly ``shares``."""
    total = rng.poisson(per_week, shape)
    return rng.binomial(total, np.minimum(1.0, shares)), total


def scatter(
    rng: np.random.Generator, shape: tuple[int, int], log_sd: float, kept: float
) -> NDArray[np.float64]:
    """Return log-normal factors of mean 1; a week keeps ``kept`` of the deviation before."""
    normal = rng.standard_normal(shape)
    for week in range(1, shape[1]):
        normal[:, week] = kept * normal[:, week - 1] + np.sqrt(1 - kept**2) * normal[:, week]
    return np.asarray(np.exp(log_sd * normal - log_sd**2 / 2))


def measure(streams: int) -> tuple[list[Target], str]:
    """Return the target and the table of every cell."""
    worst, rows = 0.0, []
    for monthly in MONTHLY:
        for share in SHARES:
            cells = [_alarming(streams, monthly, share, *course) for course in COURSES]
            worst = max(worst, *cells)
            rows.append([f"{monthly:,}, {share:.0%}", *(f"{cell:.3f}" for cell in cells)])
    heads = [f"{sd}" if not kept else f"{sd}, lasting {kept}" for sd, kept in COURSES]
    page = (
        "### Quiet streams\n\nShare of streams with any alarm in 52 weeks, promised run length 520,"
        f" {HISTORY} weeks of history, {streams} streams a cell, seed 0. Columns: log-sd of the "
        "weekly share, and what a week keeps of the deviation before.\n\n"
        + table(["feedback a month, share", *heads], rows)
    )
    name = "quiet streams with an alarm in a year, worst cell"
    return [at_most(name, 0.10, worst, "{:.3f}")], page


def _alarming(streams: int, monthly: int, share: float, log_sd: float, kept: float) -> float:
    rng, shape = np.random.default_rng(0), (streams, HISTORY + YEAR)
    shares = share * scatter(rng, shape, log_sd, kept)
    observed, total = draw(rng, shape, monthly * 12 / 52, shares)
    return float(scan(observed, total, share, start=HISTORY).alarms(ARL).any(axis=1).mean())
