"""The second proof: asked of every role, opens once, is replaced by a recovery code or a PIN."""

import re
import sqlite3
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import pins, second_factor, staff_tokens
from app.accounts import Account, Role
from app.config import BadSetting
from app.db import db
from app.factory import create_app
from app.staff_tokens import StaffToken
from tests.app.staff_entry import ADDRESS, Phone, come_in, hire, knock
from tests.conftest import settings, writing
from tests.factories import post
from tests.fakes import FakeRuntime, StandingClock
from tests.plain_browser import PlainBrowser

TEAM = "Espace équipe"


def is_in(client: FlaskClient) -> bool:
    """Say whether the team's pages are open to ``client``."""
    return client.get("/equipe/compte").status_code == 200


@pytest.mark.parametrize("role", list(Role))
def test_the_passphrase_alone_opens_nothing_to_any_role(app: Flask, role: Role) -> None:
    hire(app, role)
    client = app.test_client()
    assert "Les six chiffres" in knock(client).words
    assert not is_in(client)
    knock(client).submit("/connexion/code", code="000000")
    assert not is_in(client)


def test_the_first_entry_sets_up_a_phone_and_its_codes_open_once(
    app: Flask, clock: StandingClock
) -> None:
    account_id = hire(app, Role.PROMOTER, phone=False)
    client = app.test_client()
    page = knock(client)
    assert "Votre deuxième preuve" in page.words
    assert not is_in(client)
    phone = Phone(app, page.submit("/connexion/premier-code").text)
    page.submit("/connexion/code", code="123456")
    assert page.status == 422
    page.open("/connexion")
    knock(client)
    phone = Phone(app, PlainBrowser(client).open("/connexion/premier-code").submit("premier").text)
    first = phone.code()
    PlainBrowser(client).open("/connexion/code").submit("/connexion/code", code=first)
    assert is_in(client)
    with app.app_context():
        stored = db.session.get_one(Account, account_id).tf_totp_secret or ""
    assert phone.secret.base32_key not in stored, "what is stored is encrypted"
    again = app.test_client()
    assert "a déjà servi" in knock(again).submit("/connexion/code", code=first).words
    clock.forward(seconds=60)
    knock(again).submit("/connexion/code", code=phone.code())
    assert is_in(again)


def test_a_recovery_code_stands_for_the_phone_once(app: Flask, clock: StandingClock) -> None:
    account_id = hire(app, Role.PROMOTER)
    client = app.test_client()
    page = come_in(app, client).open("/equipe/compte/secours").submit("/secours")
    codes = re.findall(r"<code>([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})</code>", page.text)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    with app.app_context():
        kept = db.session.get_one(Account, account_id).mf_recovery_codes or []
    assert not set(kept) & set(codes), "what is stored is encrypted"
    lost = app.test_client()
    knock(lost).follow("code de secours").submit("/secours", code=codes[0])
    assert is_in(lost)
    again = app.test_client()
    page = knock(again).follow("code de secours").submit("/secours", code=codes[0])
    assert page.status == 422
    assert not is_in(again)


def test_a_trusted_device_is_not_asked_again_for_twelve_hours(app: Flask) -> None:
    hire(app, Role.MODERATOR)
    own = app.test_client()
    come_in(app, own, trust="1")
    cookie = own.get_cookie("appareil")
    assert cookie
    assert cookie.http_only
    assert cookie.max_age == 12 * 3600
    post(own, "/deconnexion")
    assert not is_in(own)
    knock(own)
    assert is_in(own), "the passphrase is enough here"
    elsewhere = app.test_client()
    knock(elsewhere)
    assert not is_in(elsewhere)
    post(own, "/equipe/compte/sessions/fermer")
    post(own, "/deconnexion")
    knock(own)
    assert not is_in(own), "devices are forgotten with the other sessions"


