"""Asking another expert: the question waits on the list, its answer stands on the signal's page."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from feedback import signal_questions
from feedback.models import SignalQuestion
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY
from tests.feedback import watched

ASKED = {"field": "Pharmacie", "question": "Un rappel de nuit peut-il doubler une prise ?"}


@pytest.fixture
def address(app: Flask, client: FlaskClient) -> str:
    """The address of a signal; an expert of « Centre A » is signed in."""
    with writing(app):
        signal = watched.signal(factories.service())
        organisation = factories.organisation("Centre A")
        factories.sign_in(client, factories.account(Role.EXPERT, organisation=organisation))
        return f"/equipe/signaux/{signal.id}"


def test_a_question_waits_on_the_list_until_it_is_answered(
    app: Flask, client: FlaskClient, address: str, committed: Session
) -> None:
    assert factories.post(client, f"{address}/questions", ASKED).status_code == 303
    assert ASKED["question"] in client.get("/equipe/signaux").text
    row = committed.scalars(select(SignalQuestion)).one()
    assert (row.asked_by, row.asked, row.field) == ("Centre A", TODAY, "Pharmacie")
    committed.rollback()
    with writing(app):
        other = factories.account(Role.EXPERT, organisation=factories.organisation("Centre B"))
        factories.sign_in(client, other)
    said = {"answer": "Oui, si la prise est automatique."}
    assert factories.post(client, f"{address}/questions/{row.id}", said).status_code == 303
    shown = client.get(address).text
    assert said["answer"] in shown
    assert "Centre B" in shown
    assert "réponse de l’organisation qui demande" not in shown
    assert ASKED["question"] not in client.get("/equipe/signaux").text


def test_the_organisation_that_asks_may_answer_and_the_page_says_so(
    client: FlaskClient, address: str, committed: Session
) -> None:
    factories.post(client, f"{address}/questions", ASKED)
    assert "La question vient de votre organisation" in client.get(address).text
    number = committed.scalars(select(SignalQuestion.id)).one()
    committed.rollback()
    factories.post(client, f"{address}/questions/{number}", {"answer": "Vérifié depuis."})
    assert "réponse de l’organisation qui demande" in client.get(address).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"field": "", "question": "Gardez ceci ?"}, "Dites à quel savoir vous faites appel."),
        ({"field": "Gardez ceci ?", "question": " "}, "Écrivez la question."),
        ({"field": "Gardez ceci ?" + "a" * 80, "question": "?"}, "80 caractères au plus."),
    ],
)
def test_a_question_without_its_parts_keeps_what_was_typed(
    client: FlaskClient, address: str, typed: dict[str, str], said: str
) -> None:
    answer = factories.post(client, f"{address}/questions", typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Gardez ceci ?" in answer.text


def test_an_empty_answer_is_refused_at_its_question(
    client: FlaskClient, address: str, committed: Session
) -> None:
    factories.post(client, f"{address}/questions", ASKED)
    number = committed.scalars(select(SignalQuestion.id)).one()
    committed.rollback()
    for words in (" ", "a" * 2001):
        answer = factories.post(client, f"{address}/questions/{number}", {"answer": words})
        assert answer.status_code == 422
        assert f'id="answer-{number}-error"' in answer.text
    assert factories.post(client, f"{address}/questions/99999", {"answer": "?"}).status_code == 404


def test_an_answer_is_written_once(app: Flask, in_app: None) -> None:
    signal = watched.signal(factories.service())
    row = signal_questions.ask(signal, "Droit", "Faut-il le dire ?", "Centre A", TODAY)
    signal_questions.answer(row, "Oui.", "Centre B", TODAY)
    signal_questions.answer(row, "Non.", "Centre C", TODAY)
    assert (row.answer, row.answered_by) == ("Oui.", "Centre B")


def test_a_team_reads_questions_and_asks_none(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        service = factories.service()
        signal = watched.signal(service)
        signal_questions.ask(signal, "Droit", "Faut-il le dire ?", "Centre A", TODAY)
        factories.sign_in(client, factories.account(Role.PROMOTER, services=(service,)))
        address = f"/equipe/signaux/{signal.id}"
    shown = client.get(address).text
    assert "Faut-il le dire ?" in shown
    assert "Attend une réponse." in shown
    assert "Poser une question" not in shown
    assert factories.post(client, f"{address}/questions", ASKED).status_code == 403
