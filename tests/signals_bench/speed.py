"""How long ten thousand streams take."""

import time

import numpy as np

from nlp.streams import scan
from tests.report_sections import table
from tests.themes_bench.targets import Target, at_most

STREAMS, WEEKS = 10_000, 156


def measure() -> tuple[list[Target], str]:
    """Return the target and the table: seconds on the clock, and of the processor."""
    rng = np.random.default_rng(0)
    total = rng.poisson(100, (STREAMS, WEEKS))
    observed = rng.binomial(total, 0.03)
    clock, work = time.perf_counter(), time.process_time()
    scan(observed, total, 0.03)
    clock, work = time.perf_counter() - clock, time.process_time() - work
    rows = [[f"{STREAMS:,} streams of {WEEKS} weeks", f"{clock:.1f}", f"{work:.1f}"]]
    page = (
        "### Speed\n\nTwo threads. Other work on the machine shows in the first column.\n\n"
        + table(["step", "seconds", "processor seconds"], rows)
    )
    return [at_most("10,000 streams of 156 weeks, seconds", 10, clock, "{:.1f}")], page
