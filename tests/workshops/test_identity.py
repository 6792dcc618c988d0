"""Who gives a name and who reads it: the rule of a session, on every page and screen of it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from tests.conftest import writing
from tests.factories import account, post, sign_in
from tests.workshops.rooms import HTMX, Phone, Room, kept, open_room
from workshops import report_files
from workshops.identity import SENTENCES, Identity
from workshops.models import Participant, Workshop

NAME, IDEA = "Zéphyrine", "Un rappel la veille"
PHASES = ("lobby", "write", "reveal", "group", "vote", "discuss", "decide")


def walked(app: Flask, rule: Identity) -> tuple[Room, Phone, dict[str, list[str]]]:
    """Return a session led to its decision, with what another phone, the console and the screen
    showed in each phase."""
    room = open_room(app, identity=rule)
    ana, bob = Phone(app.test_client(), room.code), room_phone(app, room, "Bob")
    assert enter(ana, NAME, rule) == 303
    shown: dict[str, list[str]] = {}
    for here, following in zip(PHASES, (*PHASES[1:], ""), strict=True):
        if here == "write":
            ana.write(IDEA)
        wall = f"/atelier/{room.code}/ecran"
        shown[here] = [
            bob.look(),
            bob.poll().text,
            room.desk.get(f"/equipe/ateliers/{room.id}").text,
            bob.client.get(wall).text,
            bob.client.get(wall, headers=HTMX).text,
        ]
        if following:
            room.walk(here, following)
    return room, ana, shown


def room_phone(app: Flask, room: Room, name: str) -> Phone:
    phone = Phone(app.test_client(), room.code)
    assert enter(phone, name, Identity.SHOWN) == 303
    return phone


def enter(phone: Phone, name: str, rule: Identity) -> int:
    """Enter as the page of a session with ``rule`` sends its form."""
    form = {"code": phone.code, "name": name, "rule": rule.value}
    return phone.client.post("/atelier", data=form).status_code


@pytest.mark.parametrize("rule", Identity)
def test_the_rule_of_names_stands_on_every_screen_of_every_phase(
    app: Flask, rule: Identity
) -> None:
    _room, ana, shown = walked(app, rule)
    sentence = str(SENTENCES[rule])
    assert all(sentence in text for texts in shown.values() for text in texts)
    door = app.test_client().get("/atelier", query_string={"code": ana.code}).text
    assert sentence in door
    assert ('name="name"' in door) == (rule is not Identity.ANONYMOUS)


def test_names_stand_under_ideas_on_phones_and_console_and_on_no_screen(app: Flask) -> None:
    room, _ana, shown = walked(app, Identity.SHOWN)
    for phase in ("reveal", "group", "vote", "discuss", "decide"):
        *phones, console, wall, wall_part = shown[phase]
        assert all(NAME in text for text in (*phones, console)), phase
        assert NAME not in wall + wall_part, phase
    for phase in ("lobby", "write"):
        page, part, _console, *walls = shown[phase]
        assert all(NAME not in text for text in (page, part, *walls))
    reports = room.desk.get(f"/equipe/ateliers/{room.id}/compte-rendu").text
    for form in set(report_files.TYPES) - {"pdf"}:
        reports += room.desk.get(f"/equipe/ateliers/{room.id}/compte-rendu.{form}").text
    assert IDEA in reports
    assert NAME not in reports


@pytest.mark.parametrize("rule", [Identity.ANONYMOUS, Identity.OPTIONAL])
def test_no_screen_links_a_name_to_an_idea_unless_the_session_says_so(
    app: Flask, committed: Session, rule: Identity
) -> None:
    _room, _ana, shown = walked(app, rule)
    consoles = "".join(texts[2] for texts in shown.values())
    rest = "".join(text for texts in shown.values() for text in (*texts[:2], *texts[3:]))
    assert NAME not in rest
    assert (NAME in consoles) == (rule is Identity.OPTIONAL)
    names = set(kept(committed, select(Participant.name)))
    assert names == ({NAME, "Bob"} if rule is Identity.OPTIONAL else {""})


def test_names_that_will_be_shown_are_asked_for_after_the_rule_was_read(
    app: Flask, committed: Session
) -> None:
    room = open_room(app, identity=Identity.SHOWN)
    phone = Phone(app.test_client(), room.code)
    unread = phone.client.post("/atelier", data={"code": room.code, "name": NAME})
    assert unread.status_code == 422
    assert str(SENTENCES[Identity.SHOWN]) in unread.text
    assert f'value="{NAME}"' in unread.text
    assert enter(phone, " ", Identity.SHOWN) == 422
    assert kept(committed, select(Participant)) == []
    assert enter(phone, NAME, Identity.SHOWN) == 303
    assert phone.join().status_code == 303, "who comes back is asked nothing"
    room.walk("lobby", "closed")
    assert kept(committed, select(Participant)) == []


def test_the_rule_is_chosen_at_creation(
    app: Flask, client: FlaskClient, committed: Session
) -> None:
    open_room(app)
    with writing(app):
        sign_in(client, account(Role.FACILITATOR))
    page = client.get("/equipe/ateliers/nouveau")
    assert page.text.count('name="identity"') == len(Identity)
    subject = page.text.split('<option value="')[1].split('"')[0]
    form = {"title": "T", "subject": subject, "prompts": "Q ?", "votes_each": 5}
    form |= {"votes_per_group": 3}
    refused = post(client, "/equipe/ateliers/nouveau", form | {"identity": "everybody"})
    assert refused.status_code == 422
    made = post(client, "/equipe/ateliers/nouveau", form | {"identity": "shown"})
    assert made.status_code == 303
    assert "shown" in kept(committed, select(Workshop.identity))


def test_a_short_address_leads_to_the_door(client: FlaskClient) -> None:
    answer = client.get("/a/CDF346")
    assert (answer.status_code, answer.location) == (303, "/atelier?code=CDF346")
