"""What a segment of one service is compared with: the subjects, each leading to a theme and its
parts or to none there, and the themes that stand alone. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.picture import ThemeRow
from feedback.routes import Routes
from nlp.assign import Assignments, Prototypes, Vectors, assign

Centre = tuple[NDArray[np.float32], float]  # unit row in the theme space, and its threshold


@dataclass(frozen=True, eq=False)
class Families:
    """Subjects with what they lead to, and lone themes; ``prototypes.themes`` number them.

    A family may have several centres: its subject's and each part's own. ``places`` says which
    theme a centre speaks for.
    """

    prototypes: Prototypes
    subjects: list[str | None]
    leads: list[list[str]]  # the themes that a family leads to, its main one first
    places: list[str | None]  # by row of ``prototypes``

    def assign(self, points: Vectors) -> Assignments:
        """Return the family that each point belongs to, or none."""
        return assign(points, self.prototypes)


def families(
    routes: Routes,
    service: int,
    subjects: Mapping[str, Centre],
    themes: Mapping[str, Centre],
    dimension: int,
) -> Families:
    """Return what segments of ``service`` are compared with."""
    names: list[str | None] = [*sorted(subjects)]
    leads = [[t.id for t in routes.options(service, str(each))] for each in names]
    for theme in _lone(routes.orphans(), service):
        if theme.id in themes:
            names.append(None)
            leads.append([theme.id])
    rows: list[tuple[int, str | None, Centre]] = []
    for number, (subject, found) in enumerate(zip(names, leads, strict=True)):
        if subject is not None:
            rows.append((number, found[0] if found else None, subjects[subject]))
        parts = found if subject is None else found[1:]
        rows += [(number, part, themes[part]) for part in parts if part in themes]
    centres = [centre for _, _, (centre, _) in rows]
    prototypes = Prototypes(
        np.array([number for number, _, _ in rows], np.int64),
        np.stack(centres) if centres else np.zeros((0, dimension), np.float32),
        np.array([limit for _, _, (_, limit) in rows], np.float32),
    )
    return Families(prototypes, names, leads, [place for _, place, _ in rows])


def _lone(orphans: Iterable[ThemeRow], service: int) -> list[ThemeRow]:
    return sorted((t for t in orphans if t.service_id == service), key=lambda t: t.id)


def choose(points: Vectors, options: list[str], themes: Mapping[str, Centre]) -> list[str]:
    """Return for each point the option whose own centre is nearest; one without a centre is not."""
    known = [each for each in options if each in themes]
    if len(known) < 2:
        return [(known or options)[0]] * len(points)
    similar = points @ np.stack([themes[each][0] for each in known]).T
    return [known[place] for place in similar.argmax(axis=1).tolist()]


@dataclass(frozen=True, eq=False)
class Numbers:
    """How near segments are to their themes, (n,): what "Pourquoi ?" says of a placement."""

    score: Vectors
    threshold: Vectors
    runner_up: list[str | None]
    runner_up_score: Vectors

    def second(self, row: int) -> float | None:
        """Return the score of the runner-up as it is stored; None where there is none."""
        return round(float(self.runner_up_score[row]), 4) if self.runner_up[row] else None


def numbers(
    points: Vectors, homes: list[str], found: Families, themes: Mapping[str, Centre]
) -> Numbers:
    """Score each point by the centre of its theme, and by the nearest of another theme."""
    similar = points @ found.prototypes.centres.T
    leading = np.array([place is not None for place in found.places], dtype=bool)
    similar[:, ~leading] = -np.inf
    score = np.full(len(points), -1.0, np.float32)
    limit, second = np.zeros(len(points), np.float32), score.copy()
    runner_up: list[str | None] = [None] * len(points)
    by_theme: dict[str, list[int]] = {}
    for row, home in enumerate(homes):
        by_theme.setdefault(home, []).append(row)
    for home, rows in by_theme.items():
        own = np.array([place == home for place in found.places], dtype=bool)
        score[rows], limit[rows] = _own(points[rows], similar[rows], own, found, themes.get(home))
        rest = np.where(own, -np.inf, similar[rows])
        if not rest.shape[1]:
            continue
        best = rest.argmax(axis=1)
        for row, place, value in zip(rows, best.tolist(), rest.max(axis=1).tolist(), strict=True):
            if np.isfinite(value):
                runner_up[row], second[row] = found.places[place], value
    return Numbers(score, limit, runner_up, second)


def _own(
    points: Vectors,
    similar: Vectors,
    own: NDArray[np.bool_],
    found: Families,
    alone: Centre | None,
) -> tuple[Vectors, Vectors]:
    """Return scores and thresholds in the nearest family that leads to a theme, or in itself."""
    if own.any():
        best = np.where(own, similar, -np.inf).argmax(axis=1)
        scores = similar[np.arange(len(points)), best]
        return scores, found.prototypes.thresholds[best]
    if alone is None:
        return np.zeros(len(points), np.float32), np.zeros(len(points), np.float32)
    return points @ alone[0], np.full(len(points), alone[1], np.float32)
