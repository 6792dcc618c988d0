"""Every page with a machine's output says so, and that a person decides; a walk finds new ones."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.db import db
from app.machine_pages import MACHINE_PAGES
from feedback.models import Signal, Subject, Theme
from tests.app.worlds import METHODS, UNWALKED, _address, _enter, build
from tests.conftest import writing

MADE = "Zinzolin"  # what the machine called its theme, its subject and its signal
NOTE = re.compile(r'id="machine-note">[^<]*[Uu]ne personne décide')
ACTORS = ("promoter", "author", "expert")  # whoever else reads a page of the list reads the same
# Shown where nobody reads a notice: files, feeds, and parts that a page with the notice takes in.
NO_PAGE = {"digests.feed", "record.board_feed", "vigilance.signals_feed"}


def machine_world(app: Flask) -> dict[str, Any]:
    """Return a world whose theme, subject and signal carry a word that only the machine made."""
    worlds = build(app)
    with writing(app):
        for theme in db.session.scalars(db.select(Theme)):
            theme.name, theme.named_by_person, theme.words = MADE, False, [[MADE, 1.0]]
        for subject in db.session.scalars(db.select(Subject)):
            subject.name, subject.words = MADE, [[MADE, 1.0]]
        for signal in db.session.scalars(db.select(Signal)):
            signal.title = MADE
    return worlds


def pages_of(app: Flask, actor: str, worlds: dict[str, Any], done: set[str]) -> dict[str, str]:
    """Return the pages that hold the machine's word, by endpoint, without those already seen."""
    found = {}
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) & METHODS or rule.endpoint in done | UNWALKED:
            continue
        client = app.test_client()
        _enter(client, actor, worlds)
        answer = client.get(_address(rule, worlds["own"]))
        if answer.status_code == 200 and answer.mimetype == "text/html" and MADE in answer.text:
            found[rule.endpoint] = answer.text
    return found


def test_every_page_that_shows_what_a_machine_made_says_so(app: Flask) -> None:
    worlds = machine_world(app)
    found: dict[str, str] = {}
    for actor in ACTORS:
        found |= pages_of(app, actor, worlds, set(found) | NO_PAGE)
    silent = {name for name, page in found.items() if not NOTE.search(page)}
    assert silent == set()
    assert len(found) > 20
    assert found.keys() <= MACHINE_PAGES


def test_the_list_names_pages_that_exist_and_the_notice_leads_to_what_the_machine_does(
    app: Flask, client: FlaskClient
) -> None:
    assert set(app.view_functions) >= MACHINE_PAGES
    about = client.get("/a-propos").text
    assert 'id="machine"' in about
    assert 'id="machine-note"' not in about
