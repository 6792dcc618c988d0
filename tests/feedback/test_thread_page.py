"""What the team's page of one retour says around its words: the wait, its subject, the journal."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Role
from app.db import db
from feedback import commitments, threads
from feedback.models import Feedback
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY
from tests.feedback.placed import place, theme

SOON = TODAY + timedelta(days=30)
ANSWER = "Nous cherchons pourquoi vos mesures restent sur le téléphone."
USEFUL = {
    True: "L’auteur trouve cette réponse utile.",
    False: "L’auteur ne trouve pas cette réponse utile.",
}


@pytest.fixture
def retour(app: Flask, client: FlaskClient) -> str:
    """The id of a late, pressing retour with all that is known of it; its team is signed in."""
    with writing(app):
        service = factories.service(name="Mon suivi")
        row: Feedback = factories.retour(
            service,
            functionality=factories.functionality(service, name="Partage"),
            release=factories.release(service, "6.2"),
            dangers=["medical"],
            reply_due=TODAY - timedelta(days=3),
            waiting_since=TODAY - timedelta(days=17),
        )
        place(row, theme(service, "Mesures"))
        account = factories.account(Role.PROMOTER, services=(service,))
        threads.answer(row, ANSWER, account, TODAY)
        commitments.promise(service, "Réparer le transfert.", "Équipe produit", SOON, [row], TODAY)
        commitments.promise(service, "Écrire une aide.", "Équipe aide", SOON, [], TODAY)
        factories.sign_in(client, account)
        return row.id


def shown(client: FlaskClient, retour: str, part: str) -> str:
    """Return the words of a part of the page."""
    page = BeautifulSoup(client.get(f"/equipe/retours/{retour}").text, "html.parser")
    found = page.select_one(part)
    assert isinstance(found, Tag), part
    return " ".join(found.get_text(" ").split())


def test_what_a_retour_is_about_stands_beside_its_words(client: FlaskClient, retour: str) -> None:
    told = shown(client, retour, "[aria-label='Le retour'] .chips")
    for words in ("Mesures", "Partage", "version 6.2", "Urgence : Urgent", "Danger signalé"):
        assert words in told, words


def test_the_wait_is_told_with_the_day_of_the_clock_until_an_answer_ends_it(
    app: Flask, client: FlaskClient, retour: str
) -> None:
    assert "réponse due" not in shown(client, retour, "article.thread > header")
    with writing(app):
        threads.reply(db.session.get_one(Feedback, retour), "Toujours rien.", TODAY)
    told = shown(client, retour, "article.thread > header")
    assert "réponse due le 7 décembre 2026" in told


@pytest.mark.parametrize("useful", [True, False, None])
def test_the_team_reads_whether_its_answer_was_useful(
    app: Flask, client: FlaskClient, retour: str, useful: bool | None
) -> None:
    with writing(app):
        (message,) = threads.messages(db.session.get_one(Feedback, retour))
        message.useful = useful
    told = shown(client, retour, "[aria-labelledby=exchange-title]")
    assert {value for value, words in USEFUL.items() if words in told} == {useful} - {None}


def test_promises_stand_with_their_date_and_owner_and_others_may_be_linked(
    client: FlaskClient, retour: str
) -> None:
    told = shown(client, retour, "[aria-labelledby=promises-title]")
    assert "Réparer le transfert. Promis · pour le 23 décembre 2026 · Équipe produit" in told
    offered: Any = shown(client, retour, "select[name=engagement]")
    assert "Écrire une aide." in offered
    assert "Réparer le transfert." not in offered


def test_the_team_reads_the_journal_that_the_author_reads(client: FlaskClient, retour: str) -> None:
    client.get(f"/equipe/retours/{retour}")
    told = shown(client, retour, "article.thread > details:last-of-type")
    assert "L’auteur lit ce journal avec son code." in told
    assert "a écrit dans l’échange" in told
    assert "a ouvert le retour" in told
