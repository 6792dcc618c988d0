"""Places on an SVG canvas for a map: circles by their counts, moved off each other. Pure.

Words are laid out twice, for a phone and for a wide screen, where letters are smaller.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray

from app.axes import WIDTH
from app.scatter_words import AIR, NARROW, WIDE, Circle, Label, Spot, labels_of

HEIGHT = 350.0  # at most; a flat map is lower
SIDE = 44.0  # from the outermost middle to the edge
REACH = 200.0  # canvas units that a distance of 1 takes at most
LARGEST, SMALLEST = 30.0, 2.5  # radii; below the smallest nobody would see a circle
COVERED = 0.25  # of the canvas, at most, by circles: more, and they are all smaller
TRIES = 120  # rounds in which circles that lie on each other make room
RING = 3.5  # how far the mark of a circle stands outside it
FINGER = 14.5  # radius that can be pressed, however small the circle


@dataclass(frozen=True)
class ScatterChart:
    """What the map prints; `narrow` and `wide` are the words for either screen."""

    width: float
    height: float
    circles: tuple[Circle, ...]
    narrow: tuple[Label, ...]
    wide: tuple[Label, ...]


def scatter_chart(spots: Sequence[Spot]) -> ScatterChart:
    """Return the circles of `spots`, the largest below, and their words where these find room.

    Circles that would lie on each other are moved apart, as little as it takes. The largest get
    their name; the others their number, as long as it is plain whose it is.
    """
    ordered = sorted(spots, key=lambda spot: (-spot.count, spot.number))
    radii = _radii(ordered)
    rings = np.array(
        [r + RING if s.is_marked else 0.0 for s, r in zip(ordered, radii, strict=True)]
    )
    middles, height = _crop(_apart(_fit(ordered), np.maximum(radii, rings)), radii)
    circles = tuple(
        _circle(*each) for each in zip(ordered, middles.tolist(), radii, rings, strict=True)
    )
    narrow, wide = (labels_of(ordered, circles, height, each) for each in (NARROW, WIDE))
    return ScatterChart(WIDTH, height, circles, narrow, wide)


def _radii(spots: Sequence[Spot]) -> NDArray[np.float64]:
    """Return radii whose areas are as the counts, the smallest excepted."""
    counts = np.array([spot.count for spot in spots], np.float64)
    most, whole = counts.max(initial=1.0), max(1.0, float(counts.sum()))
    room = sqrt(COVERED * WIDTH * HEIGHT * float(most) / (pi * whole))
    return np.asarray(np.maximum(SMALLEST, min(LARGEST, room) * np.sqrt(counts / most)))


def _fit(spots: Sequence[Spot]) -> NDArray[np.float64]:
    """Return middles on the canvas: one scale for both ways, so that distances keep their sense."""
    places = np.array([(spot.x, -spot.y) for spot in spots], np.float64).reshape(-1, 2)
    if not len(places):
        return places
    low, high = places.min(axis=0), places.max(axis=0)
    room = np.array([WIDTH - 2 * SIDE, HEIGHT - 2 * SIDE])
    factor = min(REACH, *(room / np.maximum(high - low, 1e-9)))
    return np.asarray((places - (low + high) / 2) * factor + (WIDTH / 2, HEIGHT / 2))


def _apart(middles: NDArray[np.float64], radii: NDArray[np.float64]) -> NDArray[np.float64]:
    """Move circles off each other, each by half of what is missing, and keep them inside."""
    count = len(middles)
    # Two in one place have no direction to part in: each gets one of its own.
    angles = 2.4 * np.arange(count)
    middles = middles + 0.01 * np.column_stack([np.cos(angles), np.sin(angles)])
    wanted = radii[:, None] + radii[None, :] + 1.0
    edge = (radii + 2.0)[:, None]
    for _round in range(TRIES):
        steps = middles[:, None, :] - middles[None, :, :]
        lengths = np.maximum(np.sqrt(np.einsum("ijk,ijk->ij", steps, steps)), 1e-9)
        missing = np.maximum(0.0, wanted - lengths)
        np.fill_diagonal(missing, 0.0)
        if missing.max(initial=0.0) < 0.1:
            break
        moved = middles + np.einsum("ijk,ij->ik", steps, 0.35 * missing / lengths)
        middles = np.clip(moved, edge, np.array([WIDTH, HEIGHT]) - edge)
    return middles


def _crop(
    middles: NDArray[np.float64], radii: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Return the middles and the height without what is empty above and below."""
    if not len(middles):
        return middles, HEIGHT
    top = float((middles[:, 1] - radii).min()) - AIR - RING - NARROW.size
    low = float((middles[:, 1] + radii).max()) + AIR + RING + NARROW.size
    return middles - (0.0, top), round(low - top, 1)


def _circle(spot: Spot, middle: Sequence[float], radius: float, ring: float) -> Circle:
    press = max(FINGER, radius, ring)
    places = (round(float(each), 1) for each in (*middle, radius, ring, press))
    return Circle(spot.key, spot.title, *places)
