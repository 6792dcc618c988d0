"""Two facilitators on one session: same rights, one move for two presses, the question in hand."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Account, Role
from tests.conftest import writing
from tests.factories import account, post, sign_in
from tests.fakes import StandingClock
from tests.workshops.rooms import Room, kept, open_room
from workshops.console_models import CoFacilitator
from workshops.models import Workshop

GUEST = "claire@example.fr"


@pytest.fixture
def room(app: Flask) -> Room:
    return open_room(app, prompts=("Que garder ?", "Que changer ?"))


@pytest.fixture
def claire(app: Flask) -> FlaskClient:
    """The browser of another facilitator, signed in."""
    browser = app.test_client()
    with writing(app):
        sign_in(browser, account(Role.FACILITATOR, email=GUEST, name="Claire"))
    return browser


def test_a_guest_sees_the_console_and_acts_with_the_same_rights(
    room: Room, claire: FlaskClient, committed: Session
) -> None:
    console = f"/equipe/ateliers/{room.id}"
    assert claire.get(console).status_code == 404
    for address in ("personne@example.fr", ""):
        refused = room.press("equipe", guest=address)
        assert refused.status_code == 409
        assert f'value="{address}"' in refused.text
    assert room.press("equipe", guest=" Claire@example.fr ").status_code == 303
    assert "Claire anime aussi" in room.desk.get(console).text
    again = room.press("equipe", guest=GUEST)
    assert again.status_code == 409
    assert "anime déjà cette séance" in again.text
    assert "Rappels" in claire.get("/equipe/ateliers").text
    assert "Qui anime" in claire.get(console).text
    assert post(claire, f"{console}/phase", {"de": "lobby", "vers": "write"}).status_code == 303
    for part in ("papier", "compte-rendu"):
        assert claire.get(f"{console}/{part}").status_code == 200
    assert kept(committed, select(Workshop.phase)) == ["write"]
    guest = kept(committed, select(CoFacilitator.account_id))[0]
    assert room.press(f"equipe/{guest}/retirer").status_code == 303
    assert claire.get(console).status_code == 404
    assert "Rappels" not in claire.get("/equipe/ateliers").text


def test_a_guest_who_leaves_or_hands_over_goes_and_the_first_one_stays(
    app: Flask, room: Room, claire: FlaskClient, committed: Session
) -> None:
    room.press("equipe", guest=GUEST)
    me = kept(committed, select(CoFacilitator.account_id))[0]
    first = kept(committed, select(Workshop.facilitator_id))[0]
    with writing(app):
        heir = account(Role.FACILITATOR, email="zoe@example.fr", name="Zoé").id
    address = f"/equipe/ateliers/{room.id}"
    gone = post(claire, f"{address}/passer", {"address": "zoe@example.fr"})
    assert gone.location == "/equipe/ateliers"
    assert kept(committed, select(CoFacilitator.account_id)) == [heir]
    assert kept(committed, select(Workshop.facilitator_id)) == [first]
    room.press("equipe", guest=GUEST)
    left = post(claire, f"{address}/equipe/{me}/retirer")
    assert left.location == "/equipe/ateliers"
    assert room.press("passer", address="zoe@example.fr").status_code == 303
    assert kept(committed, select(Workshop.facilitator_id)) == [heir]
    assert kept(committed, select(CoFacilitator)) == []


def test_a_live_session_keeps_both_signed_in(
    room: Room, claire: FlaskClient, clock: StandingClock
) -> None:
    room.press("equipe", guest=GUEST)
    room.walk("lobby", "write")
    for desk in (room.desk, claire):
        assert desk.get("/equipe/ateliers").status_code == 200
    clock.forward(hours=2)  # two hours of talk: no request
    for desk in (room.desk, claire):
        assert desk.get("/equipe/ateliers").status_code == 200


def test_two_who_press_next_together_move_one_phase_and_one_is_told(
    app: Flask, room: Room, claire: FlaskClient, committed: Session
) -> None:
    room.press("equipe", guest=GUEST)
    with app.app_context():
        assert committed.scalar(select(Account.name).where(Account.email == GUEST)) == "Claire"
        committed.rollback()

    def press(desk: FlaskClient) -> str:
        form = {"de": "lobby", "vers": "write"}
        assert post(desk, f"/equipe/ateliers/{room.id}/phase", form).status_code == 303
        return desk.get(f"/equipe/ateliers/{room.id}").text

    with ThreadPoolExecutor(2) as pool:
        pages = list(pool.map(press, (room.desk, claire)))
    assert kept(committed, select(Workshop.phase)) == ["write"]
    assert sum("avait déjà changé de phase" in page for page in pages) == 1


def test_the_question_in_hand_shows_on_every_screen_and_is_let_go(app: Flask, room: Room) -> None:
    phone, wall = room.phone(), app.test_client()
    room.walk("lobby", "write")
    seen = phone.seen()
    assert room.press("question", question="1").status_code == 303
    said = "Question en cours"
    assert said in phone.poll(vu=seen).text
    assert said in wall.get(f"/atelier/{room.code}/ecran").text
    assert 'value="1" checked' in phone.look()
    phone.write("Un appel", prompt=0)
    phone.write("Un SMS", prompt=1)
    room.walk("write", "reveal")
    shown = wall.get(f"/atelier/{room.code}/ecran").text
    assert "Un SMS" in shown
    assert "Un appel" not in shown
    assert "Un appel" in phone.look()
    for let_go in ("", "9"):
        room.press("question", question="1")
        room.press("question", question=let_go)
        assert (said in phone.look()) is (let_go == "9")
    room.walk("reveal", "group")
    assert said not in phone.look()
