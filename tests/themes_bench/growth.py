"""Memberships that keep their theme when 1 % more messages come, through the whole application.

`tests.feedback.measure_stability` needs the product's own environment: it runs there.
"""

import csv
import random
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.report_sections import table
from tests.themes_bench.corpora import grand_debat, minibar_files, minibar_name
from tests.themes_bench.targets import Target, at_least

MODULE = "tests.feedback.measure_stability"
KEPT = re.compile(r"kept by a (partial|full) refresh: ([\d.]+)")
LONGEST = 3_600  # seconds
ANSWERS = 1_500
HEADINGS = ["messages of one service", "night after (partial)", "full refresh"]
WANTED = 0.95


@dataclass(frozen=True)
class Growth:
    """Shares of the old memberships, unplaced ones with them, that are the same afterwards."""

    name: str
    partial: float
    full: float


def measure_growth(data: Path, folder: Path, product: Path) -> list[Growth]:
    """Measure on the four sets of reviews and on answers of the Grand Débat."""
    found = []
    for name, path in _files(data, folder):
        told = run_measure(MODULE, product, folder.parent / "models", path)
        shares = {kind: float(share) for kind, share in KEPT.findall(told)}
        found.append(Growth(name, shares["partial"], shares["full"]))
    return found


def run_measure(module: str, product: Path, models: Path, *files: Path) -> str:
    """Return what a measurement through the whole application prints."""
    command = [str(product), "-m", module, str(models), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST)
    if done.returncode:
        raise RuntimeError(f"{module} ended with {done.returncode}: {done.stderr[-500:]}")
    return done.stdout


def _files(data: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield files with a column `data`, as the measurement reads them."""
    for path in minibar_files(data):
        yield f"{minibar_name(path)} (200 reviews)", path
    answers = grand_debat(data).texts
    path = folder / "grand_debat.csv"
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        some = random.Random(0).sample(answers, ANSWERS)
        csv.writer(stream).writerows([["data"], *([text] for text in some)])
    yield f"Grand Débat ({ANSWERS:,} answers)", path


def growth_targets(found: list[Growth]) -> list[Target]:
    """Return the targets: the worst set counts."""
    kinds = {"partial": "the night after", "full": "after a full refresh"}
    return [
        at_least(f"membership kept after +1 % messages, {told}", WANTED, worst, "{:.3f}")
        for kind, told in kinds.items()
        for worst in [min(getattr(each, kind) for each in found)]
    ]


def growth_page(found: list[Growth]) -> str:
    """Return the table."""
    rows = [[each.name, f"{each.partial:.3f}", f"{each.full:.3f}"] for each in found]
    return "\n\n".join(
        [
            "### Memberships kept after 1 % more messages",
            f"Through the whole application (`python -m {MODULE}`): 99 % of the messages come, are "
            "grouped, then the last 1 %. Share of the segments placed before that stand in the "
            "same theme afterwards, the mean of three "
            "rounds in which other messages come last.",
            table(HEADINGS, rows),
            "A partial refresh runs every night and a full one rarely; the targets above take the "
            "worst row of each.",
        ]
    )
