"""Who reported a text learns what was decided, by a number that nothing on the server holds."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.accounts import Role
from app.db import db
from feedback import content_notices, notice_follow
from feedback.models import ContentNotice, Feedback, NoticeOutcome, NoticeReason
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post
from tests.fakes import StandingClock
from tests.feedback import citizen, readers
from tests.feedback.test_moderation import ACTOR

NUMBERS = 30  # that a network may guess wrong in ten minutes


@pytest.fixture
def message(app: Flask, slug: str) -> str:
    """A published message of the service."""
    return readers.publish(app, slug)


@pytest.fixture
def number(client: FlaskClient, slug: str, message: str) -> str:
    """The number of a notice about it, as its page shows it."""
    return citizen.code_of(readers.report(client, slug, message, "insult", "Ce mot blesse."))


@pytest.fixture
def moderator(app: Flask) -> FlaskClient:
    """A browser where a moderator of « Réseau » signed in."""
    with writing(app):
        account = factories.account(Role.MODERATOR)
        account.organisation.name = "Réseau des moderateurs"
        signed = app.test_client()
        factories.sign_in(signed, account)
    return signed


def _told(client: FlaskClient, number: str) -> str:
    answer = client.post("/signalement", data={"number": number})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    return citizen.words_of(answer)


def _desk_page() -> str:
    return f"/equipe/moderation/signalements/{db.session.scalars(select(ContentNotice.id)).one()}"


def test_the_number_tells_received_then_read_then_decided(
    app: Flask, client: FlaskClient, moderator: FlaskClient, number: str
) -> None:
    page = _told(client, number)
    assert "ne l’a pas encore lu" in page
    assert "Vous avez signalé : Insulte ou haine." in page
    with app.app_context():
        desk = _desk_page()
    moderator.get(desk)
    page = _told(client, number)
    assert "Il n’a pas encore décidé" in page
    assert "Réseau des moderateurs" in page
    ruling = {"outcome": "withdrawn", "answer": "On y traite un agent de voleur.", "rule": "insult"}
    assert post(moderator, desk, ruling).status_code == 303
    page = _told(client, number)
    assert "Un modérateur a retiré le texte de la page." in page
    assert "Règle : Insulte ou menace. On y traite un agent de voleur." in page
    assert "Aujourd’hui, le texte n’est pas en ligne." in page
    assert "Signaler encore" not in page


def test_a_late_moderator_is_said_to_be_late(
    client: FlaskClient, clock: StandingClock, number: str
) -> None:
    assert "doit décider sous 3 jours ouvrés" in _told(client, number)
    clock.forward(days=4)
    assert "Le délai promis est passé" in _told(client, number)


def test_a_text_that_is_kept_may_be_reported_again(
    app: Flask, client: FlaskClient, slug: str, message: str, number: str
) -> None:
    with writing(app):
        told = db.session.get_one(Feedback, message)
        content_notices.decide(told, NoticeOutcome.KEPT, "Rien d’insultant.", ACTOR, TODAY)
    page = _told(client, number)
    assert "garde le texte en ligne" in page
    assert "Rien d’insultant." in page
    assert "Signaler encore" in page
    other = citizen.code_of(readers.report(client, slug, message, "insult", "Relisez."))
    assert other != number
    with app.app_context():
        assert content_notices.waiting_count() == 1, "the second notice waits for a moderator"


def test_an_opening_before_the_notice_is_no_reading_of_it(
    app: Flask, client: FlaskClient, moderator: FlaskClient, slug: str, message: str, number: str
) -> None:
    with app.app_context():
        desk = _desk_page()
    moderator.get(desk)
    later = citizen.code_of(readers.report(client, slug, message, "wrong"))
    assert "ne l’a pas encore lu" in _told(client, later)
    assert "Il n’a pas encore décidé" in _told(client, number)
    moderator.get(desk)
    assert "Il n’a pas encore décidé" in _told(client, later)


def test_a_text_that_went_by_itself_leaves_nothing_to_decide(
    app: Flask, client: FlaskClient, message: str, number: str
) -> None:
    with writing(app):
        db.session.get_one(Feedback, message).state = "open"
    assert "il ne reste rien à décider" in _told(client, number)


def test_a_second_tap_shows_the_same_number_and_other_words_are_not_lost(
    client: FlaskClient, slug: str, message: str, committed: Session
) -> None:
    path = readers.address(slug, message, "signaler")
    data = {"key": citizen.hidden(client.get(path), "signaler")["key"], "reason": "wrong"}
    first, second = (citizen.code_of(client.post(path, data=data)) for _ in range(2))
    assert first == second
    other = client.post(path, data={**data, "words": "Et la date est fausse."})
    assert other.status_code == 409
    assert "Et la date est fausse." in other.text
    assert citizen.hidden(other, "signaler")["key"] != data["key"]
    assert len(committed.scalars(select(ContentNotice)).all()) == 1


def test_no_table_holds_the_number_and_it_is_typed_as_people_type(
    app: Flask, client: FlaskClient, number: str
) -> None:
    with app.app_context():
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(text(f'SELECT * FROM "{table.name}"')):
                assert number not in str(tuple(row)), table.name
    typed = " - ".join(number[place : place + 4].lower() for place in range(0, 16, 4))
    assert "Vous avez signalé" in _told(client, typed)


def test_erasing_the_text_takes_the_notice_and_the_page_says_so(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    code = citizen.code_of(citizen.send(client, slug, text="La courbe est trop petite."))
    with writing(app):
        own = db.session.scalars(select(Feedback)).one()
        own.state = "published"
        own_id = own.id
    number = citizen.code_of(readers.report(client, slug, own_id, "wrong"))
    citizen.come_back(client, code)
    assert post(client, "/suivi/effacer").status_code == 200
    answer = client.post("/signalement", data={"number": number})
    assert answer.status_code == 404
    assert "Si le texte est effacé" in answer.text


def test_who_guesses_is_held_off_and_a_right_number_still_opens(
    client: FlaskClient, number: str
) -> None:
    wrong = {"number": "0" * 16}
    told = [client.post("/signalement", data=wrong).status_code for _ in range(NUMBERS + 1)]
    assert told == [404] * NUMBERS + [429]
    assert "Vous avez signalé" in _told(client, number)


@pytest.mark.parametrize("typed", ["", "1234", "U" * 16, "\x00" * 16])
def test_what_is_no_number_is_said_at_its_field(client: FlaskClient, typed: str) -> None:
    answer = client.post("/signalement", data={"number": typed})
    assert answer.status_code == 422
    field = citizen.soup_of(answer).find("input", attrs={"name": "number"})
    assert field is not None
    assert "number-error" in str(field["aria-describedby"])


def test_a_late_opening_is_dated_by_its_own_day(app: Flask, message: str) -> None:
    later = TODAY + timedelta(days=2)
    secret = "a secret"
    with writing(app):
        told = db.session.get_one(Feedback, message)
        number = notice_follow.number_of(secret, "key", message)
        notice_id = notice_follow.id_of(secret, number)
        content_notices.report(told, NoticeReason.WRONG, "", TODAY, notice_id)
        notice_follow.trace_opening(told, ACTOR, later)
        found = notice_follow.follow(secret, number)
    assert found is not None
    assert (found.standing, found.day, found.organisation) == ("opened", later, ACTOR.organisation)
