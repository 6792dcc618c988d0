"""What every chart measures with: the canvas, scales, round steps, written numbers. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import get_locale

WIDTH = 320.0  # canvas units: about one pixel each on the narrowest phone we promise
NICE_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Tick:
    """A word or number beside an axis: `place` along the axis, `anchor` for SVG text."""

    place: float
    label: str
    anchor: str = "middle"


def nice_step(highest: float, most_ticks: int = 4) -> float:
    """Return the smallest of 1, 2, 5, 10… that reaches `highest` in `most_ticks` steps."""
    scale = 1
    while True:
        for step in NICE_STEPS:
            if highest <= step * scale * most_ticks:
                return step * scale
        scale *= 10


def number(value: float) -> str:
    """Return a number as the reader writes it: no needless decimals, in French a decimal comma."""
    written, locale = f"{value:g}", get_locale()
    return written if locale and locale.language == "en" else written.replace(".", ",")


def scale(low: float, high: float, start: float, stop: float) -> Callable[[float], float]:
    """Return the function that takes `low` to `start` and `high` to `stop` in a straight line."""
    slope = (stop - start) / (high - low)
    return lambda value: round(start + (value - low) * slope, 1)


def spread(count: int, left: float, right: float) -> list[float]:
    """Return `count` places from `left` to `right` at equal distances; one alone stands right."""
    if count == 1:
        return [right]
    return [round(left + i * (right - left) / (count - 1), 1) for i in range(count)]


def polyline(xs: Sequence[float], ys: Sequence[float]) -> str:
    """Return the points of an SVG line."""
    return " ".join(f"{x:g},{y:g}" for x, y in zip(xs, ys, strict=False))
