"""Words that came without the name finder: who facilitates reads first; then they are masked."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import model_tasks
from app.accounts import Role
from app.db import db
from app.runtime import runtime
from tests.conftest import writing
from tests.factories import TODAY, account, post, sign_in
from tests.fakes import CapitalNames, StandingClock
from tests.workshops.rooms import HTMX, Phone, Room, kept, open_room
from tests.workshops.test_kept_codes import ask, enter
from workshops import diaries
from workshops.models import UNREAD, Card, CardGroup, Proposal, Workshop
from workshops.process_models import Process, Trial
from workshops.talk_models import Remark

NAMED, PLAIN = "Je crois que Lemaire refuse les rappels", "Un rappel la veille"


@pytest.fixture
def no_names(app: Flask) -> Iterator[None]:
    """The name finder is missing."""
    with app.app_context():
        runtime().name_finder = None  # type: ignore[misc]
    yield
    with app.app_context():
        runtime().name_finder = CapitalNames()  # type: ignore[misc]


def come_back(app: Flask, clock: StandingClock) -> str:
    """Let the finder return and the worker mask what waits."""
    with writing(app):
        runtime().name_finder = CapitalNames()  # type: ignore[misc]
        return model_tasks.mask_names("", clock())


def written(app: Flask) -> tuple[Room, Phone, Phone]:
    """Return a room revealed, with two ideas that were written without the finder."""
    room = open_room(app)
    ana, bob = room.phone(), room.phone()
    room.walk("lobby", "write")
    ana.write(NAMED)
    bob.write(PLAIN)
    room.walk("write", "reveal")
    return room, ana, bob


def console(room: Room) -> str:
    return room.desk.get(f"/equipe/ateliers/{room.id}").text


def every_answer(room: Room, phone: Phone) -> str:
    """Return what the room may read: a phone's page and poll, the big screen."""
    wall = room.app.test_client().get(f"/atelier/{room.code}/ecran", headers=HTMX)
    return phone.look() + phone.poll().text + wall.text


@pytest.mark.usefixtures("no_names")
def test_the_room_reads_them_once_who_facilitates_has_read_them(
    app: Flask, committed: Session
) -> None:
    room, ana, bob = written(app)
    assert "Lemaire" not in every_answer(room, bob)
    assert "Une de vos idées attend" in ana.look()
    assert "Les idées arrivent. La personne qui anime les lit d’abord." in bob.look()
    assert "Personne n’a écrit d’idée" not in bob.look() + console(room)
    page = console(room)
    assert "2 idées à lire avant la salle" in page
    assert "Lemaire" in page
    named = kept(committed, select(Card.id).where(Card.text.contains("Lemaire")))[0]
    plain = kept(committed, select(Card.id).where(Card.text == PLAIN))[0]
    assert room.press(f"idees/{named}/masquer", reason="Elle nomme quelqu’un.").status_code == 303
    assert room.press("idees/relues", cards=[plain, named]).status_code == 303
    assert PLAIN in every_answer(room, ana)
    assert "Lemaire" not in every_answer(room, bob)
    assert "Elle nomme quelqu’un." in ana.look()
    assert "à lire avant la salle" not in console(room)


@pytest.mark.usefixtures("no_names")
def test_an_idea_that_came_after_the_page_was_read_is_not_shown_with_the_others(
    app: Flask, committed: Session
) -> None:
    room, _ana, bob = written(app)
    plain = kept(committed, select(Card.id).where(Card.text == PLAIN))
    room.press("idees/relues", cards=plain)
    assert "Lemaire" not in every_answer(room, bob)
    assert "1 idée à lire avant la salle" in console(room)


@pytest.mark.usefixtures("no_names")
def test_they_are_masked_and_shown_when_the_finder_is_back(
    app: Flask, clock: StandingClock, committed: Session
) -> None:
    room, ana, bob = written(app)
    assert come_back(app, clock).endswith("2 words of sessions")
    assert "[PERSONNE_1] refuse les rappels" in " ".join(kept(committed, select(Card.text)))
    assert kept(committed, select(Card.names_masked)) == [True, True]
    for phone in (ana, bob):
        assert "refuse les rappels" in every_answer(room, phone)
        assert "Lemaire" not in every_answer(room, phone)
    assert come_back(app, clock).endswith("0 words of sessions")


@pytest.mark.usefixtures("no_names")
def test_masked_while_the_room_votes_an_idea_can_be_voted_for(
    app: Flask, clock: StandingClock, committed: Session
) -> None:
    room, ana, _bob = written(app)
    room.press("idees/relues", cards=kept(committed, select(Card.id).where(Card.text == PLAIN)))
    room.walk("reveal", "vote")
    assert len(kept(committed, select(CardGroup.id))) == 1
    come_back(app, clock)
    groups = kept(committed, select(CardGroup.id))
    assert len(groups) == 2
    assert [ana.vote(group).status_code for group in groups] == [303, 303]


