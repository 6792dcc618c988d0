"""When a reader wants their mails: rhythm, weekday, hour, alerts. Reads a form into a row."""

from collections.abc import Mapping

from babel.dates import get_day_names
from flask_babel import get_locale

from app.subscriptions import HOURS, WEEKDAYS, Audience, Frequency, Subscription

WEEKLY_OR_NOT = (Frequency.WEEKLY.value, Frequency.NEVER.value)


def weekday_names() -> list[str]:
    """Return the names of the days in the reader's language, Monday first."""
    names = get_day_names("wide", locale=get_locale())
    return [names[day] for day in WEEKDAYS]


def hours() -> list[int]:
    """Return the hours at which a mail may be wanted."""
    return list(HOURS)


def rhythms_of(row: Subscription) -> tuple[str, ...]:
    """Return the rhythms that ``row`` may have: where floors hold, a week or a pause."""
    if row.audience in (Audience.PUBLIC, Audience.TERRITORY):
        return WEEKLY_OR_NOT
    return tuple(each.value for each in Frequency)


def choose(row: Subscription, form: Mapping[str, str]) -> bool:
    """Write what ``form`` says of ``row``; return False for what nobody can choose."""
    rhythm = form.get(row.id, row.frequency)
    weekday, hour = form.get(f"{row.id}-weekday", ""), form.get(f"{row.id}-hour", "")
    if rhythm not in rhythms_of(row):
        return False
    row.frequency = rhythm
    if not (weekday or hour):
        return True
    if not (weekday.isdigit() and hour.isdigit()):
        return False
    if int(weekday) not in WEEKDAYS or int(hour) not in HOURS:
        return False
    row.weekday, row.hour = int(weekday), int(hour)
    if row.audience == Audience.TEAM:
        row.bursts, row.nags = f"{row.id}-bursts" in form, f"{row.id}-nags" in form
    return True
