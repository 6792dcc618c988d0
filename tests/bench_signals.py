"""Measures the watch in one run and writes it to ``docs/benchmark.md``.

``make bench-signals``, or ``python -m tests.bench_signals [DATA] [--quick]``.
"""

import argparse
import sys
import time
from functools import partial
from pathlib import Path

from tests.bench_themes import measure
from tests.report_sections import REPORT, machine, write_section
from tests.signals_bench import family, pairs, quiet, real_texts, single, speed

DATA = Path("../shared/data")
SECTION = "signals"
FARRINGTON = 100  # streams a case: it fits a model a week


def head_of(is_quick: bool) -> str:
    """Return what the figures were measured on."""
    short = " **A quick run**: fewer streams and texts." if is_quick else ""
    return f"## Signals\n\nWritten by `make bench-signals` on {machine()}. Seeds fixed.{short}"


def main() -> int:
    """Measure and write the section; return 0 when every part was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=DATA, help="development data")
    parser.add_argument("--models", type=Path, default=Path("instance/models"))
    parser.add_argument("--quick", action="store_true", help="leave out what takes long")
    arguments = parser.parse_args()
    quick = arguments.quick
    parts = [
        ("quiet streams", partial(quiet.measure, 300 if quick else 1_000)),
        ("single changes", partial(single.measure, 2_000 if quick else 3_000, FARRINGTON)),
        ("two hundred streams", partial(family.measure, 10 if quick else 40)),
        ("speed", speed.measure),
        ("a million pairs", pairs.part),
        ("real texts", partial(real_texts.measure, arguments.data, arguments.models, quick)),
    ]
    start = time.perf_counter()
    failed = measure(parts, head_of(quick), partial(write_section, SECTION))
    print(f"written: {REPORT} in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
