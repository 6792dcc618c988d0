"""How the loop of a service turns, for its team: answers in time, promises kept, changes confirmed.

The figures of the public board (``feedback/indicators.py``), as they stand today and without floor.
"""

from dataclasses import dataclass
from datetime import date

from app.catalogue import Service
from feedback import kept_figures


@dataclass(frozen=True)
class LoopFigures:
    """Counts over twelve months, each beside the number that it is a share of."""

    clocks: int  # concerns whose reply clock has run out
    in_time: int  # of them, with a first answer before it did
    median_days: float | None  # to the first answer
    promised: int  # promises whose day has passed
    kept: int  # of them, announced and checked by that day
    changes: int
    confirmed: int  # of the changes, by their authors
    reopened: int


def loop_figures(service: Service, day: date) -> LoopFigures:
    """Return the figures of ``service`` over the twelve months before ``day``."""
    counted = kept_figures.current(service, day).figures
    return LoopFigures(
        clocks=counted.clocks,
        in_time=counted.in_time,
        median_days=counted.median_days,
        promised=counted.promised,
        kept=counted.kept,
        changes=counted.changes,
        confirmed=counted.confirmed,
        reopened=counted.reopened,
    )
