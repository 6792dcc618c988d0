"""Short retours are grouped whole; a segment of one leaves for what it clearly fits."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.catalogue import Service
from app.db import db
from app.traces import Actor
from feedback import analysis, reencoding, rows, theme_edits, theme_moves, themes
from feedback.analysis import Machine
from feedback.arrangement import StillOtherModel
from feedback.corpus import read_corpus
from feedback.models import Feedback, Placement, Segment, Theme
from feedback.theme_proofs import prove
from feedback.theme_reasons import why
from nlp.encode import HashingEncoder
from nlp.units import SHORT
from tests import factories
from tests.feedback import corpus

CARD = "La carte Vitale n’est plus lue à la pharmacie."
NIGHT = "Le rappel de nuit sonne à trois heures tous les jours."
AGAIN = "Cette carte Vitale n’est plus lue à la pharmacie."


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(HashingEncoder(64), tmp_path)


def read_all(machine: Machine, day: date) -> None:
    analysis.analyse(analysis.waiting_ids(1000), machine, day)
    db.session.commit()


def refresh(machine: Machine, day: date, full: bool = False) -> None:
    analysis.refresh(machine, day, full)
    db.session.commit()


def pairs() -> list[str]:
    """Return short retours of two sentences on one subject, all different."""
    said = [corpus.sentences(subject) for subject in corpus.SUBJECTS]
    return [f"{one} {two}" for each in said for one, two in zip(each[:12], each[24:], strict=True)]


@pytest.fixture
def service(app: Flask, in_app: None, machine: Machine, today: date) -> Service:
    """Three plain subjects, told in one sentence and in two, read and grouped."""
    found = factories.service()
    corpus.fill(found, today)
    for text in pairs():
        factories.retour(found, text=text)
    db.session.commit()
    read_all(machine, today)
    refresh(machine, today)
    return found


def say(service: Service, text: str, machine: Machine, day: date) -> Feedback:
    row = factories.retour(service, text=text)
    db.session.commit()
    read_all(machine, day)
    return row


def flagged() -> list[Placement]:
    query = select(Placement).where(Placement.with_whole).order_by(Placement.segment_id)
    return list(db.session.scalars(query))


def subject_of(placement: Placement) -> str:
    """Return the subject of the corpus whose word a theme's title or words hold."""
    told = " ".join([placement.theme.name, *(str(w) for w, _ in placement.theme.words)]).lower()
    return next(word for word in corpus.SUBJECTS if word in told)


def test_a_short_retour_keeps_the_vector_of_all_its_words_on_its_first_segment(
    service: Service, machine: Machine
) -> None:
    row = db.session.scalars(select(Feedback).where(Feedback.text == pairs()[0])).one()
    query = select(Segment).where(Segment.feedback_id == row.id).order_by(Segment.start)
    first, second = db.session.scalars(query)
    wanted = machine.encoder.encode([row.text or ""])[0].astype(np.float16)
    assert first.whole_vector == wanted.tobytes()
    assert second.whole_vector is None


