"""Every file that leaves holds the columns that ``export_columns.csv`` names, and no other.

A module that writes files must be named here, so that a new export is decided and not slipped in.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from flask import Flask
from werkzeug.test import TestResponse

from app import privacy
from app.accounts import Account
from app.db import db
from app.editions import Edition
from feedback.evaluations import Row
from feedback.models import Feedback
from feedback.signal_feed_keys import feed_key
from tests.app.worlds import _enter, build
from tests.conftest import writing
from tests.factories import TODAY
from workshops import own_data
from workshops.around_models import HolderMail, KeptCode
from workshops.models import Card, CardGroup, Participant, Vote, Workshop
from workshops.process_models import DiaryEntry
from workshops.talk_models import Remark

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).parent / "export_columns.csv"
OPEN = {"answers", "channels"}  # keyed by the choices of a question: their keys are values
# Who writes what leaves, and what it is. PDFs and pages print what their JSON or page holds.
WRITERS = {
    "app/backups.py": "the manifest of a backup, which stays on the machine",
    "app/co_record_export.py": "record.registry_export, record.public_registry_export",
    "app/co_record_views.py": "the same",
    "app/demo_relays.py": "an example of evaluations.export for the demonstration",
    "app/device_views.py": "device.manifest, the service worker",
    "app/edition_pdf.py": "an edition, as its page",
    "app/errors.py": "one sentence",
    "app/feed_views.py": "digests.feed, record.board_feed, vigilance.signals_feed",
    "app/headers.py": "headers of files by their kind",
    "app/margin_views.py": "settings.margins_sample",
    "app/pages.py": "one sentence for monitors",
    "app/privacy_views.py": "privacy.export",
    "app/sheet_views.py": "sheets of paper to print",
    "app/staff_sessions.py": "a row of the database",
    "app/traces.py": "what the chain seals",
    "feedback/entry_views.py": "posters with the address of a service",
    "feedback/evaluation_views.py": "evaluations.export",
    "feedback/evaluations.py": "the seal of evaluations.export",
    "feedback/help_views.py": "feedback.help_for_devices",
    "feedback/intake.py": "what tells a retry from another message",
    "feedback/receipt_views.py": "the author's own code, as text",
    "feedback/reference_views.py": "references.sample",
    "feedback/register_export.py": "vigilance.register_file",
    "feedback/register_views.py": "the same",
    "feedback/routing_views.py": "the PDF of the page routing.report",
    "feedback/search_weights.py": "a question to the database",
    "feedback/told.py": "what tells a retry from another message",
    "feedback/typeset.py": "what the typesetter reads",
    "workshops/kept_code_views.py": "workshops.export_ideas",
    "workshops/paper_views.py": "sheets of paper to print",
    "workshops/report_files.py": "workshops_desk.report_file",
    "workshops/report_views.py": "the same",
    "workshops/synthesis_views.py": "workshops_desk.site_map_file",
}


def _told() -> set[tuple[str, str]]:
    with LIST.open(encoding="utf-8") as file:
        return {(row[0], row[1]) for row in csv.reader(file)}


def _keys(value: Any, path: str = "") -> Iterator[str]:
    """Yield the path of each leaf: ``groups[].cards[].text``."""
    if isinstance(value, dict):
        for key, inner in value.items():
            here = f"{path}.{key}".lstrip(".")
            yield from [here] if key in OPEN else _keys(inner, here)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner, f"{path}[]")
    else:
        yield path


def _tags(node: ElementTree.Element, path: str = "") -> Iterator[str]:
    here = f"{path}.{node.tag.rpartition('}')[2]}".lstrip(".")
    yield here
    for child in node:
        yield from _tags(child, here)


def _columns(answer: TestResponse) -> set[str]:
    """Return what an export holds: keys of JSON, tags of Atom, the first line of a table."""
    assert answer.status_code == 200, answer.request.path
    if answer.mimetype == "text/csv":
        lines = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
        assert len({len(line) for line in lines}) == 1
        return set(lines[0])
    if answer.mimetype == "application/atom+xml":
        return set(_tags(ElementTree.fromstring(answer.get_data())))
    return set(_keys(json.loads(answer.text)))


def _addresses(ids: dict[str, Any], key: str) -> dict[str, tuple[str, str]]:
    """Return who asks for each export and where."""
    slug, room, process = ids["slug"], ids["workshop_id"], ids["process_id"]
    return {
        "record.registry_export": ("promoter", f"/equipe/registre/{slug}/export.json"),
        "record.public_registry_export": ("anonymous", f"/s/{slug}/registre.json"),
        "workshops_desk.report_file json": (
            "facilitator",
            f"/equipe/ateliers/{room}/compte-rendu.json",
        ),
        "workshops_desk.report_file csv": (
            "facilitator",
            f"/equipe/ateliers/{room}/compte-rendu.csv",
        ),
        "workshops_desk.site_map_file": (
            "facilitator",
            f"/equipe/processus/{process}/synthese.csv",
        ),
        "settings.margins_sample": ("administrator", "/equipe/marges/modele.csv"),
        "references.sample": ("administrator", "/equipe/references/modele.csv"),
        "digests.feed": ("anonymous", f"/s/{slug}/flux.atom"),
        "record.board_feed": ("anonymous", f"/s/{slug}/ce-qui-change.atom"),
        "vigilance.register_file json": ("expert", "/equipe/signaux/registre.json"),
        "vigilance.register_file csv": ("expert", "/equipe/signaux/registre.csv"),
        "vigilance.signals_feed": ("anonymous", f"/signaux/flux/{key}.atom"),
        "feedback.help_for_devices": ("anonymous", "/aide.json"),
        "device.manifest": ("anonymous", "/manifeste.webmanifest"),
    }


def _found(app: Flask) -> set[tuple[str, str]]:
    """Return the columns of every export of a world that holds one of everything."""
    worlds = build(app)
    ids = worlds["own"]
    with writing(app):
        served = db.session.get_one(Feedback, ids["feedback_id"]).service
        edition = {"audience": "public", "service": served, "frequency": "weekly", "title": "Été"}
        db.session.add(
            Edition(**edition, start=TODAY, end=TODAY, composed=TODAY, content={"retours": 12})
        )
        expert = db.session.scalars(
            db.select(Account).where(Account.email == "expert@example.fr")
        ).one()
        key = feed_key(expert)
    found = set()
    for name, (actor, address) in _addresses(ids, key).items():
        client = app.test_client()
        _enter(client, actor, worlds)
        found |= {(name, column) for column in _columns(client.get(address))}
    client = app.test_client()
    _enter(client, "administrator", worlds)
    held = json.loads(client.get("/equipe/evaluations/evaluations.json").text)
    held["rows"] = [asdict(Row("s", "S", "k", "G1", 1, "2026-1", 11, {"a": 11}, {"web": 11}))]
    found |= _of_participant(app, ids)
    return found | {("evaluations.export", column) for column in _keys(held)}


def _of_participant(app: Flask, ids: dict[str, Any]) -> set[tuple[str, str]]:
    """Return the columns of the file of a code whose holder wrote everything that one can."""
    with writing(app):
        room = db.session.get_one(Workshop, ids["workshop_id"])
        group = db.session.scalars(
            db.select(CardGroup.id).where(CardGroup.workshop_id == room.id)
        ).first()
        kept = KeptCode(workshop_id=room.id, code_hash="c" * 64)
        db.session.add(kept)
        db.session.flush()
        seat = Participant(workshop_id=room.id, token_hash="t" * 64, code_id=kept.id)
        db.session.add(seat)
        db.session.flush()
        mine = {"workshop_id": room.id, "participant_id": seat.id, "group_id": group}
        note = {"trial_id": ids["trial_id"], "code_id": kept.id, "day": TODAY, "prompt": 0}
        db.session.add_all(
            [
                Card(**mine, text="Un rappel"),
                Vote(**mine, dots=1),
                Remark(**mine, position=1, text="Oui."),
                DiaryEntry(**note, text="Reçu."),
                HolderMail(code_id=kept.id, sealed="s", created=TODAY),
            ]
        )
        db.session.flush()
        found = own_data.export(kept)
    return {("workshops.export_ideas", column) for column in _keys(found)}


def _of_author() -> set[tuple[str, str]]:
    """Return what a retour's own export may hold, read from the tables that it walks."""
    tables, waiting = {privacy.TABLE.name: privacy.TABLE}, [privacy.TABLE]
    while waiting:
        for other, _column in privacy.tables_about(waiting.pop()):
            if other.name not in tables and other.name not in privacy.WITHHELD:
                tables[other.name] = other
                waiting.append(other)
    return {
        ("privacy.export", f"{name}[].{column.name}")
        for name, table in tables.items()
        for column in table.columns
        if column.name not in privacy.SECRET_COLUMNS
    }


def test_every_export_holds_the_columns_of_the_list_and_no_other(app: Flask) -> None:
    found = _found(app) | _of_author()
    assert found - _told() == set(), "columns that nobody decided to give"
    assert _told() - found == set(), "columns of the list that no export holds"


def _writes_files(path: Path) -> bool:
    words = ("csv.writer", "json.dumps", "jsonify(", "mimetype", "Content-Disposition")
    return any(word in path.read_text("utf-8") for word in words)


def test_no_module_writes_files_that_is_not_named() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for package in ("app", "feedback", "workshops")
        for path in (ROOT / package).rglob("*.py")
        if _writes_files(path)
    }
    assert found == set(WRITERS)
