"""Coordinates of the bar chart and of the position bar. Pure, like `app/charts.py`."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.charts import WIDTH, scale


@dataclass(frozen=True)
class Bar:
    """One bar: its words, its number, the number as written, and its interval when there is one."""

    label: str
    value: float
    text: str
    interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class DrawnBar:
    """A bar on the canvas: label above, bar below, number to its right."""

    label: str
    text: str
    y: float
    width: float
    text_x: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class BarChart:
    """What the bar chart prints."""

    width: float
    height: float
    bars: tuple[DrawnBar, ...]


BAR_ROW = 44.0  # label 18, bar 14, air 12
BAR_ROOM = 270.0  # the longest bar; the rest is for its number


def bar_chart(bars: Sequence[Bar], top: float | None = None) -> BarChart:
    """Return horizontal bars from a zero baseline; `top` fixes the scale, such as 100 for shares."""
    highest = top or max(
        [b.value for b in bars] + [b.interval[1] for b in bars if b.interval] + [0]
    )
    place = scale(0.0, highest or 1.0, 0.0, BAR_ROOM)
    drawn = []
    for i, bar in enumerate(bars):
        low, high = (
            (place(bar.interval[0]), place(bar.interval[1])) if bar.interval else (None, None)
        )
        width = place(bar.value)
        text_x = round(max(width, high or 0) + 8, 1)
        drawn.append(DrawnBar(bar.label, bar.text, i * BAR_ROW, width, text_x, low, high))
    return BarChart(WIDTH, len(bars) * BAR_ROW, tuple(drawn))


@dataclass(frozen=True)
class Position:
    """One tick of the position bar; `mine` is the author's own."""

    label: str
    value: float
    text: str
    mine: bool = False


@dataclass(frozen=True)
class DrawnPosition:
    """A tick with its words; `y` is the line of text it leads to."""

    label: str
    text: str
    x: float
    y: float
    anchor: str
    text_x: float
    mine: bool


@dataclass(frozen=True)
class PositionBar:
    """What the position bar prints; `low` and `high` name the two ends."""

    width: float
    height: float
    bar_y: float
    left: float
    right: float
    ends: tuple[str, str]
    positions: tuple[DrawnPosition, ...]


POSITION_MARGIN = 8.0
POSITION_ROW = 22.0


def position_bar(
    positions: Sequence[Position], low: float, high: float, ends: tuple[str, str]
) -> PositionBar:
    """Return ticks on one bar from `low` to `high`: the author's above it, the others below, each
    with its words on a line of its own so that equal values stay readable.
    """
    if high <= low:
        raise ValueError(f"high must be above low, got {low} and {high}")
    left, right = POSITION_MARGIN, WIDTH - POSITION_MARGIN
    place = scale(low, high, left, right)
    middle = (left + right) / 2
    bar_y = 34.0 if any(p.mine for p in positions) else 12.0
    drawn, row = [], 0
    for position in _uncrossed(positions, (low + high) / 2):
        x = place(min(max(position.value, low), high))
        if position.mine:
            y = bar_y - 16
        else:
            row += 1
            y = bar_y + 14 + row * POSITION_ROW
        side = 6 if x <= middle else -6
        drawn.append(
            DrawnPosition(
                position.label,
                position.text,
                x,
                y,
                "start" if side > 0 else "end",
                round(x + side, 1),
                position.mine,
            )
        )
    height = bar_y + 34 + row * POSITION_ROW
    return PositionBar(WIDTH, height, bar_y, left, right, ends, tuple(drawn))


def _uncrossed(positions: Sequence[Position], middle: float) -> list[Position]:
    """Order the ticks so that few leaders run through words: words on the left half read rightwards,
    so the rightmost of them comes first; the right half is its mirror.
    """
    left = sorted((p for p in positions if p.value <= middle), key=lambda p: -p.value)
    right = sorted((p for p in positions if p.value > middle), key=lambda p: p.value)
    return left + right
