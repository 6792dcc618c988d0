"""Publication belongs to the author: taken back at once, asked anew, corrected off the page."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import traces
from app.accounts import Role
from app.db import db
from feedback import me_too
from feedback.models import Feedback, MeToo, State
from feedback.moderation import Decision, decide, may_decide
from feedback.moderation_queue import queue
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post
from tests.fakes import StandingClock
from tests.feedback import citizen, readers
from tests.feedback.test_author_rights import CORRECT, PAGE, block
from tests.feedback.test_author_views import answered
from tests.feedback.test_moderation import ACTOR
from tests.feedback.test_receipt_views import ROSE, after

WISH = "/suivi/retour/publication"
TEXT = "La courbe de la semaine est trop petite pour mes yeux."


@pytest.fixture
def receipt(app: Flask, client: FlaskClient, slug: str) -> Any:
    """The receipt page of a text that is published since."""
    answer = citizen.send(client, slug, text=TEXT)
    _publish(app)
    return answer


def _own() -> Feedback:
    return db.session.scalars(select(Feedback).where(Feedback.channel != "peer")).one()


def _publish(app: Flask) -> None:
    with writing(app):
        _own().wants_publication = True
        decide(_own(), Decision.PUBLISH, "", ACTOR, TODAY)


def _standing(app: Flask) -> tuple[str, bool]:
    with app.app_context():
        return _own().state, _own().wants_publication


def _told(app: Flask) -> list[str]:
    """Return what the journal holds of what the author did after sending."""
    with app.app_context():
        every = traces.journal(_own().id)
        return [line["verb"] for line in every if line["role"] == "author"][1:]


def _wishes(app: Flask) -> list[str]:
    with app.app_context():
        return [item.feedback.text or "" for item in queue(TODAY).wishes]


def _pages(client: FlaskClient, app: Flask, slug: str) -> str:
    with app.app_context():
        message = readers.address(slug, _own().id)
    paths = (f"/s/{slug}", f"/s/{slug}/messages", f"/s/{slug}/parole", f"/s/{slug}/cadre", message)
    return " ".join(citizen.words_of(client.get(path)) for path in paths)


def test_no_on_the_receipt_takes_a_published_text_off_the_page_and_says_so(
    app: Flask, client: FlaskClient, slug: str, receipt: Any
) -> None:
    assert TEXT in _pages(client, app, slug)
    kept = after(client, slug, receipt, "suite", G9="yes")
    assert "C’est noté. Merci." in citizen.words_of(kept)
    assert _standing(app) == ("published", True)
    answer = after(client, slug, receipt, "suite", G9="no", G3="4")
    assert "Votre texte n’est plus sur la page du service." in citizen.words_of(answer)
    assert _standing(app) == ("open", False)
    assert TEXT not in _pages(client, app, slug)
    again = after(client, slug, answer, "suite", G9="no")
    assert "C’est noté. Merci." in citizen.words_of(again)
    assert _told(app) == ["left the page"], "once, however often it is said"
    assert _wishes(app) == []


def test_answers_without_a_word_on_publishing_change_nothing_about_it(
    app: Flask, client: FlaskClient, slug: str, receipt: Any
) -> None:
    after(client, slug, receipt, "suite", G3="4")
    assert _standing(app) == ("published", True)
    assert _told(app) == []


def test_the_authors_page_switches_both_ways_and_asking_goes_to_a_moderator(
    app: Flask, client: FlaskClient, slug: str, receipt: Any
) -> None:
    page = citizen.come_back(client, citizen.code_of(receipt))
    assert "Retirer mon texte de la page" in block(page, "around-title")
    for _tap in range(2):  # a second tap, or a second tab
        assert post(client, WISH, {"wish": "no"}).status_code == 303
    page = client.get(PAGE)
    assert "Votre texte n’est pas sur la page publique" in block(page, "around-title")
    assert "Votre texte a quitté la page publique, par vous." in block(page, "passe")
    assert _standing(app) == ("open", False)
    assert TEXT not in _pages(client, app, slug)
    for _tap in range(2):
        assert post(client, WISH, {"wish": "yes"}).status_code == 303
    page = client.get(PAGE)
    assert "Un modérateur relit avant." in block(page, "around-title")
    assert _standing(app) == ("open", True), "nobody but a moderator publishes"
    assert _wishes(app) == [TEXT]
    assert TEXT not in _pages(client, app, slug)
    post(client, WISH, {"wish": "no"})
    assert "Votre texte ne sera pas publié." in citizen.words_of(client.get(PAGE))
    assert _wishes(app) == []
    assert _told(app) == ["left the page", "asked publication", "asked no publication"]


def test_the_page_of_ones_data_has_the_same_switch(client: FlaskClient, receipt: Any) -> None:
    citizen.come_back(client, citizen.code_of(receipt))
    page = citizen.soup_of(client.get("/suivi/mes-donnees"))
    button = page.select_one(f'form[action="{WISH}"] button')
    assert button is not None
    assert (button["name"], button["value"]) == ("wish", "no")
    post(client, WISH, {"wish": "no"})
    assert "Retiré de la page publique · vous" in citizen.words_of(client.get("/suivi/mes-donnees"))


@pytest.mark.parametrize("said", [{}, {"wish": ""}, {"wish": "peut-être"}])
def test_a_wish_is_yes_or_no(
    app: Flask, client: FlaskClient, receipt: Any, said: dict[str, str]
) -> None:
    citizen.come_back(client, citizen.code_of(receipt))
    assert post(client, WISH, said).status_code == 400
    assert _standing(app) == ("published", True)


def test_a_face_alone_and_a_readers_answer_are_not_offered_to_the_page(
    app: Flask, client: FlaskClient, slug: str, receipt: Any
) -> None:
    with app.app_context():
        parent = _own().id
    code = citizen.code_of(readers.answer(client, slug, parent, "Chez moi aussi."))
    citizen.come_back(client, code)
    assert post(client, WISH, {"wish": "yes"}).status_code == 400
    rating = citizen.come_back(client, citizen.code_of(citizen.send(client, slug, text="")))
    shown = citizen.soup_of(rating).select("#around:not([hidden]), #publication:not([hidden])")
    assert shown == []
    post(client, WISH, {"wish": "yes"})
    with app.app_context():
        asking = select(Feedback).where(Feedback.wants_publication, Feedback.text.is_(None))
        assert db.session.scalars(asking).all() == []


def test_what_readers_added_and_what_is_alike_go_with_the_text(
    app: Flask, client: FlaskClient, slug: str, receipt: Any
) -> None:
    with writing(app):
        parent = _own().id
        db.session.add(MeToo(feedback_id=parent, taps=14))
    answer = readers.answer(client, slug, parent, "Chez moi la courbe est lisible.")
    peer_code = citizen.code_of(answer)
    with writing(app):
        peer = db.session.scalars(select(Feedback).where(Feedback.channel == "peer")).one()
        decide(peer, Decision.PUBLISH, "", ACTOR, TODAY)
    shown = _pages(client, app, slug)
    assert "14 « moi aussi »" in shown
    assert "Chez moi la courbe est lisible." in shown
    citizen.come_back(client, citizen.code_of(receipt))
    post(client, WISH, {"wish": "no"})
    hidden = _pages(client, app, slug)
    assert "moi aussi »" not in hidden
    assert "Chez moi la courbe est lisible." not in hidden
    peer_page = citizen.words_of(citizen.come_back(app.test_client(), peer_code))
    assert "Le message n’est plus publié. Votre réponse ne paraît donc plus." in peer_page


def test_published_words_are_corrected_off_the_page_and_read_again(
    app: Flask, client: FlaskClient, slug: str, receipt: Any
) -> None:
    with writing(app):
        db.session.add(MeToo(feedback_id=_own().id, taps=14))
    page = citizen.come_back(client, citizen.code_of(receipt))
    assert "Corriger mon texte" in block(page, "echange")
    same = post(client, CORRECT, {"text": TEXT})
    assert same.status_code == 303
    assert _standing(app) == ("published", True), "the same words stay where they are"
    new = "La courbe de la semaine est plus grande, merci."
    for _tap in range(2):
        assert post(client, CORRECT, {"text": new}).status_code == 303
    assert "Un modérateur le relit avant de le publier." in citizen.words_of(client.get(PAGE))
    assert _standing(app) == ("open", True)
    assert _told(app) == ["left the page", "corrected"]
    assert TEXT not in _pages(client, app, slug)
    assert new not in _pages(client, app, slug)
    assert _wishes(app) == [new]
    _publish(app)
    assert new in _pages(client, app, slug)
    with app.app_context():
        assert me_too.count(_own().id) == 0, "the taps were given to other words"


def test_a_moderator_is_told_of_the_answers_that_would_stand_under_new_words(
    app: Flask, client: FlaskClient, slug: str, receipt: Any
) -> None:
    with app.app_context():
        parent = _own().id
    readers.answer(client, slug, parent, "Chez moi la courbe est lisible.")
    with writing(app):
        peer = db.session.scalars(select(Feedback).where(Feedback.channel == "peer")).one()
        decide(peer, Decision.PUBLISH, "", ACTOR, TODAY)
        link = f"/equipe/moderation/{peer.id}"
    citizen.come_back(client, citizen.code_of(receipt))
    post(client, CORRECT, {"text": "La courbe est plus grande."})
    moderator = app.test_client()
    with writing(app):
        factories.sign_in(moderator, factories.account(Role.MODERATOR))
    page = citizen.soup_of(moderator.get(f"/equipe/moderation/{parent}"))
    assert "1 réponse d’un autre usager paraîtrait dessous" in page.get_text()
    assert page.select(f'a[href="{link}"]')
    assert "Chez moi la courbe" not in page.get_text(), "their words are opened on their own page"


def test_danger_in_the_new_words_holds_them(app: Flask, client: FlaskClient, receipt: Any) -> None:
    citizen.come_back(client, citizen.code_of(receipt))
    post(client, CORRECT, {"text": "Je veux mourir."})
    assert _standing(app) == ("held", True)


def test_after_an_answer_published_words_stay_but_may_still_leave_the_page(
    app: Flask, client: FlaskClient, receipt: Any, clock: StandingClock
) -> None:
    answered(app, clock().date())
    page = citizen.come_back(client, citizen.code_of(receipt))
    assert "Corriger mon texte" not in citizen.words_of(page)
    assert post(client, CORRECT, {"text": "Une autre version."}).status_code == 409
    assert _standing(app) == ("published", True)
    post(client, WISH, {"wish": "no"})
    assert _standing(app) == ("open", False)


def test_a_word_put_back_is_read_by_a_moderator_before_it_is_public(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    first = citizen.send(client, slug, text=ROSE)
    _publish(app)
    button = citizen.soup_of(first).select_one('button[name="place"]')
    assert button is not None
    after(client, slug, first, "remettre", place=str(button["value"]))
    assert _standing(app) == ("open", True)
    assert _told(app) == ["left the page", "corrected"]


@pytest.mark.parametrize("act", ["publish", "unpublish"])
def test_a_moderator_who_decides_meanwhile_finds_the_authors_wish(
    app: Flask, client: FlaskClient, receipt: Any, act: str
) -> None:
    citizen.come_back(client, citizen.code_of(receipt))
    post(client, WISH, {"wish": "no"})
    with app.app_context():
        assert Decision(act) not in may_decide(_own())


def test_a_refused_text_is_not_offered(app: Flask, client: FlaskClient, receipt: Any) -> None:
    with writing(app):
        _own().state = State.REFUSED.value
    page = citizen.come_back(client, citizen.code_of(receipt))
    assert citizen.soup_of(page).select("#publication:not([hidden])") == []
