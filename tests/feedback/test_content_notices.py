"""« Signaler ce contenu »: from anybody to a moderator, with a clock, a reason and no name."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import traces
from app.accounts import Role
from app.db import db
from feedback import content_notices
from feedback.content_notices import NotPublic, decide, report
from feedback.models import ContentNotice, Feedback, NoticeOutcome, NoticeReason, PeerAnswer
from feedback.moderation import MissingReason
from feedback.moderation_queue import queue, waiting_count
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post
from tests.feedback import citizen, readers
from tests.feedback.test_moderation import ACTOR


@pytest.fixture
def message(app: Flask, slug: str) -> str:
    """A published message of it."""
    return readers.publish(app, slug)


@pytest.fixture
def reader(app: Flask) -> FlaskClient:
    """A reader's browser that keeps no request open beside the moderator's."""
    return app.test_client()


@pytest.fixture
def moderator(app: Flask) -> FlaskClient:
    """A browser where a moderator signed in."""
    with writing(app):
        account = factories.account(Role.MODERATOR)
        signed = app.test_client()
        factories.sign_in(signed, account)
    return signed


def _notice() -> ContentNotice:
    return db.session.scalars(select(ContentNotice)).one()


def test_a_notice_is_masked_kept_and_answered_with_what_happens_next(
    app: Flask, client: FlaskClient, slug: str, message: str
) -> None:
    words = "C’est mon voisin, son numéro est le 06 12 34 56 78."
    answer = readers.report(client, slug, message, "personal", words)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "Sous 3 jours ouvrés" in citizen.words_of(answer)
    with app.app_context():
        assert "06 12" not in _notice().words
        entry = traces.journal(message)[-1]
        said = (entry["verb"], entry["role"], entry["organisation"], entry["detail"])
        assert said == ("reported", "reader", "", "personal")
        assert waiting_count(TODAY) == 1
    assert readers.SAID in client.get(readers.address(slug, message)).text, "a person decides"


def test_danger_shows_the_numbers_at_once_and_comes_first(
    app: Flask, client: FlaskClient, slug: str, message: str
) -> None:
    other = readers.publish(app, slug, text="Autre message.")
    readers.report(client, slug, other, "wrong")
    assert "3114" in readers.report(client, slug, message, "danger").text
    with app.app_context():
        found = content_notices.waiting(TODAY)
        assert [each.feedback.id for each in found] == [message, other]


def test_without_a_reason_the_words_stay_and_the_field_says_so(
    client: FlaskClient, slug: str, message: str
) -> None:
    answer = readers.report(client, slug, message, "", "Un texte à moi.")
    assert answer.status_code == 422
    assert "Choisissez une raison." in answer.text
    assert "Un texte à moi." in answer.text
    group = citizen.soup_of(answer).find("fieldset", id="reason")
    assert group is not None
    assert "reason-error" in str(group["aria-describedby"])


def test_a_second_tap_makes_no_second_notice(
    client: FlaskClient, slug: str, message: str, committed: Session
) -> None:
    page = client.get(readers.address(slug, message, "signaler"))
    data = {"key": citizen.hidden(page, "signaler")["key"], "reason": "wrong"}
    for _ in range(2):
        done = client.post(readers.address(slug, message, "signaler"), data=data)
        assert done.status_code == 200
    assert len(committed.scalars(select(ContentNotice)).all()) == 1


def test_too_many_from_one_network_keep_the_words(
    client: FlaskClient, slug: str, message: str
) -> None:
    answers = [readers.report(client, slug, message, "wrong", f"Mot {n}") for n in range(11)]
    assert [a.status_code for a in answers] == [200] * 10 + [429]
    assert "Mot 10" in answers[-1].text


def test_the_queue_reminds_after_three_working_days(app: Flask, message: str) -> None:
    with writing(app):
        report(db.session.get_one(Feedback, message), NoticeReason.WRONG, "", TODAY)
        assert [r.is_late for r in content_notices.waiting(TODAY + timedelta(days=3))] == [False]
        assert [r.is_late for r in content_notices.waiting(TODAY + timedelta(days=4))] == [True]


def test_several_notices_about_one_text_are_one_item_and_one_decision(
    app: Flask, message: str
) -> None:
    with writing(app):
        told = db.session.get_one(Feedback, message)
        for reason in (NoticeReason.WRONG, NoticeReason.INSULT):
            report(told, reason, "", TODAY)
        assert [len(each.notices) for each in content_notices.waiting(TODAY)] == [2]
        decide(told, NoticeOutcome.KEPT, "Rien d’insultant.", ACTOR, TODAY)
        assert content_notices.waiting(TODAY) == []
        outcomes = db.session.scalars(select(ContentNotice.outcome)).all()
        assert outcomes == ["kept", "kept"]


@pytest.mark.parametrize(
    ("outcome", "state", "wants"),
    [("kept", "published", True), ("hidden", "held", True), ("withdrawn", "open", False)],
)
def test_a_moderator_keeps_hides_or_withdraws_with_a_reason(
    app: Flask,
    reader: FlaskClient,
    moderator: FlaskClient,
    slug: str,
    message: str,
    outcome: str,
    state: str,
    wants: bool,
) -> None:
    readers.report(reader, slug, message, "insult", "Ce mot blesse.")
    with app.app_context():
        notice_id = _notice().id
    assert "Contenus signalés" in moderator.get("/equipe/moderation").text
    page = f"/equipe/moderation/signalements/{notice_id}"
    assert "Ce mot blesse." in moderator.get(page).text
    ruling = {"outcome": outcome, "answer": "Relu avec soin."}
    if outcome != "kept":
        assert "Choisissez la règle" in post(moderator, page, ruling).text
        ruling["rule"] = "insult"
    done = post(moderator, page, ruling)
    assert done.status_code == 303
    told = ("Règle : Insulte ou menace. " if outcome != "kept" else "") + "Relu avec soin."
    with app.app_context():
        row = db.session.get_one(Feedback, message)
        assert (row.state, row.wants_publication) == (state, wants)
        assert traces.journal(message)[-1]["detail"] == f"notice: {outcome}"
        assert (_notice().outcome, _notice().answer) == (outcome, told)
        assert waiting_count(TODAY) == (1 if outcome == "hidden" else 0)
        assert [i for i in queue(TODAY).wishes if i.feedback.id == message] == []
    assert moderator.get(page).status_code == 404, "it is decided"
    is_public = reader.get(readers.address(slug, message)).status_code == 200
    assert is_public is (outcome == "kept")


def test_a_decision_without_a_reason_is_refused_and_keeps_the_choice(
    app: Flask, reader: FlaskClient, moderator: FlaskClient, slug: str, message: str
) -> None:
    readers.report(reader, slug, message, "insult")
    with app.app_context():
        notice_id = _notice().id
        told = db.session.get_one(Feedback, message)
        with pytest.raises(MissingReason):
            decide(told, NoticeOutcome.HIDDEN, " ", ACTOR, TODAY)
        told.state = "open"
        with pytest.raises(NotPublic):
            decide(told, NoticeOutcome.HIDDEN, "Parce que.", ACTOR, TODAY)
    page = f"/equipe/moderation/signalements/{notice_id}"
    answer = post(moderator, page, {"outcome": "hidden", "answer": " "})
    assert answer.status_code == 422
    chosen = citizen.soup_of(answer).find("input", attrs={"value": "hidden"})
    assert chosen is not None
    assert chosen.has_attr("checked")
    assert "Dites pourquoi" in answer.text


def test_the_author_reads_the_reason_on_their_page(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    code = citizen.code_of(citizen.send(client, slug, text="La courbe est trop petite."))
    with writing(app):
        own = db.session.scalars(select(Feedback)).one()
        own.state = "published"
        report(own, NoticeReason.PERSONAL, "", TODAY)
        decide(own, NoticeOutcome.WITHDRAWN, "On reconnaît votre médecin.", ACTOR, TODAY)
    page = citizen.words_of(citizen.come_back(client, code))
    assert "On reconnaît votre médecin." in page
    assert "retiré de la page publique" in page


@pytest.mark.parametrize(("outcome", "state"), [("hidden", "held"), ("withdrawn", "refused")])
def test_a_readers_answer_can_be_reported_and_taken_down(
    app: Flask, client: FlaskClient, slug: str, message: str, outcome: str, state: str
) -> None:
    code = citizen.code_of(readers.answer(client, slug, message, "Ma réponse à moi."))
    with writing(app):
        peer = db.session.scalars(select(Feedback).where(Feedback.channel == "peer")).one()
        peer.state = "shown"
        peer_id = peer.id
    assert readers.report(client, slug, peer_id, "insult").status_code == 200
    with writing(app):
        peer = db.session.get_one(Feedback, peer_id)
        decide(peer, NoticeOutcome(outcome), "Ce mot blesse.", ACTOR, TODAY)
        assert peer.state == state
        assert db.session.get(PeerAnswer, peer_id) is not None
    assert "Ce mot blesse." in citizen.words_of(citizen.come_back(client, code))
    assert "Ma réponse à moi." not in client.get(readers.address(slug, message)).text


def test_an_answer_still_held_cannot_be_reported(
    app: Flask, client: FlaskClient, slug: str, message: str
) -> None:
    readers.answer(client, slug, message, "Ma réponse à moi.")
    with app.app_context():
        peer = db.session.scalars(select(Feedback).where(Feedback.channel == "peer")).one()
        path = readers.address(slug, peer.id, "signaler")
    assert client.get(path).status_code == 404
