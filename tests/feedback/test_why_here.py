"""« Pourquoi ? » for the place of a retour on the desk and for its severity: the same functions."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Role
from app.days import add_working_days
from app.db import db
from app.desk_filters import View
from app.desk_lists import Reader, page_ids
from app.matrix import Risk
from feedback.answer_safety import recall
from feedback.appeals import moderator_of
from feedback.models import Feedback, State
from feedback.urgency import Level, decide
from feedback.why_here import count_before, passages, why_here
from nlp.danger import ANNOYANCE, BLOCKED, HARM, grounds, severity
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, sign_in

TEXTS = (
    "L’application est un peu lente.",
    "Je n’arrive pas à me connecter, je suis bloquée depuis lundi.",
    "Je suis tombée et je me suis retrouvée aux urgences.",
    "Je veux mourir.",
    "Tout va bien, merci.",
)


def waiting(service: object, since: date, days: int, **values: object) -> Feedback:
    due = add_working_days(since, days)
    return factories.retour(
        service,  # type: ignore[arg-type]
        day=since,
        waiting_since=since,
        reply_due=due,
        **values,
    )


@pytest.mark.usefixtures("in_app")
def test_what_is_said_to_stand_before_stands_before_in_the_list() -> None:
    service, other = factories.service(), factories.service()
    for number in range(30):
        since = TODAY - timedelta(days=number * 7 % 23)
        waiting(service, since, 5 + number % 3 * 5)
    waiting(service, TODAY - timedelta(days=90), 5, state=State.HELD.value)  # not read yet
    waiting(other, TODAY - timedelta(days=90), 5)
    waiting(service, TODAY - timedelta(days=90), 5, thread_state="answered")
    team = factories.account(Role.PROMOTER, services=(service,))
    reader = Reader(team, (service.id,), TODAY, TODAY)
    ids = page_ids(reader, View.TO_ANSWER, [], 0, 100)
    assert len(ids) == 30
    assert [count_before(db.session.get_one(Feedback, each)) for each in ids] == list(range(30))


@pytest.mark.usefixtures("in_app")
def test_the_clock_the_wait_and_the_risk_are_told() -> None:
    service = factories.service()
    part = factories.functionality(
        service, name="Dosage", individual_risk=Risk.HIGH.value, collective_risk=Risk.LOW.value
    )
    since = date(2026, 10, 12)
    row = waiting(service, since, part.reply_days, functionality_id=part.id)
    db.session.refresh(row)
    told = " ".join(why_here(row, date(2026, 10, 21)).place)
    assert "Attend depuis le 12 octobre" in told
    assert "Réponse due le 19 octobre" in told
    assert "Dépassée de 2 jours ouvrés." in told
    assert "Délai : 5 jours ouvrés. Il vient de « Dosage » : risque élevé pour une personne" in told
    assert "Aucun retour de ce service ne passe avant." in told
    row.reply_due = since + timedelta(days=40)
    assert "a changé depuis" in " ".join(why_here(row, since).place)
    row.thread_state = "answered"
    assert why_here(row, TODAY).place == (
        "Ce retour n’attend pas de réponse. Les listes le rangent par sa date.",
    )


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("text", TEXTS)
def test_the_passages_give_the_severity_that_is_kept(text: str) -> None:
    row = factories.retour(factories.service(), text=text)
    recall(row)
    found = list(passages(row))
    assert max((level for _words, level in found), default=ANNOYANCE) == row.severity
    assert grounds(text)[0] == severity(text)
    because = " ".join(why_here(row, TODAY).because)
    assert all(words in text and words in because for words, _level in found)
    assert ("Aucun mot de nos listes" in because) is (row.severity == ANNOYANCE)


def test_the_levels_are_all_seen_in_the_examples() -> None:
    assert {severity(text) for text in TEXTS} == {ANNOYANCE, BLOCKED, HARM}


@pytest.mark.usefixtures("in_app")
def test_what_a_person_decided_and_what_was_read_before_masking_is_told() -> None:
    row = factories.retour(factories.service(), text="L’application est lente.")
    row.dangers, row.severity = ["threat"], HARM
    assert "avant le masquage" in " ".join(why_here(row, TODAY).because)
    moderator = factories.account(Role.MODERATOR)
    decide(row, Level.ORDINARY, "Rien de grave.", moderator_of(moderator), TODAY)
    assert why_here(row, TODAY).because[0].startswith("Une personne l’a décidé le")


def test_the_desk_shows_both_on_the_page_of_a_retour(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        service = factories.service()
        row = waiting(service, TODAY - timedelta(days=3), 15, text=TEXTS[1], severity=BLOCKED)
        sign_in(client, factories.account(Role.PROMOTER, services=(service,)))
        address = f"/equipe?retour={row.id}"
    page = client.get(address).text
    assert "Pourquoi cette place et cette gravité ?" in page
    assert "Gravité : 2 sur 3, un blocage" in page
    assert "Aucun retour de ce service ne passe avant." in page
