"""Signing in: one way in, one way out, the same answer for every refusal, sessions that end."""

import re
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import sign_in_guards
from app.accounts import Account, Role
from app.db import db
from app.flask_settings import flask_config
from app.passphrases import WeakPassphrase, check_passphrase
from app.second_factor import demo_code, give_demo_factor
from app.sign_in import create_account, grant
from tests import factories
from tests.conftest import settings, writing
from tests.factories import TODAY
from tests.fakes import StandingClock

PASSPHRASE = "quatre mots très simples"
ADDRESS = "paul.durand@example.fr"


@pytest.fixture
def account_id(app: Flask) -> int:
    with writing(app):
        account = create_account(ADDRESS, "Paul", PASSPHRASE, factories.organisation(), TODAY)
        grant(account, Role.ADMINISTRATOR)
        give_demo_factor(account)
        return account.id


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def _enter(client: FlaskClient, address: str, passphrase: str, **more: str):
    token = _token(client.get("/connexion").text)
    data = {"email": address, "password": passphrase, "csrf_token": token, **more}
    return client.post("/connexion", data=data)


def _come_in(client: FlaskClient, **more: str):
    """Give the passphrase, then the code of the phone; return the last answer."""
    first = _enter(client, ADDRESS, PASSPHRASE, **more)
    assert "/connexion/code" in first.headers["Location"]
    assert not _is_signed_in(client), "the passphrase alone opens nothing"
    path = first.headers["Location"]
    with client.application.app_context():
        code = demo_code()
    page = client.get(path).text
    action = re.search(r'action="(/connexion/code[^"]*)"', page)
    assert action
    return client.post(action[1], data={"code": code, "csrf_token": _token(page)})


def _is_signed_in(client: FlaskClient) -> bool:
    with client.session_transaction() as session:
        return "_user_id" in session


OPEN = (
    *("login", "logout", "verify", "tf_select", "mf_recovery", "mf_recovery_codes"),
    *("two_factor_setup", "two_factor_setup_validate", "two_factor_token_validation"),
    *("two_factor_rescue", "wan_register", "wan_register_response", "wan_delete"),
    *("wan_signin", "wan_signin_response"),
)


def test_only_signing_in_and_its_proofs_are_open(app: Flask, client: FlaskClient) -> None:
    rules = {r.endpoint: r for r in app.url_map.iter_rules() if r.endpoint.startswith("security.")}
    assert set(rules) == {f"security.{name}" for name in OPEN}
    assert rules["security.logout"].methods == {"POST", "OPTIONS"}
    assert client.get("/connexion/aide").status_code == 404, "the library would send its own mails"


def test_a_member_of_staff_signs_in_with_an_argon2_passphrase(
    app: Flask, client: FlaskClient, account_id: int
) -> None:
    assert _enter(client, " Paul.Durand@example.fr ", PASSPHRASE).status_code in (302, 303)
    answer = _come_in(client)
    assert answer.status_code in (302, 303)
    assert urlsplit(answer.headers["Location"])[2:] == ("/equipe", "", "")
    with app.app_context():
        assert "$argon2" in str(db.session.get_one(Account, account_id).password)


def test_an_unknown_address_and_a_wrong_passphrase_get_the_same_page(
    client: FlaskClient, account_id: int
) -> None:
    pages = []
    for address, passphrase in ((ADDRESS, "wrong but long enough"), ("x@example.fr", PASSPHRASE)):
        answer = _enter(client, address, passphrase)
        assert answer.status_code == 422
        page = re.sub(r'value="[^"]*"', "", answer.text)
        assert "Adresse ou phrase de passe inconnue." in page
        pages.append(page)
    assert pages[0] == pages[1]
    assert not _is_signed_in(client)


def test_a_refused_address_is_kept_and_the_passphrase_is_not(
    client: FlaskClient, account_id: int
) -> None:
    page = _enter(client, ADDRESS, "wrong but long enough").text
    assert ADDRESS in page
    assert "wrong but long enough" not in page


def test_a_closed_account_gets_no_further(app: Flask, client: FlaskClient, account_id: int) -> None:
    with writing(app):
        db.session.get_one(Account, account_id).active = False
    assert "Adresse ou phrase de passe inconnue." in _enter(client, ADDRESS, PASSPHRASE).text
    assert not _is_signed_in(client)


def test_signing_in_without_token_is_refused(client: FlaskClient, account_id: int) -> None:
    data = {"email": ADDRESS, "password": PASSPHRASE}
    assert client.post("/connexion", data=data).status_code == 400
    assert not _is_signed_in(client)


def test_nothing_planted_in_the_session_survives_signing_in(
    app: Flask, client: FlaskClient, account_id: int
) -> None:
    token = _token(client.get("/connexion").text)
    with client.session_transaction() as session:
        session["author"] = {"feedback": "PLANTED", "until": 9_999_999_999}
        before = session["csrf_token"]
    client.post("/connexion", data={"email": ADDRESS, "password": PASSPHRASE, "csrf_token": token})
    with app.app_context():
        code = demo_code()
    token = _token(client.get("/connexion/code").text)
    client.post("/connexion/code", data={"code": code, "csrf_token": token})
    with client.session_transaction() as session:
        assert "_user_id" in session
        assert "author" not in session
        assert session.get("csrf_token") != before


