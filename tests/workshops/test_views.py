"""Phones in the room, through HTTP: joining, hidden cards, double taps, votes, polling, the end."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import db
from tests.conftest import writing
from tests.factories import post
from tests.fakes import StandingClock
from tests.workshops.rooms import HTMX, Phone, Room, kept, open_room
from workshops.models import Card, CardGroup, Participant, Vote, Workshop

SECRET = "Une idée que personne d’autre ne lit encore"


@pytest.fixture
def room(app: Flask) -> Room:
    return open_room(app)


@pytest.fixture
def voting(room: Room) -> Room:
    """A room at the vote, with two cards on the board."""
    writer = room.phone()
    room.walk("lobby", "write")
    writer.write("Un rappel la veille")
    writer.write("Parler à quelqu’un")
    room.walk("write", "reveal", "vote")
    return room


def test_the_door_asks_for_a_code_and_opens_no_session(client: FlaskClient) -> None:
    answer = client.get("/atelier")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_a_short_link_fills_in_the_code(client: FlaskClient, room: Room) -> None:
    page = client.get("/atelier", query_string={"code": room.code}).text
    assert f'value="{room.code}"' in page
    assert "Rappels" in page


@pytest.mark.parametrize("typed", ["{0} {1}", "{0}-{1}", " {0}{1} "])
def test_a_code_typed_in_small_letters_with_spaces_opens(
    client: FlaskClient, room: Room, typed: str
) -> None:
    code = typed.format(room.code[:3].lower(), room.code[3:].lower())
    answer = client.post("/atelier", data={"code": code})
    assert (answer.status_code, answer.location) == (303, f"/atelier/{room.code}")


def test_an_unknown_code_is_refused_with_the_form_and_what_was_typed(client: FlaskClient) -> None:
    for answer in (
        client.post("/atelier", data={"code": "qqq qqq", "name": "Ana"}),
        client.get("/atelier/qqqqqq"),
    ):
        assert answer.status_code == 404
        assert "qqq" in answer.text
        assert 'aria-invalid="true"' in answer.text
    assert 'value="Ana"' in client.post("/atelier", data={"code": "qqq", "name": "Ana"}).text


def test_no_code_is_an_error_at_the_field(client: FlaskClient) -> None:
    assert client.post("/atelier", data={"code": " "}).status_code == 422


def test_a_phone_without_a_seat_is_sent_to_the_door(client: FlaskClient, room: Room) -> None:
    answer = client.get(f"/atelier/{room.code}")
    assert answer.location == f"/atelier?code={room.code}"


def test_a_phone_that_comes_back_lands_in_the_current_phase(room: Room, committed: Session) -> None:
    phone = room.phone()
    room.walk("lobby", "write", "reveal")
    assert "Dévoilement" in phone.look()
    phone.join()
    assert len(kept(committed, select(Participant.id))) == 1


def test_another_phone_never_receives_a_card_before_reveal(room: Room) -> None:
    ana, bob = room.phone("Ana"), room.phone()
    room.walk("lobby", "write")
    ana.write(SECRET)
    assert SECRET in ana.look()
    others = [
        bob.look(),
        bob.poll().text,
        room.desk.get(f"/equipe/ateliers/{room.id}").text,
        room.desk.get(f"/equipe/ateliers/{room.id}", headers=HTMX).text,
        room.desk.get(f"/equipe/ateliers/{room.id}/compte-rendu").text,
        bob.client.get(f"/atelier/{room.code}/ecran").text,
        bob.client.get(f"/atelier/{room.code}/ecran", headers=HTMX).text,
        bob.write("Autre idée").text,
    ]
    assert all("personne d’autre" not in text for text in others)
    room.move("write", "reveal")
    assert SECRET in bob.poll().text
    assert SECRET in bob.look()
    room.move("reveal", "write")
    assert SECRET not in bob.look()


def test_a_card_of_another_phone_can_neither_be_read_nor_changed(
    room: Room, committed: Session
) -> None:
    ana, bob = room.phone(), room.phone()
    room.walk("lobby", "write")
    ana.write(SECRET)
    card = kept(committed, select(Card.id))[0]
    assert bob.client.get(f"/atelier/{room.code}/idees/{card}").status_code == 404
    assert bob.send(f"idees/{card}", text="à moi").status_code == 404
    assert bob.send(f"idees/{card}/retirer").status_code == 404


def test_an_own_card_is_changed_and_taken_back(room: Room, committed: Session) -> None:
    phone = room.phone()
    room.walk("lobby", "write")
    phone.write("Une faute")
    card = kept(committed, select(Card.id))[0]
    assert "Une faute" in phone.client.get(f"/atelier/{room.code}/idees/{card}").text
    assert phone.send(f"idees/{card}", text="Sans faute").status_code == 303
    assert kept(committed, select(Card.text))[0] == "Sans faute"
    too_long = phone.send(f"idees/{card}", text="x" * 301)
    assert too_long.status_code == 422
    assert "x" * 301 in too_long.text
    phone.send(f"idees/{card}/retirer")
    assert kept(committed, select(Card)) == []


def test_a_name_on_a_card_is_never_kept(room: Room, committed: Session) -> None:
    phone = room.phone()
    room.walk("lobby", "write")
    phone.write("Le docteur Lemaire ne rappelle pas")
    assert "Lemaire" not in kept(committed, select(Card.text))[0]


def test_a_double_tap_keeps_one_card(room: Room, committed: Session) -> None:
    phone = room.phone()
    room.walk("lobby", "write")
    for _ in range(2):
        phone.write("Une idée", key="AAAA")
    assert len(kept(committed, select(Card.id))) == 1


@pytest.mark.parametrize(
    ("text", "says"), [("", "Écrivez quelques mots"), ("z" * 400, "400 caractères")]
)
def test_a_card_that_cannot_be_kept_says_why_and_stays_typed(
    room: Room, text: str, says: str
) -> None:
    phone = room.phone()
    room.walk("lobby", "write")
    for headers in ({}, HTMX):
        answer = post(phone.client, f"/atelier/{room.code}/idees", {"text": text}, headers=headers)
        assert answer.status_code == 422
        assert says in answer.text
        assert text in answer.text


def test_a_card_after_the_writing_is_refused_and_stays_typed(room: Room) -> None:
    phone = room.phone()
    room.walk("lobby", "write", "reveal")
    answer = phone.write("Trop tard")
    assert answer.status_code == 409
    assert "Trop tard</textarea>" in answer.text


def test_a_card_of_a_phone_that_lost_its_seat_is_given_back(app: Flask, room: Room) -> None:
    room.walk("lobby", "write")
    answer = Phone(app.test_client(), room.code).write("Mes mots")
    assert answer.status_code == 403
    assert "Mes mots" in answer.text


def test_a_hidden_card_tells_its_author_why_and_leaves_every_other_screen(
    room: Room, committed: Session
) -> None:
    ana, bob = room.phone(), room.phone()
    room.walk("lobby", "write")
    ana.write(SECRET)
    room.walk("write", "reveal")
    card = kept(committed, select(Card.id))[0]
    assert room.press(f"idees/{card}/masquer", reason=" ").status_code == 422
    room.press(f"idees/{card}/masquer", reason="Parle d’une collègue")
    assert "Parle d’une collègue" in ana.look()
    assert "personne d’autre" not in bob.look()
    assert "Parle d’une collègue" not in bob.look()
    room.press(f"idees/{card}/masquer", geste="remettre")
    assert SECRET in bob.look()


def test_twenty_posts_at_once_stay_within_the_budget(
    app: Flask, voting: Room, committed: Session
) -> None:
    phone = voting.phone()
    groups = kept(committed, select(CardGroup.id))
    with phone.client.session_transaction() as session:
        cookie = dict(session)

    def vote(number: int) -> int:
        own = Phone(app.test_client(), voting.code)
        with own.client.session_transaction() as session:
            session.update(cookie)
        return own.vote(groups[number % 2]).status_code

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(vote, range(20)))
    assert sorted(answers) == [303] * 5 + [409] * 15
    given = sorted(kept(committed, select(Vote.dots)))
    assert (sum(given), max(given)) == (5, 3)


def test_a_sixth_vote_is_refused_in_a_sentence_and_one_can_be_taken_back(
    voting: Room, committed: Session
) -> None:
    phone = voting.phone()
    one, two = kept(committed, select(CardGroup.id))
    assert "Il vous reste 5 votes" in phone.look()
    for group in (one, one, one, two, two):
        assert phone.vote(group).status_code == 303
    refused = phone.vote(two)
    assert refused.status_code == 409
    assert "Vous avez donné tous vos votes" in refused.text
    phone.vote(one, "moins")
    assert "Il vous reste 1 vote" in phone.look()
    assert phone.vote("UNKNOWN").status_code == 404


def test_polling_answers_nothing_until_something_changes(room: Room) -> None:
    phone = room.phone()
    seen = phone.seen()
    assert phone.poll(vu=seen).status_code == 204
    same = phone.client.get(
        f"/atelier/{room.code}/etat", headers={**HTMX, "If-None-Match": f'"{seen}"'}
    )
    assert same.status_code == 304
    room.walk("lobby", "write")
    changed = phone.poll(vu=seen, phase="lobby")
    assert changed.status_code == 200
    assert "Nouvelle étape" in changed.text
    assert changed.headers["ETag"]


def test_phones_ask_at_paces_of_their_own(room: Room) -> None:
    paces = {re.findall(r"every (\d+)ms", room.phone().look())[0] for _ in range(12)}
    assert len(paces) > 6
    assert all(2800 <= int(pace) <= 3200 for pace in paces)


def test_a_vote_is_answered_with_its_row_and_the_state_that_the_phone_then_shows(
    voting: Room, committed: Session
) -> None:
    phone, group = voting.phone(), kept(committed, select(CardGroup.id))[0]
    answer = post(phone.client, f"/atelier/{voting.code}/votes", {"plus": group}, headers=HTMX)
    assert answer.headers["HX-Retarget"] == f"#ballot-row-{group}"
    assert answer.text.count("<li") == 1
    assert "1 vote<" in answer.text
    assert "Il vous reste 4 votes" in answer.text
    seen = re.findall(r"vu=([0-9a-f]+)", answer.text)[0]
    assert phone.poll(vu=seen).status_code == 204


def test_what_is_drawn_for_all_phones_holds_the_votes_of_none(
    voting: Room, committed: Session
) -> None:
    ana, bob = voting.phone(), voting.phone()
    ana.vote(kept(committed, select(CardGroup.id))[0])
    assert "1 vote<" in ana.look()
    assert "1 vote<" not in bob.look()
    assert "1 vote<" not in voting.phone().look()


def test_the_writing_of_others_does_not_wake_a_phone(room: Room) -> None:
    ana, bob = room.phone(), room.phone()
    room.walk("lobby", "write")
    seen = bob.seen()
    ana.write("Une idée")
    assert bob.poll(vu=seen).status_code == 204
    mine = ana.seen()
    ana.write("Une autre")
    assert ana.poll(vu=mine).status_code == 200


def test_the_form_stands_outside_the_refreshed_part(room: Room) -> None:
    phone = room.phone()
    room.walk("lobby", "write")
    assert "<textarea" in phone.look()
    assert "<textarea" not in phone.poll().text


def test_the_timer_moves_on_by_the_server_clock(room: Room, clock: StandingClock) -> None:
    phone = room.phone()
    room.press("minuteur", geste="depart", minutes=2)
    assert "2:00" in phone.look()
    seen = phone.seen()
    clock.forward(seconds=4)
    assert phone.poll(vu=seen).status_code == 204
    clock.forward(seconds=30)
    assert "1:30" in phone.poll(vu=seen).text


def test_polling_stops_when_the_session_closes(room: Room) -> None:
    phone = room.phone()
    assert re.search(r'data-hx-trigger="every (2[89]|3[0-2])\d\dms"', phone.poll().text)
    room.walk("lobby", "closed")
    last = phone.poll()
    assert last.status_code == 200
    assert "data-hx-trigger" not in last.text
    wall = phone.client.get(f"/atelier/{room.code}/ecran").text
    assert "data-hx-trigger" not in wall


def test_a_closed_session_says_so_and_gives_typed_words_back(app: Flask, room: Room) -> None:
    phone = room.phone()
    room.walk("lobby", "closed")
    assert "Cette séance est terminée" in phone.look()
    assert phone.join().status_code == 409
    late = phone.write("Mes derniers mots")
    assert late.status_code == 409
    assert "Mes derniers mots" in late.text
    link = app.test_client().get("/atelier", query_string={"code": room.code})
    assert link.location == f"/atelier/{room.code}"


def test_every_phase_tells_the_phone_and_the_console_who_sees_what(room: Room) -> None:
    phone = room.phone()
    order = ["lobby", "write", "reveal", "group", "vote", "discuss", "decide"]
    for here, following in zip(order, [*order[1:], None], strict=True):
        console = room.desk.get(f"/equipe/ateliers/{room.id}").text
        assert "Qui voit quoi" in phone.look(), here
        assert 'class="who-sees"' in console, here
        if following:
            room.walk(here, following)


def test_no_name_and_no_control_stand_on_the_projector(room: Room, client: FlaskClient) -> None:
    room.phone("Ana-Prénom")
    assert "Ana-Prénom" in room.desk.get(f"/equipe/ateliers/{room.id}").text
    for phase in ("write", "reveal", "group", "vote", "discuss"):
        with writing(room.app):
            db.session.get_one(Workshop, room.id).phase = phase
        wall = client.get(f"/atelier/{room.code}/ecran").text
        assert "Ana-Prénom" not in wall
        assert "<button" not in wall
        assert "<form" not in wall
        assert room.code[:3] in wall
