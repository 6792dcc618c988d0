"""What each screen tells the room: who sees what, the time, who has finished, what is tied."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.fakes import StandingClock
from tests.workshops.rooms import HTMX, Phone, Room, kept, open_room
from workshops.identity import SENTENCES, Identity
from workshops.models import Card, Phase
from workshops.phases import ORDER, RULES

OPEN = [phase for phase in ORDER if phase is not Phase.CLOSED]


@pytest.fixture
def room(app: Flask) -> Room:
    return open_room(app)


def told(phone: Phone) -> str:
    """Return the sentence that says who sees what, as the phone shows it."""
    return told_in(phone.look())


def told_in(page: str) -> str:
    found = re.search(r'<p class="who-sees[^"]*">(?:<strong>[^<]*</strong>)?(.*?)</p>', page)
    assert found
    return found[1].strip()


@pytest.mark.parametrize("identity", Identity)
@pytest.mark.parametrize("phase", OPEN)
def test_each_phase_tells_who_sees_what_and_who_gives_a_name(
    app: Flask, phase: Phase, identity: Identity
) -> None:
    room = open_room(app, identity=identity)
    phone = Phone(app.test_client(), room.code)
    form = {"code": room.code, "name": "Ana", "rule": identity.value}
    assert phone.client.post("/atelier", data=form).status_code == 303
    if phase is not Phase.LOBBY:
        room.walk("lobby", phase.value)
    says = f"{RULES[phase].who_sees} {SENTENCES[identity]}"
    assert told(phone) == says
    assert told_in(phone.poll().text) == says
    assert told_in(room.desk.get(f"/equipe/ateliers/{room.id}").text) == says
    assert told_in(phone.client.get(f"/atelier/{room.code}/ecran").text) == says


def test_no_two_phases_tell_the_same(room: Room) -> None:
    phone = room.phone()
    heard = [told(phone)]
    for here, following in zip(OPEN, OPEN[1:], strict=False):
        room.walk(here.value, following.value)
        heard.append(told(phone))
    assert len(set(heard)) == len(OPEN)


def test_a_closed_session_tells_that_nothing_leads_to_a_phone(room: Room) -> None:
    phone = room.phone()
    room.walk("lobby", "closed")
    unlinked = "ne sont plus reliés à aucun téléphone"
    assert unlinked in phone.look()
    assert unlinked in phone.poll().text
    wall = phone.client.get(f"/atelier/{room.code}/ecran").text
    assert told_in(wall) == str(RULES[Phase.CLOSED].who_sees)


def times(phone: Phone, room: Room) -> set[str]:
    """Return what the timers of the phone, the projector and the console show, page and part."""
    wall, console = f"/atelier/{room.code}/ecran", f"/equipe/ateliers/{room.id}"
    pages = [phone.look(), phone.poll().text]
    pages += [phone.client.get(wall, headers=headers).text for headers in ({}, HTMX)]
    pages += [room.desk.get(console, headers=headers).text for headers in ({}, HTMX)]
    return {shown_time(page) for page in pages}


def shown_time(page: str) -> str:
    found = re.search(r'<p class="timer"[^>]*><span[^>]*>[^<]*</span>(.*?)</p>', page)
    return " ".join(re.sub(r"<[^>]*>", " ", found[1]).split()) if found else ""


def test_the_timer_of_the_session_is_one_on_every_screen(room: Room, clock: StandingClock) -> None:
    phone = room.phone()
    room.walk("lobby", "write")
    assert times(phone, room) == {""}
    room.press("minuteur", geste="depart", minutes=5)
    assert times(phone, room) == {"5:00"}
    clock.forward(minutes=1)
    assert times(phone, room) == {"4:00"}
    room.press("minuteur", geste="pause")
    clock.forward(minutes=2)
    assert times(phone, room) == {"4:00 En pause"}
    room.press("minuteur", geste="plus")
    assert times(phone, room) == {"5:00 En pause"}
    room.press("minuteur", geste="pause")
    clock.forward(minutes=1)
    assert times(phone, room) == {"4:00"}
    room.press("minuteur", geste="plus")
    assert times(phone, room) == {"5:00"}
    clock.forward(minutes=6)
    assert times(phone, room) == {"0:00 Temps écoulé"}
    room.press("minuteur", geste="plus")
    assert times(phone, room) == {"1:00"}


def figures(room: Room) -> dict[str, str]:
    """Return the numbers of the console, by their names; the polled part says the same."""
    path = f"/equipe/ateliers/{room.id}"
    pages = [room.desk.get(path, headers=headers).text for headers in ({}, HTMX)]
    page, part = (dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", text)) for text in pages)
    assert part.items() <= page.items()
    return part


@pytest.mark.parametrize("phase", ["write", "vote"])
def test_the_console_counts_who_has_finished_of_those_in_the_room(room: Room, phase: str) -> None:
    phones = [room.phone() for _n in range(3)]
    room.walk("lobby", "write")
    phones[0].write("Une idée")
    if phase == "vote":
        room.walk("write", "vote")
    everybody = "Tout le monde a fini"
    for number, phone in enumerate(phones):
        seen = figures(room)
        assert (seen["Ont fini"], seen["Dans la salle"]) == (str(number), "3")
        console = room.desk.get(f"/equipe/ateliers/{room.id}").text
        assert everybody not in console
        assert phone.send("fini", fini="1", de=phase).status_code == 303
    assert figures(room)["Ont fini"] == "3"
    assert everybody in room.desk.get(f"/equipe/ateliers/{room.id}").text
    assert phones[0].send("fini", fini="0", de=phase).status_code == 303
    assert figures(room)["Ont fini"] == "2"


def test_the_projector_counts_who_has_finished_writing(room: Room) -> None:
    ana, _bob = room.phone(), room.phone()
    room.walk("lobby", "write")
    ana.write("Une idée")
    wall = f"/atelier/{room.code}/ecran"
    assert "a fini" not in ana.client.get(wall).text
    ana.send("fini", fini="1", de="write")
    for headers in ({}, HTMX):
        assert "1 personne a fini sur 2" in ana.client.get(wall, headers=headers).text


@pytest.mark.parametrize("tied", [True, False])
def test_a_tie_is_told_on_every_screen_and_in_the_report_and_only_a_tie(
    app: Flask, tied: bool, committed: Session
) -> None:
    room = open_room(app)
    ana, bob = room.phone(), room.phone()
    room.walk("lobby", "write")
    for text in (
        "Un rappel la veille",
        "Parler à quelqu’un",
        "Sans aucun vote",
        "Sans vote non plus",
    ):
        ana.write(text)
    room.walk("write", "vote")
    first, second = (
        kept(committed, select(Card.group_id).where(Card.text.startswith(words)))[0]
        for words in ("Un rappel", "Parler")
    )
    for phone, group in ((ana, first), (bob, second), *(() if tied else ((bob, first),))):
        assert phone.vote(group).status_code == 303
    console, wall = f"/equipe/ateliers/{room.id}", f"/atelier/{room.code}/ecran"
    assert "ex æquo" not in ana.look() + room.desk.get(console).text, "secret until the vote closes"
    for here, following in (("vote", "discuss"), ("discuss", "decide")):
        room.walk(here, following)
        for page in (
            ana.look(),
            ana.poll().text,
            room.desk.get(console).text,
            ana.client.get(wall).text,
            ana.client.get(wall, headers=HTMX).text,
        ):
            assert page.count("ex æquo") == 2 * tied
    room.walk("decide", "closed")
    report = f"{console}/compte-rendu"
    for page in (report, f"{report}.md"):
        assert room.desk.get(page).text.count("ex æquo") == 2 * tied
