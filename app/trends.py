"""Coordinates of a score over time: points with their intervals, gaps, and release marks. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.axes import WIDTH, Tick, number, scale, spread

HEIGHT = 190.0
LEFT, RIGHT, TOP, BOTTOM = 26.0, 60.0, 30.0, 24.0
LETTER = 7.6  # canvas units a letter takes at 14 px, rounded up


@dataclass(frozen=True)
class Reading:
    """One period: its name, and its value with its limits where it may be shown."""

    label: str
    value: float | None = None
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True)
class Dot:
    """A period on the canvas, with the ends of its interval."""

    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True)
class Trend:
    """What the trend prints; ``lines`` join neighbours only, so that a gap stays a gap."""

    width: float
    height: float
    left: float
    right: float
    base: float
    top: float
    dots: tuple[Dot, ...]
    lines: tuple[tuple[float, float, float, float], ...]
    marks: tuple[Tick, ...]  # a mark without room for its words has none
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    last: str


def trend(
    readings: Sequence[Reading], marks: Sequence[tuple[int, str]] = (), top: float = 10.0
) -> Trend:
    """Return the places of ``readings`` from 0 to ``top``; ``marks`` are (period, words), in order.

    Raises ValueError without any period.
    """
    if not readings:
        raise ValueError("readings must not be empty")
    base, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    xs = spread(len(readings), LEFT + 8, right)
    place = scale(0.0, top, base, TOP)
    placed = [
        Dot(x, place(r.value), place(r.low), place(r.high)) if r.value is not None else None
        for x, r in zip(xs, readings, strict=True)
    ]
    pairs = zip(placed, placed[1:], strict=False)
    shown = [reading.value for reading in readings if reading.value is not None]
    return Trend(
        WIDTH,
        HEIGHT,
        LEFT,
        right,
        base,
        TOP,
        tuple(dot for dot in placed if dot),
        tuple((a.x, a.y, b.x, b.y) for a, b in pairs if a and b),
        _marks(xs, marks),
        _periods(readings, xs),
        tuple(Tick(place(v), number(v), "end") for v in (0, top / 2, top)),
        number(round(shown[-1], 1)) if shown else "",
    )


def _marks(xs: Sequence[float], marks: Sequence[tuple[int, str]]) -> tuple[Tick, ...]:
    """Return the marks; words that would touch those before them are left to the table."""
    found: list[Tick] = []
    taken = float("-inf")
    for at, words in marks:
        if not 0 <= at < len(xs):
            continue
        half = LETTER * len(words) / 2
        middle = min(max(xs[at], half), WIDTH - half)
        has_room = middle - half > taken
        found.append(Tick(xs[at], words if has_room else ""))
        taken = middle + half + 4 if has_room else taken
    return tuple(found)


def _periods(readings: Sequence[Reading], xs: Sequence[float]) -> tuple[Tick, ...]:
    last = len(readings) - 1
    if last == 0:
        return (Tick(xs[0], readings[0].label, "end"),)
    ticks = [Tick(xs[0], readings[0].label, "start"), Tick(xs[last], readings[last].label, "end")]
    if last >= 8:
        ticks.insert(1, Tick(xs[last // 2], readings[last // 2].label))
    return tuple(ticks)