def test_after_signing_out_a_copied_cookie_opens_nothing(app: Flask, account_id: int) -> None:
    client, thief = app.test_client(), app.test_client()
    _come_in(client)
    kept = client.get_cookie("s")
    assert kept
    thief.set_cookie("s", kept.value)
    assert thief.get("/equipe/etat").status_code == 200
    assert factories.post(client, "/deconnexion").status_code in (302, 303)
    assert not _is_signed_in(client)
    assert "/connexion" in thief.get("/equipe/etat").headers["Location"]


def test_signing_out_needs_the_token(client: FlaskClient, account_id: int) -> None:
    _come_in(client)
    assert client.post("/deconnexion").status_code == 400
    assert client.get("/deconnexion").status_code == 405
    assert _is_signed_in(client)


def test_a_session_ends_after_half_an_hour_without_a_request(
    client: FlaskClient, account_id: int, clock: StandingClock
) -> None:
    _come_in(client)
    clock.forward(minutes=29)
    assert client.get("/equipe/etat").status_code == 200
    clock.forward(minutes=29)
    assert client.get("/equipe/etat").status_code == 200
    clock.forward(minutes=31)
    answer = client.get("/equipe/etat")
    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize("step", ["/connexion/code", "/connexion/moyen", "/connexion/secours"])
def test_who_goes_back_to_a_step_of_the_door_stays_in(
    client: FlaskClient, account_id: int, step: str
) -> None:
    _come_in(client)
    assert client.get(step).status_code == 303
    assert _is_signed_in(client)


def test_a_session_ends_after_twelve_hours_at_the_latest(
    client: FlaskClient, account_id: int, clock: StandingClock
) -> None:
    _come_in(client)
    statuses = []
    for _ in range(37):
        clock.forward(minutes=20)
        statuses.append(client.get("/equipe/etat").status_code)
    assert statuses[:36] == [200] * 36
    assert statuses[36] == 303


def test_the_eleventh_try_is_put_off(client: FlaskClient, account_id: int) -> None:
    for _ in range(10):
        assert _enter(client, ADDRESS, "wrong but long enough").status_code == 422
    assert _enter(client, ADDRESS, PASSPHRASE).status_code == 429
    assert not _is_signed_in(client)


def test_a_hospital_behind_one_address_comes_in_of_a_monday(
    client: FlaskClient, account_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sign_in_guards.TRIES_OF_NETWORK >= 50, "each of its staff comes in two steps"
    monkeypatch.setattr(sign_in_guards, "TRIES_OF_NETWORK", sign_in_guards.TRIES + 4)
    page = client.get("/connexion")
    fields = {"password": "wrong but long enough", "csrf_token": _token(page.text)}
    said = [
        client.post("/connexion", data=fields | {"email": f"person{n}@example.fr"}).status_code
        for n in range(sign_in_guards.TRIES + 5)
    ]
    assert said == [422] * (sign_in_guards.TRIES + 4) + [429]


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_to_no_other_site(
    app: Flask, client: FlaskClient, account_id: int, target: str
) -> None:
    with app.app_context():
        code = demo_code()
    first = _enter(client, ADDRESS, PASSPHRASE, next=target)
    path = first.headers.get("Location", "/connexion/code")
    assert first.status_code in (302, 422)
    assert urlsplit(path).netloc in ("", "localhost")
    if first.status_code == 422:
        return
    data = {"code": code, "csrf_token": _token(client.get(path).text)}
    answer = client.post(path, data=data)
    location = urlsplit(answer.headers.get("Location", "").replace("\\", "/"))
    assert location.netloc in ("", "localhost")
    assert location.scheme in ("", "http")


def test_a_token_in_a_header_or_address_signs_nobody_in(
    app: Flask, client: FlaskClient, account_id: int
) -> None:
    with app.test_request_context():
        token = db.session.get_one(Account, account_id).get_auth_token()
    answer = client.get("/equipe/etat", headers={"Authentication-Token": token})
    assert answer.status_code == 303
    assert client.get(f"/equipe/etat?auth_token={token}").status_code == 303


def test_the_session_cookie_is_closed_to_scripts_and_other_sites(
    client: FlaskClient, account_id: int
) -> None:
    cookie = SimpleCookie("\n".join(_come_in(client).headers.getlist("Set-Cookie")))["s"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_in_production_the_cookie_is_secure_and_bound_to_the_host(app: Flask) -> None:
    values = flask_config(settings(BOUCLE_ENV="production"), app.config["INSTANCE"])
    assert values["SESSION_COOKIE_NAME"] == "__Host-s"
    assert values["SESSION_COOKIE_SECURE"]


@pytest.mark.parametrize(
    "weak", ["courte", "paul.durand@example.fr", "motdepassemotdepasse", "a" * 40]
)
def test_a_passphrase_that_can_be_guessed_is_refused(app: Flask, weak: str) -> None:
    with app.test_request_context(), pytest.raises(WeakPassphrase):
        check_passphrase(weak, ADDRESS, "Paul Durand")


def test_four_words_are_a_passphrase(app: Flask) -> None:
    with app.test_request_context():
        assert check_passphrase(PASSPHRASE, ADDRESS, "Paul Durand") == PASSPHRASE
