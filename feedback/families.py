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
    """One row a subject or lone theme: ``leads[row]`` are the themes that it leads to."""

    prototypes: Prototypes
    subjects: list[str | None]
    leads: list[list[str]]

    def assign(self, points: Vectors) -> Assignments:
        """Return the row that each point belongs to, or none."""
        return assign(points, self.prototypes)

    def row_of(self, subject: str) -> int | None:
        """Return the row of a subject."""
        return self.subjects.index(subject) if subject in self.subjects else None


def families(
    routes: Routes,
    service: int,
    subjects: Mapping[str, Centre],
    themes: Mapping[str, Centre],
    dimension: int,
) -> Families:
    """Return what segments of ``service`` are compared with."""
    rows: list[tuple[str | None, list[str], Centre]] = []
    for subject, centre in sorted(subjects.items()):
        rows.append((subject, [t.id for t in routes.options(service, subject)], centre))
    for theme in _lone(routes.orphans(), service):
        if theme.id in themes:
            rows.append((None, [theme.id], themes[theme.id]))
    centres = [centre for _, _, (centre, _) in rows]
    limits = [limit for _, _, (_, limit) in rows]
    prototypes = Prototypes(
        np.arange(len(rows), dtype=np.int64),
        np.stack(centres) if centres else np.zeros((0, dimension), np.float32),
        np.array(limits, np.float32),
    )
    return Families(prototypes, [row[0] for row in rows], [row[1] for row in rows])


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


def numbers(
    points: Vectors, homes: list[str], found: Families, themes: Mapping[str, Centre]
) -> Numbers:
    """Score each point against the family of its theme, and against the next nearest one."""
    similar = points @ found.prototypes.centres.T
    leading = np.array([bool(leads) for leads in found.leads], dtype=bool)
    similar[:, ~leading] = -np.inf
    score = np.full(len(points), -1.0, np.float32)
    limit, second = np.zeros(len(points), np.float32), score.copy()
    runner_up: list[str | None] = [None] * len(points)
    by_theme: dict[str, list[int]] = {}
    for row, home in enumerate(homes):
        by_theme.setdefault(home, []).append(row)
    for home, rows in by_theme.items():
        own = np.array([home in leads for leads in found.leads], dtype=bool)
        score[rows], limit[rows] = _own(points[rows], similar[rows], own, found, themes.get(home))
        rest = np.where(own, -np.inf, similar[rows])
        if not rest.shape[1]:
            continue
        best = rest.argmax(axis=1)
        for row, place, value in zip(rows, best.tolist(), rest.max(axis=1).tolist(), strict=True):
            if np.isfinite(value):
                runner_up[row], second[row] = found.leads[place][0], value
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
