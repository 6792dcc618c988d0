"""Every page in English for who reads English, French mails whoever makes the site write them.

What a French and an English page say alike must be data, a name, or a word of both languages.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import get_babel, get_domain
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app import tasks
from app.access import Mark
from app.accounts import Account, Role
from app.db import db
from app.editions import Edition
from app.mail import OutboxRow
from tests import factories
from tests.app.digest_rows import busy_week
from tests.app.staff_entry import come_in, hire, knock
from tests.app.worlds import build
from tests.conftest import NOON, writing
from tests.english import Reading, catalogue
from tests.feedback import citizen
from workshops.models import Workshop


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of translations as ``make install`` leaves it."""
    folder = tmp_path_factory.mktemp("translations")
    path = folder / "en/LC_MESSAGES/messages.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as binary:
        write_mo(binary, catalogue())
    return folder


@pytest.fixture
def bilingual(app: Flask, compiled: Path) -> Iterator[Flask]:
    """The application with today's English; catalogues read before and after are forgotten."""
    get_babel(app).translation_directories = [str(compiled)]
    with app.app_context():
        read = get_domain().cache
    read.clear()
    yield app
    read.clear()


def _read(client: FlaskClient, address: str) -> Reading:
    french = client.get(address, headers={"Accept-Language": "fr"})
    return Reading(french, client.get(address, headers={"Accept-Language": "en"}))


def _check(app: Flask, reading: Reading, page: str) -> None:
    assert reading.french.status_code == reading.english.status_code, page
    for answer, language in ((reading.french, "fr"), (reading.english, "en")):
        html = BeautifulSoup(answer.text, "html.parser").html
        assert html is not None, page
        assert html["lang"] == language, page
    assert reading.untranslated(app) == set(), page


def _pages(app: Flask, *kinds: str) -> list[Rule]:
    """Return every address that shows something to readers of these kinds."""
    found = []
    for rule in app.url_map.iter_rules():
        mark = getattr(app.view_functions[rule.endpoint], "access", None)
        if "GET" in (rule.methods or ()) and isinstance(mark, Mark) and mark.kind in kinds:
            found.append(rule)
    return found


def _address(rule: Rule, ids: dict[str, Any]) -> str:
    """Return the rule's address; what ``ids`` does not know gets a value that names nothing."""
    return re.sub(r"<(?:int:)?(\w+)>", lambda part: str(ids.get(part[1], 1)), rule.rule)


def _busy_site(app: Flask) -> dict[str, Any]:
    """Fill the site through the golden walk's world; return what its addresses may name."""
    ids = build(app)["own"]
    with writing(app):
        edition = db.session.get_one(Edition, ids["edition_id"])
        edition.audience, edition.skipped = "public", ""
        empty = ("themes", "promised", "announced", "confirmed", "unanswered", "signals", "quotes")
        edition.content = {"retours": None, "answers": None, **{name: [] for name in empty}}
    return ids


def _is_page(answer: TestResponse) -> bool:
    return answer.mimetype == "text/html" and "<html" in answer.text and not answer.location


def test_every_public_page_is_wholly_in_english(bilingual: Flask) -> None:
    ids = _busy_site(bilingual)
    client = bilingual.test_client()
    read = 0
    for rule in [*_pages(bilingual, "public"), Rule("/connexion", endpoint="security.login")]:
        reading = _read(client, _address(rule, ids))
        if _is_page(reading.french):
            _check(bilingual, reading, rule.rule)
            read += reading.french.status_code == 200
    assert read >= 15, "the walk must meet pages, not only refusals"


def test_an_authors_pages_are_wholly_in_english(bilingual: Flask) -> None:
    slug = citizen.open_service(bilingual)
    client = bilingual.test_client()
    citizen.come_back(client, citizen.code_of(citizen.send(client, slug)))
    rules = [rule for rule in _pages(bilingual, "author") if not rule.arguments]
    for rule in rules:
        reading = _read(client, rule.rule)
        assert reading.french.status_code == 200
        _check(bilingual, reading, rule.rule)
    assert len(rules) >= 3


def _send(app: Flask, language: str, **fields: Any) -> TestResponse:
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    answer: TestResponse = citizen.send(client, fields.pop("slug"), **fields)
    return answer


@pytest.mark.parametrize("fields", [{}, {"face": "", "text": ""}, {"text": "x" * 5001}])
def test_receipt_and_refusals_are_wholly_in_english(
    bilingual: Flask, fields: dict[str, str]
) -> None:
    slug = citizen.open_service(bilingual)
    answers = [_send(bilingual, language, slug=slug, **fields) for language in ("fr", "en")]
    _check(bilingual, Reading(*answers), "receipt")


