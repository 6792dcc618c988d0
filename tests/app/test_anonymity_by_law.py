"""Where the law guarantees anonymity, no route and no form attaches an identity to a retour.

Every actor sends every form of every page and posts to every address, with a name, a mail, a phone,
a commune, a département, a moment, a photo and a contact under all names that they could have.
"""

import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import DateTime, Table
from structlog.testing import capture_logs

from app.accounts import Role
from app.catalogue import Service
from app.db import Moment, db
from app.privacy import TABLE, tables_about
from tests.app import identity, worlds
from tests.app.identity import AGENT, CONTROL, MARKS, Visitor, found_in
from tests.conftest import writing

SLUG = "service-own"
# Rows of these speak of a citizen, or reach one; what a service or a team says of itself does not.
REACHING = {"subscription", "outbox", "delivery", "participant", "card", "trace", "job", "rate"}
# A code waits here for its person's phone, for a quarter of an hour, and is in no backup.
OPERATIONAL = {"code_claim"}
CITIZENS = ("anonymous", "author")
BOXES = (("feedback", "text"), ("message", "text"), ("commitment_link", "words"))
STAFF = tuple(role.value for role in Role)


def about_citizens() -> set[str]:
    """Return the tables whose rows belong to a retour, through others too, and REACHING."""

    def below(table: Table) -> Iterator[str]:
        yield table.name
        for other, _ in tables_about(table):
            yield from below(other)

    return {*below(TABLE), *REACHING}


@pytest.fixture
def guarded(app: Flask) -> dict[str, dict[str, Any]]:
    """Two services as the walk of the routes has them, one anonymous by law, with more to send."""
    ids = worlds.build(app)
    with writing(app):
        own = db.session.scalars(db.select(Service).where(Service.slug == SLUG)).one()
        own.anonymous_by_law = True
        room = db.session.get_one(worlds.Workshop, ids["own"]["workshop_id"])
        room.phase = "write"
        promise = db.session.get_one(worlds.m.Commitment, ids["own"]["commitment_id"])
        promise.state = worlds.m.CommitmentState.ANNOUNCED.value
    worlds._close(app)
    return ids


