"""Over https every cookie is bound to the host, and a browser never comes back without https."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from http.cookies import Morsel, SimpleCookie
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.accounts import Role
from app.config import load
from app.db import db
from app.factory import create_app
from tests.app.staff_entry import Phone, hire, knock
from tests.app.test_unsafe_settings import SAFE
from tests.fakes import FakeRuntime, StandingClock
from tests.quick_apps import share_templates
from tests.workshops.rooms import open_room
from tests.workshops.test_windows import keep


@pytest.fixture
def served(tmp_path: Path, migrated_database: Path, clock: StandingClock) -> Iterator[Flask]:
    """The site as production serves it, over https."""
    shutil.copy(migrated_database, tmp_path / "boucle.db")
    chosen = load(SAFE | {"BASE_URL": "https://localhost", "TRUSTED_HOSTS": "localhost"})
    app = share_templates(create_app(chosen, tmp_path, clock, FakeRuntime(tmp_path)))
    app.config["PREFERRED_URL_SCHEME"] = "https"  # what the test's browsers ask with
    yield app
    with app.app_context():
        db.engine.dispose()


def cookies_of(answer: TestResponse) -> list[Morsel[str]]:
    """Return what ``answer`` asks a browser to keep."""
    lines = answer.headers.getlist("Set-Cookie")
    return [cookie for line in lines for cookie in SimpleCookie(line).values()]


def assert_bound(answer: TestResponse, *names: str) -> None:
    """Check that ``answer`` sets just these cookies, as ``__Host-`` asks, closed to scripts."""
    found = cookies_of(answer)
    assert [cookie.key for cookie in found] == [f"__Host-{name}" for name in names]
    for cookie in found:
        assert cookie["secure"], cookie.key
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] in ("Lax", "Strict"), cookie.key
        assert (cookie["path"], cookie["domain"]) == ("/", ""), cookie.key


def test_a_chosen_language_is_kept_by_a_cookie_of_this_host_and_read_again(served: Flask) -> None:
    reader = served.test_client()
    assert_bound(reader.get("/langue/en?next=/mots"), "langue")
    assert '<html lang="en"' in reader.get("/mots").text


def test_who_signs_in_keeps_cookies_of_this_host_only_and_may_write(
    served: Flask, clock: StandingClock
) -> None:
    """A form's token is enough over https: our own pages withhold the address they are on."""
    hire(served, Role.PROMOTER, phone=False)
    browser = served.test_client()
    page = knock(browser).submit("/connexion/premier-code")
    phone = Phone(served, page.text)
    page.submit("/connexion/code", code=phone.code())
    page.open("/equipe").submit("/deconnexion")
    clock.forward(minutes=1)
    knock(browser).submit("/connexion/code", code=phone.code(), trust="y")
    assert page.open("/equipe").status == 200, page.words
    kept = {cookie.key for cookie in browser._cookies.values() if cookie.value}
    assert kept == {"__Host-s", "__Host-appareil", "__Host-connu"}
    page.submit("/deconnexion")
    assert browser.get("/equipe").status_code == 303


def test_a_phone_in_a_session_of_days_keeps_a_cookie_of_this_host(
    served: Flask, clock: StandingClock
) -> None:
    room = open_room(served)
    phone = room.phone()
    room.walk("lobby", "write")
    keep(room, clock, "write", timedelta(days=3))
    seen = phone.client.get(f"/atelier/{room.code}")
    assert [c.key for c in cookies_of(seen) if c.key != "__Host-s"] == ["__Host-place"]


@pytest.mark.parametrize(
    "path", ["/", "/mots", "/healthz", "/connexion", "/rien", "/static/boucle.css"]
)
def test_https_is_asked_for_two_years_of_every_answer(served: Flask, path: str) -> None:
    with served.test_client().get(path) as answer:
        told = answer.headers["Strict-Transport-Security"]
    seconds = int(told.removeprefix("max-age=").partition(";")[0])
    assert seconds >= 2 * 365 * 86400


def test_the_demonstration_on_plain_http_asks_for_nothing_that_browsers_would_refuse(
    app: Flask,
) -> None:
    answer = app.test_client().get("/langue/en?next=/mots")
    assert "Strict-Transport-Security" not in answer.headers
    (kept,) = cookies_of(answer)
    assert (kept.key, kept["secure"]) == ("langue", "")
