"""Sessions of staff: rows that can be listed and ended; a citizen has none."""

import sqlite3
from contextlib import closing

from flask import Flask
from sqlalchemy import select

from app import staff_sessions
from app.accounts import Account, Role
from app.backups import OPERATIONAL
from app.db import db
from app.sign_in import deactivate
from app.staff_sessions import StaffSession, device_of
from tests.app.staff_entry import ADDRESS, PASSPHRASE, come_in, hire, knock
from tests.conftest import writing
from tests.factories import post
from tests.fakes import StandingClock
from tests.feedback import citizen
from tests.plain_browser import PlainBrowser

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def _status(client: object) -> int:
    return int(client.get("/equipe/compte").status_code)  # type: ignore[attr-defined]


def test_a_session_is_listed_and_ended_from_another(app: Flask, clock: StandingClock) -> None:
    hire(app, Role.PROMOTER)
    phone, desk = app.test_client(), app.test_client()
    phone.environ_base["HTTP_USER_AGENT"] = FIREFOX
    come_in(app, phone)
    clock.forward(minutes=2)
    page = come_in(app, desk).open("/equipe/compte")
    assert "Firefox, Linux" in page.words
    assert page.words.count("celle-ci") == 1
    page.submit("/sessions/", **{})
    assert "La session est fermée" in page.words
    assert (_status(phone), _status(desk)) == (303, 200)


def test_the_row_holds_a_digest_and_not_the_key(app: Flask) -> None:
    hire(app, Role.PROMOTER)
    client = app.test_client()
    come_in(app, client)
    kept = client.get_cookie("s")
    assert kept
    with closing(sqlite3.connect(app.config["INSTANCE"] / "boucle.db")) as raw:
        rows = raw.execute("SELECT key, device, content FROM staff_session").fetchall()
    assert len(rows) == 1
    assert kept.value not in str(rows)
    assert "staff_session" in OPERATIONAL, "left out of backups"


def test_nobody_ends_the_session_of_somebody_else(app: Flask) -> None:
    hire(app, Role.PROMOTER)
    hire(app, Role.MODERATOR, address="ida@example.fr")
    own, other = app.test_client(), app.test_client()
    come_in(app, own)
    come_in(app, other, "ida@example.fr")
    with app.app_context():
        ours = select(StaffSession.id).join(Account).where(Account.email == ADDRESS)
        session_id = db.session.scalars(ours).one()
    assert post(other, f"/equipe/compte/sessions/{session_id}/fermer").status_code == 404
    assert _status(own) == 200


def test_a_new_passphrase_ends_every_other_session(app: Flask) -> None:
    hire(app, Role.PROMOTER)
    own, other = app.test_client(), app.test_client()
    come_in(app, own)
    come_in(app, other)
    page = PlainBrowser(own).open("/equipe/compte")
    page.submit("/phrase", former="pas celle-là du tout", new="cinq autres mots bien longs")
    assert (page.status, _status(other)) == (422, 200)
    page.submit("/phrase", former=PASSPHRASE, new="courte")
    assert page.status == 422
    page.submit("/phrase", former=PASSPHRASE, new="cinq autres mots bien longs")
    assert (_status(own), _status(other)) == (200, 303)
    page = knock(app.test_client(), words="cinq autres mots bien longs")
    assert "Les six chiffres" in page.words


def test_closing_an_account_ends_its_sessions(app: Flask) -> None:
    account_id = hire(app, Role.PROMOTER)
    client = app.test_client()
    come_in(app, client)
    with writing(app):
        deactivate(db.session.get_one(Account, account_id))
    assert _status(client) == 303


def test_an_ended_session_does_not_come_back(app: Flask) -> None:
    """A request that was under way when its session was ended writes nothing."""
    hire(app, Role.PROMOTER)
    client = app.test_client()
    come_in(app, client)
    with client.session_transaction() as session:
        with writing(app):
            staff_sessions.end(db.session.scalars(select(Account)).one())
        session["late"] = True
    with app.app_context():
        assert db.session.scalars(select(StaffSession)).all() == []
    assert _status(client) == 303


def test_rows_go_within_half_a_day(app: Flask, clock: StandingClock) -> None:
    hire(app, Role.PROMOTER)
    come_in(app, app.test_client())
    clock.forward(hours=13)
    with writing(app):
        assert staff_sessions.purge(clock()) == 1


def test_a_citizen_leaves_no_row(app: Flask) -> None:
    client = app.test_client()
    code = citizen.code_of(citizen.send(client, citizen.open_service(app)))
    citizen.come_back(client, code)
    with app.app_context():
        assert db.session.scalars(select(StaffSession)).all() == []


def test_a_device_is_named_in_two_words_at_most() -> None:
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
    assert device_of(FIREFOX) == "Firefox, Linux"
    assert device_of(phone) == "Safari, iPhone"
    assert device_of("") == ""
    assert device_of("x" * 900) == ""
