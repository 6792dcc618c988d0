"""Measures a session with 200 phones in one room, the site as it is served killed three times.

``python -m tests.bench_workshop``, with ``--quick`` for 40 phones at a faster pace. Writes its
section of ``docs/benchmark.md``. The phones live in this process, the site in its own.
"""

import argparse
import asyncio
import tempfile
from collections import Counter
from pathlib import Path

from tests.report_sections import REPORT, write_section
from tests.workshop_bench.play import Pace, Session
from tests.workshop_bench.report import WANTED, report
from tests.workshop_bench.stage import staged

FEW = 40
QUICK = Pace(join=6, write=20, read=6, group=9, vote=20, end=5)


def main() -> None:
    """Measure, write the section, print the page."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help=f"{FEW} phones, a faster pace")
    options.add_argument("--dry", action="store_true", help="print only")
    options.add_argument("--alive", action="store_true", help="kill nothing")
    given = options.parse_args()
    heads, pace = (FEW, QUICK) if given.quick else (WANTED, Pace())
    with tempfile.TemporaryDirectory() as folder, staged(Path(folder)) as stage:
        played = asyncio.run(Session(stage, pace, heads, not given.alive).play())
        web = (stage.folder / "web.log").read_text("utf-8", "replace").strip()
    text = report(played)
    print(text)
    if not given.dry:
        write_section("workshop", text)
        print(f"\nwritten into {REPORT.name}")
    for error, times in Counter(played.log.errors).most_common():
        print(f"error: {error}, {times} times")
    if web:
        print(f"the site said:\n{web[-4000:]}")


if __name__ == "__main__":
    main()
