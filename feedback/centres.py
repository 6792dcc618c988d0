"""Gives the members of each theme, and the centre and threshold of any group of points. Pure."""

import numpy as np

from feedback.families import Centre
from nlp.assign import UNPLACED, Labels, Prototypes, Vectors, fit_thresholds


def rows_by_theme(homes: list[str | None]) -> dict[str, list[int]]:
    """Return the rows of each theme."""
    found: dict[str, list[int]] = {}
    for row, theme in enumerate(homes):
        if theme is not None:
            found.setdefault(theme, []).append(row)
    return found


def centres_by_name(points: Vectors, labels: Labels, names: list[str]) -> dict[str, Centre]:
    """Return the centre and threshold of each label's members, by name."""
    fitted: Prototypes = fit_thresholds(points, labels)
    return {
        names[number]: (fitted.centres[row], float(fitted.thresholds[row]))
        for row, number in enumerate(fitted.themes.tolist())
    }


def theme_centres(points: Vectors, homes: list[str | None]) -> dict[str, Centre]:
    """Return the centre and threshold of each theme's members."""
    names = sorted({home for home in homes if home})
    numbers: dict[str | None, int] = {name: number for number, name in enumerate(names)}
    labels = np.array([numbers.get(home, UNPLACED) for home in homes], np.int64)
    return centres_by_name(points, labels, names)
