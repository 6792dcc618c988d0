"""Coordinates of the bar chart and of the position bar. Pure, like `app/charts.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations, product

from app.axes import WIDTH, scale


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


BAR_ROW = 52.0  # label 18, bar 12, interval 8, air 14
BAR_ROOM = 240.0  # the longest bar; the rest is for its number


def bar_chart(bars: Sequence[Bar], top: float | None = None) -> BarChart:
    """Return horizontal bars from a zero baseline; `top` fixes the scale (100: shares)."""
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
LETTER = 7.6  # canvas units a letter takes at 14 px, rounded up
MOST_OTHERS = 4  # service, class, region, country


def position_bar(
    positions: Sequence[Position], low: float, high: float, ends: tuple[str, str]
) -> PositionBar:
    """Return ticks on one bar from `low` to `high`: the author's above it, at most four others
    below, each with its words on a line of its own so that equal values stay readable.
    """
    if high <= low:
        raise ValueError(f"high must be above low, got {low} and {high}")
    left, right = POSITION_MARGIN, WIDTH - POSITION_MARGIN
    line = scale(low, high, left, right)
    place = {p: line(min(max(p.value, low), high)) for p in positions}
    mine = [p for p in positions if p.mine]
    others = [p for p in positions if not p.mine]
    bar_y = 34.0 if mine else 12.0
    drawn = [_draw(p, place[p], bar_y - 16, place[p] <= WIDTH / 2) for p in mine]
    for row, (p, rightwards) in enumerate(_least_crossed(others, place), start=1):
        drawn.append(_draw(p, place[p], bar_y + 14 + row * POSITION_ROW, rightwards))
    height = bar_y + 38 + len(others) * POSITION_ROW
    return PositionBar(WIDTH, height, bar_y, left, right, ends, tuple(drawn))


def _draw(position: Position, x: float, y: float, rightwards: bool) -> DrawnPosition:
    anchor, side = ("start", 6) if rightwards else ("end", -6)
    words = position.label, position.text
    return DrawnPosition(*words, x, y, anchor, round(x + side, 1), position.mine)


def _least_crossed(
    others: Sequence[Position], place: dict[Position, float]
) -> list[tuple[Position, bool]]:
    """Return the ticks from the first line of words to the last, each with whether its words read
    rightwards, so that the fewest leaders run through words. Four ticks make 384 tries.
    """
    if len(others) > MOST_OTHERS:
        raise ValueError(f"at most {MOST_OTHERS} ticks beside the author's, got {len(others)}")
    tries = (
        list(zip(order, sides, strict=True))
        for order in permutations(others)
        for sides in product((True, False), repeat=len(others))
    )
    return min(tries, key=lambda lines: _crossings(lines, place))


def _crossings(lines: Sequence[tuple[Position, bool]], place: dict[Position, float]) -> int:
    """Count leaders through words; words that leave the canvas cost more than any of them."""
    cost = 0
    for row, (position, rightwards) in enumerate(lines):
        length = LETTER * len(f"{position.label} {position.text}") + 8
        start = place[position] if rightwards else place[position] - length
        cost += 100 * (start < 0 or start + length > WIDTH)
        cost += sum(start - 3 < place[p] < start + length + 3 for p, _ in lines[row + 1 :])
    return cost
