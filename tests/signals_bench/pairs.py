"""How long a million report pairs take, and how much memory: reading, counting, EBGM, writing.

The reports of CAERS are laid side by side under new products' names until they make a million
rows, or a million different pairs; each copy loses a twentieth of its reports, so that no two are
alike. The command itself runs on the file, in a process of its own whose largest memory is read
when it ends.
"""

import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from tests.nlp.signal_data import FOLDER
from tests.report_sections import table
from tests.themes_bench.targets import Target, at_most

ROWS = PAIRS = 1_000_000
MOST_SECONDS, MOST_GIB = 60.0, 2.0  # what is promised, on two cores
_LOST = 0.05  # share of a copy's reports that are left out
_PROGRAM = "import sys; from nlp.cli import main; sys.exit(main(sys.argv[1:]))"


@dataclass(frozen=True)
class PairsSpeed:
    """One run of the command: what it read and found, seconds, processor time, largest memory.

    ``signals`` counts the pairs with EB05 ≥ 2.
    """

    case: str
    rows: int
    pairs: int
    signals: int
    seconds: float
    cpu_seconds: float
    gib: float

    @property
    def reached(self) -> bool:
        return self.seconds <= MOST_SECONDS and self.gib <= MOST_GIB and self.signals > 0


def measure(rows: int = ROWS, pairs: int = PAIRS, seed: int = 7) -> list[PairsSpeed]:
    """Run both sizes and return what each took."""
    rng = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as folder:
        by_rows, by_pairs = Path(folder) / "rows.csv", Path(folder) / "pairs.csv"
        write_copies(by_rows, rng, rows=rows)
        write_copies(by_pairs, rng, pairs=pairs)
        return [run(f"{rows:,} rows", by_rows), run(f"{pairs:,} pairs", by_pairs)]


def part() -> tuple[list[Target], str]:
    """Return the targets and the table of both sizes."""
    found = measure()
    seconds, gib = max(each.seconds for each in found), max(each.gib for each in found)
    rows = [
        [
            *(each.case, f"{each.rows:,}", f"{each.pairs:,}", f"{each.signals:,}"),
            *(f"{each.seconds:.1f}", f"{each.cpu_seconds:.1f}", f"{each.gib:.2f}"),
        ]
        for each in found
    ]
    headings = ["case", "rows", "pairs", "EB05 ≥ 2", "seconds", "processor seconds", "GiB"]
    page = (
        "### A million pairs\n\n`python -m nlp disproportionality` on copies of CAERS, each "
        "without a twentieth of its reports: reading, counting distinct reports, fitting θ, "
        "scoring and writing, in one process.\n\n" + table(headings, rows)
    )
    targets = [
        at_most("1,000,000 report pairs, seconds", MOST_SECONDS, seconds, "{:.1f}"),
        at_most("… peak memory, GiB", MOST_GIB, gib, "{:.2f}"),
    ]
    return targets, page


def write_copies(
    path: Path, rng: np.random.Generator, rows: int = 0, pairs: int = 0
) -> tuple[int, int]:
    """Write copies until the file holds that many rows and that many pairs; return both."""
    reports = _caers()
    ids = sorted({report[0] for report in reports})
    written = found = copy = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("id", "var1", "var2"))
        while written < rows or found < pairs:
            kept = {
                one for one, gone in zip(ids, rng.random(len(ids)) < _LOST, strict=True) if not gone
            }
            lines = [(f"{copy}-{i}", f"{a} {copy}", b) for i, a, b in reports if i in kept]
            writer.writerows(lines)
            written, found = written + len(lines), found + len({line[1:] for line in lines})
            copy += 1
    return written, found


def run(case: str, source: Path) -> PairsSpeed:
    """Run ``disproportionality`` on a file and return its time and memory."""
    target = source.with_suffix(".out")
    command = [sys.executable, "-c", _PROGRAM, "disproportionality", str(source), "-o", str(target)]
    start = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    with process.stderr:
        told = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise RuntimeError(f"disproportionality failed: {told}")
    summary = json.loads(told.splitlines()[-1])
    # Linux gives kibibytes, and starts a child at its parent's size: never too little.
    gib, cpu = usage.ru_maxrss / 1024**2, usage.ru_utime + usage.ru_stime
    return PairsSpeed(case, summary["rows"], summary["pairs"], _signals(target), seconds, cpu, gib)


def _signals(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(float(row["eb05"] or 0) >= 2 for row in csv.DictReader(file))


def _caers() -> list[tuple[str, str, str]]:
    with gzip.open(FOLDER / "caers.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return [(row["id"], row["var1"], row["var2"]) for row in csv.DictReader(file)]


if __name__ == "__main__":
    for speed in measure():
        print(json.dumps({**asdict(speed), "reached": speed.reached}))
