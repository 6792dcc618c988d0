"""What the public read before: one earlier reading of each month, kept beside the one that stands.

A trend of live months would tell of one retour, or of one that was erased, whoever reads it twice.
What was on the page before tells nothing more to who kept it, so a trend is made of that alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from feedback.models import PublishedFigures

PATH = "path"  # among the counts of published figures
KEPT = 24  # months
WHOLE = 0  # the key of figures that are not split
Faces = Mapping[int, int]  # face → retours
Told = Mapping[int, Faces]  # key → its faces, those alone that a page showed


@dataclass(frozen=True)
class Step:
    """What stood on the page from ``day`` on."""

    day: date
    told: Told


def path_after(kept: PublishedFigures | None, told: Told) -> list[Any]:
    """Return the path of what follows ``kept``, which told ``told``: the last of each month.

    What was taken back takes its path along.
    """
    if kept is None or not kept.counts:
        return []
    now = [kept.day.isoformat(), [[key, dict(faces)] for key, faces in told.items()]]
    months = {step[0][:7]: step for step in (*kept.counts.get(PATH, []), now)}
    return list(months.values())[-KEPT:]


def path_of(row: PublishedFigures) -> tuple[Step, ...]:
    """Return what stood on the page before ``row``, the oldest first."""
    return tuple(
        Step(
            date.fromisoformat(day),
            {key: {int(face): n for face, n in faces.items()} for key, faces in told},
        )
        for day, told in row.counts.get(PATH, [])
    )


def without_key(row: PublishedFigures, key: int) -> list[Any]:
    """Return the path of ``row`` without what it told of ``key``."""
    return [
        [day, [[each, faces] for each, faces in told if each != key]]
        for day, told in row.counts.get(PATH, [])
    ]
