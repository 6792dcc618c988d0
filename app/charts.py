"""Places on an SVG canvas for the line chart; pure, and the templates only print them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.axes import WIDTH, Tick, nice_step, number, polyline, scale, spread

HEIGHT = 200.0
LEFT, RIGHT, TOP, BOTTOM = 26.0, 98.0, 26.0, 26.0  # room for tick words and direct labels
LABEL_GAP = 16.0  # two labels closer than this would touch at 14 px
Band = Sequence[tuple[float, float]]  # the low and the high edge, per period


@dataclass(frozen=True)
class Point:
    """One period: its short name and the number counted."""

    label: str
    value: float


@dataclass(frozen=True)
class Mark:
    """A dated change, such as a release, at the index of the period it falls in."""

    at: int
    label: str


@dataclass(frozen=True)
class Row:
    """One line of the table under the chart, written as the reader writes numbers."""

    label: str
    observed_text: str
    expected_text: str = ""
    low_text: str = ""
    high_text: str = ""


@dataclass(frozen=True)
class LineChart:
    """What the line chart prints; empty strings stand for parts that were not given."""

    width: float
    height: float
    left: float
    right: float  # x of the last period
    top: float
    base: float  # y of zero
    observed: str
    expected: str
    band: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    marks: tuple[Tick, ...]
    end: tuple[float, float]
    observed_label_y: float
    expected_label_y: float
    rows: tuple[Row, ...]
    last_observed: float
    last_expected: float


def line_chart(
    points: Sequence[Point],
    expected: Sequence[float] | None = None,
    band: Band | None = None,
    marks: Sequence[Mark] = (),
) -> LineChart:
    """Return the places of observed counts against what was expected; the axis starts at zero.

    `expected` and `band` have one entry per point; ValueError otherwise, or without any point.
    """
    _check_lengths(points, expected, band)
    highest = max(
        [p.value for p in points] + list(expected or ()) + [high for _, high in band or ()]
    )
    step = nice_step(highest)
    top_value = step * max(1, -(-highest // step))
    base, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    xs = spread(len(points), LEFT, right)
    place = scale(0.0, top_value, base, TOP)
    end_y = place(points[-1].value)
    labels = _apart(end_y, place(expected[-1]) if expected else None, base)
    return LineChart(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=right,
        top=TOP,
        base=base,
        observed=polyline(xs, [place(p.value) for p in points]),
        expected=polyline(xs, [place(value) for value in expected or ()]),
        band=_band(xs, band, place),
        x_ticks=_period_ticks(points, xs),
        y_ticks=tuple(
            Tick(place(step * i), number(step * i), "end")
            for i in range(round(top_value / step) + 1)
        ),
        marks=tuple(Tick(xs[m.at], m.label) for m in marks if 0 <= m.at < len(xs)),
        end=(xs[-1], end_y),
        observed_label_y=labels[0],
        expected_label_y=labels[1],
        rows=_rows(points, expected, band),
        last_observed=points[-1].value,
        last_expected=expected[-1] if expected else 0,
    )


def _check_lengths(
    points: Sequence[Point], expected: Sequence[float] | None, band: Band | None
) -> None:
    if not points:
        raise ValueError("points must not be empty")
    for name, other in (("expected", expected), ("band", band)):
        if other is not None and len(other) != len(points):
            raise ValueError(f"{name} must have {len(points)} entries, got {len(other)}")


def _band(xs: Sequence[float], band: Band | None, place: Callable[[float], float]) -> str:
    """Return the outline of the band: along the low edge, back along the high one."""
    if not band:
        return ""
    low = polyline(xs, [place(edge) for edge, _ in band])
    high = polyline(xs[::-1], [place(edge) for _, edge in band[::-1]])
    return f"{low} {high}"


def _apart(observed: float, expected: float | None, base: float) -> tuple[float, float]:
    """Return the two label heights, moved from each other when they would touch."""
    if expected is None:
        return observed, base
    if abs(observed - expected) >= LABEL_GAP:
        return observed, expected
    middle = min((observed + expected) / 2, base - LABEL_GAP / 2)
    upper, lower = middle - LABEL_GAP / 2, middle + LABEL_GAP / 2
    return (upper, lower) if observed <= expected else (lower, upper)


def _period_ticks(points: Sequence[Point], xs: Sequence[float]) -> tuple[Tick, ...]:
    """Name the first and the last period, and the middle one when there is room."""
    last = len(points) - 1
    if last == 0:
        return (Tick(xs[0], points[0].label, "end"),)
    ticks = [Tick(xs[0], points[0].label, "start"), Tick(xs[last], points[last].label)]
    if last >= 6:
        ticks.insert(1, Tick(xs[last // 2], points[last // 2].label))
    return tuple(ticks)


def _rows(
    points: Sequence[Point], expected: Sequence[float] | None, band: Band | None
) -> tuple[Row, ...]:
    return tuple(
        Row(
            point.label,
            number(point.value),
            number(expected[i]) if expected else "",
            *(map(number, band[i]) if band else ()),
        )
        for i, point in enumerate(points)
    )
