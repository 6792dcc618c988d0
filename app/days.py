"""Days as people count them: the day in Paris, working days, and how long somebody has waited."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from flask import current_app

PARIS = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """Return the moment by the application's clock, in UTC; tests set the clock."""
    moment: datetime = current_app.config["CLOCK"]()
    return moment


def utc_now() -> datetime:
    """Return the moment by the machine's clock, in UTC."""
    return datetime.now(UTC)


def paris_day(moment: datetime) -> date:
    """Return the day in Paris at ``moment``."""
    return moment.astimezone(PARIS).date()


def today() -> date:
    """Return today in Paris by the application's clock."""
    return paris_day(now())


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=year))


def is_working_day(day: date) -> bool:
    """Say whether ``day`` is neither a weekend nor a French public holiday."""
    return day.weekday() < 5 and day not in _public_holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """Return the ``count``-th working day after ``day``."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """Return how many working days come after ``start``, up to and with ``end``; never negative."""
    span = (end - start).days
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, span + 1))


def week_start(day: date) -> date:
    """Return the Monday of ``day``'s week."""
    return day - timedelta(days=day.weekday())