def test_who_did_not_ask_is_asked_each_time(app: Flask) -> None:
    hire(app, Role.MODERATOR)
    own = app.test_client()
    come_in(app, own)
    assert own.get_cookie("appareil") is None
    post(own, "/deconnexion")
    knock(own)
    assert not is_in(own)


def test_codes_are_guessed_ten_times_and_no_more(app: Flask) -> None:
    hire(app, Role.MODERATOR)
    client = app.test_client()
    page = knock(client)
    statuses = [
        page.submit("/connexion/code", code=f"{number:06}").status if page.page.form else 0
        for number in range(8)
    ]
    assert statuses == [422] * 8
    page.submit("/connexion/code", code="000008")
    answer = post(client, "/connexion/code", {"code": "000009"})
    assert answer.status_code in (422, 429)
    assert post(client, "/connexion/code", {"code": "000010"}).status_code == 429


def test_a_pin_lets_a_co_facilitator_in_once(app: Flask, clock: StandingClock) -> None:
    account_id = hire(app, Role.FACILITATOR, phone=False)
    with writing(app):
        pin = pins.draw(db.session.get_one(Account, account_id))
        kept = db.session.scalars(select(StaffToken)).one()
        assert pin not in kept.digest
    client = app.test_client()
    page = knock(client).submit("/connexion/pin", code="00000000")
    assert page.status == 422
    assert not is_in(client)
    page.submit("/connexion/pin", code=f"{pin[:4]} {pin[4:]}")
    assert is_in(client)
    again = app.test_client()
    assert "Votre deuxième preuve" in knock(again).words, "the PIN is spent: set up a phone"


def test_a_pin_is_withdrawn_after_five_tries_or_half_an_hour(
    app: Flask, clock: StandingClock
) -> None:
    account_id = hire(app, Role.FACILITATOR, phone=False)
    with writing(app):
        account = db.session.get_one(Account, account_id)
        pin = pins.draw(account)
        wrong = [pins.opens(account, "1234") for _ in range(pins.TRIES)]
        assert (*wrong, pins.opens(account, pin)) == (False,) * (pins.TRIES + 1)
        pin = pins.draw(account)
        clock.forward(minutes=31)
        assert not pins.opens(account, pin)
        assert staff_tokens.purge(clock()) == 1


@pytest.mark.parametrize("roles", [(Role.MODERATOR,), (Role.FACILITATOR, Role.PROMOTER), ()])
def test_a_pin_opens_no_account_that_reads_messages(app: Flask, roles: tuple[Role, ...]) -> None:
    account_id = hire(app, *roles)
    with app.app_context(), pytest.raises(pins.NotOnlyAFacilitator):
        pins.draw(db.session.get_one(Account, account_id))


def test_production_refuses_the_secret_of_the_demonstration(app: Flask, tmp_path: Path) -> None:
    hire(app, Role.PROMOTER)
    real = settings(BOUCLE_ENV="production")
    with pytest.raises(BadSetting, match="demonstration"):
        create_app(real, tmp_path, runtime=FakeRuntime())
    with sqlite3.connect(tmp_path / "boucle.db") as kept:
        kept.execute("UPDATE account SET tf_totp_secret = NULL")
    kept.close()
    started = create_app(real, tmp_path, runtime=FakeRuntime())
    with started.app_context():
        from app.sign_in import security

        account = db.session.scalars(select(Account)).one()
        code = second_factor.demo_code()
        factory = security.totp_factory
        assert not factory.verify_totp(code, second_factor.DEMO_SECRET, account, 30)
        db.session.remove()
        db.engine.dispose()


def test_the_address_of_nobody_and_a_closed_account_get_no_second_page(app: Flask) -> None:
    account_id = hire(app, Role.PROMOTER)
    with writing(app):
        db.session.get_one(Account, account_id).active = False
    for address in (ADDRESS, "nobody@example.fr"):
        assert "Les six chiffres" not in knock(app.test_client(), address).words
