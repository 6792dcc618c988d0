"""A clock that is set back and forth by an hour between rounds: no edition twice, none skipped."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import worker
from app.days import PARIS, paris_day
from app.db import db
from app.editions import Delivery, Edition
from app.mail import OutboxRow
from app.subscriptions import Subscription
from tests import factories
from tests.app import digest_rows as rows
from tests.conftest import writing
from tests.fakes import CaughtMail, StandingClock

SATURDAY = date(2026, 11, 21)
# What the clock shows at each round, in hours of Paris from Saturday's midnight on; the jumps
# stand around the midnights, where periods end, and around seven, when mails leave.
STEADY = [5, 6, 7, 8, 23, 24, 25, 30, 31, 32, 47, 48, 49, 54, 55, 56, 71, 72, 73, 78, 79]
BACK = [
    22,
    23,
    24,
    23,
    24,
    23,
    24,
    25,
    30,
    31,
    30,
    31,
    47,
    48,
    47,
    48,
    49,
    54,
    55,
    54,
    55,
    72,
    71,
    72,
]
FORTH = [22, 24, 26, 30, 32, 46, 48, 53, 56, 71, 73, 80]
BOTH = [23, 25, 24, 23, 25, 30, 32, 31, 46, 48, 47, 49, 54, 56, 55, 70, 72, 71, 73, 72, 78, 80]


@pytest.fixture
def post(app: Flask) -> CaughtMail:
    """The mail server."""
    server = CaughtMail()
    app.extensions["boucle.send"] = server
    with writing(app):
        service = factories.service()
        for frequency in ("daily", "weekly"):
            member = rows.member(service, email=f"{frequency}@example.fr")
            about = {"audience": "team", "service_id": service.id, "account_id": member.id}
            row = Subscription(**about, frequency=frequency, confirmed=True)
            row.created = rows.BEFORE
            db.session.add(row)
        for day in rows.days_from(SATURDAY - timedelta(days=9), 14):
            rows.publish(service, "Le partage ne marche plus.", day)
    return server


def live(app: Flask, clock: StandingClock, hours: list[int]) -> dict[str, list[datetime]]:
    """Run the hourly job and the worker at each of ``hours``; return when each mail left."""
    post, left = app.extensions["boucle.send"], {}
    midnight = datetime.combine(SATURDAY, time(0, 5), PARIS).astimezone(UTC)
    for hour in hours:
        clock.moment = midnight + timedelta(hours=hour)
        worker.tick(app, "digest")
        for _ in range(20):
            if not worker.turn(app):
                break
        for each in post.messages[sum(map(len, left.values())) :]:
            left.setdefault(str(each["Message-ID"]), []).append(clock.moment)
    return left


@pytest.mark.parametrize(
    "hours", [STEADY, BACK, FORTH, BOTH], ids=["steady", "back", "forth", "both"]
)
def test_a_clock_set_back_and_forth_sends_each_edition_once_and_skips_none(
    app: Flask, clock: StandingClock, post: CaughtMail, hours: list[int]
) -> None:
    left = live(app, clock, hours)
    with app.app_context():
        query = select(Edition).filter_by(audience="team").order_by(Edition.start)
        found = db.session.scalars(query).all()
        days = [each.start for each in found if each.frequency == "daily"]
        # Friday's as the first one known, then one for each day until Monday's.
        assert days == list(rows.days_from(SATURDAY - timedelta(days=1), 4))
        weeks = [each.start for each in found if each.frequency == "weekly"]
        assert weeks == [date(2026, 11, 9), date(2026, 11, 16)]
        keys = {f"<{each.id}@localhost>" for each in db.session.scalars(select(Delivery))}
        assert len(keys) == len(found)
        waiting = {f"<{each.key}@localhost>" for each in db.session.scalars(select(OutboxRow))}
    assert all(len(moments) == 1 for moments in left.values())
    assert left.keys() | waiting == keys
    assert not left.keys() & waiting
    assert all(moment.astimezone(PARIS).hour >= 7 for (moment,) in left.values())
    # Tuesday's midnight is the last one reached: its edition alone still waits for seven o'clock.
    last = max(hours)
    assert len(waiting) == (0 if last >= 79 else 1)
    assert paris_day(clock.moment) == SATURDAY + timedelta(days=hours[-1] // 24)