@pytest.fixture
def kept(app: Flask, guarded: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the database to go back to, outside the instance."""
    path = tmp_path_factory.mktemp("kept") / "boucle.db"
    shutil.copy(_database(app), path)
    return path


def _database(app: Flask) -> Path:
    return Path(app.config["INSTANCE"]) / "boucle.db"


def restore(app: Flask, kept: Path) -> None:
    worlds._close(app)
    shutil.copy(kept, _database(app))


def departements(app: Flask) -> list[str]:
    """Return the answers about the guarded service that name a place finer than a region."""
    query = (
        "SELECT answer.value FROM answer JOIN feedback ON feedback.id = answer.feedback_id"
        " JOIN service ON service.id = feedback.service_id"
        " JOIN territory ON territory.code = answer.value"
        " WHERE service.slug = ? AND answer.question LIKE 'G8%' AND region_code IS NOT NULL"
    )
    with closing(sqlite3.connect(_database(app))) as copy:
        return [row[0] for row in copy.execute(query, [SLUG])]


@pytest.mark.parametrize("actor", CITIZENS)
def test_no_form_and_no_address_takes_an_identity_from_a_citizen(
    app: Flask, guarded: dict[str, Any], kept: Path, actor: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    leaks: dict[str, Any] = {}
    said: set[str] = set()

    def look(step: str) -> None:
        found = found_in(app.config["INSTANCE"])
        if found or departements(app):
            leaks[step] = found, departements(app)
        said.update(_columns_with(app, CONTROL))

    visitor = Visitor(app, guarded, actor)
    with capture_logs() as lines:
        sent = visitor.fill_every_form(look)
        restore(app, kept)
        visitor.knock_everywhere(look)
    assert leaks == {}
    assert [mark for mark in MARKS if mark in f"{lines}{caplog.text}"] == []
    wanted = {
        "anonymous": ({f"/s/{SLUG}", f"/s/{SLUG}/suite", f"/s/{SLUG}/corriger"}, {"feedback.text"}),
        "author": (
            {"/suivi/retour/repondre", "/suivi/mes-donnees/export"},
            {"message.text", "commitment_link.words"},
        ),
    }[actor]
    assert {each.split("?")[0] for each in sent} >= wanted[0], "the visit meets the forms"
    assert said >= wanted[1], "and what it says there is kept, the rest of it masked"


def _columns_with(app: Flask, word: str) -> Iterator[str]:
    with closing(sqlite3.connect(_database(app))) as copy:
        for table, column in BOXES:
            query = f"SELECT count(*) FROM {table} WHERE {column} LIKE ?"
            if copy.execute(query, [f"%{word}%"]).fetchone()[0]:
                yield f"{table}.{column}"


@pytest.mark.parametrize("actor", STAFF)
def test_no_member_of_staff_attaches_an_identity_to_a_retour(
    app: Flask, guarded: dict[str, Any], kept: Path, actor: str
) -> None:
    leaks: dict[str, Any] = {}
    tables = about_citizens()

    def look(step: str) -> None:
        found = {pair for pair in found_in(app.config["INSTANCE"]) if pair[0] in tables}
        if found or departements(app) or _followers(app):
            leaks[step] = found, departements(app), _followers(app)

    visitor = Visitor(app, guarded, actor)
    visitor.fill_every_form(look)
    restore(app, kept)
    visitor.knock_everywhere(look)
    assert leaks == {}
    with app.app_context():
        assert db.session.scalars(db.select(Service.anonymous_by_law).filter_by(slug=SLUG)).one()


def _followers(app: Flask) -> list[str]:
    query = (
        "SELECT address FROM subscription JOIN service ON service.id = service_id"
        " WHERE service.slug = ? AND address IS NOT NULL"
    )
    with closing(sqlite3.connect(_database(app))) as copy:
        return [row[0] for row in copy.execute(query, [SLUG])]


def test_no_row_about_a_citizen_has_a_column_for_a_moment() -> None:
    exact = {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        if table.name in about_citizens() - REACHING - OPERATIONAL
        for column in table.columns
        if isinstance(column.type, (DateTime, Moment))
    }
    assert exact == set()


def test_the_search_would_find_what_is_kept(app: Flask, guarded: dict[str, Any]) -> None:
    with writing(app):
        row = db.session.scalars(db.select(worlds.m.Message)).first()
        assert row
        row.text = f"Appelez {identity.PHONE}"
    assert ("message", identity.PHONE) in found_in(app.config["INSTANCE"])
    (Path(app.config["INSTANCE"]) / "photo.png").write_bytes(identity.PHOTO)
    assert ("photo.png", "canari-photo") in found_in(app.config["INSTANCE"])


def pages_of(app: Flask, ids: dict[str, Any], actor: str) -> Iterator[tuple[str, BeautifulSoup]]:
    visitor = Visitor(app, ids, actor)
    for endpoint, address in visitor.addresses("GET"):
        if "<slug>" not in str(next(app.url_map.iter_rules(endpoint)).rule) and actor != "author":
            continue
        answer = visitor.open(address)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            yield address, BeautifulSoup(answer.get_data(as_text=True), "html.parser")


IDENTITY_FIELDS = (
    "[type=email], [type=tel], [type=file], [name=G8], [name*=departement], "
    "[autocomplete]:not([autocomplete=off]):not([autocomplete=one-time-code])"
)


@pytest.mark.parametrize("actor", CITIZENS)
def test_no_page_of_the_service_asks_for_an_identity_or_offers_mails(
    app: Flask, guarded: dict[str, Any], actor: str
) -> None:
    seen = dict(pages_of(app, guarded, actor))
    assert len(seen) >= 6
    own = {a: page for a, page in seen.items() if SLUG in a or a.startswith("/suivi/")}
    assert own
    asked = {a: found for a, page in own.items() if (found := page.select(IDENTITY_FIELDS))}
    assert asked == {}
    mails = {a for a, page in own.items() if page.select("a[href$='/suivre'], [href*=manifest]")}
    assert mails == set()


def test_where_anonymity_is_not_by_law_the_same_pages_offer_mails(client: FlaskClient) -> None:
    app = client.application
    with writing(app):
        slug = worlds.factories.service().slug
    page = BeautifulSoup(client.get(f"/s/{slug}").text, "html.parser")
    assert page.select("a[href$='/suivre']")
    assert AGENT not in client.get(f"/s/{slug}", headers={"User-Agent": AGENT}).text
