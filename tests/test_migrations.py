"""Migrations are numbered, match the models, and go up, down and up again on data."""

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from app.db import db, will_write
from feedback import search
from feedback.models import (
    Answer,
    Feedback,
    Message,
    Placement,
    Segment,
    Signal,
    SignalEvidence,
    SignalNote,
    Theme,
)
from tests import factories

FILES = sorted((Path(__file__).resolve().parent.parent / "migrations/versions").glob("*.py"))


def test_numbers_follow_each_other() -> None:
    assert [path.name[:4] for path in FILES] == [f"{n:04}" for n in range(1, len(FILES) + 1)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_and_revision_agree(path: Path) -> None:
    source = path.read_text("utf-8")
    match = re.search(r"^revision = [\"'](\d{4})[\"']", source, re.M)
    assert match
    assert match[1] == path.name[:4]


def test_models_and_migrations_agree(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_object": lambda o, name, kind, *_: "feedback_search" not in str(name)},
        )
        assert compare_metadata(context, db.metadata) == []


def test_every_step_goes_down_and_up_again_and_keeps_its_rows(app: Flask) -> None:
    with app.app_context():
        will_write()
        db.session.execute(text("INSERT INTO organisation (id, name) VALUES (7, 'Réseau')"))
        _place_a_segment()  # what a table made anew under it would take away
        db.session.commit()
        for _ in FILES[1:]:
            downgrade(revision="-1")
        assert db.session.scalar(text("SELECT name FROM organisation WHERE id = 7")) == "Réseau"
        db.session.rollback()
        upgrade()
        assert db.session.scalar(text("SELECT name FROM organisation WHERE id = 7")) == "Réseau"
        for table in ("placement", "signal_evidence", "signal_note"):
            assert db.session.scalar(text(f"SELECT count(*) FROM {table}")) == 1
        assert len(search.find("journal", Feedback.changed == Feedback.day)) == 1
        assert search.find("rallume", Feedback.changed == Feedback.day) == []
        exchanges = search.matching("journal rallumez surprise", in_exchanges=True)
        assert exchanges is not None
        assert len(db.session.scalars(exchanges).all()) == 1
        db.session.rollback()


def _place_a_segment() -> None:
    retour = factories.retour(factories.service(), text="Les journaux se vident")
    said = {"feedback": retour, "day": retour.day}
    db.session.add(Message(**said, position=1, sender="team", text="Rallumez la tablette."))
    answer = Answer(feedback=retour, question="G5", status="given", value="Une surprise.")
    db.session.add(answer)
    db.session.flush()
    search.index(retour)
    segment = Segment(feedback_id=retour.id, start=0, end=3, vector=b"", model="any")
    theme = Theme(service_id=retour.service_id, name="Carte", born=retour.day)
    db.session.add_all([segment, theme])
    db.session.flush()
    day = retour.day
    row = Placement(segment=segment, theme=theme, score=1, threshold=0, model="any", placed=day)
    db.session.add(row)
    signal = Signal(service_id=retour.service_id, theme=theme, kind="growing", title="Carte")
    signal.state, signal.raised, signal.last_look = "candidate", day, day
    signal.observed, signal.expected, signal.weeks = 9, 2.0, 3
    db.session.add(signal)
    db.session.flush()
    db.session.add(SignalEvidence(signal_id=signal.id, feedback_id=retour.id))
    step = SignalNote(signal_id=signal.id, day=day, role="expert", from_state="", to_state="")
    db.session.add(step)


def test_base_is_empty_and_the_way_back_up_is_open(app: Flask) -> None:
    with app.app_context():
        downgrade(revision="base")
        left = set(inspect(db.engine).get_table_names())
        assert left <= {"alembic_version"}
        upgrade()
        assert "feedback" in inspect(db.engine).get_table_names()