@pytest.mark.parametrize("phase", ["lobby", "write", "reveal", "vote", "decide", "closed"])
def test_a_workshops_room_is_wholly_in_english(bilingual: Flask, phase: str) -> None:
    ids = _busy_site(bilingual)
    with writing(bilingual):
        db.session.get_one(Workshop, ids["workshop_id"]).phase = "lobby"
    client = bilingual.test_client()
    assert client.post("/atelier", data={"code": ids["code"]}).status_code == 303
    with writing(bilingual):
        db.session.get_one(Workshop, ids["workshop_id"]).phase = phase
    for page in ("", "/ecran"):
        _check(bilingual, _read(client, f"/atelier/{ids['code']}{page}"), phase + page)


def test_what_a_participants_code_opens_is_wholly_in_english(bilingual: Flask) -> None:
    ids = _busy_site(bilingual)
    with writing(bilingual):
        db.session.get_one(Workshop, ids["workshop_id"]).phase = "lobby"
    client = bilingual.test_client()
    client.post("/atelier", data={"code": ids["code"]})
    given = [
        factories.post(
            client,
            f"/atelier/{ids['code']}/garder",
            {"key": "une"},
            headers={"Accept-Language": language},
        )
        for language in ("fr", "en")
    ]
    assert [each.status_code for each in given] == [200, 200]
    _check(bilingual, Reading(*given), "code given")
    code = citizen.code_of(given[0])
    assert factories.post(client, "/atelier/suivi", {"code": code}).status_code == 303
    for page in ("/atelier/mes-idees", "/atelier/carnet"):
        reading = _read(client, page)
        assert reading.french.status_code == 200, page
        _check(bilingual, reading, page)


# The library's pages carry no mark of ours: the walks do not meet them.
STEPS = ("/connexion/code", "/connexion/secours")
PROOFS = ("/equipe/compte/cles", "/equipe/compte/secours")


def test_the_steps_of_signing_in_are_wholly_in_english(bilingual: Flask) -> None:
    hire(bilingual, Role.EXPERT)
    client = bilingual.test_client()
    knock(client)
    for page in STEPS:
        reading = _read(client, page)
        assert reading.french.status_code == 200, page
        _check(bilingual, reading, page)
    come_in(bilingual, client)
    for page in PROOFS:
        reading = _read(client, page)
        assert reading.french.status_code == 200, page
        _check(bilingual, reading, page)


def test_the_first_step_on_a_phone_is_wholly_in_english(bilingual: Flask) -> None:
    hire(bilingual, Role.EXPERT, phone=False)
    client = bilingual.test_client()
    knock(client)
    reading = _read(client, "/connexion/premier-code")
    assert reading.french.status_code == 200
    _check(bilingual, reading, "first code")


def _staff(app: Flask, role: Role) -> FlaskClient:
    client = app.test_client()
    with app.app_context():
        query = select(Account).where(Account.email == f"{role.value}@example.fr")
        factories.sign_in(client, db.session.scalars(query).one())
    return client


@pytest.mark.parametrize("role", list(Role))
def test_every_desk_page_is_wholly_in_english(bilingual: Flask, role: Role) -> None:
    ids = _busy_site(bilingual)
    client = _staff(bilingual, role)
    for rule in _pages(bilingual, "staff"):
        address = _address(rule, ids)
        if _is_page(first := client.get(address)) and first.status_code == 200:
            _check(bilingual, _read(client, address), f"{role.value} {rule.rule}")


def _follow(client: FlaskClient, page: TestResponse, language: str) -> TestResponse:
    """Tap the page's own link to the other language."""
    link = BeautifulSoup(page.text, "html.parser").find("a", hreflang=language)
    assert link is not None
    return client.get(str(link["href"]), follow_redirects=True)


def test_a_link_of_the_page_changes_the_language_and_comes_back_to_it(bilingual: Flask) -> None:
    client = bilingual.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "fr"
    french = client.get("/a-propos")
    english = _follow(client, french, "en")
    again = _follow(client, english, "fr")
    assert english.request.path == again.request.path == "/a-propos"
    _check(bilingual, Reading(french, english), "/a-propos")
    assert again.text == french.text


@pytest.mark.parametrize("fields", [{}, {"face": "", "text": ""}])
def test_what_a_link_would_lose_offers_no_other_language(
    bilingual: Flask, fields: dict[str, str]
) -> None:
    answer = _send(bilingual, "en", slug=citizen.open_service(bilingual), **fields)
    assert not BeautifulSoup(answer.text, "html.parser").find_all("a", hreflang=True)


def test_mails_are_french_whoever_makes_the_site_write_them(bilingual: Flask) -> None:
    reader = {"Accept-Language": "en"}
    with bilingual.test_request_context(headers=reader):
        busy_week()
        db.session.commit()
        tasks.digest("2026-11-23 11:05", NOON)
        mails = db.session.scalars(select(OutboxRow))
        said = "\n".join(mail.subject + mail.text + mail.html for mail in mails)
        titles = [edition.title for edition in db.session.scalars(select(Edition))]
    assert "Vous avez dit" in said
    assert "À décider" in said
    assert "You said" not in said
    assert "ce qui a été dit, ce qui a été fait" in " ".join(titles)
