"""A session whose console stays shut is taken over by another facilitator of the same service."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts import Role
from app.catalogue import Service
from app.db import db
from app.traces import Trace
from tests.conftest import writing
from tests.factories import account, post, service, sign_in
from tests.fakes import StandingClock
from tests.workshops.rooms import Room, kept, open_room
from workshops.console_models import CoFacilitator
from workshops.models import Workshop

AWAY = 6  # minutes


def running(app: Flask) -> Room:
    """Return a room that votes, whose console was open just now."""
    room = open_room(app)
    phone = room.phone()
    room.walk("lobby", "write")
    phone.write("Un rappel la veille")
    room.walk("write", "reveal", "vote")
    assert room.desk.get(f"/equipe/ateliers/{room.id}").status_code == 200
    return room


def colleague(app: Flask, room: Room, *roles: Role, member: bool = True) -> FlaskClient:
    """Return the browser of another account, of the room's service or of another one."""
    browser = app.test_client()
    with writing(app):
        own = db.session.get_one(Service, room.service_id)
        of = own if member else service(slug=f"autre-{db.session.query(Service).count()}")
        made = account(*(roles or (Role.FACILITATOR,)), name="Camille Roux", services=(of,))
        sign_in(browser, made)
    return browser


def take(browser: FlaskClient, room: Room) -> TestResponse:
    answer: TestResponse = post(browser, f"/equipe/ateliers/{room.id}/reprendre")
    return answer


def test_after_a_crash_a_colleague_takes_over_the_first_reads_so_and_both_run_it(
    app: Flask, clock: StandingClock, committed: Session
) -> None:
    room = running(app)
    browser = colleague(app, room)
    clock.forward(minutes=AWAY)
    page = browser.get("/equipe/ateliers").text
    assert "Sans personne à la console depuis 6 minutes" in page
    assert browser.get(f"/equipe/ateliers/{room.id}").status_code == 404
    assert take(browser, room).status_code == 303
    console = browser.get(f"/equipe/ateliers/{room.id}").text
    assert "Un rappel la veille" in console
    moved = post(browser, f"/equipe/ateliers/{room.id}/phase", {"de": "vote", "vers": "discuss"})
    assert moved.status_code == 303
    first = room.desk.get(f"/equipe/ateliers/{room.id}")
    assert first.status_code == 200, "who ran it keeps their place"
    assert "Camille Roux a repris la séance en votre absence" in first.text
    assert "en votre absence" not in console
    assert room.move("discuss", "decide").status_code == 303
    lines = [trace.payload for trace in kept(committed, select(Trace)) if trace.payload]
    found = [line for line in lines if line["verb"] == "took over"]
    assert [(line["role"], line["detail"]) for line in found] == [
        ("facilitator", f"session {room.id}")
    ]
    assert "Camille" not in str(found), "the journal names roles"


def test_the_first_lets_who_came_go_again(
    app: Flask, clock: StandingClock, committed: Session
) -> None:
    room = running(app)
    browser = colleague(app, room)
    clock.forward(minutes=AWAY)
    take(browser, room)
    guest = kept(committed, select(CoFacilitator.account_id))[0]
    room.press(f"equipe/{guest}/retirer")
    assert browser.get(f"/equipe/ateliers/{room.id}").status_code == 404
    assert "en votre absence" not in room.desk.get(f"/equipe/ateliers/{room.id}").text
    assert take(browser, room).status_code == 404, "the console was open just now"


def test_a_console_that_is_open_is_not_taken_over(app: Flask, clock: StandingClock) -> None:
    room = running(app)
    browser = colleague(app, room)
    for _minute in range(AWAY):
        clock.forward(minutes=1)
        room.desk.get(f"/equipe/ateliers/{room.id}")
    clock.forward(minutes=4)
    assert take(browser, room).status_code == 404
    assert "Sans personne à la console" not in browser.get("/equipe/ateliers").text


@pytest.mark.parametrize("stranger", ["other service", "no facilitator"])
def test_who_is_not_a_facilitator_of_the_service_takes_nothing(
    app: Flask, clock: StandingClock, committed: Session, stranger: str
) -> None:
    room = running(app)
    if stranger == "other service":
        browser = colleague(app, room, member=False)
    else:
        browser = colleague(app, room, Role.PROMOTER)
    clock.forward(minutes=AWAY)
    assert room.code not in browser.get("/equipe/ateliers").text
    assert take(browser, room).status_code in (403, 404)
    assert kept(committed, select(CoFacilitator)) == []


@pytest.mark.parametrize("why", ["never opened", "lobby", "closed", "dry run", "days"])
def test_a_session_that_waits_for_nobody_is_not_offered(
    app: Flask, clock: StandingClock, why: str
) -> None:
    room = running(app)
    if why == "lobby":
        room.walk("vote", "lobby")
    if why == "closed":
        room.walk("vote", "discuss", "decide", "closed")
    if why == "days":
        close = (clock() + timedelta(days=2)).date()
        room.press("heures", phase="vote", closes=f"{close}T18:00", following="")
    with writing(app):
        row = db.session.get_one(Workshop, room.id)
        if why == "never opened":
            row.crew_seen = None
        if why == "dry run":
            row.is_dry_run = True
    browser = colleague(app, room)
    clock.forward(minutes=AWAY)
    assert take(browser, room).status_code == 404
    assert "Sans personne à la console" not in browser.get("/equipe/ateliers").text


def test_the_moment_goes_with_the_close(app: Flask, committed: Session) -> None:
    room = running(app)
    assert kept(committed, select(Workshop.crew_seen)) != [None]
    room.walk("vote", "discuss", "decide", "closed")
    assert kept(committed, select(Workshop.crew_seen)) == [None]


def test_nothing_is_written_about_who_looks_at_a_session_that_is_over(
    app: Flask, committed: Session
) -> None:
    room = running(app)
    assert kept(committed, select(Workshop.crew_seen)) != [None]
    room.walk("vote", "discuss", "decide", "closed")
    assert room.desk.get(f"/equipe/ateliers/{room.id}").status_code == 303, "to its report"
    assert kept(committed, select(Workshop.crew_seen)) == [None]
