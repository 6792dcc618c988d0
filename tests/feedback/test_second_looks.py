"""An answer that says a change is made: a moderator reads it before any author, and sends it."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Account, Role
from app.db import db
from feedback import second_looks
from feedback.appeals import SameModerator, moderator_of
from feedback.models import AnswerDraft, DecisionCount, Feedback, Message, SecondLook, Theme
from feedback.states import ForbiddenMove
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post
from tests.feedback.placed import said, theme

CLAIM = "Nous avons corrigé l’envoi de vos mesures dans la version 6.3."
QUEUE = "/equipe/moderation"


@pytest.fixture
def world(app: Flask, client: FlaskClient) -> dict[str, Any]:
    """A retour that its team has read, a member of the team on ``client``, and a moderator."""
    with writing(app):
        service = factories.service()
        retour = factories.retour(service, read_day=TODAY)
        team = factories.account(Role.PROMOTER, services=(service,))
        moderator = factories.account(Role.MODERATOR)
        factories.sign_in(client, team)
        return {
            "service": service.id,
            "retour": retour.id,
            "url": f"/equipe/retours/{retour.id}",
            "team": team.id,
            "moderator": moderator.id,
        }


@pytest.fixture
def moderator(app: Flask, world: dict[str, Any]) -> FlaskClient:
    """A browser where the moderator is signed in."""
    return _signed_in(app, world["moderator"])


def _signed_in(app: Flask, account_id: int) -> FlaskClient:
    other = app.test_client()
    with app.app_context():
        factories.sign_in(other, db.session.get_one(Account, account_id))
    return other


def _all(session: Session, query: Any) -> list[Any]:
    found = list(session.scalars(query))
    session.rollback()
    return found


def _sent(session: Session) -> list[str]:
    return _all(session, select(Message.text).where(Message.sender == "team"))


def _look(session: Session) -> SecondLook:
    (found,) = session.scalars(select(SecondLook))
    session.expunge(found)
    session.rollback()
    return found


def test_an_answer_that_claims_waits_and_its_author_reads_nothing(
    client: FlaskClient, world: dict[str, Any], committed: Session
) -> None:
    page = post(client, world["url"] + "/reponse", {"text": CLAIM}, follow_redirects=True)
    assert "un modérateur la relit, puis l’envoie" in page.text
    assert "Cette réponse attend un second regard" in page.text
    assert _sent(committed) == []
    assert _all(committed, select(AnswerDraft)) == []
    assert _all(committed, select(Feedback.thread_state)) == ["waiting"]  # the clock goes on
    post(client, world["url"] + "/reponse", {"text": CLAIM})
    assert _look(committed).text == CLAIM  # the second tap is the same answer


def test_the_preview_says_beforehand_that_somebody_will_look(
    client: FlaskClient, world: dict[str, Any]
) -> None:
    page = post(client, world["url"] + "/apercu", {"text": CLAIM}).text
    assert "Confier la réponse à un modérateur" in page
    assert "Cette phrase annonce un changement" in page


def test_the_moderator_sends_it_in_the_teams_name(
    client: FlaskClient, moderator: FlaskClient, world: dict[str, Any], committed: Session
) -> None:
    post(client, world["url"] + "/reponse", {"text": CLAIM})
    queue = moderator.get(QUEUE).text
    assert "Réponses qui annoncent un changement" in queue
    assert CLAIM in BeautifulSoup(queue, "html.parser").get_text()
    done = post(
        moderator,
        f"{QUEUE}/reponses/{_look(committed).id}",
        {"decision": "accept"},
        follow_redirects=True,
    )
    assert "Réponse envoyée à 1 auteur." in done.text
    (message,) = _all(committed, select(Message))
    assert (message.text, message.role, message.day) == (CLAIM, "promoter", TODAY)
    assert _all(committed, select(SecondLook)) == []
    counts = _all(committed, select(DecisionCount))
    assert [(each.why, each.outcome, each.number) for each in counts] == [("claim", "accept", 1)]


def test_what_is_given_back_says_why_and_comes_back_into_the_form(
    client: FlaskClient, moderator: FlaskClient, world: dict[str, Any], committed: Session
) -> None:
    post(client, world["url"] + "/reponse", {"text": CLAIM})
    address = f"{QUEUE}/reponses/{_look(committed).id}"
    silent = post(moderator, address, {"decision": "back"})
    assert silent.status_code == 422
    assert "Dites à l’équipe pourquoi." in silent.text
    post(moderator, address, {"decision": "back", "words": "La version 6.3 n’est pas sortie."})
    assert "réponse rendue par la modération" in client.get("/equipe").text
    page = client.get(world["url"]).text
    assert "La version 6.3 n’est pas sortie." in page
    again = post(client, world["url"] + "/reprise", {}, follow_redirects=True)
    area = BeautifulSoup(again.text, "html.parser").find(id="answer-text")
    assert area is not None
    assert area.get_text().strip() == CLAIM
    assert _all(committed, select(SecondLook)) == []
    assert _sent(committed) == []


def test_another_claim_waits_its_turn_and_keeps_its_words(
    client: FlaskClient, world: dict[str, Any], committed: Session
) -> None:
    post(client, world["url"] + "/reponse", {"text": CLAIM})
    other = CLAIM + " Merci de votre patience."
    refused = post(client, world["url"] + "/reponse", {"text": other})
    assert refused.status_code == 409
    assert other in refused.text
    assert "attend déjà un second regard" in refused.text
    assert _look(committed).text == CLAIM


def test_the_writer_never_takes_the_second_look(
    app: Flask, world: dict[str, Any], committed: Session
) -> None:
    with writing(app):
        service = db.session.get_one(factories.Service, world["service"])
        both = factories.account(Role.PROMOTER, Role.MODERATOR, services=(service,))
        both_id = both.id
    browser = _signed_in(app, both_id)
    post(browser, world["url"] + "/reponse", {"text": CLAIM})
    assert "un autre modérateur doit la relire" in browser.get(QUEUE).text
    address = f"{QUEUE}/reponses/{_look(committed).id}"
    assert post(browser, address, {"decision": "accept"}).status_code == 409
    assert _sent(committed) == []


def test_nothing_goes_to_who_has_gone_meanwhile(app: Flask, world: dict[str, Any]) -> None:
    with writing(app):
        retour = db.session.get_one(Feedback, world["retour"])
        team = db.session.get_one(Account, world["team"])
        look = second_looks.ask(retour, CLAIM, team, TODAY)
        moderator = moderator_of(db.session.get_one(Account, world["moderator"]))
        retour.state = "held"
        with pytest.raises(ForbiddenMove):
            second_looks.accept(look, moderator, TODAY)
        retour.state = "open"
        team.memberships.clear()
        db.session.flush()
        with pytest.raises(second_looks.WriterGone):
            second_looks.accept(look, moderator, TODAY)
        with pytest.raises(SameModerator):
            second_looks.give_back(look, "Non.", moderator_of(team), TODAY)


def test_a_colleague_was_faster(
    client: FlaskClient, moderator: FlaskClient, world: dict[str, Any], committed: Session
) -> None:
    post(client, world["url"] + "/reponse", {"text": CLAIM})
    address = f"{QUEUE}/reponses/{_look(committed).id}"
    post(client, world["url"] + "/reprise", {})
    late = post(moderator, address, {"decision": "accept"}, follow_redirects=True)
    assert "L’état a changé entre-temps." in late.text
    assert _sent(committed) == []


def test_a_claim_to_a_whole_theme_reaches_everybody_after_the_look(
    app: Flask, client: FlaskClient, moderator: FlaskClient, world: dict[str, Any]
) -> None:
    with writing(app):
        row = theme(db.session.get_one(factories.Service, world["service"]))
        said(row, 3)
        url = f"/equipe/themes/{row.id}/reponse"
    check = post(client, url, {"text": CLAIM}).text
    assert "Confier la réponse à un modérateur" in check
    form = {"text": CLAIM, "confirmed": "yes", "reaches": "3"}
    assert "un modérateur la relit" in post(client, url, form, follow_redirects=True).text
    assert "attend un second regard" in client.get(url).text
    with app.app_context():
        (look_id,) = db.session.scalars(select(SecondLook.id))
        assert db.session.scalar(select(Message)) is None
    assert "3 retours l’attendent" in moderator.get(QUEUE).text
    done = post(
        moderator, f"{QUEUE}/reponses/{look_id}", {"decision": "accept"}, follow_redirects=True
    )
    assert "Réponse envoyée à 3 auteurs." in done.text
    with app.app_context():
        told = list(db.session.scalars(select(Message)))
        assert len(told) == 3
        assert all(message.canned and CLAIM in message.text for message in told)


def test_a_theme_takes_its_reply_back(
    app: Flask, client: FlaskClient, world: dict[str, Any]
) -> None:
    with writing(app):
        row = theme(db.session.get_one(factories.Service, world["service"]))
        said(row, 3)
        second_looks.ask(row, CLAIM, db.session.get_one(Account, world["team"]), TODAY)
        url = f"/equipe/themes/{row.id}/reponse"
    page = BeautifulSoup(post(client, url + "/reprise", {}).text, "html.parser")
    area = page.find("textarea", attrs={"name": "text"})
    assert area is not None
    assert area.get_text().strip() == CLAIM
    with app.app_context():
        assert db.session.scalar(select(SecondLook)) is None
        assert db.session.scalar(select(Theme.id)) is not None