def test_one_sentence_and_long_retours_keep_none(
    app: Flask, in_app: None, machine: Machine, today: date
) -> None:
    found = factories.service()
    for text in (CARD, " ".join([f"{CARD} {NIGHT}"] * (SHORT // len(CARD)))):
        factories.retour(found, text=text)
    db.session.commit()
    read_all(machine, today)
    assert db.session.scalar(select(func.count(Segment.whole_vector))) == 0


def test_its_segments_stand_where_the_whole_does_with_the_numbers_of_the_whole(
    service: Service,
) -> None:
    found = flagged()
    assert len(found) >= 60  # of 72 segments
    by_retour = {}
    for each in found:
        by_retour.setdefault(each.segment.feedback_id, set()).add((each.theme_id, each.score))
    assert all(len(places) == 1 for places in by_retour.values())


def test_what_its_words_say_is_told_of_the_whole_and_can_be_computed_anew(
    service: Service, tmp_path: Path
) -> None:
    found = list(db.session.scalars(select(Placement)))
    assert all(proof.same for proof in prove(found, tmp_path))
    placed = flagged()[0]
    assert why(placed).with_whole
    inside = set(why(placed).words)
    assert all(word.lower() in (placed.segment.feedback.text or "").lower() for word in inside)


def test_a_new_retour_is_placed_as_a_whole_and_what_is_clearly_elsewhere_leaves(
    service: Service, machine: Machine, today: date, tmp_path: Path
) -> None:
    along = themes.placements_of(say(service, f"{CARD} {AGAIN}", machine, today))
    assert [each.with_whole for each in along] == [True, True]
    assert {subject_of(each) for each in along} == {"carte"}
    both = themes.placements_of(say(service, f"{CARD} {NIGHT}", machine, today))
    assert [subject_of(each) for each in both] == ["carte", "rappel"]
    assert not all(each.with_whole for each in both)
    assert all(proof.same for proof in prove(along + both, tmp_path))


def test_refreshes_leave_segments_where_they_stand(
    service: Service, machine: Machine, today: date, tmp_path: Path
) -> None:
    for text in (f"{CARD} {AGAIN}", f"{CARD} {NIGHT}"):
        say(service, text, machine, today)
    before = {
        p.segment_id: (p.theme_id, p.with_whole) for p in db.session.scalars(select(Placement))
    }
    refresh(machine, today + timedelta(days=1))
    after = {
        p.segment_id: (p.theme_id, p.with_whole) for p in db.session.scalars(select(Placement))
    }
    assert after == before
    refresh(machine, today + timedelta(days=2), full=True)
    found = {p.segment_id: p.theme_id for p in db.session.scalars(select(Placement))}
    assert np.mean([found.get(each) == home for each, (home, _) in before.items()]) >= 0.95
    assert all(proof.same for proof in prove(list(db.session.scalars(select(Placement))), tmp_path))


def test_the_whole_retour_counts_once_in_the_middle_of_its_theme(
    service: Service, machine: Machine
) -> None:
    found = read_corpus(machine.model)
    assert len(found.ids) == 180  # 108 retours of one sentence, 36 of two
    assert len(found.texts) == 180 + 36
    assert found.is_unit.sum() == 108 + 36
    theme = flagged()[0].theme
    spoken = [db.session.get_one(Segment, each).feedback_id for each in theme.typical]
    assert len(spoken) == len(set(spoken))


def test_an_author_who_did_not_mean_it_is_not_brought_back_by_the_rest_of_the_message(
    service: Service, machine: Machine, today: date
) -> None:
    row = say(service, f"{CARD} {NIGHT}", machine, today)
    first = next(p for p in themes.placements_of(row) if subject_of(p) == "rappel")
    theme = first.theme
    assert theme_edits.contest(row, theme, today) >= 1
    db.session.commit()
    for night, full in ((1, False), (2, True)):
        refresh(machine, today + timedelta(days=night), full)
        standing = [p for p in themes.placements_of(row) if not p.contested]
        assert theme.id not in {p.theme_id for p in standing}
        assert not any(p.with_whole for p in standing)
        assert {subject_of(p) for p in standing} <= {"carte"}


def test_what_a_person_moved_stays_and_its_message_speaks_no_more_as_a_whole(
    service: Service, machine: Machine, today: date
) -> None:
    placed = flagged()[0]
    row, theme = placed.segment.feedback, placed.theme
    goal = db.session.scalars(select(Theme).where(Theme.id != theme.id, Theme.ended.is_(None)))
    target = goal.first()
    assert target
    theme_moves.move(theme, [row.id], target, Actor("promoter"), today)
    db.session.commit()
    moved = {p.segment_id for p in themes.placements_of(row)}
    for night, full in ((1, False), (2, True)):
        refresh(machine, today + timedelta(days=night), full)
        assert {p.theme_id for p in themes.placements_of(row)} == {target.id}
        assert {p.segment_id for p in themes.placements_of(row)} == moved


def test_the_desk_names_a_retour_by_the_theme_of_the_whole(
    service: Service,
) -> None:
    row = flagged()[0].segment.feedback
    first, second = themes.placements_of(row)
    assert [first.with_whole, second.with_whole] == [True, True]
    other = select(Theme).where(Theme.id != second.theme_id)
    first.theme, first.with_whole = db.session.scalars(other).first(), False
    db.session.commit()
    assert first.theme.name != second.theme.name
    assert rows.theme_names([row]) == {row.id: second.theme.name}


def test_wholes_stored_before_there_were_any_are_encoded_before_a_refresh(
    service: Service, machine: Machine, today: date
) -> None:
    kept = dict(db.session.execute(select(Segment.id, Segment.whole_vector)).all())
    db.session.execute(update(Segment).values(whole_vector=None))
    db.session.commit()
    with pytest.raises(StillOtherModel):
        analysis.refresh(machine, today)
    db.session.rollback()
    assert reencoding.left(machine) == 36
    while reencoding.any_left(machine):
        reencoding.reencode(machine, 20)
        db.session.commit()
    assert dict(db.session.execute(select(Segment.id, Segment.whole_vector)).all()) == kept
    refresh(machine, today)


def test_another_model_encodes_wholes_again_too(
    service: Service, machine: Machine, today: date, tmp_path: Path
) -> None:
    other = Machine(HashingEncoder(96), tmp_path)
    while reencoding.any_left(other):
        reencoding.reencode(other, 50)
        db.session.commit()
    sizes = select(func.length(Segment.whole_vector)).where(Segment.whole_vector.is_not(None))
    assert set(db.session.scalars(sizes)) == {2 * 96}
    assert read_corpus(other.model).vectors.shape == (180 + 36, 96)
