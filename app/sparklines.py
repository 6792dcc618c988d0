"""Places of a sparkline: one narrow column per period, without words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.axes import scale

HEIGHT = 24.0
STEP = 4.0  # a column of 3 and its air
LEAST_TOP = 4  # one retour alone must not look like a mountain


@dataclass(frozen=True)
class Sparkline:
    """What a sparkline prints: the columns, and those of its last part, which stand out."""

    width: float
    height: float
    earlier: str
    recent: str


def heights(values: Sequence[float]) -> list[float]:
    """Return how high each column stands, on a scale of their own from zero to ``HEIGHT``.

    ValueError without any value.
    """
    if not values:
        raise ValueError("values must not be empty")
    place = scale(0.0, max(LEAST_TOP, *values), 0.0, HEIGHT)
    return [place(value) for value in values]


def sparkline(values: Sequence[float], recent: int = 4) -> Sparkline:
    """Return columns from a zero baseline on a scale of their own; the last `recent` stand apart.

    ValueError without any value.
    """
    columns = [
        f"M{i * STEP + STEP / 2:g} {HEIGHT:g}V{round(HEIGHT - high, 1):g}" if high else ""
        for i, high in enumerate(heights(values))
    ]
    cut = max(0, len(columns) - recent)
    return Sparkline(len(values) * STEP, HEIGHT, "".join(columns[:cut]), "".join(columns[cut:]))
