"""The map of a service's themes: where each lies, which is nearest by meaning, and the words.

Reads what the last grouping left; decides nothing about access.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from app.catalogue import Service
from app.said import as_said, together
from app.scatter import ScatterChart, scatter_chart
from app.scatter_words import Spot
from feedback.models import Theme
from feedback.theme_labels import MOVEMENT_MARKS, MOVEMENT_NAMES
from feedback.theme_movement import Movement
from feedback.themes import ThemeLine, themes_of

MOST_DRAWN = 120  # circles: more would be dust, and take seconds to move apart


@dataclass(frozen=True)
class Neighbour:
    """The nearest theme; ``similarity`` is the cosine of the two centres, in [-1, 1]."""

    theme: Theme
    similarity: float


@dataclass(frozen=True)
class MapLine:
    """One line of the table; the number is the one on the picture."""

    number: int
    theme: Theme
    retours: int
    movement: str
    mark: str
    is_on_map: bool
    nearest: Theme | None
    similarity: str


@dataclass(frozen=True)
class ThemeMap:
    """Everything that the page prints; without a picture before the first grouping."""

    lines: tuple[MapLine, ...]
    chart: ScatterChart | None
    finding: str
    off_map: int  # themes that no grouping has placed yet
    left_out: int  # smaller themes, beyond what a picture can hold
    has_growing: bool


def theme_map(service: Service, day: date) -> ThemeMap:
    """Return the map of the current themes of ``service``; as many queries as the list."""
    found = themes_of(service, day)
    near = nearest_themes([line.theme for line in found])
    lines = tuple(_line(number, line, near) for number, line in enumerate(found, start=1))
    spots = [_spot(number, line) for number, line in enumerate(found, start=1) if _placed(line)]
    drawn = spots[:MOST_DRAWN]
    return ThemeMap(
        lines,
        scatter_chart(drawn) if drawn else None,
        _finding(found, near),
        len(found) - len(spots),
        len(spots) - len(drawn),
        any(spot.is_marked for spot in drawn),
    )


def nearest_themes(themes: Sequence[Theme]) -> dict[str, Neighbour]:
    """Return the nearest other theme of each by the cosine of their centres.

    Centres of two spaces have two lengths and are never compared; a theme alone in its space,
    or without a centre, has no neighbour.
    """
    spaces: dict[int, list[tuple[Theme, np.ndarray[tuple[int], np.dtype[np.float32]]]]]
    spaces = defaultdict(list)
    for theme in themes:
        centre = np.frombuffer(theme.centroid or b"", np.float32)
        length = float(np.linalg.norm(centre))
        if np.isfinite(length) and length > 0:
            spaces[len(centre)].append((theme, centre / np.float32(length)))
    found: dict[str, Neighbour] = {}
    for members in spaces.values():
        rows = np.stack([centre for _theme, centre in members])
        likeness = rows @ rows.T
        np.fill_diagonal(likeness, -np.inf)
        for (theme, _centre), row in zip(members, likeness, strict=True):
            best = int(row.argmax())
            if np.isfinite(row[best]):
                found[theme.id] = Neighbour(members[best][0], float(row[best]))
    return found


def _placed(line: ThemeLine) -> bool:
    return line.theme.map_x is not None and line.theme.map_y is not None


def _spot(number: int, line: ThemeLine) -> Spot:
    theme = line.theme
    size = ngettext("%(num)d retour", "%(num)d retours", line.retours)
    title = f"{number}. {theme.name}, {size}, {MOVEMENT_NAMES[line.movement]}"
    grows = line.movement is Movement.GROWING
    x, y = theme.map_x or 0.0, theme.map_y or 0.0
    return Spot(theme.id, number, theme.name, title, x, y, line.retours, grows)


def _line(number: int, line: ThemeLine, near: dict[str, Neighbour]) -> MapLine:
    neighbour = near.get(line.theme.id)
    return MapLine(
        number,
        line.theme,
        line.retours,
        str(MOVEMENT_NAMES[line.movement]),
        MOVEMENT_MARKS[line.movement],
        _placed(line),
        neighbour.theme if neighbour else None,
        format_decimal(neighbour.similarity, "0.00") if neighbour else "",
    )


def _finding(lines: Sequence[ThemeLine], near: dict[str, Neighbour]) -> str:
    """Return what the map says: how many themes, the largest, the two nearest."""
    if not lines:
        return ""
    first = lines[0]
    parts = [ngettext("%(num)d thème", "%(num)d thèmes", len(lines))]
    parts.append(
        ngettext(
            "le plus grand, « %(name)s », compte %(num)d retour",
            "le plus grand, « %(name)s », compte %(num)d retours",
            first.retours,
            name=as_said(first.theme.name),
        )
    )
    pairs = [(line.theme, near[line.theme.id]) for line in lines if line.theme.id in near]
    if pairs:
        one, other = max(pairs, key=lambda pair: pair[1].similarity)
        both = _(
            "les plus proches sont « %(one)s » et « %(other)s »",
            one=as_said(one.name),
            other=as_said(other.theme.name),
        )
        parts.append(both)
    return together((together(parts, str(_(" ; "))), "."), "")
