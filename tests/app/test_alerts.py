"""Bursts and reminders: told to who asked for them, once, never by the hour of one retour."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app import bursts, tasks
from app.accounts import Role
from app.catalogue import Service
from app.db import db, will_write
from app.mail import OutboxRow
from app.subscriptions import Subscription
from tests import factories
from tests.app import digest_rows as rows
from tests.conftest import NOON, writing
from workshops.models import Proposal, Workshop

THURSDAY = NOON + timedelta(days=3)


@pytest.fixture
def team(app: Flask) -> int:
    """The id of a service with two members who read weekly; one of them wants bursts."""
    with writing(app):
        service = factories.service()
        for n in range(2):
            account = rows.member(service, email=f"membre{n}@example.fr")
            about = {"audience": "team", "service_id": service.id, "account_id": account.id}
            asked = {"bursts": True} if n == 0 else {}  # off until asked for
            row = Subscription(**about, confirmed=True, created=date(2026, 1, 5), **asked)
            db.session.add(row)
        service_id: int = service.id
    return service_id


def come(app: Flask, service_id: int, minutes: list[float]) -> None:
    with writing(app):
        service = db.session.get_one(Service, service_id)
        for each in minutes:
            bursts.note(service, NOON + timedelta(minutes=each))


def alerts(app: Flask, minutes: float) -> list[str]:
    """Run the job and return the mails that are new."""
    with app.app_context():
        will_write()
        tasks.TASKS["bursts"]("k", NOON + timedelta(minutes=minutes))
        return [f"{row.to} {row.text}" for row in db.session.scalars(select(OutboxRow))]


def test_a_burst_is_told_once_when_it_pauses_to_who_asked(app: Flask, team: int) -> None:
    come(app, team, [0, 1, 2, 3, 4, 5])
    assert alerts(app, 9.9) == []
    (mail,) = alerts(app, 10)
    assert mail.startswith("membre0@example.fr")
    assert "6 retours sont arrivés en peu de temps." in mail
    assert alerts(app, 30) == [mail]


def test_five_are_a_burst(app: Flask, team: int) -> None:
    come(app, team, [0, 1, 2, 3, 4])
    (mail,) = alerts(app, 10)
    assert "5 retours sont arrivés en peu de temps." in mail


def test_a_burst_without_a_pause_is_told_after_two_hours(app: Flask, team: int) -> None:
    come(app, team, [4.0 * n for n in range(30)])
    assert alerts(app, 119) == []
    assert len(alerts(app, 120)) == 1


@pytest.mark.parametrize("how", ["few", "anonymous", "paused", "unasked"])
def test_what_is_no_burst_or_not_wanted_is_not_told_and_not_kept(
    app: Flask, team: int, how: str
) -> None:
    with writing(app):
        if how == "anonymous":
            db.session.get_one(Service, team).anonymous_by_law = True
        if how == "paused":
            db.session.execute(update(Subscription).values(frequency="never"))
        if how == "unasked":
            db.session.execute(update(Subscription).values(bursts=False))
    come(app, team, [0, 1, 2, 3] if how == "few" else [0, 1, 2, 3, 4])
    assert alerts(app, 60) == []
    with app.app_context():
        assert db.session.scalars(select(bursts.Burst)).all() == []


def nag(app: Flask, days: int = 0) -> list[OutboxRow]:
    """Run the job ``days`` after a Thursday and return every reminder that waits."""
    with app.app_context():
        will_write()
        tasks.TASKS["nags"]("k", THURSDAY + timedelta(days=days))
        return list(db.session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


def wait(app: Flask, service_id: int) -> None:
    """Have a reply late and a session over with nothing public."""
    with writing(app):
        service = db.session.get_one(Service, service_id)
        late = {"thread_state": "waiting", "waiting_since": date(2026, 10, 1)}
        rows.fill(service, None, date(2026, 10, 1), 2, reply_due=date(2026, 10, 20), **late)
        runs = factories.account(Role.FACILITATOR)
        room = Workshop(service=service, facilitator=runs, title="Rappels", code="ABCDEF")
        room.prompts, room.phase = ["Que changer ?"], "closed"
        room.day = room.closed = date(2026, 11, 1)
        made = {"made": room.day, "due": date(2026, 12, 20), "dots": 3, "voters": 2}
        db.session.add(Proposal(workshop=room, service=service, title="a", text="b", **made))


def test_what_waits_too_long_is_recalled_once_a_week_on_another_day_than_the_digest(
    app: Flask, team: int
) -> None:
    assert nag(app) == []
    wait(app, team)
    with writing(app):
        first = db.session.scalars(select(Subscription).order_by(Subscription.account_id)).first()
        first.weekday = 3  # its digest comes on Thursdays
    assert nag(app, -1) == []
    (thursday,) = nag(app)
    assert thursday.to == "membre1@example.fr"
    assert "2 retours attendent une réponse au-delà du délai." in thursday.text
    assert "1 atelier est fini, et rien n’en est public." in thursday.text
    assert thursday.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [row.to for row in nag(app, 1)] == ["membre1@example.fr", "membre0@example.fr"]
    assert len(nag(app, 0)) == len(nag(app, 1)) == 2
    assert len(nag(app, 7)) == 3


@pytest.mark.parametrize(("days", "told"), [(13, False), (14, True), (15, True)])
def test_the_results_of_a_session_are_asked_for_two_weeks_after_it(
    app: Flask, team: int, days: int, told: bool
) -> None:
    wait(app, team)
    with writing(app):
        room = db.session.scalars(select(Workshop)).one()
        room.closed = THURSDAY.date() - timedelta(days=days)
    assert [("1 atelier est fini" in row.text) for row in nag(app)] == [told, told]


@pytest.mark.parametrize("how", ["nags off", "paused", "daily", "public"])
def test_who_wants_no_reminder_gets_none(app: Flask, team: int, how: str) -> None:
    wait(app, team)
    with writing(app):
        values = {"nags off": {"nags": False}, "paused": {"frequency": "never"}}
        values["daily"] = {"frequency": "daily"}
        if how == "public":
            db.session.execute(update(Proposal).values(shown_since=date(2026, 11, 20)))
        else:
            db.session.execute(update(Subscription).values(**values[how]))
    told = nag(app)
    assert [("atelier" in row.text) for row in told] == ([False] * 2 if how == "public" else [])
