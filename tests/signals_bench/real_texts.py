"""From real texts to signals: groups that people made of reviews rise in one part of other texts.

The texts around them are answers on public services or reviews of apps; days are drawn anew, so
that nothing but what was put in can rise.
"""

import csv
import time
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from nlp.copies import near_copies
from nlp.encode import load_encoder
from nlp.grouping import group
from nlp.quiet_floor import quiet_floor
from nlp.watch_rows import Report
from nlp.watching import watch
from nlp.weekly_themes import watch_weeks
from tests.report_sections import table
from tests.themes_bench.corpora import GRAND_DEBAT, MINIBAR, MissingData
from tests.themes_bench.kept_vectors import KeptEncoder
from tests.themes_bench.targets import Target, at_least, at_most

FIRST, WEEKS, RISE, LASTS = date(2024, 1, 1), 104, 78, 8
SMALLEST = 20  # texts of a group that people made
KEPT = Path("instance/bench")


def measure(data: Path, models: Path, quick: bool) -> tuple[list[Target], str]:
    """Return the targets and the table of every scenario, with and without a rise."""
    if not (data / MINIBAR).is_dir() or not (data / GRAND_DEBAT).is_dir():
        raise MissingData(f"{data} holds no {MINIBAR} or no {GRAND_DEBAT}")
    encoder = KeptEncoder(load_encoder(None, models), KEPT)
    groups = _groups(data / MINIBAR)[: 3 if quick else None]
    around = _around(data / GRAND_DEBAT)[: 900 if quick else None]
    rows, found, false = [], [], []
    for number, (name, texts) in enumerate([*groups, ("nothing", [])]):
        start = time.perf_counter()
        reports, injected = scenario(around, texts, np.random.default_rng(number))
        told = _watch(reports, encoder)
        right = [each for each in told if each["inside"] & injected]
        others = len(told) - len(right)
        in_time = [each for each in right if RISE <= each["week"] < RISE + LASTS]
        named = any(each["part"] == ("version", "b") for each in in_time)
        if texts:
            found.append(bool(in_time) and named)
        false.append(others)
        delay = f"{min(each['week'] for each in in_time) - RISE + 1}" if in_time else "–"
        cells = [str(len(texts)), delay, "yes" if named else "no", str(len(right)), str(others)]
        rows.append([name, *cells, f"{time.perf_counter() - start:.0f}"])
    years = len(false) * WEEKS / 52
    heads = ["group that rises", "texts", "weeks", "right part", "candidates", "false", "seconds"]
    page = (
        f"### From texts to signals\n\n{len(around)} answers of the Grand Débat over {WEEKS} weeks,"
        f" days and parts drawn; a group of Mini-BAR reviews comes within {LASTS} weeks from week "
        f"{RISE} on in one version, a fifth of it before. Themes are found on all texts.\n\n"
        + table(heads, rows)
    )
    return [
        at_least("real groups found within 8 weeks, right part", 1.0, float(np.mean(found))),
        at_most("false candidates a scenario-year", 1.0, sum(false) / years),
    ], page


def scenario(
    around: list[str], texts: list[str], rng: np.random.Generator
) -> tuple[list[Report], set[str]]:
    """Return reports by day and the texts that were put into the rise."""
    drawn: list[tuple[int, str, dict[str, str]]] = []
    early = len(texts) // 5
    for text in [*around, *texts[:early]]:
        drawn.append((int(rng.integers(7 * WEEKS)), text, _facets(rng)))
    for text in texts[early:]:
        day = int(rng.integers(7 * RISE, 7 * (RISE + LASTS)))
        drawn.append((day, text, _facets(rng) | {"version": "b"}))
    drawn.sort(key=lambda each: each[0])
    reports = [
        Report(number, FIRST + timedelta(days=day), text, None, None, facets)
        for number, (day, text, facets) in enumerate(drawn)
    ]
    return reports, set(texts[early:])


def _facets(rng: np.random.Generator) -> dict[str, str]:
    version = str(rng.choice(["a", "b", "c"], p=[0.5, 0.3, 0.2]))
    web = 0.8 if version == "b" else 0.4  # goes along with the version
    region = str(rng.choice(["nord", "sud", "est", "ouest"]))
    return {"version": version, "channel": "web" if rng.random() < web else "app", "region": region}


def _watch(reports: list[Report], encoder: Any) -> list[dict[str, Any]]:
    texts = [each.text for each in reports]
    vectors = encoder.encode(texts)
    labels = group(vectors, texts, encoder, 0).labels.tolist()
    placed = [frozenset((label,)) if label >= 0 else frozenset[int]() for label in labels]
    copies = near_copies(texts, vectors - vectors.mean(axis=0))
    floor = quiet_floor(reports, placed, copies, (0.10, 520.0), np.random.default_rng(0))
    found = watch(watch_weeks(reports, placed, copies), reports, floor=floor)
    return [
        {"week": each.week, "part": each.part, "inside": {texts[row] for row in each.rows}}
        for each in found
    ]


def _groups(folder: Path) -> list[tuple[str, list[str]]]:
    """Return the groups of 20 texts or more that people made, largest first."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.glob("*.clusters.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                found[f"{path.name.split('.')[0]} {row['ground_truth']}"].append(row["data"])
    large = [(name, texts) for name, texts in found.items() if len(texts) >= SMALLEST]
    return sorted(large, key=lambda pair: (-len(pair[1]), pair[0]))


def _around(folder: Path) -> list[str]:
    with (folder / "comments.csv").open(encoding="utf-8", newline="") as stream:
        return [row["text"] for row in csv.DictReader(stream)]
