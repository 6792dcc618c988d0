"""The published data sets that signal detection is checked against; see data/signals/README.md."""

import csv
import functools
import gzip
from pathlib import Path

from nlp.disproportionality import Tables
from nlp.pair_counts import Reports, count_pairs

FOLDER = Path(__file__).parent / "data" / "signals"


@functools.cache
def caers() -> tuple[list[tuple[str, str]], Tables]:
    """Return the pairs and tables of the CAERS reports, without strata."""
    return count_pairs(caers_reports())


def caers_reports(stratified: bool = False) -> Reports:
    with gzip.open(FOLDER / "caers.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    strata = [row["strat1"] for row in rows] if stratified else None
    columns = ([row[name] for row in rows] for name in ("var1", "var2", "id"))
    return Reports(*columns, strata=strata)


@functools.cache
def agona() -> list[int]:
    """Return the 312 weekly counts."""
    with (FOLDER / "salmonella_agona.csv").open(encoding="utf-8", newline="") as file:
        return [int(row["observed"]) for row in csv.DictReader(file)]
