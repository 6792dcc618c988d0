"""Coordinates of a funnel plot: shares against numbers of answers, and two pairs of limits. Pure.

One unit is named, the others are dots; nothing is ordered, so nothing reads as a ranking.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.axes import WIDTH, Tick, nice_step, number, polyline, scale

HEIGHT = 230.0
LEFT, RIGHT, TOP, BOTTOM = 50.0, 62.0, 12.0, 40.0  # right of the plot stand the limits' words
CURVE_POINTS = 40
Limits = Callable[[float], tuple[float, float]]


@dataclass(frozen=True)
class FunnelDot:
    """One unit: its number of answers and its share in [0, 1]."""

    n: float
    share: float


@dataclass(frozen=True)
class Curve:
    """One pair of limits as two lines, with its words at the upper one's right end."""

    low: str
    high: str
    label: str
    label_y: float


@dataclass(frozen=True)
class FunnelChart:
    """What the funnel prints."""

    width: float
    height: float
    left: float
    right: float
    top: float
    base: float
    centre_y: float
    inner: Curve
    outer: Curve
    dots: tuple[tuple[float, float], ...]
    own: tuple[float, float] | None
    own_anchor: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


def funnel_chart(
    dots: Sequence[FunnelDot],
    own: FunnelDot | None,
    centre: float,
    limits: tuple[Limits, Limits],
    labels: tuple[str, str],
) -> FunnelChart:
    """Return the places of ``dots`` and ``own`` within the inner and the outer ``limits``.

    Raises ValueError without any unit.
    """
    every = [*dots, *([own] if own else [])]
    if not every:
        raise ValueError("there is no unit to draw")
    step = nice_step(max(dot.n for dot in every))
    widest = step * -(-max(dot.n for dot in every) // step)
    right, base = WIDTH - RIGHT, HEIGHT - BOTTOM
    across, up = scale(0.0, widest, LEFT, right), scale(0.0, 1.0, base, TOP)
    ns = [widest * (i + 1) / CURVE_POINTS for i in range(CURVE_POINTS)]
    inner, outer = (
        _curve(ns, limit, across, up, label) for limit, label in zip(limits, labels, strict=True)
    )
    if inner.label_y - outer.label_y < 14:  # the two words would touch
        outer = Curve(outer.low, outer.high, outer.label, inner.label_y - 14)
    place = (across(own.n), up(own.share)) if own else None
    return FunnelChart(
        WIDTH,
        HEIGHT,
        LEFT,
        right,
        TOP,
        base,
        up(centre),
        inner,
        outer,
        tuple((across(dot.n), up(dot.share)) for dot in dots),
        place,
        "end" if place and place[0] > WIDTH / 2 else "start",
        tuple(Tick(across(step * i), number(step * i)) for i in range(round(widest / step) + 1)),
        tuple(Tick(up(share), f"{round(100 * share)}", "end") for share in (0.0, 0.5, 1.0)),
    )


def _curve(
    ns: Sequence[float],
    limit: Limits,
    across: Callable[[float], float],
    up: Callable[[float], float],
    label: str,
) -> Curve:
    xs = [across(n) for n in ns]
    pairs = [limit(n) for n in ns]
    low = polyline(xs, [up(low) for low, _ in pairs])
    high = polyline(xs, [up(high) for _, high in pairs])
    return Curve(low, high, label, up(pairs[-1][1]))
