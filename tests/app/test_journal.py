"""The journal des traces: no silent read by any route, seen by the author, and unalterable unseen.

Each route is asked by each reader on a fresh copy of the database; whoever is shown the words of a
retour that is not public must have left a line, and one only.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app import traces
from app.accounts import Role
from app.db import db, will_write
from app.traces import Actor, Trace
from tests import factories
from tests.app import worlds
from tests.app.worlds import SECRET_WORDS
from tests.conftest import writing
from tests.factories import TODAY
from tests.feedback import citizen

READERS = (Role.PROMOTER.value, Role.MODERATOR.value, Role.EXPERT.value, Role.RELAY.value)
STAFF = tuple(role.value for role in Role)
READING = {"opened", "listed", "exported", "report printed"}
# A decision is taken on words that its form names by their seal: the moderator opened them before.
SEALED = {"moderation.decide", "moderation.set_level"}
SEALED |= {"moderation.check_answer", "moderation.check_commitment", "moderation.decide_notice"}
# Addresses that only their parameters make another list, with the lines that they leave.
VARIANTS = {
    "/equipe?vue=tous": 1,
    "/equipe?vue=tous&mots=camphre": 1,
    "/equipe?vue=tous&retour={feedback_id}": 2,  # the list, and the message beside it
    "/equipe/themes/{theme_id}": 1,
    "/equipe/themes/{theme_id}/ranger?retour={feedback_id}": 1,
    "/equipe/moderation/{feedback_id}": 1,
    "/equipe/retours/{feedback_id}": 1,
    "/equipe/placements/{segment_id}": 1,
    "/equipe/signaux/{signal_id}": 1,
}


@pytest.fixture
def town(app: Flask) -> dict[str, dict[str, Any]]:
    return worlds.build(app)


def _lines(app: Flask) -> list[dict[str, str]]:
    with app.app_context():
        found = db.session.scalars(db.select(Trace).order_by(Trace.id))
        return [each.payload for each in found if each.payload]


class Rounds:
    """Asks one thing at a time, each of a fresh copy of the database."""

    def __init__(self, app: Flask, town: dict[str, dict[str, Any]]) -> None:
        self.app, self.town = app, town
        self.path: Path = app.config["INSTANCE"] / "boucle.db"
        self.kept = self.path.with_suffix(".kept")
        worlds._close(app)
        shutil.copy(self.path, self.kept)
        self.before = len(_lines(app))

    def ask(self, actor: str, url: str, method: str) -> tuple[str, list[dict[str, str]]]:
        """Return the page and the lines of reading that it left."""
        client = self.app.test_client()
        worlds._enter(client, actor, self.town)
        page = worlds._ask(client, url, method).get_data().decode(errors="replace")
        left = [each for each in _lines(self.app)[self.before :] if each["verb"] in READING]
        worlds._close(self.app)
        shutil.copy(self.kept, self.path)
        return page, left


def test_no_route_shows_a_message_without_one_line(
    app: Flask, town: dict[str, dict[str, Any]]
) -> None:
    rounds, shown = Rounds(app, town), set()
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: (each.endpoint, each.rule)):
        for method in sorted({"GET", "POST"} & (rule.methods or set())):
            if rule.endpoint in worlds.UNWALKED or rule.endpoint in SEALED:
                continue
            for actor in READERS:
                page, left = rounds.ask(actor, worlds._address(rule, town["own"]), method)
                where = (rule.endpoint, method, actor, left)
                assert len(left) <= 1, where
                if SECRET_WORDS["own"] in page:
                    shown.add(rule.endpoint)
                    assert len(left) == 1, where
                    assert left[0]["role"] == actor, where
    assert shown >= {"desk.inbox", "feedback_desk.thread", "themes.theme", "themes.why"}
    assert shown >= {"moderation.queue", "moderation.item", "vigilance.signal", "known_effects.add"}
    assert shown >= {"feedback_desk.note", "feedback_desk.answer", "theme_edits.choose"}


@pytest.mark.parametrize("address", VARIANTS)
def test_a_second_look_on_the_same_day_adds_no_line(
    app: Flask, town: dict[str, dict[str, Any]], address: str
) -> None:
    client, url = app.test_client(), address.format(**town["own"])
    actor = "moderator" if "moderation" in address else "promoter"
    worlds._enter(client, actor, town)
    before = len(_lines(app))
    for _ in range(2):
        assert SECRET_WORDS["own"] in client.get(url).text
        assert len(_lines(app)) - before == VARIANTS[address]


def test_the_author_reads_who_opened_the_message(app: Flask) -> None:
    client, slug = app.test_client(), citizen.open_service(app)
    code = citizen.code_of(citizen.send(client, slug, text="Mes mesures ne partent plus."))
    with writing(app):
        retour = db.session.scalars(db.select(worlds.m.Feedback)).one()
        team = factories.account(Role.PROMOTER, services=(retour.service,))
        retour.service.organisation.name = "Réseau de la Loire"
        team.organisation, url = retour.service.organisation, f"/equipe/retours/{retour.id}"
        db.session.flush()
        team_id = team.id
    desk = app.test_client()
    with app.app_context():
        factories.sign_in(desk, db.session.get_one(factories.Account, team_id))
    author = app.test_client()
    citizen.come_back(author, code)
    assert "Réseau de la Loire" not in _journal_of(author)
    assert desk.get(url).status_code == 200
    assert "Réseau de la Loire" in _journal_of(author)


def _journal_of(author: Any) -> str:
    return str(citizen.words_of(author.get("/suivi/mes-donnees")))


# Nobody alters it unseen.

Tamper = Callable[[list[Trace]], None]


def _change_payload(rows: list[Trace]) -> None:
    rows[1].payload = {**(rows[1].payload or {}), "role": "moderator"}


def _change_digest(rows: list[Trace]) -> None:
    rows[1].digest = "f" * 64


def _take_out(rows: list[Trace]) -> None:
    db.session.delete(rows[1])


def _change_salt(rows: list[Trace]) -> None:
    rows[1].salt = "0" * 32


def _empty_the_payload(rows: list[Trace]) -> None:
    rows[1].payload = None


def _empty_it_whole(rows: list[Trace]) -> None:
    """What an erasure does, to an entry about a retour that stays."""
    rows[1].payload = rows[1].salt = rows[1].day = None


TAMPERS = [
    *(_change_payload, _change_digest, _take_out, _change_salt),
    *(_empty_the_payload, _empty_it_whole),
]


@pytest.mark.parametrize("tamper", TAMPERS)
def test_the_database_refuses_to_alter_the_chain(app: Flask, tamper: Tamper) -> None:
    with writing(app):
        for verb in ("opened", "answered", "listed"):
            traces.record(verb, Actor("promoter", "Réseau"), TODAY, "A" * 12, verb)
    with app.app_context():
        will_write()
        tamper(list(db.session.scalars(db.select(Trace).order_by(Trace.id))))
        with pytest.raises(IntegrityError, match="append-only"):
            db.session.flush()
        db.session.rollback()
    with writing(app):
        traces.forget("A" * 12)  # an erasure is let through
    with app.app_context():
        assert traces.verify()


@pytest.mark.parametrize("tamper", TAMPERS)
def test_whatever_is_altered_in_the_chain_doctor_finds(app: Flask, tamper: Tamper) -> None:
    with writing(app):
        will_write()
        for verb in ("opened", "answered", "listed"):
            traces.record(verb, Actor("promoter", "Réseau"), TODAY, "A" * 12, verb)
        for name in traces.GUARDS:
            db.session.execute(text(f"DROP TRIGGER {name}"))
    told = app.test_cli_runner().invoke(args=["doctor"]).output
    with app.app_context():
        assert traces.verify()
    with writing(app):
        will_write()
        tamper(list(db.session.scalars(db.select(Trace).order_by(Trace.id))))
    with app.app_context():
        assert not traces.verify()
    broken = app.test_cli_runner().invoke(args=["doctor"])
    assert broken.output != told
    assert broken.exit_code != 0


def test_an_entry_in_between_is_refused_by_the_database(app: Flask) -> None:
    with writing(app):
        will_write()
        first = traces.record("opened", Actor("promoter", "Réseau"), TODAY)
        traces.record("listed", Actor("promoter", "Réseau"), TODAY)
        fork = {"previous": first.previous, "digest": "e" * 64}
    with app.app_context():
        will_write()
        insert = text("INSERT INTO trace (previous, digest) VALUES (:previous, :digest)")
        with pytest.raises(Exception, match="UNIQUE"):
            db.session.execute(insert, fork)


def test_no_code_but_the_journal_s_own_writes_into_it() -> None:
    """One function appends and one, for erasing, empties: nothing else names the table to write."""
    root, found = Path(__file__).resolve().parents[2], set()
    for package in ("app", "feedback", "workshops"):
        for path in sorted((root / package).rglob("*.py")):
            words = path.read_text("utf-8")
            for written in ("update(Trace)", "delete(Trace)", "insert(Trace)", "Trace("):
                if written in words.replace("class Trace(", ""):
                    found.add((path.relative_to(root).as_posix(), written))
    assert found == {("app/traces.py", "update(Trace)"), ("app/traces.py", "Trace(")}
