"""An author is told by mail that something awaits: asked for by code, sealed, never said what."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app import author_mails, privacy, sealed, tasks
from app.anonymity import make_anonymous
from app.author_mails import AUTHORS
from app.db import db, will_write
from app.mail import OutboxRow
from feedback import editing
from feedback.author_news import marks
from feedback.intake import Prepared, Sent, prepare
from feedback.models import AuthorMail, Feedback, Message
from tests import factories
from tests.conftest import NOON, writing
from tests.fakes import FakeRuntime, StandingClock
from tests.feedback import citizen
from tests.feedback.test_author_views import announced
from tests.statements import counted

ADDRESS = "autrice@example.org"
PAGE = "/suivi/courriel"


@pytest.fixture
def code(app: Flask, client: FlaskClient) -> str:
    """The code of a retour whose page is open in ``client``."""
    receipt = citizen.send(client, citizen.open_service(app))
    code: str = citizen.code_of(receipt)
    citizen.come_back(client, code)
    return code


def ask(client: FlaskClient, address: str = ADDRESS) -> str:
    return citizen.words_of(factories.post(client, PAGE, {"address": address}))


def mails(app: Flask) -> list[OutboxRow]:
    with app.app_context():
        return list(db.session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


def link(mail: OutboxRow) -> str:
    found = re.search(r"http://localhost(/d/a/\S+)", mail.text)
    assert found
    return found[1]


def confirmed(app: Flask, client: FlaskClient) -> None:
    """Ask for mails and confirm; nothing is left in the outbox."""
    ask(client)
    assert factories.post(client, link(mails(app)[0]), {}).status_code == 200
    with writing(app):
        db.session.execute(text("DELETE FROM outbox"))


def answer(app: Flask) -> None:
    with writing(app):
        row = db.session.scalars(select(Feedback)).one()
        words = "Nous avons réparé le partage."
        said = {"sender": "team", "text": words, "day": factories.TODAY}
        position = len(db.session.scalars(select(Message)).all()) + 1
        db.session.add(Message(feedback=row, position=position, **said))


def tell(app: Flask, days: int = 1) -> int:
    with app.app_context():
        will_write()
        told = AUTHORS.tell(NOON + timedelta(days=days))
        db.session.commit()
        return told


def test_a_scanner_confirms_nothing_and_a_button_does(
    app: Flask, client: FlaskClient, code: str
) -> None:
    ask(client)
    (mail,) = mails(app)
    assert (mail.to, mail.subject) == (ADDRESS, "Confirmez votre adresse")
    client.get(link(mail))
    answer(app)
    assert tell(app) == 0
    assert "Adresse confirmée" in citizen.words_of(factories.post(client, link(mail), {}))
    assert "Adresse confirmée" in citizen.words_of(client.get(link(mail)))
    assert tell(app, 2) == 1


def test_the_mail_says_that_something_awaits_and_nothing_else(
    app: Flask, client: FlaskClient, code: str
) -> None:
    confirmed(app, client)
    answer(app)
    assert tell(app) == 1
    (mail,) = mails(app)
    with app.app_context():
        row = db.session.scalars(select(Feedback)).one()
        secrets = [row.id, row.service.slug, row.service.name, code, "réparé", "cardiologue"]
        whole = f"{mail.key} {mail.subject} {mail.text} {mail.html} {mail.headers}"
    assert mail.subject == "Quelque chose vous attend"
    assert not [each for each in secrets if each in whole]
    assert "http://localhost/suivi\n" in mail.text
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert len(mail.html) < 60 * 1024


def test_what_its_author_has_seen_is_not_told_and_nothing_is_told_twice(
    app: Flask, client: FlaskClient, code: str
) -> None:
    confirmed(app, client)
    assert tell(app) == 0
    answer(app)
    client.get("/suivi/retour")
    assert tell(app) == 0
    answer(app)
    assert (tell(app), tell(app), tell(app, 2)) == (1, 0, 0)


def test_who_has_nothing_to_read_costs_no_query_of_their_own(app: Flask) -> None:
    def cost() -> int:
        with app.app_context(), counted(app) as said:
            assert AUTHORS.tell(NOON + timedelta(days=2)) == 0
        return len(said)

    def follow(count: int) -> None:
        with writing(app):
            for _ in range(count):
                author_mails.ask(factories.retour(factories.service()), ADDRESS, NOON)
            for row in db.session.scalars(select(AuthorMail)):
                row.confirmed = True

    follow(1)
    alone = cost()
    follow(9)
    assert cost() == alone


@pytest.mark.parametrize(
    ("frequency", "days"), [("daily", 1), ("weekly", 7), ("monthly", 8), ("never", None)]
)
def test_the_rhythm_delays_the_mail(
    app: Flask, client: FlaskClient, code: str, frequency: str, days: int | None
) -> None:
    confirmed(app, client)
    factories.post(client, f"{PAGE}/rythme", {"frequency": frequency})
    answer(app)
    told = [day for day in range(1, 15) if tell(app, day)]
    assert told == ([days] if days else [])


def test_the_address_is_sealed_and_only_for_its_owner(
    app: Flask, client: FlaskClient, code: str
) -> None:
    confirmed(app, client)
    with app.app_context():
        row = db.session.scalars(select(AuthorMail)).one()
        dump = "\n".join(db.session.connection().connection.driver_connection.iterdump())
        assert ADDRESS not in dump
        assert AUTHORS.address_of(row) == ADDRESS
        with pytest.raises(sealed.Unsealable):
            sealed.unseal(row.sealed, author_mails.PURPOSE, "another")
        row.feedback_id = "another"
        assert AUTHORS.address_of(row) == ""
        db.session.rollback()


@pytest.mark.parametrize("how", ["erased", "anonymous", "old", "stopped", "left"])
def test_the_address_goes_and_so_does_what_waits(
    app: Flask, client: FlaskClient, code: str, how: str
) -> None:
    confirmed(app, client)
    answer(app)
    assert tell(app) == 1
    with app.app_context():
        leave = db.session.scalars(select(AuthorMail.leave_token)).one()
    if how == "stopped":
        factories.post(client, f"{PAGE}/rythme", {"frequency": "stop"})
    elif how == "left":
        assert "Me désabonner" in citizen.words_of(client.get(f"/d/s/{leave}"))
        foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"}
        assert client.post(f"/d/s/{leave}", headers=foreign).status_code == 200
    with writing(app):
        row = db.session.scalars(select(Feedback)).one()
        if how == "erased":
            privacy.erase(row, factories.TODAY)
        elif how == "anonymous":
            make_anonymous(row.service)
        elif how == "old":
            assert AUTHORS.purge(NOON + timedelta(days=365)) == 0
            assert AUTHORS.purge(NOON + timedelta(days=366)) == 1
    with app.app_context():
        assert db.session.scalars(select(AuthorMail)).all() == []
    assert mails(app) == []


def test_who_does_not_confirm_is_forgotten_and_may_not_be_written_to_again_at_once(
    app: Flask, client: FlaskClient, code: str, clock: StandingClock
) -> None:
    first, second = ask(client), ask(client)
    assert first == second
    assert len(mails(app)) == 1
    clock.forward(hours=25)
    assert factories.post(client, link(mails(app)[0]), {}).status_code == 404
    with writing(app):
        assert AUTHORS.purge(NOON + timedelta(days=3)) == 1
    assert mails(app) == []


def test_another_address_takes_the_place_of_the_first(
    app: Flask, client: FlaskClient, code: str
) -> None:
    ask(client)
    old = link(mails(app)[0])
    ask(client, "ailleurs@example.org")
    (mail,) = mails(app)
    assert mail.to == "ailleurs@example.org"
    assert factories.post(client, old, {}).status_code == 404


@pytest.mark.parametrize("address", ["", "a@b", "a@example.org\r\nBcc: tous@example.org"])
def test_a_wrong_address_comes_back_with_what_to_do(
    app: Flask, client: FlaskClient, code: str, address: str
) -> None:
    page = factories.post(client, PAGE, {"address": address})
    assert page.status_code == 422
    assert "il y faut un @ et un point" in citizen.words_of(page)
    assert mails(app) == []


def test_where_the_law_guarantees_anonymity_there_is_no_such_page(
    app: Flask, client: FlaskClient
) -> None:
    slug = citizen.open_service(app, anonymous_by_law=True)
    page = citizen.come_back(client, citizen.code_of(citizen.send(client, slug)))
    assert PAGE not in page.text
    assert client.get(PAGE).status_code == 404
    assert factories.post(client, PAGE, {"address": ADDRESS}).status_code == 404
    assert factories.post(client, f"{PAGE}/rythme", {"frequency": "daily"}).status_code == 404


def test_the_worker_writes_the_mail_without_any_request(app: Flask) -> None:
    with writing(app):
        row = factories.retour(factories.service(), text="Le partage ne marche plus.")
        address = sealed.seal(ADDRESS, author_mails.PURPOSE, row.id)
        day = factories.TODAY
        db.session.add(AuthorMail(feedback_id=row.id, sealed=address, created=day, confirmed=True))
    with app.app_context():
        will_write()
        tasks.digest("k", NOON + timedelta(days=1))
    assert [(mail.to, "tapez votre code" in mail.text) for mail in mails(app)] == [(ADDRESS, True)]


@pytest.fixture
def judged(app: Flask, client: FlaskClient, code: str) -> str:
    """The id of an announced change that answers the retour; its author has read so."""
    commitment_id: str = announced(app, factories.TODAY)
    confirmed(app, client)
    client.get("/suivi/retour")
    return commitment_id


@pytest.mark.parametrize("verdict", ["confirmed", "not"])
def test_an_authors_own_word_about_a_change_sends_them_no_mail(
    app: Flask, client: FlaskClient, judged: str, verdict: str
) -> None:
    said = {"verdict": verdict, "words": "Cela marche."}
    answer_page = factories.post(client, f"/suivi/retour/engagements/{judged}", said)
    assert answer_page.status_code == 303  # and the page behind it is never loaded
    assert tell(app) == 0
    answer(app)
    assert tell(app) == 1


def test_what_was_not_seen_before_an_own_act_is_still_told(
    app: Flask, client: FlaskClient, judged: str
) -> None:
    answer(app)
    said = {"verdict": "confirmed", "words": ""}
    factories.post(client, f"/suivi/retour/engagements/{judged}", said)
    assert tell(app) == 1


def test_taking_ones_text_off_the_page_sends_no_mail(
    app: Flask, client: FlaskClient, code: str
) -> None:
    with writing(app):
        row = db.session.scalars(select(Feedback)).one()
        row.state, row.wants_publication = "published", True
    confirmed(app, client)
    assert factories.post(client, "/suivi/retour/publication", {"wish": "no"}).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Feedback)).one().state == "open"
    assert tell(app) == 0


def test_correcting_ones_words_sends_no_mail_and_erasing_forgets_the_address(
    app: Flask, client: FlaskClient, code: str
) -> None:
    confirmed(app, client)
    with writing(app):
        row = db.session.scalars(select(Feedback)).one()
        row.state, row.reason = "published", ""
        row_mail = db.session.get_one(AuthorMail, row.id)
        row_mail.seen = marks([row.id])[row.id]
    with writing(app):
        row = db.session.scalars(select(Feedback)).one()
        editing.edit(row, _prepared("Rien ne marche du tout."), row.service, factories.TODAY)
        assert row.state == "open"
    assert tell(app) == 0
    with writing(app):
        privacy.erase(db.session.scalars(select(Feedback)).one(), factories.TODAY)
    assert tell(app, 2) == 0
    assert mails(app) == []


def _prepared(text: str) -> Prepared:
    service = db.session.scalars(select(Feedback)).one().service
    return prepare(Sent(0, text, "web"), service, FakeRuntime().name_finder)
