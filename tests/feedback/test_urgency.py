"""How pressing a retour is: the published rule, the author's word, a person's decision."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import traces
from app.accounts import Account, Role
from app.db import db
from feedback import serious, urgency
from feedback.appeals import SameModerator, moderator_of
from feedback.models import Feedback, Signal, SignalKind, State, Urgency
from feedback.moderation_items import WhyHeld
from feedback.moderation_queue import queue, waiting_count
from feedback.urgency import Level, SameLevel
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post
from tests.feedback.citizen import code_of, come_back, send, soup_of, words_of

ASK = "/suivi/retour/urgence"


def _moderator() -> Account:
    return factories.account(Role.MODERATOR)


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize(
    ("values", "level"),
    [
        ({"dangers": ["suicide"], "severity": 3}, Level.URGENT),
        ({"severity": 3}, Level.SERIOUS),
        ({"severity": 2}, Level.ORDINARY),
        ({}, Level.ORDINARY),
    ],
)
def test_the_rule_reads_what_was_found_in_the_words(
    values: dict[str, object], level: Level
) -> None:
    row = factories.retour(factories.service(), **values)
    assert urgency.rule_level(row) is level
    assert urgency.levels([row]) == {row.id: level}


@pytest.mark.usefixtures("in_app")
def test_a_person_decides_otherwise_and_the_queue_follows() -> None:
    service = factories.service()
    first = factories.retour(service, state="held", reason="moderate_first")
    second = factories.retour(service, state="held", reason="moderate_first")
    assert {item.level for item in queue(TODAY).held} == {Level.ORDINARY}
    urgency.decide(second, Level.SERIOUS, "Une perte d’argent.", moderator_of(_moderator()), TODAY)
    assert [item.feedback.id for item in queue(TODAY).held] == [second.id, first.id]
    late = TODAY + timedelta(days=3)  # a Thursday: three working days
    assert [item.is_late for item in queue(late).held] == [True, False]
    assert second.severity == 3
    entry = traces.journal(second.id)[-1]
    assert (entry["verb"], entry["role"], entry["detail"]) == ("moderated", "moderator", "urgency")


@pytest.mark.usefixtures("in_app")
def test_what_a_person_finds_serious_comes_before_an_expert() -> None:
    row = factories.retour(factories.service())
    assert serious.look_for_harm(TODAY) == 0
    urgency.decide(row, Level.SERIOUS, "Un dommage.", moderator_of(_moderator()), TODAY)
    assert serious.look_for_harm(TODAY) == 1
    signal = db.session.scalars(select(Signal)).one()
    assert (signal.kind, signal.proof["kinds"]) == (SignalKind.SERIOUS, ["decided"])


@pytest.mark.usefixtures("in_app")
def test_an_author_asks_and_another_moderator_decides() -> None:
    row = factories.retour(factories.service())
    first, second = moderator_of(_moderator()), moderator_of(_moderator())
    urgency.decide(row, Level.ORDINARY, "Rien de grave.", first, TODAY)
    with pytest.raises(SameLevel):
        urgency.contest(row, Level.ORDINARY, "", TODAY)
    urgency.contest(row, Level.SERIOUS, "J’ai perdu mes droits.", TODAY)
    urgency.contest(row, Level.SERIOUS, "J’ai perdu mes droits.", TODAY)  # a second tap
    assert [e["verb"] for e in traces.journal(row.id)].count("contested level") == 1
    (asked,) = queue(TODAY).asked
    assert (asked.row.wanted, asked.level, asked.why) == ("serious", Level.ORDINARY, WhyHeld.LEVEL)
    assert waiting_count(TODAY) == 1
    with pytest.raises(SameModerator):
        urgency.decide(row, Level.ORDINARY, "Toujours rien.", first, TODAY)
    urgency.decide(row, Level.SERIOUS, "Un droit est perdu.", second, TODAY)
    assert queue(TODAY).asked == ()
    assert urgency.levels([row]) == {row.id: Level.SERIOUS}


@pytest.mark.usefixtures("in_app")
def test_a_withdrawn_retour_is_asked_about_no_more() -> None:
    row = factories.retour(factories.service())
    urgency.contest(row, Level.URGENT, "", TODAY)
    row.state = State.WITHDRAWN.value
    db.session.flush()
    assert urgency.contested() == []
    assert urgency.contested_count() == 0


def test_the_criteria_are_public_and_each_says_how_long(client: FlaskClient) -> None:
    page = words_of(client.get("/urgence"))
    for words in ("Urgent", "Grave", "Ordinaire", "lu en 1 jour ouvré", "lu en 3 jours ouvrés"):
        assert words in page


def test_an_author_sees_the_level_contests_it_and_reads_the_decision(
    app: Flask, client: FlaskClient, slug: str, committed: Session
) -> None:
    page = come_back(client, code_of(send(client, slug)))
    block = soup_of(page).find(id="level")
    assert block is not None
    assert "Urgence : Ordinaire" in block.get_text()
    said = {"level": "serious", "words": "Le dr Martin a perdu mon dossier."}
    after = client.post(ASK, data=said | _key(client), follow_redirects=True)
    assert "Une personne décide avant le" in words_of(after)
    row = committed.scalars(select(Urgency)).one()
    assert "Martin" not in row.words  # masked like all that is kept
    feedback_id = row.feedback_id
    committed.rollback()
    desk = app.test_client()
    with writing(app):
        factories.sign_in(desk, _moderator())
    assert "Urgences contestées" in desk.get("/equipe/moderation").text
    item = desk.get(f"/equipe/moderation/{feedback_id}")
    assert "L’auteur demande : Grave." in words_of(item)
    form = {"level": "serious", "reason": "Un dossier perdu est un dommage."}
    done = post(desk, f"/equipe/moderation/{feedback_id}/urgence", form, follow_redirects=True)
    assert "Niveau enregistré" in done.text
    told = words_of(client.get("/suivi/retour"))
    assert "Urgence : Grave" in told
    assert "Un dossier perdu est un dommage." in told
    assert "Niveau d’urgence décidé par un modérateur." in told


def _key(client: FlaskClient) -> dict[str, str]:
    form = soup_of(client.get("/suivi/retour")).find("form", action=ASK)
    assert form is not None
    return {str(i["name"]): str(i["value"]) for i in form.find_all("input", type="hidden")}


def test_without_a_level_the_words_stay(client: FlaskClient, slug: str) -> None:
    come_back(client, code_of(send(client, slug)))
    answer = client.post(ASK, data={"words": "C’est grave pour moi."} | _key(client))
    assert answer.status_code == 422
    assert "C’est grave pour moi." in answer.text
    assert "Choisissez le niveau qui vous semble juste." in answer.text


def test_words_typed_before_the_page_closed_come_back_with_the_code(
    client: FlaskClient, slug: str
) -> None:
    code = code_of(send(client, slug))
    kept = {"kept": "C’est grave.", "kept_name": "words", "kept_for": ASK}
    page = soup_of(client.post("/suivi", data={"code": code, **kept}))
    block = page.find(id="level")
    assert block is not None
    assert block.has_attr("open")
    assert "C’est grave." in block.get_text()


def test_a_moderator_says_why(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        row = factories.retour(factories.service(), state="held")
        feedback_id = row.id
        factories.sign_in(client, _moderator())
    url = f"/equipe/moderation/{feedback_id}/urgence"
    silent = post(client, url, {"level": "urgent", "reason": ""})
    assert silent.status_code == 422
    assert "Dites pourquoi : l’auteur le lit." in silent.text
    with app.app_context():
        assert db.session.get_one(Feedback, feedback_id).severity == 1
