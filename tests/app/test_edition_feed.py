"""The private feed of editions: its reader's own, without a session, ended at a word."""

from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import tasks
from app.accounts import Account, Role
from app.db import db, will_write
from app.editions import Edition
from app.sign_in import deactivate
from tests import factories
from tests.app import digest_rows as rows
from tests.conftest import NOON, writing
from tests.feedback.citizen import soup_of, words_of

ATOM = "{http://www.w3.org/2005/Atom}"
SETTINGS = "/equipe/mes-courriels"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that keeps no request open: another one reads the feed beside it."""
    return app.test_client()


@pytest.fixture
def member(app: Flask) -> str:
    """The address of the one member of a team that has an edition to read, among others."""
    with writing(app):
        rows.busy_week()
        other = rows.busy_week()
        other.name = "Service d’une autre équipe"
        email = db.session.scalars(select(Account.email).order_by(Account.id)).first()
        factories.account(Role.MODERATOR)
    with app.app_context():
        will_write()
        tasks.digest("k", NOON)
    return str(email)


def account(email: str) -> Account:
    return db.session.scalars(select(Account).filter_by(email=email)).one()


def address(app: Flask, client: FlaskClient, email: str) -> str:
    """Sign in, draw an address and return it as the page of settings shows it."""
    with app.app_context():
        factories.sign_in(client, account(email))
    assert factories.post(client, f"{SETTINGS}/flux").status_code == 303
    shown = soup_of(client.get(SETTINGS)).select_one('a[href^="/syntheses/flux/"]')
    assert shown is not None
    return str(shown["href"])


def entries(answer: str) -> list[tuple[str, str]]:
    root = ElementTree.fromstring(answer)
    return [
        (each.findtext(f"{ATOM}title") or "", each.findtext(f"{ATOM}id") or "")
        for each in root.iter(f"{ATOM}entry")
    ]


def pages(answer: str) -> list[str]:
    """Return where the entries of a feed lead, as paths."""
    root = ElementTree.fromstring(answer)
    found = [each.find(f"{ATOM}link") for each in root.iter(f"{ATOM}entry")]
    return [urlsplit(each.get("href", "")).path for each in found if each is not None]


def edition_of(email: str, audience: str = "team") -> Edition:
    """Return the edition of the first service of ``email`` for ``audience``."""
    own = account(email).memberships[0].service_id
    return db.session.scalars(select(Edition).filter_by(audience=audience, service_id=own)).one()


def test_a_reader_without_a_session_gets_the_titles_of_its_editions_and_no_other(
    app: Flask, client: FlaskClient, member: str
) -> None:
    feed = address(app, client, member)
    reader = app.test_client()
    answer = reader.get(feed)
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    assert not answer.headers.getlist("Set-Cookie")
    with app.app_context():
        told = edition_of(member)
        page = f"http://localhost/syntheses/{told.id}"
    assert entries(answer.text) == [("Quatre choses attendent une décision", page)]
    assert "ne reçoit plus mes mesures" not in answer.text
    assert "autre équipe" not in answer.text
    assert reader.get(f"/syntheses/{told.id}").status_code == 404  # the page asks who reads


def test_an_address_ends_when_another_is_drawn_and_when_its_reader_says_so(
    app: Flask, client: FlaskClient, member: str
) -> None:
    first = address(app, client, member)
    second = address(app, client, member)
    reader = app.test_client()
    assert (reader.get(first).status_code, reader.get(second).status_code) == (404, 200)
    assert factories.post(client, f"{SETTINGS}/flux/fin").status_code == 303
    assert reader.get(second).status_code == 404
    assert "/syntheses/flux/" not in client.get(SETTINGS).text
    assert factories.post(client, f"{SETTINGS}/flux/fin").status_code == 303  # again: nothing more


def test_an_address_ends_with_the_account_and_none_can_be_made_up(
    app: Flask, client: FlaskClient, member: str
) -> None:
    feed = address(app, client, member)
    reader = app.test_client()
    stem = feed.removesuffix(".atom")
    for made_up in (stem[:-1], stem + "A", "/syntheses/flux/x", "/syntheses/flux/WzEsIm4iXQ"):
        assert reader.get(f"{made_up}.atom").status_code == 404
    with writing(app):
        deactivate(account(member))
    assert reader.get(feed).status_code == 404


def test_each_entry_leads_to_a_page_that_the_same_secret_opens(
    app: Flask, client: FlaskClient, member: str
) -> None:
    feed = address(app, client, member)
    reader = app.test_client()
    (page,) = pages(reader.get(feed).text)
    assert page.startswith(feed.removesuffix(".atom") + "/")
    answer = reader.get(page)
    assert answer.status_code == 200
    assert "Quatre choses attendent une décision" in answer.text
    assert "Cette page s’ouvre par l’adresse secrète de votre flux." in words_of(answer)
    assert not answer.headers.getlist("Set-Cookie")
    for told in (answer, reader.get(feed)):
        assert told.headers["Cache-Control"] == "no-store"
        assert told.headers["Referrer-Policy"] == "no-referrer"
        assert told.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    soup = soup_of(answer)
    assert not soup.select("form, [data-worker]"), "to be read and no more"
    assert reader.post(page).status_code >= 400
    with app.app_context():
        assert reader.get(f"/syntheses/{edition_of(member).id}/synthese.pdf").status_code == 404


def test_the_page_ends_with_its_secret(app: Flask, client: FlaskClient, member: str) -> None:
    reader = app.test_client()
    (first,) = pages(reader.get(address(app, client, member)).text)
    (second,) = pages(reader.get(address(app, client, member)).text)
    assert (reader.get(first).status_code, reader.get(second).status_code) == (404, 200)
    assert factories.post(client, f"{SETTINGS}/flux/fin").status_code == 303
    assert reader.get(second).status_code == 404
    (third,) = pages(reader.get(address(app, client, member)).text)
    assert reader.get(third).status_code == 200
    with writing(app):
        deactivate(account(member))
    assert reader.get(third).status_code == 404


def test_the_secret_of_one_reader_opens_no_edition_of_others(
    app: Flask, client: FlaskClient, member: str
) -> None:
    reader = app.test_client()
    (own,) = pages(reader.get(address(app, client, member)).text)
    stem = own.rpartition("/")[0]
    with app.app_context():
        mine = edition_of(member).id
        others = [each for each in db.session.scalars(select(Edition.id)) if each != mine]
    assert len(others) >= 3  # another team's and two public ones
    assert {reader.get(f"{stem}/{each}").status_code for each in others} == {404}
    with writing(app):  # who leaves the team reads its editions no more
        db.session.delete(account(member).memberships[0])
    assert reader.get(own).status_code == 404


def test_the_page_shows_no_more_than_the_one_of_who_signed_in(
    app: Flask, client: FlaskClient, member: str
) -> None:
    reader = app.test_client()
    (page,) = pages(reader.get(address(app, client, member)).text)
    with app.app_context():
        signed_in = soup_of(client.get(f"/syntheses/{edition_of(member).id}"))
    keyed = soup_of(reader.get(page))
    parts = [
        [str(each) for each in soup.select("#sections, blockquote")] for soup in (signed_in, keyed)
    ]
    assert parts[0] == parts[1]
    assert parts[0]
