"""Words beside the circles of a map, which touch neither each other nor another circle. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from app.axes import WIDTH

AIR = 3.0
HELD = 1.4  # radii that words inside a circle may be wide


@dataclass(frozen=True)
class Spot:
    """One thing on the map: its place in [-1, 1], its count, and whether it is marked."""

    key: str
    number: int  # its line in the table
    name: str
    title: str
    x: float
    y: float
    count: int
    is_marked: bool = False


@dataclass(frozen=True)
class Circle:
    """A spot on the canvas; its area is as its count, `ring` is 0 without a mark."""

    key: str
    title: str
    x: float
    y: float
    radius: float
    ring: float
    press: float


@dataclass(frozen=True)
class Label:
    """Words on the canvas."""

    text: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True)
class Lettering:
    """How large words are in canvas units, how many names stand, and how long they may be."""

    size: float
    letter: float  # width, rounded up
    names: int
    longest: int


NARROW = Lettering(14.0, 7.6, 4, 17)
WIDE = Lettering(9.0, 4.9, 12, 30)


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def is_inside(self, other: "_Box") -> bool:
        is_between = other.left <= self.left and self.right <= other.right
        return is_between and other.top <= self.top and self.bottom <= other.bottom

    def touches(self, other: "_Box") -> bool:
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)


def labels_of(
    spots: Sequence[Spot], circles: Sequence[Circle], height: float, lettering: Lettering
) -> tuple[Label, ...]:
    """Return the words that find room, the largest circles' first."""
    canvas = _Canvas(height, circles, lettering)
    labels: list[Label] = []
    for rank, spot in enumerate(spots):
        texts = [_named(spot, lettering.longest)] if rank < lettering.names else []
        for text in [*texts, _numbered(spot)]:
            found = canvas.room(text, circles[rank])
            if found:
                labels.append(found)
                break
    return tuple(labels)


def _numbered(spot: Spot) -> str:
    return f"{spot.number} ↗" if spot.is_marked else str(spot.number)


def _named(spot: Spot, longest: int) -> str:
    name = spot.name if len(spot.name) <= longest else spot.name[: longest - 1].rstrip(" ,·") + "…"
    return f"{_numbered(spot)} {name}"


class _Canvas:
    """What stands on the map already; words take their room from it."""

    def __init__(self, height: float, circles: Sequence[Circle], lettering: Lettering) -> None:
        self.canvas = _Box(0.0, 0.0, WIDTH, height)
        self.circles = {circle.key: place for place, circle in enumerate(circles)}
        self.middles = np.array([(c.x, c.y) for c in circles]).reshape(-1, 2)
        self.reaches = np.array([c.ring or c.radius for c in circles])
        self.lettering = lettering
        self.taken: list[_Box] = []

    def room(self, text: str, own: Circle) -> Label | None:
        """Return and take the first place where words touch neither words nor another circle."""
        for label, box in _places(text, own, self.lettering):
            if self._is_free(box, own):
                self.taken.append(box)
                return label
        return None

    def _is_free(self, box: _Box, own: Circle) -> bool:
        if not box.is_inside(self.canvas) or any(box.touches(each) for each in self.taken):
            return False
        low, high = (box.left, box.top), (box.right, box.bottom)
        gaps = self.middles - np.clip(self.middles, low, high)
        covered = np.hypot(gaps[:, 0], gaps[:, 1]) < self.reaches
        covered[self.circles[own.key]] = False
        return not covered.any()


def _places(text: str, own: Circle, lettering: Lettering) -> Iterator[tuple[Label, _Box]]:
    """Yield where words may stand: in the middle of a circle that holds them, then around it."""
    width, half = lettering.letter * len(text), lettering.size * 0.6
    edge = (own.ring or own.radius) + AIR
    slant = edge * 0.75
    if width <= HELD * own.radius:
        yield _place(text, own.x, own.y, "middle", width, lettering)
    for dx, dy, anchor in (
        (edge, 0.0, "start"),
        (-edge, 0.0, "end"),
        (0.0, -edge - half, "middle"),
        (0.0, edge + half, "middle"),
        (slant, -slant, "start"),
        (slant, slant, "start"),
        (-slant, -slant, "end"),
        (-slant, slant, "end"),
    ):
        yield _place(text, own.x + dx, own.y + dy, anchor, width, lettering)


def _place(
    text: str, x: float, y: float, anchor: str, width: float, lettering: Lettering
) -> tuple[Label, _Box]:
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    half = lettering.size * 0.6
    label = Label(text, round(x, 1), round(y + lettering.size * 0.35, 1), anchor)
    return label, _Box(left, y - half, left + width, y + half)
