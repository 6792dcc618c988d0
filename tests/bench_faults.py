"""Breaks a site on purpose and counts what is lost: ``python -m tests.bench_faults``.

``--quick`` writes 300 messages under the kills rather than 5,000; ``--only NAME`` runs one fault.
Writes its section of ``docs/benchmark.md``; the rows of faults that did not run stay. Needs root
for the full and the read-only disk.
"""

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.faults_bench import soaking, working, writing
from tests.faults_bench.writing import Row
from tests.report_sections import REPORT, machine, rows_of, table, write_section

MANY, FEW = 5000, 300  # acknowledged messages under the kills
MINUTES, SHORT = 20.0, 1.0  # of the soak


def faults(many: int) -> dict[str, Callable[[Path], list[Row]]]:
    """Return each fault by its name."""
    return {
        "locked": lambda folder: [writing.locked(folder)],
        "disk": writing.full_then_read_only,
        "worker": lambda folder: [working.killed_worker(folder)],
        "poison": lambda folder: [working.poisoned(folder)],
        "models": lambda folder: [working.without_models(folder)],
        "mail": lambda folder: [working.dead_mail(folder)],
        "clock": lambda folder: [working.jumping_clock(folder)],
        "p95": lambda folder: [working.posting_beside(folder)],
        "restore": lambda folder: [writing.restored(folder, 100_000 if many == MANY else 5000)],
        "soak": lambda folder: [soaking.soak(folder, MINUTES if many == MANY else SHORT)],
        "killed": lambda folder: [writing.killed(folder, many)],
    }


def report(rows: list[Row], load: float) -> str:
    """Return the section that is written."""
    measured = {
        r.fault: [r.fault, r.how, r.wanted, r.measured, "yes" if r.holds else "no"] for r in rows
    }
    cells = list((rows_of("faults") | measured).values())
    return "\n".join(
        [
            "## Faults",
            "",
            f"Written by `make bench-faults` on {machine()}, **shared with whatever else ran** "
            f"(as it began, {load:.1f} processes wanted a core). gunicorn and the worker as "
            "deployed, SQLite with `synchronous=FULL`; kill -9 is a crash of the process, not a "
            "loss of power.",
            "",
            table(["fault", "how", "wanted", "measured", "holds"], cells),
        ]
    )


def main() -> None:
    """Break, count, write the section, print it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help=f"{FEW} messages under the kills")
    options.add_argument("--messages", type=int, help="acknowledged under the kills")
    options.add_argument("--dry", action="store_true", help="print only")
    options.add_argument("--only", action="append", default=[], help="the name of one fault")
    given = options.parse_args()
    load, rows = os.getloadavg()[0], []
    for name, breaks in faults(given.messages or (FEW if given.quick else MANY)).items():
        if not given.only or name in given.only:
            with tempfile.TemporaryDirectory() as folder:
                rows += breaks(Path(folder))
            print(
                "\n".join(f"{row.fault}: {row.measured}: {row.holds}" for row in rows[-2:]),
                flush=True,
            )
    if not given.dry:
        write_section("faults", report(rows, load))
    print(f"\n{sum(row.holds for row in rows)} of {len(rows)} hold; written into {REPORT.name}")


if __name__ == "__main__":
    main()
