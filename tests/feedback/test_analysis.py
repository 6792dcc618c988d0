"""Encoding and placing retours, and the structure that keeps its identity and people's edits."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.catalogue import Service
from app.db import db
from app.traces import Actor
from feedback import analysis, theme_edits, theme_reasons, themes
from feedback.analysis import Machine
from feedback.models import AnalysisRun, Feedback, Placement, Segment, State, Subject, Theme
from nlp.encode import HashingEncoder
from tests import factories
from tests.fakes import CapitalNames
from tests.feedback import corpus


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(HashingEncoder(64), tmp_path)


def read_all(machine: Machine, day: date) -> None:
    analysis.analyse(analysis.waiting_ids(1000), machine, day)
    db.session.commit()


@pytest.fixture
def grouped(app: Flask, machine: Machine, today: date) -> Service:
    """A service with three plain subjects, read and grouped."""
    with app.app_context():
        service = factories.service()
        corpus.fill(service, today)
        db.session.commit()
        read_all(machine, today)
        analysis.refresh(machine, today)
        db.session.commit()
        service_id = service.id
    with app.app_context():
        found = db.session.get(Service, service_id)
        assert found
        return found


def names(service_id: int) -> dict[str, int]:
    service = db.session.get(Service, service_id)
    assert service
    return {line.theme.name: line.retours for line in themes.themes_of(service, factories.TODAY)}


def test_a_retour_is_cut_and_its_segments_cover_its_words(
    app: Flask, in_app: None, machine: Machine, today: date
) -> None:
    text = (
        "Depuis la mise à jour les mesures n’arrivent plus chez mon médecin. "
        "Par contre l’export est devenu beaucoup plus simple à envoyer."
    )
    factories.retour(factories.service(), text=text)
    db.session.commit()
    read_all(machine, today)
    segments = list(db.session.scalars(select(Segment).order_by(Segment.start)))
    assert [text[s.start : s.end] for s in segments] == [s.text for s in segments]
    assert len(segments) == 2
    assert all(len(s.vector) == 2 * 64 for s in segments)
    assert segments[0].model.startswith("hashing-64 ")


@pytest.mark.parametrize(
    "values",
    [
        {"state": State.HELD.value},
        {"names_masked": False},
        {"objects_to_analysis": True},
        {"text": None},
    ],
)
def test_the_machine_reads_nothing_that_it_may_not(
    app: Flask, in_app: None, machine: Machine, today: date, values: dict[str, object]
) -> None:
    row = factories.retour(factories.service(), **values)
    db.session.commit()
    assert analysis.analyse([row.id], machine, today) == 0
    assert db.session.scalar(select(func.count()).select_from(Segment)) == 0


def test_what_was_read_since_its_job_was_asked_for_is_not_read_twice(
    app: Flask, in_app: None, machine: Machine, today: date
) -> None:
    row = factories.retour(factories.service(), text="L’export est devenu plus simple.")
    db.session.commit()
    assert analysis.analyse([row.id], machine, today) == 1
    db.session.commit()
    assert analysis.analyse([row.id], machine, today) == 0


def test_a_text_changed_while_the_machine_was_reading_is_left_for_the_next_time(
    app: Flask, in_app: None, today: date, tmp_path: Path
) -> None:
    row = factories.retour(factories.service(), text="Les mesures n’arrivent plus.")
    db.session.commit()
    row_id = row.id

    class SlowEncoder(HashingEncoder):
        """Changes the text under the machine's hands, as an author may."""

        def encode(self, texts, progress=None):  # type: ignore[no-untyped-def]
            changed = db.session.get(Feedback, row_id)
            assert changed
            changed.text = "Tout va bien."
            db.session.commit()
            return super().encode(texts, progress)

    assert analysis.analyse([row_id], Machine(SlowEncoder(64), tmp_path), today) == 0
    db.session.commit()
    kept = db.session.get(Feedback, row_id)
    assert kept
    assert not kept.analysed


def test_under_thirty_texts_there_is_no_theme(
    app: Flask, in_app: None, machine: Machine, today: date
) -> None:
    service = factories.service()
    corpus.fill(service, today, each=9)
    db.session.commit()
    read_all(machine, today)
    assert not analysis.lacks_structure()
    run = analysis.refresh(machine, today)
    assert run.subjects == 0
    assert names(service.id) == {}


def test_plain_subjects_become_themes_with_their_own_words(
    app: Flask, in_app: None, grouped: Service
) -> None:
    found = names(grouped.id)
    assert sum(found.values()) >= 100
    # A subject may be cut finer, by what is said of it; two subjects never share a theme.
    told = ("carte", "rappel", "export")
    for theme in db.session.scalars(select(Theme)):
        texts = [placed.segment.text.lower() for placed in theme.placements]
        assert len({word for word in told for text in texts if word in text}) == 1, theme.name


