"""Which edition a preview shows: any period, past or to come, as far as its readers may have it.

Where floors hold a week is all that is ever told, so that none is previewed otherwise: a smaller
stretch would give small numbers, a longer one what a subtraction finds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from app import digests
from app.digests import Subject, Wanted
from app.periods import Period, containing
from app.subscriptions import Frequency

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Asked:
    """What a preview was asked for; both ends of a chosen period, or neither."""

    rhythm: str
    day: date
    first: date | None = None
    last: date | None = None


def read_asked(values: Mapping[str, str], today: date) -> Asked:
    """Return what ``values`` of an address ask for; what is no day counts as not given."""
    rhythm = values.get("rythme", "")
    known = rhythm if rhythm in tuple(digests.ALL_RHYTHMS) else Frequency.WEEKLY.value
    day = _date(values.get("jour", "")) or today
    return Asked(known, day, _date(values.get("du", "")), _date(values.get("au", "")))


def _date(written: str) -> date | None:
    try:
        found = date.fromisoformat(written)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def wanted(subject: Subject, asked: Asked, late: dict[str, int]) -> tuple[Wanted, str]:
    """Return the edition that is asked for, and why it is another one where that is so."""
    allowed = digests.RHYTHMS[subject.audience]
    rhythm = Frequency(asked.rhythm)
    note = ""
    if rhythm not in allowed or ((asked.first or asked.last) and len(allowed) == 1):
        rhythm = Frequency.WEEKLY
        note = _("Ces lecteurs n’ont qu’une synthèse par semaine : la semaine du jour est montrée.")
    elif asked.first or asked.last:
        if period := _chosen(asked):
            return Wanted(subject, rhythm, period, late), ""
        note = _("Ces deux dates ne font pas une période d’un an au plus : elles sont laissées.")
    return Wanted(subject, rhythm, containing(rhythm, asked.day), late), note


def _chosen(asked: Asked) -> Period | None:
    """Return the period between the two days, both inside."""
    if asked.first is None or asked.last is None:
        return None
    end = asked.last + timedelta(days=1)
    return Period(asked.first, end) if timedelta() < end - asked.first <= LONGEST else None