@pytest.mark.usefixtures("no_names")
def test_a_proposal_made_meanwhile_is_masked_with_its_idea(
    app: Flask, clock: StandingClock, committed: Session
) -> None:
    room, _ana, _bob = written(app)
    room.press("idees/relues", cards=kept(committed, select(Card.id)))
    room.walk("reveal", "vote", "discuss", "decide")
    group = kept(committed, select(Card.group_id).where(Card.text.contains("Lemaire")))[0]
    room.press(f"groupes/{group}/proposition")
    assert "Lemaire" in kept(committed, select(Proposal.text))[0]
    come_back(app, clock)
    proposal = kept(committed, select(Proposal))[0]
    assert "Lemaire" not in proposal.text + proposal.title
    assert "[PERSONNE_1] refuse" in proposal.text


@pytest.mark.usefixtures("no_names")
def test_messages_wait_too_and_a_reason_of_a_person_stands(
    app: Flask, clock: StandingClock, committed: Session
) -> None:
    room, ana, bob = written(app)
    room.press("idees/relues", cards=kept(committed, select(Card.id)))
    room.walk("reveal", "vote", "discuss")
    group = kept(committed, select(Card.group_id).where(Card.text == PLAIN))[0]
    for words in ("Je crois que Lemaire accepte", "Je crois que Lemaire refuse"):
        ana.send(f"groupes/{group}/messages", text=words)
    thread = f"/atelier/{room.code}/groupes/{group}"
    assert "Lemaire" not in bob.client.get(thread).text
    assert "Un de vos messages attend" in ana.client.get(thread).text
    second = kept(committed, select(Remark.id).where(Remark.text.contains("Lemaire refuse")))[0]
    room.press(f"messages/{second}/masquer", reason="Hors sujet")
    come_back(app, clock)
    said = {text.split()[-1]: reason for text, reason in reasons(app) if "[PERSONNE_1]" in text}
    assert said == {"accepte": "", "refuse": "Hors sujet"}
    assert "accepte" in bob.client.get(thread).text


def reasons(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        return [(each.text, each.hidden_reason) for each in db.session.scalars(select(Remark))]


@pytest.mark.usefixtures("no_names")
def test_an_idea_rewritten_once_the_finder_is_back_is_shown_at_once(
    app: Flask, committed: Session
) -> None:
    room = open_room(app)
    ana = room.phone()
    room.walk("lobby", "write")
    ana.write(NAMED)
    card = kept(committed, select(Card))[0]
    assert (card.hidden_reason, card.names_masked) == (UNREAD, False)
    with app.app_context():
        runtime().name_finder = CapitalNames()  # type: ignore[misc]
    ana.send(f"idees/{card.id}", text=f"{NAMED} du soir")
    card = kept(committed, select(Card))[0]
    assert (card.hidden_reason, card.names_masked) == ("", True)
    assert "Lemaire" not in card.text


@pytest.mark.usefixtures("no_names")
def test_a_note_of_a_diary_and_an_opinion_are_read_once_they_are_masked(
    app: Flask, clock: StandingClock, committed: Session
) -> None:
    room, ana, _bob = written(app)
    code = ask(ana)
    with writing(app):
        session = db.session.get_one(Workshop, room.id)
        values = {"service": session.service, "keeper": session.facilitator, "made": TODAY}
        process = Process(**values, title="Rappels")
        trial = Trial(process=process, title="Essai", starts=TODAY, ends=TODAY, prompts=["Alors ?"])
        db.session.add(trial)
        db.session.flush()
        session.process_id, key = process.id, trial.id
    post(enter(app, code), f"/atelier/carnet/{key}", {"answer-0": "Lemaire a appelé"})
    room.walk("reveal", "vote", "discuss", "decide", "closed")
    assert post(
        ana.client, f"/atelier/{room.code}/avis", {"words": "Merci à Lemaire"}
    ).status_code in (200, 303)
    report = f"/equipe/ateliers/{room.id}/compte-rendu"
    assert "Lemaire" not in room.desk.get(report).text
    assert entries(app, key) == []
    come_back(app, clock)
    assert entries(app, key) == ["[PERSONNE_1] a appelé"]
    assert "Merci à" in room.desk.get(report).text
    assert "Lemaire" not in room.desk.get(report).text


def entries(app: Flask, trial_id: str) -> list[str]:
    with app.app_context():
        found = diaries.entries_of(db.session.get_one(Trial, trial_id))
        return [entry.text for _question, written in found for entry in written]


@pytest.mark.usefixtures("no_names")
def test_cards_typed_from_paper_were_read_by_who_types_them_and_are_masked_later(
    app: Flask, clock: StandingClock, committed: Session
) -> None:
    room = open_room(app)
    phone = room.phone()
    room.walk("lobby", "write")
    room.press("papier/idees", cards=f"{PLAIN}\n{NAMED}", key="k")
    room.walk("write", "reveal")
    assert PLAIN in phone.look()
    come_back(app, clock)
    assert "Lemaire" not in " ".join(kept(committed, select(Card.text)))


def test_only_who_runs_the_session_shows_what_waits(app: Flask, no_names: None) -> None:
    room, _ana, bob = written(app)
    other: FlaskClient = app.test_client()
    with writing(app):
        sign_in(other, account(Role.FACILITATOR))
        cards = list(db.session.scalars(select(Card.id)))
    answer = post(other, f"/equipe/ateliers/{room.id}/idees/relues", {"cards": cards})
    assert answer.status_code == 404
    assert "Lemaire" not in bob.look()
