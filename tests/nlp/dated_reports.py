"""Dated reports of several themes over two years, quiet or with one that rises in one part."""

from datetime import date, timedelta

import numpy as np

from nlp.watch_rows import Report

FIRST = date(2024, 1, 1)  # a Monday
WEEKS, THEMES, PER_WEEK = 104, 8, 20


def draw(rng: np.random.Generator, extra: int = 0, week: int = 80) -> list[Report]:
    """Return reports by day; ``extra`` more of theme 0 in version b from ``week`` on."""
    days = rng.integers(0, 7 * WEEKS, WEEKS * PER_WEEK).tolist()
    rows = [(day, int(rng.integers(THEMES)), _facets(rng)) for day in days]
    for day in rng.integers(7 * week, 7 * (week + 8), extra).tolist():
        rows.append((day, 0, _facets(rng) | {"version": "b"}))
    return [
        Report(number, FIRST + timedelta(days=day), f"texte {number}", None, theme, facets)
        for number, (day, theme, facets) in enumerate(sorted(rows, key=lambda row: row[0]))
    ]


def _facets(rng: np.random.Generator) -> dict[str, str]:
    version = str(rng.choice(["a", "b", "c"], p=[0.5, 0.3, 0.2]))
    mostly_web = 0.9 if version == "b" else 0.4  # the channel goes along with the version
    return {"version": version, "channel": "web" if rng.random() < mostly_web else "papier"}


def themes_of(reports: list[Report]) -> list[frozenset[int]]:
    """Return each report's theme as the watch takes it."""
    return [frozenset() if r.theme is None else frozenset((int(r.theme),)) for r in reports]
