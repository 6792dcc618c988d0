"""The whole console stands as it was: after a reload, and after the web process was killed."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db
from app.factory import create_app
from tests.conftest import settings
from tests.fakes import FakeRuntime, StandingClock
from tests.workshop_bench.console_state import ConsoleState, read
from tests.workshops.rooms import Room, open_room
from workshops.models import Card, CardGroup

IDEAS = ("Un rappel la veille", "Un SMS le matin", "Des lettres plus grandes", "Un mot de trop")


def console(room: Room) -> ConsoleState:
    return read(room.desk.get(f"/equipe/ateliers/{room.id}").text)


def tick(room: Room, words: str) -> str:
    """Return what the box of the card with ``words`` sends."""
    page = room.desk.get(f"/equipe/ateliers/{room.id}").text
    found = re.search(rf'name="cards" value="([^"]+)"[^>]*><span class="said">{words}', page)
    assert found
    return found[1]


def group_of(room: Room, words: str) -> str:
    with room.app.app_context():
        query = select(CardGroup.id).join(Card).where(Card.text == words)
        return str(db.session.scalars(query).one())


@pytest.fixture
def room(app: Flask) -> Room:
    """A room that discusses: a group, two ideas alone, one hidden, votes, a timer that stands."""
    made = open_room(app)
    phone = made.phone()
    made.walk("lobby", "write")
    for idea in IDEAS:
        phone.write(idea)
    made.walk("write", "reveal", "group")
    made.press("groupes", geste="masquer", cards=tick(made, IDEAS[3]), reason="Dit deux fois.")
    both = [tick(made, idea) for idea in IDEAS[:2]]
    made.press("groupes", geste="", cards=both, title="Rappels", into="")
    made.walk("group", "vote")
    for _dot in range(2):
        phone.vote(group_of(made, IDEAS[0]))
    phone.vote(group_of(made, IDEAS[2]))
    made.walk("vote", "discuss")
    made.press("minuteur", geste="depart", minutes="5")
    made.press("minuteur", geste="pause")
    return made


def test_each_part_of_the_console_is_read(room: Room) -> None:
    state = console(room)
    assert state.phase == ("Discussion",)
    assert state.code == (f"{room.code[:3]} {room.code[3:]}",)
    assert state.counts == ("Dans la salle 1", "Idées 4")
    assert state.timer == ("Temps restant : 5:00 En pause",)
    assert {each for each in IDEAS if each in state.cards} == set(IDEAS[:3])
    assert state.groups[0].startswith("Rappels ")
    assert all(idea in state.groups[0] for idea in IDEAS[:2])
    assert state.votes == ("2 votes de 1 personne", "1 vote de 1 personne")
    assert len(state.hidden) == 1
    assert IDEAS[3] in state.hidden[0]
    assert [each for each in state.acts if "Rappels" in each]


def test_after_a_reload_and_in_a_new_process_nothing_has_moved(
    room: Room, tmp_path: Path, clock: StandingClock
) -> None:
    before = console(room)
    assert before.lost(console(room)) == []
    clock.forward(seconds=30)  # a timer that stands does not run on meanwhile
    room.app = create_app(settings(), tmp_path, clock, FakeRuntime(tmp_path))
    room.desk = room.app.test_client()
    room.sign_in_again()
    assert before.lost(console(room)) == []
    with room.app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    ("what", "form", "part"),
    [
        ("minuteur", {"geste": "plus"}, "timer"),
        ("phase", {"de": "discuss", "vers": "vote"}, "phase"),
        ("phase", {"de": "discuss", "vers": "vote"}, "votes"),
        ("idees/{card}/masquer", {"reason": "Autre raison"}, "groups"),
        ("idees/{card}/masquer", {"reason": "Autre raison"}, "hidden"),
        ("idees/{card}/masquer", {"reason": "Autre raison"}, "cards"),
        ("idees/{card}/masquer", {"reason": "Autre raison"}, "acts"),
    ],
)
def test_a_part_that_moved_is_named(room: Room, what: str, form: dict[str, str], part: str) -> None:
    before = console(room)
    card = tick(room, IDEAS[0]).partition(".")[0]
    room.press(what.format(card=card), **form)
    assert part in before.lost(console(room))


def test_what_people_move_meanwhile_is_left_out(room: Room) -> None:
    before = console(room)
    room.phone()
    assert before.lost(console(room)) == ["counts"]
    assert before.lost(console(room), moving=("counts",)) == []
