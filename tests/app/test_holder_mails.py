"""The holder of a session's code is told by mail that something awaits, as an author is."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app import bounces, opt_in, sealed, suspended
from app.anonymity import make_anonymous
from app.catalogue import Service
from app.code_mails import NotHere
from app.db import db, will_write
from app.holder_mails import HOLDERS, PURPOSE, ask
from app.mail import OutboxRow
from tests import factories
from tests.conftest import NOON, writing
from tests.feedback.citizen import soup_of, words_of
from tests.workshops.rooms import open_room
from tests.workshops.test_kept_codes import ask as keep
from tests.workshops.test_kept_codes import enter, held
from workshops import erasing, own_data, retention
from workshops.around_models import HolderMail, KeptCode
from workshops.models import Proposal, Workshop

ADDRESS = "participante@example.org"
PAGE = "/atelier/mes-idees/courriel"


class Holder:
    """Who kept a code in a session that is closed, at their page."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.room, self.code = held(app)
        self.client = enter(app, self.code)

    def ask(self, address: str = ADDRESS) -> str:
        return words_of(factories.post(self.client, PAGE, {"address": address}))

    def confirmed(self) -> None:
        """Ask for mails and confirm; nothing is left in the outbox."""
        self.ask()
        stranger = self.app.test_client()  # the mail is read on another device
        assert factories.post(stranger, link(mails(self.app)[0]), {}).status_code == 200
        with writing(self.app):
            db.session.execute(text("DELETE FROM outbox"))

    def answered(self, words: str = "Les rappels partiront en mars.", days: int = 0) -> None:
        with writing(self.app):
            row = db.session.scalars(select(Proposal)).one()
            row.state, row.answer = "accepted", words
            row.answered = factories.TODAY + timedelta(days=days)


@pytest.fixture
def holder(app: Flask) -> Holder:
    return Holder(app)


