"""A card that is far too long, and a board of five hundred cards: stated answers, nothing lost."""

import json

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import db
from tests.conftest import writing
from tests.workshops.rooms import kept, open_room
from workshops import board, seats
from workshops.board import MOST_CARDS_EACH, Draft
from workshops.card_names import NobodyNamed
from workshops.models import Card, CardGroup, Workshop

MANY = 500
LONG = "mot " * 500  # 2,000 characters


def test_a_card_of_two_thousand_characters_is_refused_with_its_count_and_stays_typed(
    app: Flask, committed: Session
) -> None:
    room = open_room(app)
    phone = room.phone()
    room.walk("lobby", "write")
    phone.write("Un rappel")
    refused = phone.write(LONG)
    assert refused.status_code == 422
    assert "1999 caractères" in refused.text
    assert LONG.strip() in refused.text
    assert kept(committed, select(Card.text)) == ["Un rappel"]
    card = kept(committed, select(Card.id))[0]
    changed = phone.send(f"idees/{card}", text=LONG)
    assert changed.status_code == 422
    assert LONG.strip() in changed.text
    assert kept(committed, select(Card.text)) == ["Un rappel"]
    batch = room.press("papier/idees", cards=f"Sur papier\n{LONG}", key="k")
    assert batch.status_code == 422
    assert "Ligne 2" in batch.text
    assert LONG.strip() in batch.text
    assert kept(committed, select(func.count(Card.id))) == [1], "a batch is kept whole or not"


def test_five_hundred_cards_go_through_every_phase_and_file(app: Flask, committed: Session) -> None:
    room = open_room(app)
    phones = [room.phone() for _n in range(2)]
    room.walk("lobby", "write")
    with writing(app):
        made = db.session.get_one(Workshop, room.id)
        people = MANY // MOST_CARDS_EACH
        for person in range(people):
            seat = seats.join(made, f"token {person}")
            for n in range(MOST_CARDS_EACH):
                words = Draft(f"Idée {person * MOST_CARDS_EACH + n} de la salle", key=str(n))
                board.write(made, seat, words, NobodyNamed())
    for n in range(MOST_CARDS_EACH):
        assert phones[0].write(f"Une de trop {n}", key=str(n)).status_code == 303
    refused = phones[0].write("Encore une", key="last")
    assert refused.status_code == 409
    assert "Encore une" in refused.text
    everything = set(kept(committed, select(Card.text)))
    assert len(everything) == MANY + MOST_CARDS_EACH
    room.walk("write", "reveal")
    for page in (phones[1].look(), room.desk.get(f"/equipe/ateliers/{room.id}").text):
        assert all(text in page for text in everything)
    wall = app.test_client().get(f"/atelier/{room.code}/ecran")
    assert wall.status_code == 200
    room.walk("reveal", "group", "vote")
    groups = kept(committed, select(CardGroup.id))
    assert len(groups) == len(everything)
    assert phones[1].vote(groups[-1]).status_code == 303
    room.walk("vote", "discuss", "decide", "closed")
    told = json.loads(room.desk.get(f"/equipe/ateliers/{room.id}/compte-rendu.json").text)
    said = [card["text"] for group in told["groups"] for card in group["cards"]]
    assert sorted(said) == sorted(everything)
    for form in ("csv", "md"):
        answer = room.desk.get(f"/equipe/ateliers/{room.id}/compte-rendu.{form}")
        assert answer.status_code == 200
