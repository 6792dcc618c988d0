"""Memberships that keep their theme when 1 % more messages come, through the whole application.

`tests.feedback.measure_stability` needs the product's own environment: it runs there.
"""

import csv
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.report_sections import table
from tests.themes_bench.corpora import MINIBAR, LabelledSet
from tests.themes_bench.targets import Target, at_least

MODULE = "tests.feedback.measure_stability"
KEPT = re.compile(r"kept by a (partial|full) refresh: ([\d.]+)")
LONGEST = 600  # seconds
HEADINGS = ["messages of one service", "night after (partial)", "full refresh"]
WANTED = 0.95


@dataclass(frozen=True)
class Growth:
    """Shares of the old memberships, unplaced ones with them, that are the same afterwards."""

    name: str
    partial: float
    full: float


def measure_growth(
    data: Path, sets: list[LabelledSet], folder: Path, product: Path
) -> list[Growth]:
    """Measure on the reviews of one application and on the Grand Débat where it is among sets."""
    models = folder.parent / "models"
    found = []
    for name, path in _files(data, sets, folder):
        command = [str(product), "-m", MODULE, str(models), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST)
        if done.returncode:
            raise RuntimeError(f"{MODULE} ended with {done.returncode}: {done.stderr[-500:]}")
        shares = {kind: float(share) for kind, share in KEPT.findall(done.stdout)}
        found.append(Growth(name, shares["partial"], shares["full"]))
    return found


def _files(data: Path, sets: list[LabelledSet], folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield files with a column `data`, as the measurement reads them."""
    yield "Mini-BAR: 200 reviews", data / MINIBAR / "huawei_health.problem_report.clusters.csv"
    for each in sets:
        if each.name.startswith("Grand"):
            path = folder / "grand_debat.csv"
            with path.open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows([["data"], *([text] for text in each.texts)])
            yield f"{each.name}: {len(each.texts):,} answers", path


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
            "same theme afterwards; what was unplaced and stays so counts as kept.",
            table(HEADINGS, rows),
            "A partial refresh runs every night and a full one rarely; the targets above take the "
            "worst row of each.",
        ]
    )
