"""What comes after its time, and what comes too often: a sentence, and no word is lost."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.days import now
from tests.conftest import writing
from tests.factories import post
from tests.workshops.rooms import HTMX, Phone, Room, kept, open_room
from workshops import retention
from workshops.board import MOST_CARDS_EACH
from workshops.messages import explain
from workshops.models import Card, CardGroup, Participant, Vote
from workshops.phases import WrongPhase
from workshops.seats import SessionClosed
from workshops.seen_board import GroupGone
from workshops.talk_models import Remark
from workshops.threads import MOST_REMARKS_EACH, TooManyRemarks

OVER, TYPED = "Cette séance est terminée", "Mes mots tapés trop tard"


@pytest.fixture
def voting(app: Flask) -> tuple[Room, Phone]:
    """Return a room at its vote, with one idea, and the phone that wrote it."""
    room = open_room(app)
    phone = room.phone()
    room.walk("lobby", "write")
    phone.write("Un rappel la veille")
    room.walk("write", "vote")
    return room, phone


def group_of(committed: Session) -> str:
    return str(kept(committed, select(CardGroup.id))[0])


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("phase", ["reveal", "discuss", "decide"])
def test_a_vote_after_the_vote_is_refused_in_a_sentence(
    app: Flask,
    voting: tuple[Room, Phone],
    committed: Session,
    phase: str,
    headers: dict[str, str],
) -> None:
    room, phone = voting
    group = group_of(committed)
    phone.vote(group)
    room.walk("vote", phase)
    url = f"/atelier/{room.code}/votes"
    with app.test_request_context():
        sentence = explain(WrongPhase())
    for way in ("plus", "moins"):
        answer = post(phone.client, url, {way: group}, headers=headers)
        assert answer.status_code == 409
        assert sentence in answer.text
        assert ("<html" in answer.text) == (not headers)
    assert kept(committed, select(Vote.dots)) == [1]


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    "what", ["votes", "idees", "idees/{card}", "fini", "groupes/{group}/messages"]
)
def test_whatever_comes_after_the_end_is_told_so_and_its_words_are_given_back(
    voting: tuple[Room, Phone], committed: Session, what: str, headers: dict[str, str]
) -> None:
    room, phone = voting
    group, card = group_of(committed), kept(committed, select(Card.id))[0]
    room.walk("vote", "closed")
    url = f"/atelier/{room.code}/{what.format(group=group, card=card)}"
    form = {"plus": group} if what == "votes" else {"text": TYPED}
    answer = post(phone.client, url, form, headers=headers)
    assert answer.status_code == 409
    assert ("Séance terminée" if headers and what == "votes" else OVER) in answer.text
    assert (f"{TYPED}</textarea>" in answer.text) == (what != "votes")
    assert kept(committed, select(Vote)) == kept(committed, select(Remark)) == []
    assert kept(committed, select(Card.text)) == ["Un rappel la veille"]


@pytest.mark.parametrize(("what", "is_over"), [("votes", True), ("fini", True), ("votes", False)])
def test_without_words_the_part_alone_comes_and_takes_the_rooms_place(
    voting: tuple[Room, Phone], committed: Session, what: str, is_over: bool
) -> None:
    room, phone = voting
    group = group_of(committed)
    if is_over:
        room.walk("vote", "closed")
    asker = phone.client if is_over else room.app.test_client()
    answer = post(asker, f"/atelier/{room.code}/{what}", {"plus": group}, headers=HTMX)
    assert answer.status_code == (409 if is_over else 403)
    assert answer.headers["HX-Retarget"] == "#room-live"
    assert answer.text.lstrip().startswith('<section id="room-over"')
    assert ("Entrer de nouveau" in answer.text) == (not is_over)


@pytest.mark.parametrize("phase", ["lobby", "write", "reveal"])
def test_a_message_to_a_thread_that_is_no_longer_shown_stays_typed(
    app: Flask, voting: tuple[Room, Phone], committed: Session, phase: str
) -> None:
    room, phone = voting
    room.walk("vote", "discuss", phase)
    answer = phone.send(f"groupes/{group_of(committed)}/messages", text=TYPED)
    with app.test_request_context():
        assert explain(WrongPhase()) in answer.text
    assert answer.status_code == 409
    assert f"{TYPED}</textarea>" in answer.text


def test_the_code_of_a_session_past_its_term_leads_to_its_end_and_seats_nobody(
    app: Flask, voting: tuple[Room, Phone], committed: Session
) -> None:
    room, phone = voting
    with writing(app):
        retention.purge(now() + retention.KEPT + timedelta(days=2))
    for come in (phone.client, app.test_client()):
        found = come.get(f"/atelier?code={room.code}", follow_redirects=True)
        assert found.status_code == 200
        assert OVER in found.text
        assert "Un rappel la veille" not in found.text
    late = post(app.test_client(), "/atelier", {"code": room.code})
    assert late.status_code == 409
    with app.test_request_context():
        assert explain(SessionClosed()) in late.text
    assert kept(committed, select(Participant)) == []


def test_a_message_to_a_group_that_is_gone_stays_typed(
    app: Flask, voting: tuple[Room, Phone]
) -> None:
    room, phone = voting
    room.walk("vote", "discuss")
    answer = phone.send("groupes/GONE00000000/messages", text=TYPED)
    with app.test_request_context():
        assert explain(GroupGone()) in answer.text
    assert answer.status_code == 409
    assert f"{TYPED}</textarea>" in answer.text


def test_a_phone_that_writes_messages_without_end_is_held_up_alone(
    app: Flask, voting: tuple[Room, Phone], committed: Session
) -> None:
    room, phone = voting
    other = room.phone()
    room.walk("vote", "discuss")
    url = f"groupes/{group_of(committed)}/messages"
    for number in range(MOST_REMARKS_EACH):
        assert phone.send(url, text=f"Message {number}", key=str(number)).status_code == 303
    refused = phone.send(url, text=TYPED, key="one more")
    assert refused.status_code == 409
    with app.test_request_context():
        assert explain(TooManyRemarks()) in refused.text
    assert f"{TYPED}</textarea>" in refused.text
    assert phone.send(url, text="Message 0", key="0").status_code == 303, "kept already"
    assert other.send(url, text="De quelqu’un d’autre").status_code == 303
    said = kept(committed, select(Remark.text))
    assert len(said) == MOST_REMARKS_EACH + 1
    assert TYPED not in said


def test_a_phone_that_writes_ideas_without_end_is_held_up_alone(
    app: Flask, committed: Session
) -> None:
    room = open_room(app)
    phone, other = room.phone(), room.phone()
    room.walk("lobby", "write")
    for number in range(MOST_CARDS_EACH):
        assert phone.write(f"Idée {number}", key=str(number)).status_code == 303
    for headers in ({}, HTMX):
        url = f"/atelier/{room.code}/idees"
        refused = post(phone.client, url, {"text": TYPED, "key": "one more"}, headers=headers)
        assert refused.status_code == 409
        assert "Vous avez écrit beaucoup d’idées." in refused.text
        assert f"{TYPED}</textarea>" in refused.text
    assert other.write("De quelqu’un d’autre").status_code == 303
    assert len(kept(committed, select(Card.id))) == MOST_CARDS_EACH + 1
    card = re.findall(r"/idees/([0-9A-Z]+)/retirer", phone.look())[0]
    assert phone.send(f"idees/{card}/retirer").status_code == 303
    assert phone.write(TYPED).status_code == 303, "as the sentence says"
