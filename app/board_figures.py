"""The indicators of a service's public board: what may leave the team, what is too few to say."""

from dataclasses import dataclass
from datetime import date

from app.catalogue import Service
from app.floors import RATE_FLOOR, may_show, shown_total
from feedback import kept_figures
from feedback.indicators import Indicators
from feedback.publications import answers_published

NOTHING = Indicators(0, 0, 0, None, 0, 0, 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Figures:
    """The indicators as the public may read them; None is "too few to say"."""

    day: date | None  # on which they were published
    floor: int
    retours: int | None  # at least so many
    median_days: float | None
    answered_percent: int | None
    committed_percent: int | None
    changes: int
    confirmed: int
    reopened: int
    confirmed_percent: int | None  # of the changes; their tally is public, however small
    canned_percent: int | None
    in_time_percent: int | None  # of the concerns whose delay is over
    promised: int  # for a day that has passed; each promise is public with its date
    kept: int


def figures_of(service: Service, day: date, floor: int) -> Figures:
    """Return the figures of the board of ``service`` on ``day``."""
    live = kept_figures.current(service, day).figures
    told = answers_published(service)
    return figures(live, told.figures if told else None, floor, told.day if told else None)


def figures(
    live: Indicators, published: Indicators | None, floor: int, day: date | None
) -> Figures:
    """Return the indicators that may leave the team: counts from the floor, rates from 30.

    The total is a multiple of the floor and the changes are a public tally: both are of today. The
    rest is of the last publication, else each retour and each answer would move it.
    """
    of = published or NOTHING
    return Figures(
        day=day,
        floor=floor,
        retours=shown_total(live.retours, floor),
        median_days=of.median_days if may_show(of.answered, floor) else None,
        answered_percent=_percent(of.answered, of.concerns, floor),
        committed_percent=_percent(of.with_commitment, of.answered, floor),
        changes=live.changes,
        confirmed=live.confirmed,
        reopened=live.reopened,
        confirmed_percent=round(100 * live.confirmed / live.changes) if live.changes else None,
        canned_percent=_percent(of.canned, of.messages, floor),
        in_time_percent=_percent(of.in_time, of.clocks, floor),
        promised=live.promised,
        kept=live.kept,
    )


def _percent(part: int, whole: int, floor: int) -> int | None:
    """Return a whole percentage when enough retours stand behind it."""
    return round(100 * part / whole) if whole >= max(RATE_FLOOR, floor) else None