def test_a_second_refresh_changes_neither_identity_nor_membership(
    app: Flask, in_app: None, grouped: Service, machine: Machine, today: date
) -> None:
    before = {p.segment_id: p.theme_id for p in db.session.scalars(select(Placement))}
    analysis.refresh(machine, today + timedelta(days=1))
    db.session.commit()
    after = {p.segment_id: p.theme_id for p in db.session.scalars(select(Placement))}
    assert after == before
    assert all(s.ended is None for s in db.session.scalars(select(Subject)))


def test_a_persons_name_and_an_authors_contest_survive_a_refresh(
    app: Flask, in_app: None, grouped: Service, machine: Machine, today: date
) -> None:
    theme = db.session.scalars(select(Theme).order_by(Theme.id)).first()
    assert theme
    theme_edits.rename(theme, "  Carte   illisible ", today, Actor("promoter"))
    author = themes.retours_of(theme, 1)[0]
    assert theme_edits.contest(author, theme, today) == 1
    db.session.commit()
    analysis.refresh(machine, today)
    db.session.commit()
    kept = db.session.get(Theme, theme.id)
    assert kept
    assert kept.name == "Carte illisible"
    assert author not in themes.retours_of(kept, 100)


def test_a_new_retour_joins_its_theme_and_moves_its_trend(
    app: Flask, in_app: None, grouped: Service, machine: Machine, today: date
) -> None:
    text = "Ma carte Vitale reste illisible à la pharmacie du centre."
    row = factories.retour(grouped, text=text, day=today)
    db.session.commit()
    read_all(machine, today)
    placed = themes.placements_of(row)
    assert len(placed) == 1
    assert "carte" in placed[0].theme.name.lower()
    why = theme_reasons.why(placed[0])
    assert why.score >= why.threshold > 0
    assert why.neighbours
    assert all(each.feedback_id != row.id for each in why.neighbours)
    assert theme_reasons.why(placed[0], published_only=True).neighbours == ()


def test_a_retour_about_something_else_is_left_alone(
    app: Flask, in_app: None, grouped: Service, machine: Machine, today: date
) -> None:
    row = factories.retour(grouped, text="Wi-fi zébulon quokka hyménoptère abscons.")
    db.session.commit()
    read_all(machine, today)
    assert themes.placements_of(row) == []
    assert db.session.get(Feedback, row.id).analysed  # type: ignore[union-attr]


def test_another_model_waits_for_the_next_refresh(
    app: Flask, in_app: None, grouped: Service, today: date, tmp_path: Path
) -> None:
    row = factories.retour(grouped, text="Ma carte Vitale reste illisible chez le médecin.")
    db.session.commit()
    analysis.analyse([row.id], Machine(HashingEncoder(32), tmp_path), today)
    assert themes.placements_of(row) == []


def test_a_space_that_the_last_run_did_not_write_is_not_used(
    app: Flask, in_app: None, grouped: Service, machine: Machine, today: date
) -> None:
    run = db.session.scalar(select(AnalysisRun).order_by(AnalysisRun.id.desc()).limit(1))
    assert run
    run.space = "another"
    row = factories.retour(grouped, text="Ma carte Vitale reste illisible chez le médecin.")
    db.session.commit()
    read_all(machine, today)
    assert themes.placements_of(row) == []


def test_names_are_masked_once_the_pipeline_is_back_and_the_retour_opens(
    app: Flask, in_app: None, today: date, clock: object
) -> None:
    row = factories.retour(
        factories.service(),
        text="Je pense que Lemaire a perdu mon dossier.",
        names_masked=False,
        state=State.HELD.value,
        reason="unmasked_names",
    )
    db.session.commit()
    assert analysis.mask_names(CapitalNames(), today, clock()) == 1  # type: ignore[operator]
    assert row.text == "Je pense que [PERSONNE_1] a perdu mon dossier."
    assert row.names_masked
    assert row.state == State.OPEN


def test_a_danger_stays_held_when_its_names_are_masked(
    app: Flask, in_app: None, today: date, clock: object
) -> None:
    row = factories.retour(
        factories.service(),
        text="Lemaire me frappe.",
        names_masked=False,
        state=State.HELD.value,
        reason="danger",
    )
    db.session.commit()
    analysis.mask_names(CapitalNames(), today, clock())  # type: ignore[operator]
    assert row.state == State.HELD
