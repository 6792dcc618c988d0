"""Groups that the machine proposes: with their reason, applied by a person alone, stale said so."""

import re
from collections.abc import Sequence
from datetime import timedelta
from threading import Event

import numpy as np
import pytest
from flask import Flask
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import patience
from app.db import db, will_write
from app.worker import work_once
from nlp.encode import HashingEncoder, Progress
from tests.conftest import NOON, writing
from tests.fakes import StandingClock
from tests.workshops.rooms import HTMX, Room, kept, open_room
from workshops.console_models import GroupSuggestion
from workshops.models import Card, CardGroup, Workshop

IDEAS = (
    "Envoyer un rappel par SMS la veille",
    "Un SMS de rappel avant le rendez-vous",
    "Le guichet ferme trop tôt le samedi",
    "Ouvrir le guichet plus tard le samedi",
    "Une rampe pour les fauteuils",
)


@pytest.fixture
def room(app: Flask) -> Room:
    """A room that groups, with five ideas; the worker was asked and has not come yet."""
    app.extensions["boucle"].encoder = None
    room = open_room(app)
    phone = room.phone()
    room.walk("lobby", "write")
    for text in IDEAS:
        phone.write(text)
    room.walk("write", "reveal", "group")
    return room


def work(room: Room) -> None:
    """Let the worker do what is due."""
    with room.app.app_context():
        will_write()
        while work_once(NOON + timedelta(seconds=1)):
            pass


def console(room: Room) -> str:
    """Return the text of the console."""
    return room.desk.get(f"/equipe/ateliers/{room.id}").text


def ids(page: str) -> list[str]:
    """Return the proposals of a page, in their order."""
    return re.findall(r"/suggestions/([0-9A-Z]{12})\"", page)


def test_grouping_asks_the_worker_and_nothing_is_grouped_before_a_person_says_so(
    room: Room, committed: Session
) -> None:
    page = console(room)
    assert "La machine compare les idées" in page
    address = f"/equipe/ateliers/{room.id}/suggestions"
    assert 'data-hx-trigger="every 3s"' in room.desk.get(address, headers=HTMX).text
    assert room.desk.get(address).status_code == 303
    work(room)
    part = room.desk.get(address, headers=HTMX).text
    assert len(ids(part)) == 2
    assert "every 3s" not in part
    assert "<q>rappel</q>" in part
    assert "Le modèle qui compare le sens est à l’arrêt" in part
    assert kept(committed, select(CardGroup)) == []
    accepted = room.press(f"suggestions/{ids(part)[0]}", reponse="accepter")
    assert accepted.status_code == 303
    assert len(kept(committed, select(CardGroup))) == 1
    assert len(ids(console(room))) == 1
    assert "périmée" not in console(room)
    again = room.press(f"suggestions/{ids(part)[0]}", reponse="accepter")
    assert again.status_code == 409
    assert "Quelqu’un a déjà répondu" in again.text


def test_what_a_person_refused_is_not_proposed_again(room: Room) -> None:
    work(room)
    first, second = ids(console(room))
    assert room.press(f"suggestions/{first}", reponse="refuser").status_code == 303
    assert ids(console(room)) == [second]
    assert room.press("suggestions").status_code == 303
    work(room)
    left = console(room)
    assert len(ids(left)) == 1
    assert room.press(f"suggestions/{ids(left)[0]}", reponse="refuser").status_code == 303
    assert "Rien à proposer de plus" in console(room)
    room.app.extensions["boucle"].encoder = HashingEncoder(64)
    room.press("suggestions")
    work(room)
    assert "est à l’arrêt" not in console(room)
    assert room.press(f"suggestions/{first}", reponse="peut-être").status_code == 400


def test_ideas_that_changed_make_their_proposal_stale_and_it_groups_nothing(
    room: Room, committed: Session
) -> None:
    work(room)
    found = kept(committed, select(GroupSuggestion))
    with writing(room.app):
        db.session.get_one(Card, found[0].card_ids[0]).text = "Tout autre chose"
        db.session.get_one(Workshop, room.id).version += 1
    page = console(room)
    assert "Propositions périmées : des idées ont changé" in page
    assert "Proposition périmée : ses idées ont changé" in page
    answer = room.press(f"suggestions/{found[0].id}", reponse="accepter")
    assert answer.status_code == 409
    assert "Rien n’a été regroupé" in answer.text
    assert kept(committed, select(CardGroup)) == []
    assert room.press(f"suggestions/{found[1].id}", reponse="accepter").status_code == 303
    assert len(kept(committed, select(CardGroup))) == 1


def test_a_worker_that_does_not_answer_is_said_and_hands_go_on(
    room: Room, clock: StandingClock, committed: Session
) -> None:
    clock.forward(minutes=1)
    assert "Les propositions tardent" in console(room)
    cards = kept(committed, select(Card.id))[:2]
    assert room.press("groupes", cards=cards).status_code == 303


def test_a_session_that_moved_on_or_closed_keeps_no_proposal(
    room: Room, committed: Session
) -> None:
    work(room)
    assert room.press("suggestions").status_code == 303
    room.walk("group", "vote")
    assert room.press("suggestions").status_code == 409
    work(room)
    room.walk("vote", "closed")
    assert kept(committed, select(GroupSuggestion)) == []


class Hanging(HashingEncoder):
    """A model that does not come back before the test lets it."""

    let_go = Event()

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        self.let_go.wait()
        return super().encode(texts, progress)


def test_a_model_that_hangs_leaves_the_room_with_proposals_by_words(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.2)
    room.app.extensions["boucle"].encoder = Hanging(64)
    try:
        work(room)
        page = console(room)
        assert len(ids(page)) == 2
        assert "Le modèle qui compare le sens est à l’arrêt" in page
    finally:
        Hanging.let_go.set()
