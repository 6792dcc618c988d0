"""Chooses the messages that show a theme: typical ones that differ, and those at its border.

Maximal marginal relevance: Carbonell & Goldstein, SIGIR (1998).
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.assign import Labels, Vectors
from nlp.encode import unit_rows
from nlp.keywords import COPY

READABLE = range(20, 241)  # characters of a message that is read at a glance
RELEVANCE = 0.7  # weight of nearness to the centre; the rest is for being unlike those chosen
POOL = 4  # times the count: the nearest messages that are chosen from

Rows = NDArray[np.int64]


def typical_texts(
    points: Vectors, labels: Labels, texts: Sequence[str], count: int = 3
) -> dict[int, list[int]]:
    """Return for each theme up to ``count`` rows near its centre that differ, nearest first.

    ``points``: (n, d) unit rows, ``labels`` (n,) with -1 for no theme, ``texts`` n. Messages of 20
    to 240 characters come before others; of near-copies (cosine ≥ 0.95) one is enough.
    """
    chosen = {}
    for theme, rows, near in _themes(points, labels):
        readable = [len(texts[row].strip()) in READABLE for row in rows]
        order = np.lexsort((rows, -near, ~np.array(readable)))
        fit = sum(readable) if sum(readable) >= count else len(rows)
        pool = order[: min(POOL * count, fit)]
        chosen[theme] = _unlike(points, rows[pool], near[pool], count)
    return chosen


def _unlike(points: Vectors, rows: Rows, near: Vectors, count: int) -> list[int]:
    """Return the rows that are near and unlike those chosen before, best first."""
    chosen: list[int] = []
    alike = np.full(len(rows), -1.0)
    while len(chosen) < count:
        gain = RELEVANCE * near - (1 - RELEVANCE) * np.maximum(alike, 0)
        gain[alike >= COPY] = -np.inf
        if not len(rows) or gain.max() == -np.inf:
            break
        best = int(gain.argmax())
        chosen.append(int(rows[best]))
        alike = np.maximum(alike, points[rows] @ points[rows[best]])
        alike[best] = np.inf
    return chosen


def borderline(
    points: Vectors,
    labels: Labels,
    thresholds: Mapping[int, float],
    count: int = 2,
    besides: Collection[int] = (),
) -> dict[int, list[int]]:
    """Return for each theme up to ``count`` rows whose similarity is nearest to its threshold.

    Arguments as for `typical_texts`; ``thresholds``: cosine from which each theme takes a message
    (a theme without one: its least similar messages). ``besides``: rows that are shown already.
    Of near-copies one is enough; the most doubtful first.
    """
    chosen: dict[int, list[int]] = {}
    for theme, rows, near in _themes(points, labels):
        doubt = np.abs(near - thresholds.get(theme, float(near.min())))
        chosen[theme] = []
        for row in rows[np.lexsort((rows, doubt))].tolist():
            copies = any(points[row] @ points[other] >= COPY for other in chosen[theme])
            if len(chosen[theme]) < count and row not in besides and not copies:
                chosen[theme].append(row)
    return chosen


def _themes(points: Vectors, labels: Labels) -> list[tuple[int, Rows, Vectors]]:
    """Return each theme with its rows and their similarity to its centre."""
    found = []
    for theme in sorted({int(label) for label in labels} - {-1}):
        rows: Rows = np.flatnonzero(np.asarray(labels) == theme)
        centre = unit_rows(points[rows].sum(axis=0, keepdims=True))[0]
        found.append((theme, rows, points[rows] @ centre))
    return found
