"""Gives the members of each theme, and the centre and threshold of any group of points. Pure."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from feedback.families import Centre
from nlp.assign import Labels, Vectors, fit_thresholds, rows_by_label


def rows_by_theme(homes: list[str | None]) -> dict[str, list[int]]:
    """Return the rows of each theme."""
    found: dict[str, list[int]] = {}
    for row, theme in enumerate(homes):
        if theme is not None:
            found.setdefault(theme, []).append(row)
    return found


def centres_by_name(points: Vectors, labels: Labels, names: list[str]) -> dict[str, Centre]:
    """Return the centre and threshold of each label's members, by name."""
    return _centres(points, {names[n]: rows for n, rows in rows_by_label(labels).items()})


def theme_centres(
    points: Vectors, homes: list[str | None], evidence: NDArray[np.int64]
) -> dict[str, Centre]:
    """Return the centre and threshold of each theme's members, by theme.

    ``evidence``: the row of ``points`` that speaks for each segment; the whole retour of several
    segments counts once.
    """
    members = sorted(rows_by_theme(homes).items())
    return _centres(points, {theme: np.unique(evidence[rows]) for theme, rows in members})


def _centres(points: Vectors, members: Mapping[str, NDArray[np.int64]]) -> dict[str, Centre]:
    return {name: _centre(points[rows]) for name, rows in members.items()}


def _centre(members: Vectors) -> Centre:
    fitted = fit_thresholds(members, np.zeros(len(members), np.int64))
    return fitted.centres[0], float(fitted.thresholds[0])


def once(rows: Iterable[int], evidence: NDArray[np.int64]) -> list[int]:
    """Return the rows of ``points`` that speak for the segments ``rows``, each once."""
    return list(dict.fromkeys(evidence[list(rows)].tolist()))
