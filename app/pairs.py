"""Coordinates of the chart of pairs: two bars a line, before and after. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.axes import WIDTH, scale

ROW = 72.0  # label 18, two bars of 10 with their intervals, air 16
ROOM = 225.0  # the longest interval; the rest is for its number
UPPER, LOWER = 20.0, 38.0  # of the two bars, from the top of their line
LONGEST = 40  # letters of a label: the canvas holds no more


@dataclass(frozen=True)
class Half:
    """One bar: its value, its limits and what is written beside it."""

    value: float
    low: float
    high: float
    text: str


@dataclass(frozen=True)
class Pair:
    """One line: its words, the bar of before and the bar of after."""

    label: str
    before: Half
    after: Half


@dataclass(frozen=True)
class DrawnHalf:
    """A bar on the canvas."""

    y: float
    width: float
    low: float
    high: float
    text_x: float
    text: str


@dataclass(frozen=True)
class DrawnPair:
    """A line on the canvas: label above, before, after below it."""

    label: str
    y: float
    before: DrawnHalf
    after: DrawnHalf


@dataclass(frozen=True)
class PairChart:
    """What the chart of pairs prints."""

    width: float
    height: float
    pairs: tuple[DrawnPair, ...]


def pair_chart(pairs: Sequence[Pair]) -> PairChart:
    """Return pairs of bars from one zero baseline, on one scale that holds every interval."""
    highest = max([half.high for pair in pairs for half in (pair.before, pair.after)], default=0.0)
    drawn = []
    for i, pair in enumerate(pairs):
        y = i * ROW
        before = _draw(pair.before, y + UPPER, highest)
        after = _draw(pair.after, y + LOWER, highest)
        drawn.append(DrawnPair(_short(pair.label), y, before, after))
    return PairChart(WIDTH, len(pairs) * ROW, tuple(drawn))


def _draw(half: Half, y: float, highest: float) -> DrawnHalf:
    place = scale(0.0, highest or 1.0, 0.0, ROOM)
    low, high = place(half.low), place(half.high)
    return DrawnHalf(y, place(half.value), low, high, round(high + 8, 1), half.text)


def _short(label: str) -> str:
    return label if len(label) <= LONGEST else label[: LONGEST - 1].rstrip() + "…"
