"""Strangers cannot shut anybody out: the browser of who came in before has tries of its own."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app import known_devices, sign_in_guards
from app.accounts import Account, Role
from app.db import db
from app.known_devices import MOST_ACCOUNTS, after_entry, mark_of, read, write
from app.second_factor import give_demo_factor
from app.sign_in import create_account, end_everywhere, grant
from tests import factories
from tests.app.test_sign_in import ADDRESS, PASSPHRASE, _come_in, _enter, _is_signed_in, _token
from tests.conftest import writing
from tests.factories import TODAY
from tests.fakes import StandingClock

WRONG = "wrong but long enough"
SECRET = "a secret of a test"


@pytest.fixture
def account_id(app: Flask) -> int:
    return make(app, ADDRESS)


def make(app: Flask, address: str) -> int:
    with writing(app):
        account = create_account(address, "Paul", PASSPHRASE, factories.organisation(), TODAY)
        grant(account, Role.ADMINISTRATOR)
        give_demo_factor(account)
        return account.id


@pytest.fixture
def own(app: Flask, account_id: int) -> FlaskClient:
    """The browser from which Paul came in, and went out again."""
    client = app.test_client()
    assert _come_in(client).status_code in (302, 303)
    leave(client)
    return client


def leave(client: FlaskClient) -> None:
    client.delete_cookie("s")
    assert not _is_signed_in(client)


def shut_out(app: Flask, address: str = ADDRESS) -> None:
    """Try as a stranger does, until the account is shut to strangers."""
    stranger = app.test_client()
    tries = [_enter(stranger, address, WRONG).status_code for _ in range(sign_in_guards.TRIES + 1)]
    assert tries[-1] == 429


def test_a_stranger_s_tries_shut_strangers_out_and_not_the_owner(
    app: Flask, own: FlaskClient
) -> None:
    shut_out(app)
    assert _enter(app.test_client(), ADDRESS, PASSPHRASE).status_code == 429
    assert _come_in(own).status_code in (302, 303)
    assert _is_signed_in(own)


def test_neighbours_who_spend_the_network_s_tries_leave_the_owner_in(
    app: Flask, own: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in_guards, "TRIES_OF_NETWORK", 5)
    stranger = app.test_client()
    said = [_enter(stranger, f"x{n}@example.fr", WRONG).status_code for n in range(6)]
    assert said[-1] == 429
    assert _come_in(own).status_code in (302, 303)


def test_a_known_device_has_ten_tries_and_no_more(
    app: Flask, own: FlaskClient, clock: StandingClock
) -> None:
    said = [_enter(own, ADDRESS, WRONG).status_code for _ in range(sign_in_guards.TRIES + 1)]
    assert said == [422] * sign_in_guards.TRIES + [429]
    assert _enter(own, ADDRESS, PASSPHRASE).status_code == 429
    # Whoever took the device shuts nobody else out.
    assert _enter(app.test_client(), ADDRESS, WRONG).status_code == 422
    clock.forward(minutes=15)
    assert _come_in(own).status_code in (302, 303)


def test_the_device_of_one_gives_no_tries_about_another(app: Flask, own: FlaskClient) -> None:
    make(app, "autre@example.fr")
    shut_out(app, "autre@example.fr")
    assert _enter(own, "autre@example.fr", PASSPHRASE).status_code == 429


def test_a_cookie_that_was_not_signed_here_is_none(app: Flask, own: FlaskClient) -> None:
    cookie = own.get_cookie("connu")
    assert cookie is not None
    shut_out(app)
    for forged in (cookie.value[:-2] + "aa", "", "x.y.z", cookie.value.split(".")[0]):
        stranger = app.test_client()
        stranger.set_cookie("connu", forged)
        assert _enter(stranger, ADDRESS, PASSPHRASE).status_code == 429


def test_ending_all_sessions_ends_the_devices(
    app: Flask, own: FlaskClient, account_id: int
) -> None:
    with writing(app):
        end_everywhere(db.session.get_one(Account, account_id))
    shut_out(app)
    assert _enter(own, ADDRESS, PASSPHRASE).status_code == 429


def test_the_passphrase_alone_makes_no_device_known(app: Flask, account_id: int) -> None:
    client = app.test_client()
    assert "/connexion/code" in _enter(client, ADDRESS, PASSPHRASE).headers["Location"]
    assert client.get_cookie("connu") is None


def test_the_cookie_is_closed_to_scripts_and_other_sites_and_opens_nothing(
    app: Flask, own: FlaskClient
) -> None:
    cookie = own.get_cookie("connu")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Strict"
    assert cookie.max_age == known_devices.DAYS * 86_400
    assert own.get("/equipe").status_code in (302, 303)
    token = _token(own.get("/connexion").text)
    data = {"email": ADDRESS, "password": WRONG, "csrf_token": token}
    assert own.post("/connexion", data=data).status_code == 422


def test_colleagues_share_a_computer_the_last_five_are_known() -> None:
    device = None
    for number in range(MOST_ACCOUNTS + 1):
        device = after_entry(device, f"mark{number}", TODAY)
    assert device is not None
    assert not device.knows("mark0")
    assert all(device.knows(f"mark{number}") for number in range(1, MOST_ACCOUNTS + 1))
    assert not device.knows("")
    assert after_entry(device, "mark3", TODAY).marks[0] == "mark3"


@pytest.mark.parametrize(("days", "known"), [(0, True), (180, True), (181, False), (-1, False)])
def test_a_device_is_known_for_half_a_year(days: int, known: bool) -> None:
    cookie = write(after_entry(None, mark_of("u", SECRET), TODAY), SECRET)
    found = read(cookie, SECRET, TODAY + timedelta(days=days))
    assert (found is not None and found.knows(mark_of("u", SECRET))) is known


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda b: b.decode("latin-1")))
def test_any_cookie_is_read_without_fault(cookie: str) -> None:
    assert read(cookie, SECRET, date(2026, 11, 23)) is None
