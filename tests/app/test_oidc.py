"""Signing in through a provider that really runs: who it names enters, with two proofs."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Account, Role
from app.db import db
from app.factory import create_app
from app.second_factor import demo_code
from tests.app import small_provider
from tests.app.small_provider import CLIENT, SECRET, Provider
from tests.app.staff_entry import ADDRESS, hire
from tests.conftest import settings, writing
from tests.fakes import FakeRuntime, StandingClock
from tests.plain_browser import PlainBrowser


@pytest.fixture
def provider() -> Iterator[Provider]:
    with small_provider.running() as running:
        running.person = {"sub": "42", "email": ADDRESS, "email_verified": True}
        yield running


@pytest.fixture
def site(
    tmp_path: Path, migrated_database: Path, clock: StandingClock, provider: Provider
) -> Iterator[Flask]:
    """The application with that provider in its settings."""
    shutil.copy(migrated_database, tmp_path / "boucle.db")
    known = {"OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET, "OIDC_NAME": "Agents"}
    chosen = settings(OIDC_ISSUER=provider.url, **known)
    app = create_app(chosen, tmp_path, clock, FakeRuntime(tmp_path))
    yield app
    with app.app_context():
        db.engine.dispose()


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_asked: object) -> None:
        return None


def travel(client: FlaskClient) -> PlainBrowser:
    """Go to the provider as a browser does, and come back with what it says."""
    away = client.get("/connexion/agent").headers["Location"]
    try:
        build_opener(_Stay).open(away)
    except Exception as answer:
        back = str(answer.headers["Location"])  # type: ignore[attr-defined]
    parts = urlsplit(back)
    return PlainBrowser(client).open(f"{parts.path}?{parts.query}")


def is_in(client: FlaskClient) -> bool:
    return client.get("/equipe/compte").status_code == 200


def test_whom_the_provider_names_gives_a_second_proof_here(
    site: Flask, provider: Provider, clock: StandingClock
) -> None:
    hire(site, Role.PROMOTER)
    client = site.test_client()
    assert "Entrer avec Agents" in client.get("/connexion").text
    page = travel(client)
    assert provider.refused == []
    assert "Les six chiffres" in page.words
    assert not is_in(client)
    page.submit("/connexion/code", code=demo_code(clock()))
    assert is_in(client)


def test_two_proofs_at_the_provider_are_enough(site: Flask, provider: Provider) -> None:
    hire(site, Role.PROMOTER)
    provider.amr = ["pwd", "mfa"]
    client = site.test_client()
    travel(client)
    assert is_in(client)


def test_an_address_that_changed_hands_opens_nothing(site: Flask, provider: Provider) -> None:
    account_id = hire(site, Role.PROMOTER)
    provider.amr = ["mfa"]
    travel(site.test_client())
    provider.person["sub"] = "43"
    other = site.test_client()
    assert "n’a pas été reconnu" in travel(other).text
    assert not is_in(other)
    provider.person = {"sub": "42", "email": "paul.new@example.fr"}
    moved = site.test_client()
    travel(moved)
    assert is_in(moved), "the person is the same under a new address"
    with site.app_context():
        assert db.session.get_one(Account, account_id).oidc_subject == f"{provider.url}|42"


@pytest.mark.parametrize("fault", ["stranger", "closed", "unverified", "nonce"])
def test_who_is_not_known_stays_outside(site: Flask, provider: Provider, fault: str) -> None:
    account_id = hire(site, Role.PROMOTER)
    provider.amr = ["mfa"]
    if fault == "stranger":
        provider.person["email"] = "nobody@example.fr"
    elif fault == "unverified":
        provider.person["email_verified"] = False
    elif fault == "nonce":
        provider.changed_nonce = "n" * 32
    else:
        with writing(site):
            db.session.get_one(Account, account_id).active = False
    client = site.test_client()
    assert "n’a pas été reconnu" in travel(client).text
    assert not is_in(client)


def test_an_answer_that_nobody_asked_for_is_refused(site: Flask) -> None:
    hire(site, Role.PROMOTER)
    client = site.test_client()
    answer = client.get("/connexion/agent/retour?code=stolen&state=" + "s" * 32)
    assert answer.headers["Location"] == "/connexion"
    assert not is_in(client)


def test_a_provider_that_does_not_answer_leaves_the_passphrase(
    tmp_path: Path, migrated_database: Path, clock: StandingClock
) -> None:
    shutil.copy(migrated_database, tmp_path / "boucle.db")
    gone = settings(OIDC_ISSUER="http://127.0.0.1:9", OIDC_CLIENT_ID="x", OIDC_CLIENT_SECRET="y")
    app = create_app(gone, tmp_path, clock, FakeRuntime(tmp_path))
    answer = app.test_client().get("/connexion/agent")
    assert answer.headers["Location"] == "/connexion"
    with app.app_context():
        db.engine.dispose()


def test_without_settings_there_is_no_such_page(client: FlaskClient) -> None:
    assert client.get("/connexion/agent").status_code == 404
    assert client.get("/connexion/agent/retour").status_code == 404
    assert "Entrer avec Agents" not in client.get("/connexion").text
