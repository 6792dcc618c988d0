"""Who speaks in each turn of an exchange, and which answer is a standard one, on every page."""

from dataclasses import dataclass
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access import MAY, Verb
from app.accounts import Role
from app.db import db
from feedback import threads
from feedback.models import Feedback
from feedback.moderation import Decision, decide
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY
from tests.feedback import citizen, readers
from tests.feedback.test_moderation import ACTOR

SAID = "La courbe est trop petite."
OWN = "Nous agrandissons la courbe sur les petits téléphones."
STANDARD = "Merci de votre retour, nous le lisons avec soin."
AGAIN = "Elle reste petite chez moi."
PEER = "Chez moi aussi la courbe est petite."
TEAM, AUTHOR, READER = "Équipe", "Auteur", "Réponse d’un autre usager"
ROLES = {Role.PROMOTER: TEAM}  # of whoever may answer, as the badge says it
DISCLOSED = "Réponse type : ce texte sert à plusieurs retours."


@dataclass(frozen=True)
class Exchange:
    """A published message with each kind of turn, and where each of its readers finds it."""

    code: str
    desk: str
    public: str


def _exchange(app: Flask, client: FlaskClient, slug: str, *roles: Role) -> Exchange:
    """Let author, team and a reader write under one message; the team is signed in on ``client``.

    The team's first answer is its own, and the second, to what the author wrote again, too; the
    one between is a standard one.
    """
    code = citizen.code_of(citizen.send(client, slug, text=SAID))
    with writing(app):
        retour = db.session.scalars(select(Feedback)).one()
        retour.wants_publication = True
        decide(retour, Decision.PUBLISH, "", ACTOR, TODAY)
        retour_id = retour.id
    readers.answer(client, slug, retour_id, PEER)
    with writing(app):
        peer = db.session.scalars(select(Feedback).where(Feedback.channel == "peer")).one()
        decide(peer, Decision.PUBLISH, "", ACTOR, TODAY)
        retour = db.session.get_one(Feedback, retour_id)
        account = factories.account(*roles, services=(retour.service,))
        threads.answer(retour, OWN, account, TODAY)
        threads.answer(retour, STANDARD, account, TODAY, canned=True)
        threads.reply(retour, AGAIN, TODAY)
        threads.answer(retour, f"{OWN} Encore.", account, TODAY)
        factories.sign_in(client, account)
    public = readers.address(slug, retour_id)
    return Exchange(code, f"/equipe/retours/{retour_id}", public)


def _turns(answer: Any, part: str) -> list[tuple[str, str]]:
    """Return the badge and the first words of each turn in ``part`` of the page."""
    turns = BeautifulSoup(answer.text, "html.parser").select(f"{part} .letter")
    found = []
    for each in turns:
        (badge,) = each.select(".badge")
        (words,) = each.select(".text")
        found.append((badge.get_text(strip=True), words.get_text(" ", strip=True)))
    return found


@pytest.mark.parametrize("role", [*MAY[Verb.ANSWER]])
@pytest.mark.parametrize("beside", [(), (Role.MODERATOR, Role.EXPERT)], ids=["alone", "more"])
def test_the_desk_says_who_wrote_each_turn(
    app: Flask, client: FlaskClient, slug: str, role: Role, beside: tuple[Role, ...]
) -> None:
    page = client.get(_exchange(app, client, slug, role, *beside).desk)
    team = ROLES[role]
    exchange = [(team, OWN), (team, STANDARD), (AUTHOR, AGAIN), (team, f"{OWN} Encore.")]
    assert _turns(page, "section[aria-labelledby=exchange-title]") == exchange
    assert _turns(page, "section[id^=around-]") == [(READER, PEER)]


def test_the_authors_page_says_who_wrote_each_turn(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    exchange = _exchange(app, client, slug, Role.PROMOTER)
    page = citizen.come_back(app.test_client(), exchange.code)
    assert _turns(page, "#exchange") == [
        ("Vous", SAID),
        (TEAM, OWN),
        (TEAM, STANDARD),
        ("Vous", AGAIN),
        (TEAM, f"{OWN} Encore."),
    ]
    assert _turns(page, "#around") == [(READER, PEER)]


def test_the_public_page_tells_the_team_from_other_readers(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    page = client.get(_exchange(app, client, slug, Role.PROMOTER).public)
    assert _turns(page, "[aria-labelledby=equipe]") == [(TEAM, OWN), (TEAM, STANDARD)]
    assert _turns(page, "[aria-labelledby=usagers]") == [(READER, PEER)]


def test_a_standard_answer_is_said_to_be_one_and_no_other_is(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    exchange = _exchange(app, client, slug, Role.PROMOTER)
    pages = {
        "desk": (client.get(exchange.desk), "réponse type"),
        "author": (citizen.come_back(app.test_client(), exchange.code), DISCLOSED),
        "public": (client.get(exchange.public), DISCLOSED),
    }
    for name, (page, words) in pages.items():
        turns = BeautifulSoup(page.text, "html.parser").select(".letter")
        said = [turn for turn in turns if words in turn.get_text(" ")]
        assert [STANDARD in turn.get_text(" ") for turn in said] == [True], name
