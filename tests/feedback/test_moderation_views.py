"""The page of one retour: rules to look at, what is masked, words that change while it is open."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.db import db
from feedback.models import Feedback, State
from feedback.moderation import Decision
from feedback.moderation_figures import count
from feedback.moderation_items import WhyHeld
from tests import factories
from tests.conftest import writing
from tests.factories import post
from tests.feedback import citizen


def test_nobody_opens_words_that_they_have_not_read(
    app: Flask, client: FlaskClient, committed: Session
) -> None:
    with writing(app):
        row = factories.retour(factories.service(), text="Avant.", state=State.HELD.value)
        feedback_id = row.id
        factories.sign_in(client, factories.account(Role.MODERATOR))
    url = f"/equipe/moderation/{feedback_id}"
    page = BeautifulSoup(client.get(url).text, "html.parser")
    field = page.find(attrs={"name": "read"})
    assert field is not None
    with writing(app):
        db.session.get_one(Feedback, feedback_id).text = "Après, avec autre chose."
    said = {"decision": "open", "words": "Merci à vous.", "read": str(field["value"])}
    answer = post(client, url, said)
    assert answer.status_code == 409
    assert "Après, avec autre chose." in answer.text
    assert "Merci à vous." in answer.text
    committed.rollback()
    assert committed.get_one(Feedback, feedback_id).state == State.HELD
    again = BeautifulSoup(answer.text, "html.parser").find(attrs={"name": "read"})
    assert again is not None
    assert post(client, url, {**said, "read": str(again["value"])}).status_code == 303
    committed.rollback()
    assert committed.get_one(Feedback, feedback_id).state == State.OPEN


def moderators_page(app: Flask, client: FlaskClient, slug: str, words: str) -> BeautifulSoup:
    """Let somebody send ``words``, which are held, and return the moderator's page of them."""
    citizen.send(client, slug, text=words)
    with writing(app):
        row = db.session.scalars(select(Feedback)).one()
        row.state = State.HELD.value
        url = f"/equipe/moderation/{row.id}"
        factories.sign_in(client, factories.account(Role.MODERATOR))
    return citizen.soup_of(client.get(url))


MASKED = "Mon numéro 06 12 34 56 78 si besoin, ou jean@example.fr."
NOTHING_SUGGESTED = "Aucune règle n’est proposée pour ce texte."
NOTHING_MASKED = "Aucun passage n’est masqué."


@pytest.mark.parametrize(
    ("words", "rules", "masked"),
    [
        (
            f"{MASKED} Bande de connards.",
            [
                "Données d’une autre personne · 2 passages masqués",
                "Insulte ou menace · connards",
            ],
            ["Téléphone", "Adresse de courriel"],
        ),
        ("Voyez https://example.com/promo.", ["Publicité · un lien a été masqué"], ["Lien"]),
        ("Bande de connards.", ["Insulte ou menace · connards"], []),
        ("La courbe est trop petite.", [], []),
    ],
)
def test_the_page_lists_the_rules_for_its_text_and_shows_what_is_masked(
    app: Flask, client: FlaskClient, slug: str, words: str, rules: list[str], masked: list[str]
) -> None:
    page = moderators_page(app, client, slug, words)
    section = page.select_one("[aria-labelledby=suggested-title]")
    assert section is not None
    assert [" ".join(each.get_text().split()) for each in section.select("li")] == rules
    assert (NOTHING_SUGGESTED in section.get_text()) is (not rules)
    text = page.select_one("[aria-label='Le retour']")
    assert text is not None
    assert [each.get_text() for each in text.select(".mask")] == masked
    assert (NOTHING_MASKED in text.get_text()) is (not masked)
    assert not page.select("[name=rule] option[selected]:not([value=''])"), "nothing is chosen"


def test_the_queue_says_in_figures_how_it_fares(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        day = factories.TODAY - timedelta(days=7)
        factories.retour(factories.service(), state="held", dangers=["suicide"], day=day)
        for days, times in ((0, 2), (3, 1), (4, 2)):
            for _ in range(times):
                count(WhyHeld.SERVICE, Decision.OPEN, days, factories.TODAY)
        factories.sign_in(client, factories.account(Role.MODERATOR))
    lines = citizen.soup_of(client.get("/equipe/moderation")).select("#figures tbody tr")
    assert [
        [" ".join(cell.get_text().split()) for cell in line.select("th, td")] for line in lines
    ] == [
        ["Toutes les raisons", "1", "5", "5", "3", "60 %"],
        ["Danger possible", "1", "5", "0", "–", "–"],
        ["Le service demande une relecture", "0", "–", "5", "3", "60 %"],
    ]
