"""Another model: segments keep their ids, nothing is mixed, and what people did is found again."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select

from app import jobs, model_tasks
from app.catalogue import Service
from app.db import db
from feedback import analysis, reencoding
from feedback.analysis import Machine
from feedback.arrangement import StillOtherModel
from feedback.models import AnalysisRun, Feedback, PlacedBy, Placement, Segment, Theme
from nlp.encode import HashingEncoder
from tests import factories
from tests.fakes import FakeRuntime, StandingClock
from tests.feedback import corpus


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(HashingEncoder(64), tmp_path)


@pytest.fixture
def other(tmp_path: Path) -> Machine:
    """The machine after another model was put in the settings."""
    return Machine(HashingEncoder(96), tmp_path)


@pytest.fixture
def service(app: Flask, in_app: None, machine: Machine, today: date) -> Service:
    found = factories.service()
    corpus.fill(found, today)
    db.session.commit()
    analysis.analyse(analysis.waiting_ids(1000), machine, today)
    db.session.commit()
    analysis.refresh(machine, today)
    db.session.commit()
    return found


def where() -> dict[str, str]:
    return {p.segment_id: p.theme_id for p in db.session.scalars(select(Placement))}


def test_a_second_reading_keeps_the_ids_of_segments_and_what_people_said_of_them(
    service: Service, machine: Machine, today: date
) -> None:
    row = db.session.scalars(select(Feedback)).first()
    assert row
    before = db.session.scalars(select(Segment.id).where(Segment.feedback_id == row.id)).all()
    pinned = db.session.get(Placement, before[0])
    assert pinned
    pinned.by = PlacedBy.PERSON.value
    row.analysed = False
    db.session.commit()
    assert analysis.analyse([row.id], machine, today) == 1
    db.session.commit()
    after = db.session.scalars(select(Segment.id).where(Segment.feedback_id == row.id)).all()
    assert after == before
    assert db.session.get_one(Placement, before[0]).by == PlacedBy.PERSON


def test_vectors_of_two_models_are_never_grouped_together(
    service: Service, other: Machine, today: date
) -> None:
    before = where()
    with pytest.raises(StillOtherModel):
        analysis.refresh(other, today)
    db.session.rollback()
    assert where() == before


def test_an_interrupted_encoding_goes_on_where_it_stopped(
    service: Service, other: Machine, today: date
) -> None:
    ids = set(db.session.scalars(select(Segment.id)))
    whole = reencoding.left(other)
    assert reencoding.reencode(other, 40) == 40
    db.session.commit()
    assert reencoding.left(other) == whole - 40
    while reencoding.any_left(other):
        reencoding.reencode(other, 40)
        db.session.commit()
    segments = list(db.session.scalars(select(Segment)))
    assert {each.id for each in segments} == ids
    assert {(each.model, len(each.vector)) for each in segments} == {(other.model, 2 * 96)}


def test_what_is_said_while_another_model_moves_in_waits_and_is_placed_after(
    service: Service, other: Machine, today: date
) -> None:
    before = where()
    row = factories.retour(service, text="Ma carte Vitale reste illisible à la pharmacie.")
    db.session.commit()
    analysis.analyse([row.id], other, today)
    db.session.commit()
    assert where() == before  # old themes are readable, the new retour waits
    while reencoding.any_left(other):
        reencoding.reencode(other)
        db.session.commit()
    run = analysis.refresh(other, today + timedelta(days=1))
    db.session.commit()
    assert (run.kind, run.model) == ("full", other.model)
    (new,) = db.session.scalars(select(Segment.id).where(Segment.feedback_id == row.id))
    assert new in where()


def test_themes_and_peoples_edits_outlive_the_model(
    service: Service, other: Machine, today: date
) -> None:
    themes = sorted(db.session.scalars(select(Theme)), key=lambda theme: theme.id)
    themes[0].name, themes[0].named_by_person = "Nom d’une personne", True
    pinned = db.session.scalars(select(Placement).where(Placement.theme_id == themes[1].id)).first()
    assert pinned
    pinned.theme_id, pinned.by = themes[0].id, PlacedBy.PERSON.value
    db.session.commit()
    before, pinned_id = where(), pinned.segment_id
    while reencoding.any_left(other):
        reencoding.reencode(other)
        db.session.commit()
    analysis.refresh(other, today + timedelta(days=1))
    db.session.commit()
    after = where()
    kept = np.mean([after.get(each) == home for each, home in before.items()])
    assert kept >= 0.9
    assert after[pinned_id] == themes[0].id
    assert db.session.get_one(Theme, themes[0].id).name == "Nom d’une personne"
    assert db.session.get_one(Theme, themes[0].id).ended is None


def test_the_worker_encodes_again_before_it_refreshes(
    app: Flask, service: Service, other: Machine, clock: StandingClock, tmp_path: Path
) -> None:
    app.extensions["boucle"] = FakeRuntime(tmp_path, encoder=other.encoder)
    model_tasks.refresh("night", clock())
    assert jobs.waiting("reencode") == 1
    assert "0 wait" in model_tasks.reencode("all", clock())
    assert jobs.waiting("refresh") == 1
    assert "refreshed" in model_tasks.refresh("model", clock())
    assert not reencoding.any_left(other)


def test_an_encoder_that_gives_no_numbers_stores_nothing(
    app: Flask, in_app: None, today: date, tmp_path: Path
) -> None:
    class Broken(HashingEncoder):
        def encode(self, texts, progress=None):  # type: ignore[no-untyped-def]
            return np.full((len(texts), self.dimension), np.nan, np.float32)

    row = factories.retour(factories.service(), text="Les mesures n’arrivent plus.")
    db.session.commit()
    with pytest.raises(ValueError, match="finite"):
        analysis.analyse([row.id], Machine(Broken(64), tmp_path), today)
    db.session.rollback()
    assert db.session.scalars(select(Segment)).all() == []


def test_a_full_refresh_is_asked_for_on_the_command_line(
    app: Flask, service: Service, machine: Machine, clock: StandingClock, tmp_path: Path
) -> None:
    asked = app.test_cli_runner().invoke(args=["refresh", "--full"])
    assert "all anew" in asked.output
    assert jobs.waiting("refresh") == 1
    app.extensions["boucle"] = FakeRuntime(tmp_path, encoder=machine.encoder)
    model_tasks.refresh(model_tasks.FULL, clock())
    run = db.session.scalars(select(AnalysisRun).order_by(AnalysisRun.id.desc())).first()
    assert run
    assert run.kind == "full"