def mails(app: Flask) -> list[OutboxRow]:
    with app.app_context():
        return list(db.session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


def link(mail: OutboxRow) -> str:
    found = re.search(r"http://localhost(/d/a/\S+)", mail.text)
    assert found
    return found[1]


def tell(app: Flask, days: int = 1) -> int:
    with app.app_context():
        will_write()
        told = HOLDERS.tell(NOON + timedelta(days=days))
        db.session.commit()
        return told


def rows(app: Flask) -> list[HolderMail]:
    with app.app_context():
        return list(db.session.scalars(select(HolderMail)))


def test_the_page_leads_there_and_a_button_confirms_where_a_scanner_does_not(
    app: Flask, holder: Holder
) -> None:
    page = soup_of(holder.client.get("/atelier/mes-idees"))
    assert page.select_one(f'a[href="{PAGE}"]')
    assert "Un lien est parti" not in words_of(holder.client.get(PAGE))
    assert "Vous avez laissé une adresse" not in page.text
    holder.ask()
    assert "Vous avez laissé une adresse" in words_of(holder.client.get("/atelier/mes-idees"))
    assert "Un lien est parti" in words_of(holder.client.get(PAGE))
    (mail,) = mails(app)
    assert (mail.to, mail.subject) == (ADDRESS, "Confirmez votre adresse")
    app.test_client().get(link(mail))
    holder.answered()
    assert tell(app) == 0
    done = factories.post(app.test_client(), link(mail), {})
    assert "Adresse confirmée" in words_of(done)
    assert soup_of(done).select_one('a[href="/atelier/suivi"]')
    assert tell(app, 2) == 1


def test_the_mail_says_that_something_awaits_and_nothing_else(app: Flask, holder: Holder) -> None:
    holder.confirmed()
    holder.answered()
    assert tell(app) == 1
    (mail,) = mails(app)
    with app.app_context():
        kept = db.session.scalars(select(KeptCode)).one()
        room = kept.workshop
        secrets = [kept.id, room.id, room.code, room.title, room.service.name, holder.code]
    whole = f"{mail.key} {mail.subject} {mail.text} {mail.html} {mail.headers}"
    assert mail.subject == "Quelque chose vous attend"
    assert not [each for each in [*secrets, "mars", "rappel", "Un rappel"] if each in whole]
    assert "http://localhost/atelier/suivi\n" in mail.text
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_was_read_is_not_told_and_nothing_is_told_twice(app: Flask, holder: Holder) -> None:
    holder.confirmed()
    assert tell(app) == 0
    holder.answered()
    enter(app, holder.code)
    assert tell(app) == 0
    holder.answered("Plutôt en avril.", days=1)
    assert (tell(app), tell(app), tell(app, 2)) == (1, 0, 0)


@pytest.mark.parametrize(
    ("frequency", "days"), [("daily", 1), ("weekly", 7), ("monthly", 8), ("never", None)]
)
def test_the_rhythm_delays_the_mail(
    app: Flask, holder: Holder, frequency: str, days: int | None
) -> None:
    holder.confirmed()
    factories.post(holder.client, f"{PAGE}/rythme", {"frequency": frequency})
    holder.answered()
    assert [day for day in range(1, 15) if tell(app, day)] == ([days] if days else [])


def test_the_address_is_sealed_only_for_its_owner_and_told_in_no_file(
    app: Flask, holder: Holder
) -> None:
    holder.confirmed()
    with app.app_context():
        row = db.session.scalars(select(HolderMail)).one()
        dump = "\n".join(db.session.connection().connection.driver_connection.iterdump())
        assert ADDRESS not in dump
        assert HOLDERS.address_of(row) == ADDRESS
        with pytest.raises(sealed.Unsealable):
            sealed.unseal(row.sealed, PURPOSE, "another")
        file = own_data.export(row.code)
    assert file["mail"]["confirmed"] is True
    assert ADDRESS not in str(file)
    assert row.sealed not in str(file)


@pytest.mark.parametrize(
    "how", ["erased", "restored", "anonymous", "term", "old", "stopped", "left"]
)
def test_the_address_goes_and_so_does_what_waits(app: Flask, holder: Holder, how: str) -> None:
    holder.confirmed()
    holder.answered()
    assert tell(app) == 1
    (row,) = rows(app)
    if how == "erased":
        factories.post(holder.client, "/atelier/mes-idees/effacer", {"sure": "1"})
    elif how == "stopped":
        factories.post(holder.client, f"{PAGE}/rythme", {"frequency": "stop"})
    elif how == "left":
        stranger = app.test_client()
        assert "Me désabonner" in words_of(stranger.get(f"/d/s/{row.leave_token}"))
        foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"}
        assert stranger.post(f"/d/s/{row.leave_token}", headers=foreign).status_code == 200
    with writing(app):
        if how == "restored":
            erasing.erase_again([row.code_id])
        elif how == "anonymous":
            make_anonymous(db.session.get_one(Service, holder.room.service_id))
        elif how == "term":
            assert retention.purge(NOON + retention.KEPT + timedelta(days=1))
        elif how == "old":
            assert HOLDERS.purge(NOON + timedelta(days=365)) == 0
            assert HOLDERS.purge(NOON + timedelta(days=366)) == 1
    assert rows(app) == []
    assert mails(app) == []


def test_who_does_not_confirm_is_forgotten(app: Flask, holder: Holder) -> None:
    assert holder.ask() == holder.ask()
    assert len(mails(app)) == 1
    with writing(app):
        assert HOLDERS.purge(NOON + timedelta(days=opt_in.QUIET_DAYS + 1)) == 1
    assert mails(app) == []


@pytest.mark.parametrize("address", ["", "a@b", "a@example.org\r\nBcc: tous@example.org"])
def test_a_wrong_address_comes_back_with_what_to_do(
    app: Flask, holder: Holder, address: str
) -> None:
    page = factories.post(holder.client, PAGE, {"address": address})
    assert page.status_code == 422
    assert "il y faut un @ et un point" in words_of(page)
    assert mails(app) == []


def test_who_asks_without_end_is_told_to_wait_and_keeps_what_was_typed(
    app: Flask, holder: Holder
) -> None:
    tried = [factories.post(holder.client, PAGE, {"address": "faux"}) for _ in range(30)]
    assert tried[-1].status_code == 429
    assert 'value="faux"' in tried[-1].text


@pytest.mark.parametrize("why", ["anonymous", "term"])
def test_where_nobody_may_be_written_to_there_is_no_such_page(
    app: Flask, holder: Holder, why: str
) -> None:
    with writing(app):
        room = db.session.get_one(Workshop, holder.room.id)
        if why == "anonymous":
            room.service.anonymous_by_law = True
        else:
            room.emptied = factories.TODAY
    assert PAGE not in holder.client.get("/atelier/mes-idees").text
    assert holder.client.get(PAGE).status_code == 404
    assert factories.post(holder.client, PAGE, {"address": ADDRESS}).status_code == 404
    rhythm = factories.post(holder.client, f"{PAGE}/rythme", {"frequency": "daily"})
    assert rhythm.status_code == 404
    with writing(app), pytest.raises(NotHere):
        ask(db.session.scalars(select(KeptCode)).one(), ADDRESS, NOON)


def test_a_row_that_may_not_be_written_to_any_more_is_left_alone(
    app: Flask, holder: Holder
) -> None:
    holder.ask()
    address = link(mails(app)[0])
    with writing(app):
        db.session.get_one(Workshop, holder.room.id).service.anonymous_by_law = True
    assert factories.post(app.test_client(), address, {}).status_code == 404
    with writing(app):
        db.session.scalars(select(HolderMail)).one().confirmed = True
    holder.answered()
    assert tell(app) == 0


def test_without_the_code_the_pages_lead_to_its_door(app: Flask, client: FlaskClient) -> None:
    asked = factories.post(client, PAGE, {"address": ADDRESS})
    rhythm = factories.post(client, f"{PAGE}/rythme", {"frequency": "stop"})
    for answer in (client.get(PAGE), asked, rhythm):
        assert answer.status_code == 303
        assert answer.location.endswith("/atelier/suivi")


def test_a_mail_that_comes_back_suspends_the_address(app: Flask, holder: Holder) -> None:
    holder.confirmed()
    holder.answered()
    assert tell(app) == 1
    (mail,) = mails(app)
    with writing(app):
        assert bounces.settle(bounces.Bounce(mail.key, "5.1.1"), factories.TODAY)
        assert suspended.since(ADDRESS)


def test_a_code_of_an_open_session_may_ask_too(app: Flask) -> None:
    browser = enter(app, keep(open_room(app).phone()))
    assert browser.get(PAGE).status_code == 200
