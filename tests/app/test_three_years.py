"""Three years of days through the database: each audience gets each local period once.

The clock steps from due moment to due moment, the first hourly run after a midnight in Paris. Near
the changes of clocks it runs hour by hour, at the turn of a month each day; elsewhere the worker
now and then sleeps for some days. What an edition counts is made up here: ``test_digests.py`` lives
a year of it.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select

from app import digests, tasks
from app.catalogue import Service
from app.computation import Computation
from app.days import PARIS, paris_day
from app.db import db, lightly, will_write
from app.editions import Delivery, Edition
from app.mail import OutboxRow
from app.periods import Period, last_complete
from app.subscriptions import MORNING, Subscription
from tests import factories
from tests.app import digest_rows as rows
from tests.app.test_writings import found
from tests.conftest import writing

FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)
DAYS = (LAST - FIRST).days + 1
CHANGES = {  # the last Sundays of March and October
    *(date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28)),
    *(date(2027, 10, 31), date(2028, 3, 26), date(2028, 10, 29)),
}
LONGEST_SLEEP = 6  # days; after more than eight, editions are left out on purpose
SAID_EVERY = 31  # days from one retour to the next: most daily editions have nothing to say


def _at(day: date, hour: int) -> datetime:
    """Return the hourly run of an hour in Paris, in UTC."""
    return datetime.combine(day, time(hour, 5), PARIS).astimezone(UTC)


def moments() -> Iterator[datetime]:
    """Yield the runs that matter, in order."""
    chance, asleep_until = Random(20261123), FIRST
    for day in rows.days_from(FIRST, DAYS):
        first, tomorrow = _at(day, 0), day + timedelta(days=1)
        if day in CHANGES:
            hours = [first + timedelta(hours=n) for n in range(25)]
            yield from (each for each in hours if each < _at(tomorrow, 0))
        elif _is_near_a_turn(day) or day >= asleep_until:
            yield first
            if tomorrow.weekday() == 0 or tomorrow.day == 1:
                yield _at(day, 23)  # a week or a month must not come early
            asleep_until = tomorrow + timedelta(days=chance.randrange(LONGEST_SLEEP))


def _is_near_a_turn(day: date) -> bool:
    near = rows.days_from(day - timedelta(days=1), 3)
    return any(each.day == 1 or each in CHANGES for each in near) or day == LAST


def expected(frequency: str) -> list[date]:
    """Return the first days of the periods that end within the three years, by the calendar."""
    before = FIRST - timedelta(days=1)
    if frequency == "daily":
        return list(rows.days_from(before, DAYS))
    every = rows.days_from(FIRST - timedelta(days=40), DAYS + 40)
    if frequency == "weekly":
        mondays = [day for day in every if day.weekday() == 0]
        return [day for day in mondays if date(2025, 12, 22) <= day <= LAST - timedelta(days=13)]
    firsts = [day for day in every if day.day == 1]
    return [day for day in firsts if date(2025, 12, 1) <= day < date(2028, 12, 1)]


def counted(_service: Service, period: Period, _day: date) -> Computation:
    """Return what an edition would count: three retours where one of the days was spoken on."""
    days = (period.end - period.start).days
    spoken = any((day - FIRST).days % SAID_EVERY == 0 for day in rows.days_from(period.start, days))
    quotes: list[str] = ["XXXXXXXXXXXX"] if spoken else []
    return found(retours=3 if spoken else 0, quotes=quotes)


@pytest.fixture
def lived(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A site that ran for three years with a reader of each rhythm."""
    monkeypatch.setattr(digests, "compute", counted)
    with writing(app):
        service = factories.service()
        for frequency in ("daily", "weekly", "monthly"):
            member = rows.member(service, email=f"{frequency}@example.fr")
            about = {"audience": "team", "service_id": service.id, "account_id": member.id}
            row = Subscription(**about, frequency=frequency, confirmed=True)
            row.created = date(2025, 11, 1)
            db.session.add(row)
        rows.follower(service, "fidele@example.org", created=date(2025, 11, 1))
        factories.account(factories.Role.EXPERT, email="expert@example.fr")
    for now in moments():
        with app.app_context(), lightly():
            will_write()
            tasks.digest("k", now)
    return app


def told(app: Flask) -> dict[tuple[str, str], list[tuple[date, date]]]:
    """Return the periods of each audience and rhythm, in order."""
    known: dict[tuple[str, str], list[tuple[date, date]]] = {}
    query = select(Edition).order_by(Edition.start, Edition.id)
    with app.app_context():
        for each in db.session.scalars(query):
            known.setdefault((each.audience, each.frequency), []).append((each.start, each.end))
    return known


def test_three_years_bring_each_audience_one_edition_for_each_local_period(lived: Flask) -> None:
    periods_of = told(lived)
    assert periods_of.keys() == {
        ("team", "daily"),
        ("team", "weekly"),
        ("team", "monthly"),
        ("public", "weekly"),
        ("expert", "weekly"),
    }
    for (_audience, frequency), periods in periods_of.items():
        assert [start for start, _end in periods] == expected(frequency)
        assert all(a[1] == b[0] for a, b in zip(periods, periods[1:], strict=False))
    assert {name: len(periods) for name, periods in periods_of.items()} == {
        ("team", "daily"): 1096,
        ("team", "weekly"): 157,
        ("team", "monthly"): 36,
        ("public", "weekly"): 157,
        ("expert", "weekly"): 157,
    }
    _each_newest_edition_reached_its_reader_once_in_the_morning(lived)


def _each_newest_edition_reached_its_reader_once_in_the_morning(app: Flask) -> None:
    days = {paris_day(now) for now in moments()}
    newest = {
        (each, last_complete(each, day).start)
        for each in ("daily", "weekly", "monthly")
        for day in days
    }
    with app.app_context():
        said = db.session.scalars(select(Edition).where(Edition.skipped == ""))
        wanted = {each.id for each in said if (each.frequency, each.start) in newest}
        deliveries = db.session.scalars(select(Delivery)).all()
        assert sorted(each.edition_id for each in deliveries) == sorted(wanted)
        due = {row.key: row.due for row in db.session.scalars(select(OutboxRow))}
        assert due.keys() == {each.id for each in deliveries}
        for each in deliveries:
            assert due[each.id].astimezone(PARIS).hour == MORNING
            late = paris_day(due[each.id]) - each.edition.end
            assert timedelta() <= late < timedelta(days=LONGEST_SLEEP)
            assert each.subscription.frequency == each.edition.frequency
        assert len(deliveries) > 100
