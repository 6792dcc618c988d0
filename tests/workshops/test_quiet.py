"""What nobody sees but who facilitates, and what somebody hears who does not look."""

import json
import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import db
from tests.fakes import StandingClock
from tests.workshops.rooms import Room, kept, open_room
from tests.workshops.test_report import SCHEMA
from workshops.models import CardGroup, Workshop

SILENCE = "Personne n’écrit depuis"


@pytest.fixture
def room(app: Flask) -> Room:
    return open_room(app)


def console(room: Room) -> str:
    return room.desk.get(f"/equipe/ateliers/{room.id}").text


def test_the_console_says_when_nobody_writes_and_no_phone_is_told(
    room: Room, clock: StandingClock, committed: Session
) -> None:
    ana = room.phone("Ana")
    room.walk("lobby", "write")
    clock.forward(seconds=119)
    assert SILENCE not in console(room)
    clock.forward(seconds=1)
    assert f"{SILENCE} 2 minutes." in console(room)
    wall = room.desk.get(f"/atelier/{room.code}/ecran").text
    assert SILENCE not in ana.look() + wall
    ana.write("Un rappel la veille")
    assert SILENCE not in console(room)
    clock.forward(minutes=3)
    assert f"{SILENCE} 3 minutes." in console(room)
    ana.send("fini", fini="1")
    assert SILENCE not in console(room)
    assert "Tout le monde a fini" in console(room)
    room.walk("write", "reveal")
    assert kept(committed, select(Workshop.quiet_since)) == [None]


def test_ideas_in_a_row_do_not_write_the_session_each_time(
    room: Room, clock: StandingClock, committed: Session
) -> None:
    ana = room.phone()
    room.walk("lobby", "write")
    since = kept(committed, select(Workshop.quiet_since))
    for text in ("Un", "Deux"):
        clock.forward(seconds=9)
        ana.write(text)
    assert kept(committed, select(Workshop.quiet_since)) == since
    clock.forward(seconds=9)
    ana.write("Trois")
    assert kept(committed, select(Workshop.quiet_since)) != since


def _polled(page: str) -> dict[str, str]:
    found = re.search(r"etat\?vu=(\w+)&amp;phase=(\w+)&amp;v=(\d+)", page)
    assert found
    return {"vu": found[1], "phase": found[2], "v": found[3]}


def test_a_change_of_the_board_is_said_in_one_sentence_and_a_timer_s_step_is_not(
    app: Flask, room: Room, clock: StandingClock
) -> None:
    ana = room.phone()
    room.walk("lobby", "write")
    for text in ("Un appel", "Un SMS", "Un quai"):
        ana.write(text)
    room.walk("write", "reveal", "group")
    room.press("minuteur", geste="depart", minutes=5)
    before = _polled(ana.look())
    clock.forward(seconds=30)
    step = ana.poll(**before)
    assert (step.status_code, "Le tableau a changé" in step.text) == (200, False)
    ticks = re.findall(r'name="cards" value="([^"]+)"', console(room))
    room.press("groupes", cards=ticks[:2], title="Joindre")
    told = ana.poll(**before).text
    assert 'hx-swap-oob="innerHTML:#statut"' in told
    assert "Le tableau a changé : 1 groupe, 1 idée seule." in told


def test_a_page_that_was_stopped_asks_for_nothing_and_stays_so_after_a_vote(
    app: Flask, room: Room
) -> None:
    ana = room.phone()
    room.walk("lobby", "write")
    ana.write("Un appel")
    assert "etat?vu=" in ana.look()
    address = f"/atelier/{room.code}?pause=1"
    page = ana.client.get(address).text
    assert "etat?vu=" not in page
    assert "Reprendre" in page
    room.walk("write", "vote")
    with app.app_context():
        group = db.session.scalars(select(CardGroup.id)).one()
    own = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{address}"}
    token = re.findall(r'name="csrf_token" value="([^"]+)"', ana.client.get(address).text)[0]
    form = {"plus": group, "csrf_token": token}
    voted = ana.client.post(f"/atelier/{room.code}/votes", data=form, headers=own)
    assert (voted.status_code, "etat?vu=" in voted.text) == (200, False)


def test_files_hold_the_thread_who_carries_and_what_goes_together(
    app: Flask, room: Room, committed: Session
) -> None:
    ana = room.phone()
    room.walk("lobby", "write")
    ana.write("Un appel")
    ana.write("Un SMS")
    room.walk("write", "vote", "discuss")
    first, second = kept(committed, select(CardGroup.id))
    ana.send(f"groupes/{first}/messages", text="=1+1 marche chez ma mère")
    room.walk("discuss", "decide")
    room.press(f"groupes/{second}/reunir", avec=first)
    room.press(f"groupes/{first}/porteur", carrier="Julie")
    address = f"/equipe/ateliers/{room.id}/compte-rendu"
    told = json.loads(room.desk.get(f"{address}.json").text)
    groups = {each["id"]: each for each in told["groups"]}
    shape = SCHEMA["properties"]["groups"]["items"]
    assert all(set(shape["required"]) == set(each) for each in groups.values())
    assert {each["decision"] for each in groups.values()} <= set(
        shape["properties"]["decision"]["enum"]
    )
    assert groups[first]["thread"] == ["=1+1 marche chez ma mère"]
    assert (groups[first]["carrier"], groups[first]["with"]) == ("Julie", None)
    assert (groups[second]["decision"], groups[second]["with"]) == ("merge", first)
    lines = room.desk.get(f"{address}.csv").text.lstrip("\ufeff").splitlines()
    assert lines[0].endswith("with_group;carrier")
    host = next(line for line in lines if line.endswith(";Julie"))
    assert any(line.endswith(f";{host.split(';')[0]};") for line in lines[1:])
