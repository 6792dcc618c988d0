"""Places on an SVG canvas for a map: circles by their counts, and words that do not touch. Pure.

Words are laid out twice, for a phone and for a wide screen, where letters are smaller.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot, sqrt

from app.axes import WIDTH

HEIGHT = 330.0
REACH = 126.0  # canvas units from the middle to a place at 1
LARGEST, SMALLEST = 30.0, 2.5  # radii; below the smallest nobody would see a circle
RING = 3.5  # how far the mark of a circle stands outside it
FINGER = 14.5  # radius that can be pressed, however small the circle
AIR = 3.0


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
class ScatterChart:
    """What the map prints; `narrow` and `wide` are the words for either screen."""

    width: float
    height: float
    circles: tuple[Circle, ...]
    narrow: tuple[Label, ...]
    wide: tuple[Label, ...]


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

    def is_inside(self) -> bool:
        return 0 <= self.left and self.right <= WIDTH and 0 <= self.top and self.bottom <= HEIGHT

    def touches(self, other: "_Box") -> bool:
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)

    def covers(self, circle: Circle, radius: float) -> bool:
        """Say whether any of the box is nearer than `radius` to the circle's middle."""
        x = min(max(circle.x, self.left), self.right)
        y = min(max(circle.y, self.top), self.bottom)
        return hypot(circle.x - x, circle.y - y) < radius


def scatter_chart(spots: Sequence[Spot]) -> ScatterChart:
    """Return the circles of `spots`, the largest below, and their words where these find room.

    The largest get their name; the others their number, as long as it is plain whose it is.
    """
    ordered = sorted(spots, key=lambda spot: (-spot.count, spot.number))
    most = max([spot.count for spot in ordered], default=0)
    circles = tuple(_circle(spot, most) for spot in ordered)
    narrow, wide = (_labels(ordered, circles, lettering) for lettering in (NARROW, WIDE))
    return ScatterChart(WIDTH, HEIGHT, circles, narrow, wide)


def _circle(spot: Spot, most: int) -> Circle:
    radius = max(SMALLEST, LARGEST * sqrt(spot.count / most)) if most else SMALLEST
    ring = radius + RING if spot.is_marked else 0.0
    return Circle(
        spot.key,
        spot.title,
        round(WIDTH / 2 + spot.x * REACH, 1),
        round(HEIGHT / 2 - spot.y * REACH, 1),
        round(radius, 1),
        round(ring, 1),
        round(max(FINGER, radius, ring), 1),
    )


def _labels(
    spots: Sequence[Spot], circles: Sequence[Circle], lettering: Lettering
) -> tuple[Label, ...]:
    labels: list[Label] = []
    taken: list[_Box] = []
    for rank, spot in enumerate(spots):
        texts = [_named(spot, lettering.longest)] if rank < lettering.names else []
        for text in [*texts, _numbered(spot)]:
            found = _room(text, circles[rank], circles, taken, lettering)
            if found:
                labels.append(found[0])
                taken.append(found[1])
                break
    return tuple(labels)


def _numbered(spot: Spot) -> str:
    return f"{spot.number} ↗" if spot.is_marked else str(spot.number)


def _named(spot: Spot, longest: int) -> str:
    name = spot.name if len(spot.name) <= longest else spot.name[: longest - 1].rstrip(" ,·") + "…"
    return f"{_numbered(spot)} {name}"


def _room(
    text: str,
    own: Circle,
    circles: Sequence[Circle],
    taken: Sequence[_Box],
    lettering: Lettering,
) -> tuple[Label, _Box] | None:
    """Return the first place where the words touch neither words nor another circle."""
    for label, box in _places(text, own, lettering):
        others = (c for c in circles if c is not own)
        is_free = not any(box.covers(c, c.ring or c.radius) for c in others)
        if is_free and box.is_inside() and not any(box.touches(each) for each in taken):
            return label, box
    return None


def _places(text: str, own: Circle, lettering: Lettering) -> Iterator[tuple[Label, _Box]]:
    """Yield where words may stand: in the middle of a circle that holds them, then around it."""
    width, half = lettering.letter * len(text), lettering.size * 0.6
    edge = (own.ring or own.radius) + AIR
    slant = edge * 0.75
    if width <= 1.6 * own.radius:
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
