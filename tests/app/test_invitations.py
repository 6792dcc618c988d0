"""An invitation: one mail, one link, a passphrase that its reader alone knows, then a phone."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts import Account, Role
from app.db import db
from app.mail import OutboxRow
from tests import factories
from tests.app.staff_entry import Phone, come_in, hire, knock
from tests.conftest import writing
from tests.fakes import StandingClock
from tests.plain_browser import PlainBrowser

MAIL = "aicha@example.fr"
WORDS = "cinq mots pour commencer ici"


@pytest.fixture
def desk(app: Flask) -> PlainBrowser:
    """The page of accounts, open to an administrator."""
    client = app.test_client()
    with writing(app):
        factories.organisation("Réseau du Forez")
        factories.sign_in(client, factories.account(Role.ADMINISTRATOR))
    return PlainBrowser(client).open("/equipe/comptes")


def invite(app: Flask, desk: PlainBrowser, *roles: str) -> str:
    """Open an account; return the path of the link in its mail."""
    desk.submit(
        "/equipe/comptes",
        name="Aïcha",
        email=MAIL,
        organisation="Réseau du Forez",
        roles=list(roles or ("moderator",)),
    )
    assert "L’invitation part par courriel" in desk.words
    return link(app)


def link(app: Flask) -> str:
    """Return the path of the link in the newest mail."""
    with app.app_context():
        row = db.session.scalars(select(OutboxRow).order_by(OutboxRow.id.desc())).first()
        assert row
        assert row.to == MAIL
        found = re.search(r"http://localhost(/invitation/\S+)", row.text)
    assert found
    return found[1]


def test_the_invited_choose_their_passphrase_and_set_up_a_phone(
    app: Flask, desk: PlainBrowser
) -> None:
    path = invite(app, desk)
    own = app.test_client()
    page = PlainBrowser(own).open(path).submit("/invitation/", passphrase="courte")
    assert page.status == 422
    page.submit("/invitation/", passphrase=WORDS)
    assert "Votre phrase est enregistrée" in page.text
    page = knock(own, MAIL, WORDS)
    phone = Phone(app, page.submit("/connexion/premier-code").text)
    page.submit("/connexion/code", code=phone.code())
    assert own.get("/equipe/moderation").status_code == 200
    again = PlainBrowser(app.test_client()).open(path)
    assert again.status == 404
    assert "n’ouvre plus rien" in again.words


def test_no_passphrase_opens_an_account_before_its_invitation(
    app: Flask, desk: PlainBrowser
) -> None:
    invite(app, desk)
    for words in ("", "None", WORDS):
        assert knock(app.test_client(), MAIL, words).status in (200, 422)
    assert app.test_client().get("/equipe").status_code == 303


def test_a_link_is_over_after_three_days_or_another_one(
    app: Flask, desk: PlainBrowser, clock: StandingClock
) -> None:
    first = invite(app, desk)
    desk.submit("/inviter")
    second = link(app)
    assert first != second
    anybody: FlaskClient = app.test_client()
    assert anybody.get(first).status_code == 404
    assert anybody.get(second).status_code == 200
    clock.forward(days=3, minutes=1)
    assert anybody.get(second).status_code == 404


def test_another_invitation_replaces_passphrase_and_phone_and_ends_sessions(
    app: Flask, desk: PlainBrowser
) -> None:
    account_id = hire(app, Role.PROMOTER, address=MAIL)
    thief = app.test_client()
    come_in(app, thief, MAIL)
    assert thief.get("/equipe/compte").status_code == 200
    desk.open("/equipe/comptes").submit(f"/comptes/{account_id}/inviter")
    assert thief.get("/equipe/compte").status_code == 200, "asking changes nothing yet"
    page = PlainBrowser(app.test_client()).open(link(app))
    page.submit("/invitation/", passphrase=WORDS)
    assert thief.get("/equipe/compte").status_code == 303
    with app.app_context():
        account = db.session.get_one(Account, account_id)
        assert account.tf_totp_secret is None


def test_the_link_is_stored_sealed(app: Flask, desk: PlainBrowser) -> None:
    word = invite(app, desk).rpartition("/")[2]
    with app.app_context():
        db.session.execute(db.delete(OutboxRow))
        db.session.commit()
        dump = "".join(db.session.connection().connection.iterdump())  # type: ignore[attr-defined]
    assert word not in dump


def test_a_closed_account_is_not_invited(app: Flask, desk: PlainBrowser) -> None:
    path = invite(app, desk)
    desk.submit("/fermer")
    assert app.test_client().get(path).status_code == 404
