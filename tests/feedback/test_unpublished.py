"""« Ne pas publier »: a wish is declined by rule and words, its author reads why and may appeal."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import traces
from app.accounts import Role
from app.db import db
from feedback import appeals, author_news, publication
from feedback.appeals import SameModerator, moderator_of
from feedback.models import Feedback, State
from feedback.moderation import Decision, decide, may_decide
from feedback.moderation_items import WhyHeld
from feedback.moderation_queue import queue, waiting_count
from feedback.publication import MustAppeal
from feedback.states import ForbiddenMove
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post
from tests.feedback import citizen
from tests.feedback.test_author_rights import CORRECT, PAGE, block
from tests.feedback.test_publication import WISH
from tests.feedback.test_receipt_views import after

WHY = "On reconnaît une collègue à son jour de garde."
APPEAL = "/suivi/retour/recours"


def declined() -> tuple[Feedback, Any, Any]:
    """Return a text that was not published, who refused it, and another moderator."""
    first, second = (moderator_of(factories.account(Role.MODERATOR)) for _ in range(2))
    row = factories.retour(factories.service(), wants_publication=True)
    decide(row, Decision.DECLINE, WHY, first, TODAY)
    return row, first, second


@pytest.mark.usefixtures("in_app")
def test_a_declined_wish_leaves_the_queue_and_the_team_reads_on() -> None:
    row, _first, _second = declined()
    assert (row.state, row.wants_publication, row.is_readable_by_team) == ("open", False, True)
    assert queue(TODAY).wishes == ()
    refusal = appeals.publication_refusal(row)
    assert refusal is not None
    assert (refusal.reason, refusal.day, refusal.appealed) == (WHY, TODAY, None)
    entry = traces.journal(row.id)[-1]
    assert (entry["verb"], entry["detail"]) == ("moderated", "decline")
    assert may_decide(row) == [Decision.HOLD, Decision.WAIT]


@pytest.mark.usefixtures("in_app")
def test_asking_again_is_an_appeal_that_another_moderator_reads() -> None:
    row, first, second = declined()
    with pytest.raises(MustAppeal):
        publication.wish(row, True, TODAY)
    before = waiting_count(TODAY)
    appeals.appeal_publication(row, "Je l’ai écrit sans jour.", TODAY)
    assert waiting_count(TODAY) == before + 1
    (item,) = queue(TODAY).wishes
    assert (item.feedback.id, item.why) == (row.id, WhyHeld.APPEAL)
    with pytest.raises(ForbiddenMove):
        appeals.appeal_publication(row, "Encore.", TODAY)
    for decision in (Decision.PUBLISH, Decision.DECLINE, Decision.HOLD):
        with pytest.raises(SameModerator):
            decide(row, decision, "La règle.", first, TODAY)
    decide(row, Decision.DECLINE, "La règle, relue.", second, TODAY)
    refusal = appeals.publication_refusal(row)
    assert refusal is not None
    assert (refusal.account_id, refusal.appealed) == (second.account_id, None)
    appeals.appeal_publication(row, "Encore.", TODAY)
    assert not appeals.may_judge(row, second)
    decide(row, Decision.PUBLISH, "", first, TODAY)
    assert row.state == State.PUBLISHED
    assert appeals.publication_refusal(row) is None


@pytest.mark.usefixtures("in_app")
def test_an_appeal_is_late_after_three_working_days_as_another_wish_never_is() -> None:
    row, _first, _second = declined()
    plain = factories.retour(row.service, wants_publication=True)
    appeals.appeal_publication(row, "Relisez.", TODAY)
    late = {
        item.feedback.id: item.is_late for item in queue(factories.TODAY.replace(day=30)).wishes
    }
    assert late == {row.id: True, plain.id: False}


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("state", [s for s in State if s not in (State.OPEN, State.HELD)])
def test_nothing_else_is_appealed(state: State) -> None:
    row, _first, _second = declined()
    row.state = state.value
    with pytest.raises(ForbiddenMove):
        appeals.appeal_publication(row, "Relisez.", TODAY)
    with pytest.raises(ForbiddenMove):
        appeals.appeal_publication(factories.retour(row.service), "Relisez.", TODAY)


@pytest.mark.usefixtures("in_app")
def test_giving_the_wish_up_takes_the_appeal_back() -> None:
    row, _first, _second = declined()
    appeals.appeal_publication(row, "Relisez.", TODAY)
    publication.wish(row, False, TODAY)
    assert queue(TODAY).wishes == ()
    with pytest.raises(MustAppeal):
        publication.wish(row, True, TODAY)


@pytest.mark.usefixtures("in_app")
def test_the_author_has_news_of_it() -> None:
    row = factories.retour(factories.service(), wants_publication=True)
    before = author_news.marks([row.id])
    decide(row, Decision.DECLINE, WHY, moderator_of(factories.account(Role.MODERATOR)), TODAY)
    assert author_news.marks([row.id]) != before


def _own(app: Flask) -> str:
    return db.session.scalars(select(Feedback.id)).one()


def _moderator(app: Flask) -> FlaskClient:
    browser = app.test_client()
    with writing(app):
        factories.sign_in(browser, factories.account(Role.MODERATOR))
    return browser


def test_from_the_wish_to_the_appeal_through_the_pages(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    receipt = citizen.send(client, slug)
    after(client, slug, receipt, "suite", G9="yes")
    moderator = _moderator(app)
    with app.app_context():
        address = f"/equipe/moderation/{_own(app)}"
    assert "Ne pas publier" in moderator.get(address).text
    ruleless = post(moderator, address, {"decision": "decline", "rule": "", "words": WHY})
    assert ruleless.status_code == 422
    said = {"decision": "decline", "rule": "insult", "words": WHY}
    assert post(moderator, address, said).status_code == 303
    again = after(client, slug, receipt, "suite", G9="yes")
    assert "Un modérateur n’a pas publié ce texte." in citizen.words_of(again)
    page = citizen.come_back(client, citizen.code_of(receipt))
    assert WHY in block(page, "around-title")
    assert "Un modérateur n’a pas publié votre texte." in block(page, "passe")
    post(client, WISH, {"wish": "yes"})
    assert "Demandez un autre avis" in citizen.words_of(client.get(PAGE))
    assert post(client, APPEAL, {"appeal": "x" * 5001}).status_code == 422
    for _tap in range(2):
        words = {"appeal": "Appelez Mme Lemaire au 06 12 34 56 78."}
        assert post(client, APPEAL, words).status_code == 303
    shown = moderator.get(address).text
    assert "L’auteur fait appel." in shown
    assert "06 12 34 56 78" not in shown
    assert "un autre modérateur doit décider" in shown
    other = _moderator(app)
    assert post(other, address, {"decision": "publish"}).status_code == 303
    with app.app_context():
        assert db.session.get_one(Feedback, _own(app)).state == State.PUBLISHED


def test_new_words_may_be_asked_for_anew(app: Flask, client: FlaskClient, slug: str) -> None:
    code = citizen.code_of(citizen.send(client, slug))
    with writing(app):
        row = db.session.get_one(Feedback, _own(app))
        row.wants_publication = True
        refuser = moderator_of(factories.account(Role.MODERATOR))
        decide(row, Decision.DECLINE, WHY, refuser, TODAY)
    citizen.come_back(client, code)
    assert post(client, CORRECT, {"text": "Sans nom ni jour cette fois."}).status_code == 303
    page = client.get(PAGE)
    assert WHY not in citizen.words_of(page)
    post(client, WISH, {"wish": "yes"})
    with app.app_context():
        assert [item.why for item in queue(TODAY).wishes] == [WhyHeld.WISH]
