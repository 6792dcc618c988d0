"""Candidates from weekly counts: raised by numbers, floored by authors and days, then people."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.days import week_start
from app.db import db
from app.traces import Actor
from feedback import qualification, signal_evidence, signals, theme_edits
from feedback.counts import read
from feedback.models import (
    Feedback,
    Placement,
    Segment,
    Signal,
    SignalEvidence,
    SignalKind,
    SignalState,
    Theme,
)
from feedback.qualification import Decision
from feedback.signal_remarks import remark
from feedback.watch_families import ALPHAS, Budget
from feedback.watch_starts import start_week, watches_of
from nlp.edetector import Week, detect
from tests import factories
from tests.feedback import corpus, watched_town

EXPERT = Actor("expert", "Centre d’expertise")


@pytest.fixture
def watched(app: Flask, in_app: None, today: date) -> dict[str, Theme]:
    """A service whose three themes each had a retour every tenth day for a year."""
    service = factories.service()
    watched_town.noise(service, today, watched_town.NOISE, 2)
    made = {}
    for subject in corpus.SUBJECTS:
        theme = Theme(service=service, name=subject, born=today)
        db.session.add(theme)
        db.session.flush()
        for number, text in enumerate(corpus.sentences(subject)):
            place(theme, text, today - timedelta(days=30 + number * 10))
        made[subject] = theme
    db.session.commit()
    return made


def place(theme: Theme, text: str, day: date) -> Feedback:
    """Store a retour that the machine has put into ``theme``."""
    row = factories.retour(theme.service, text=text, day=day)
    segment = Segment(feedback_id=row.id, start=0, end=len(text), vector=b"", model="test")
    db.session.add(segment)
    db.session.flush()
    db.session.add(
        Placement(
            segment_id=segment.id,
            theme_id=theme.id,
            score=0.9,
            threshold=0.4,
            model="test",
            placed=day,
        )
    )
    return row


def burst(theme: Theme, today: date, texts: Sequence[str] = corpus.BURST) -> list[Feedback]:
    """A sudden rise of one theme in the last three weeks."""
    rows = [
        place(theme, text, today - timedelta(days=1 + number % 20))
        for number, text in enumerate(texts)
    ]
    db.session.commit()
    return rows


def look(today: date) -> list[Signal]:
    signals.look(today)
    db.session.commit()
    statistical = select(Signal).where(Signal.kind != SignalKind.SERIOUS)
    return list(db.session.scalars(statistical))


def test_a_calm_service_raises_nothing(watched: dict[str, Theme], today: date) -> None:
    assert look(today) == []


def test_a_rise_after_a_release_is_raised_with_its_numbers_and_its_retours(
    watched: dict[str, Theme], today: date
) -> None:
    factories.release(watched["carte"].service, "6.2", today - timedelta(days=24))
    rows = burst(watched["carte"], today)
    [signal] = look(today)
    assert signal.kind == SignalKind.GROWING
    assert signal.theme_id == watched["carte"].id
    assert signal.observed >= 10 > 3 * signal.expected
    assert signal.e_value is not None
    assert signal.threshold == pytest.approx(3 / ALPHAS[Budget.TEAM])  # of three streams
    assert signal.e_value >= signal.threshold
    assert signal.release
    assert signal.release.number == "6.2"
    assert signal.state == SignalState.CANDIDATE
    evidence = {row.id for row in signal_evidence.evidence(signal)}
    assert evidence <= {row.id for row in rows}
    assert len(evidence) == signal.authors == signal.observed


def test_a_rise_of_long_ago_that_came_with_an_import_is_history(
    watched: dict[str, Theme], today: date
) -> None:
    weeks = (Week(0, 20),) * 14 + (Week(2, 20),) * 38
    first = week_start(today) - timedelta(weeks=len(weeks))
    prior = watches_of(read(watched["carte"].service, today))[watched["carte"].id].prior_share
    assert detect(weeks, prior, 520.0, start_week(None, today, first))[-1].e_value < 1
    all_along = start_week(None, first, first)  # watched so, it would still stand open
    assert detect(weeks, prior, 520.0, all_along)[-1].e_value > 1000


def test_a_decision_begins_the_watch_anew_and_a_remark_does_not(
    watched: dict[str, Theme], today: date
) -> None:
    theme = watched["carte"]
    burst(theme, today)
    [signal] = look(today)
    before = watches_of(read(theme.service, today))[theme.id].start
    remark(signal, EXPERT, today, {"door": "team"})
    assert watches_of(read(theme.service, today))[theme.id].start == before
    decision = Decision(SignalState.CONFIRMED, "Vu.", "La carte n’est plus lue.")
    qualification.qualify(signal, decision, EXPERT, today - timedelta(days=7))
    decided = watches_of(read(theme.service, today))[theme.id].start
    assert decided > before
    remark(signal, EXPERT, today + timedelta(days=20), {"door": "team"})
    db.session.commit()
    assert watches_of(read(theme.service, today))[theme.id].start == decided


def test_a_theme_without_history_is_called_new(watched: dict[str, Theme], today: date) -> None:
    theme = Theme(service=watched["carte"].service, name="autre", born=today)
    db.session.add(theme)
    db.session.flush()
    burst(theme, today)
    [signal] = look(today)
    assert signal.kind == SignalKind.NEW


def test_looking_again_refreshes_the_candidate_and_raises_no_second(
    watched: dict[str, Theme], today: date
) -> None:
    burst(watched["carte"], today)
    assert len(look(today)) == 1
    assert signals.look(today) == 0
    assert len(look(today + timedelta(days=1))) == 1


def test_near_copies_of_one_text_raise_nothing(watched: dict[str, Theme], today: date) -> None:
    burst(watched["carte"], today, [f"{corpus.BURST[0]}{'!' * n}" for n in range(14)])
    assert look(today) == []


def test_a_burst_of_a_single_day_raises_nothing(watched: dict[str, Theme], today: date) -> None:
    for text in corpus.BURST:
        place(watched["carte"], text, today - timedelta(days=3))
    db.session.commit()
    assert look(today) == []


def test_an_import_of_one_day_counts_as_three_authors(
    watched: dict[str, Theme], today: date
) -> None:
    for row in burst(watched["carte"], today):
        row.batch, row.day = "import du guichet", today - timedelta(days=9)
    db.session.commit()
    assert look(today) == []


def test_an_authors_contest_takes_the_retour_out_of_the_count(
    watched: dict[str, Theme], today: date
) -> None:
    for row in burst(watched["carte"], today):
        assert theme_edits.contest(row, watched["carte"], today) == 1
    db.session.commit()
    assert look(today) == []


def test_a_refuted_signal_needs_twice_the_threshold_to_come_back(
    watched: dict[str, Theme], today: date
) -> None:
    burst(watched["carte"], today, corpus.BURST[:11])
    [signal] = look(today)
    qualification.qualify(signal, Decision(SignalState.REFUTED, "Panne connue."), EXPERT, today)
    db.session.commit()
    assert [each.state for each in look(today)] == [SignalState.REFUTED]


def test_a_new_service_of_a_few_weeks_raises_nothing(app: Flask, in_app: None, today: date) -> None:
    theme = Theme(service=factories.service(), name="carte", born=today)
    db.session.add(theme)
    db.session.flush()
    burst(theme, today)
    assert look(today) == []


def test_one_retour_that_names_harm_is_put_before_an_expert_once(
    app: Flask, in_app: None, today: date
) -> None:
    service = factories.service()
    row = factories.retour(
        service,
        text="À cause de l’appli j’ai pris deux fois mon médicament, hospitalisé.",
        severity=3,
    )
    factories.retour(
        service,
        text="L’an passé j’ai été hospitalisé à cause d’un mauvais rappel.",
        severity=3,
        day=today - timedelta(days=200),
    )
    db.session.commit()
    assert signals.look(today) == 1
    assert signals.look(today) == 0
    [signal] = db.session.scalars(select(Signal))
    assert signal.kind == SignalKind.SERIOUS
    assert signal.e_value is None
    assert signal.proof["rule"] == "danger words"
    assert signal.proof["kinds"] == ["hospital"]
    evidence = db.session.scalars(select(SignalEvidence.feedback_id)).all()
    assert evidence == [row.id]
