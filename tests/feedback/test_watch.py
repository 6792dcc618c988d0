"""The nightly look: parts of a service, families and their budgets, subjects across services."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts import Role
from app.days import week_start
from app.db import db
from app.traces import Actor
from feedback import qualification, signal_evidence, signals, theme_merges
from feedback.models import (
    Signal,
    SignalKind,
    SignalState,
    Subject,
    Theme,
    Tone,
    WatchFacet,
)
from feedback.qualification import Decision
from feedback.signal_proofs import detectable, recompute
from feedback.watch_families import ALPHAS, Budget
from tests import factories
from tests.conftest import writing
from tests.feedback import corpus, watched_town

EXPERT = Actor("expert", "Centre d’expertise")
LATER = [
    f"{place} ne veut toujours pas de ma carte."
    for place in (
        "Le cabinet dentaire de la rue haute",
        "Mon opticien",
        "La maternité du bourg",
        "Le kiné",
        "L’orthophoniste de ma fille",
        "Le centre d’imagerie",
        "La sage-femme",
        "Notre infirmier libéral",
        "La maison de santé",
        "L’ambulancier",
        "Le dermatologue",
        "Ce laboratoire d’analyses",
        "Le pédiatre de garde",
        "La borne de l’accueil",
    )
]


@pytest.fixture
def themes(app: Flask, in_app: None, today: date) -> dict[str, Theme]:
    return watched_town.themes_of(factories.service(), today)


def look(today: date) -> list[Signal]:
    db.session.flush()
    signals.look(today)
    query = select(Signal).where(Signal.kind != SignalKind.SERIOUS)
    return list(db.session.scalars(query.order_by(Signal.service_id)))


def test_a_rise_in_one_part_names_that_part_and_counts_its_retours_only(
    themes: dict[str, Theme], today: date
) -> None:
    service = themes["carte"].service
    watched_town.noise(service, today, 300, 1)
    watched_town.noise(service, today, 60, 6, channel="poster")
    rows = watched_town.burst(themes["carte"], today, channel="poster")
    watched_town.say(themes["carte"], "La carte Vitale passe mal.", today - timedelta(days=3))
    [signal] = look(today)
    assert (signal.facet, signal.facet_value) == (WatchFacet.CHANNEL, "poster")
    evidence = {row.id for row in signal_evidence.evidence(signal)}
    assert evidence <= {row.id for row in rows}
    assert signal.proof["family"]["budget"] == Budget.TEAM


def test_a_part_with_fewer_than_30_retours_is_not_watched(
    themes: dict[str, Theme], today: date
) -> None:
    watched_town.noise(themes["carte"].service, today, 300, 1)
    watched_town.burst(themes["carte"], today, channel="poster")
    [signal] = look(today)
    assert signal.facet == WatchFacet.WHOLE


def test_what_people_declare_of_themselves_has_a_budget_of_its_own(
    themes: dict[str, Theme], today: date
) -> None:
    service = themes["carte"].service
    watched_town.noise(service, today, 700, 1)
    for number in range(60):
        day = today - timedelta(days=number * 6)
        watched_town.say(themes["export"], f"Un export {number} à la Réunion.", day, "974")
    watched_town.burst(themes["carte"], today, place="974")
    found = look(today)
    overseas = [each for each in found if each.facet == WatchFacet.OVERSEAS]
    assert [each.proof["family"]["budget"] for each in overseas] == [Budget.GROUP]
    [family] = [each.proof["family"] for each in overseas]
    assert family["alpha"] == pytest.approx(ALPHAS[Budget.TEAM] / 4)


def test_the_whole_of_a_service_does_not_pay_for_the_number_of_its_parts(
    themes: dict[str, Theme], today: date
) -> None:
    """Half of the budget is for the whole: three streams share it, whatever the parts."""
    service = themes["carte"].service
    for channel in ("poster", "paper", "kiosk"):
        watched_town.noise(service, today, 40, 9, channel=channel)
    watched_town.burst(themes["carte"], today)
    [signal] = look(today)
    assert signal.facet == WatchFacet.WHOLE
    rank = signal.proof["family"]["rank"]
    assert signal.threshold == pytest.approx(2 * 3 / (ALPHAS[Budget.TEAM] * rank), abs=0.05)


def test_the_frozen_counts_give_every_number_again(
    app: Flask, themes: dict[str, Theme], today: date
) -> None:
    rows = watched_town.burst(themes["carte"], today)
    [signal] = look(today)
    checks = recompute(signal)
    assert {check.name for check in checks} >= {"observed", "expected", "e-value", "threshold"}
    assert all(check.same for check in checks)
    for row in rows:
        db.session.delete(row)
    db.session.commit()
    output = app.test_cli_runner().invoke(args=["explain", "signal", signal.id]).output
    assert "NOT THE SAME" not in output
    assert "e-value" in output
    assert "retours: 0 linked" in output
    assert not any(text in output for text in corpus.BURST)


def test_a_signal_says_what_rise_could_be_seen_at_all(
    themes: dict[str, Theme], today: date
) -> None:
    watched_town.burst(themes["carte"], today)
    [signal] = look(today)
    told = signal.proof["detectable"]
    assert told["expected_per_week"] == pytest.approx(signal.expected / signal.weeks, rel=0.5)
    assert told["ratio"] == detectable(told["expected_per_week"], 520.0)["ratio"] > 1.5


def test_a_number_that_was_changed_is_told(themes: dict[str, Theme], today: date) -> None:
    watched_town.burst(themes["carte"], today)
    [signal] = look(today)
    signal.expected += 1
    assert [check.name for check in recompute(signal) if not check.same] == ["expected"]


def test_copies_are_left_out_and_a_burst_of_them_is_a_campaign(
    themes: dict[str, Theme], today: date
) -> None:
    watched_town.burst(themes["carte"], today)
    same = "Rendez-nous une carte Vitale qui marche partout, signez la pétition"
    for number in range(6):
        watched_town.say(themes["carte"], f"{same} {'!' * number}", today - timedelta(days=3))
    [signal] = look(today)
    assert signal.proof["excluded"]["copies"] == 5
    assert [each["retours"] for each in signal.proof["campaigns"]] == [6]


def test_a_signal_speaks_of_the_theme_that_its_own_was_made_part_of(
    themes: dict[str, Theme], today: date
) -> None:
    watched_town.burst(themes["carte"], today)
    [signal] = look(today)
    theme_merges.merge(themes["carte"], themes["export"], Actor("promoter", "Réseau"), today)
    [again] = look(today)
    assert again is signal
    assert again.theme is themes["export"]


def test_after_a_decision_the_numbers_stand_still_and_new_messages_are_added(
    themes: dict[str, Theme], today: date
) -> None:
    watched_town.noise(themes["carte"].service, today + timedelta(weeks=4), 400, 1)
    watched_town.burst(themes["carte"], today)
    [signal] = look(today)
    decision = Decision(SignalState.CONFIRMED, "Vu.", "La carte n’est plus lue.")
    qualification.qualify(signal, decision, EXPERT, today)
    before = (signal.observed, signal.expected, signal.e_value, signal.proof)
    later = today + timedelta(weeks=4)
    watched_town.burst(themes["carte"], later, LATER)
    assert look(later) == [signal]
    assert (signal.observed, signal.expected, signal.e_value, signal.proof) == before
    assert len(signal_evidence.evidence(signal)) > signal.authors


def test_a_rise_begins_with_the_release_that_came_in_its_second_week(
    themes: dict[str, Theme], today: date
) -> None:
    service = themes["carte"].service
    released = week_start(today) - timedelta(weeks=2)
    factories.release(service, "6.2", released)
    for number in range(3):  # some words just before
        watched_town.say(themes["carte"], LATER[number], released - timedelta(days=2 + number))
    watched_town.burst(themes["carte"], today)
    [signal] = look(today)
    start = date.fromisoformat(signal.proof["first"])
    begin = start + timedelta(weeks=signal.proof["window"]["start"])
    assert begin == released
    assert signal.release is not None
    assert signal.release.number == "6.2"
    assert all(check.same for check in recompute(signal))


def test_a_theme_whose_signal_was_merged_adds_its_messages_to_the_other(
    themes: dict[str, Theme], today: date
) -> None:
    watched_town.burst(themes["carte"], today)
    [signal] = look(today)
    other = Signal(
        service_id=signal.service_id, kind="growing", title="Autre", state="candidate", weeks=4,
        raised=today, last_look=today, observed=9, expected=2.0, e_value=50.0, threshold=30.0,
        authors=9,
    )  # fmt: skip
    db.session.add(other)
    db.session.flush()
    signal.state, signal.merged_into = SignalState.MERGED.value, other.id
    watched_town.say(themes["carte"], LATER[0], today - timedelta(days=2))
    assert set(look(today)) == {signal, other}
    assert len(signal_evidence.evidence(other)) == len(corpus.BURST) + 1
    assert (other.observed, other.expected, other.authors) == (9, 2.0, 9)


@pytest.mark.parametrize(
    ("faces", "tone"),
    [((10,) * 14, Tone.GOOD), ((0,) * 14, Tone.BAD), ((0, 10) * 7, Tone.MIXED), ((5,) * 14, "")],
)
def test_a_signal_says_how_its_authors_feel(
    themes: dict[str, Theme], today: date, faces: tuple[int, ...], tone: str
) -> None:
    for number, text in enumerate(corpus.BURST):
        day = today - timedelta(days=1 + number % 20)
        watched_town.say(themes["carte"], text, day, face=faces[number])
    [signal] = look(today)
    assert signal.tone == tone


def _shared(today: date) -> tuple[Subject, dict[str, Theme], dict[str, Theme]]:
    subject = Subject(name="Carte Vitale", born=today - timedelta(days=400))
    db.session.add(subject)
    db.session.flush()
    one = watched_town.themes_of(factories.service(), today, carte=subject)
    other = watched_town.themes_of(factories.service(), today, carte=subject)
    return subject, one, other


def test_a_subject_that_rises_in_two_services_is_one_candidate_for_the_experts(
    app: Flask, client: FlaskClient, today: date
) -> None:
    with writing(app):
        subject, one, other = _shared(today)
        for themes in (one, other):
            watched_town.noise(themes["carte"].service, today, 400, 1)
        watched_town.burst(one["carte"], today, corpus.BURST[:7])
        watched_town.burst(other["carte"], today, corpus.BURST[7:])
        [found] = [each for each in look(today) if each.service_id is None]
        assert found.subject_id == subject.id
        path = f"/equipe/signaux/{found.id}"
        expert = factories.account(Role.EXPERT)
        team = factories.account(Role.PROMOTER, services=(one["carte"].service,))
        db.session.commit()
        db.session.refresh(expert), db.session.refresh(team)
        db.session.expunge_all()
    factories.sign_in(client, expert)
    assert client.get(path).status_code == 200
    factories.sign_in(client, team)
    assert client.get(path).status_code == 404


@pytest.mark.usefixtures("in_app")
def test_a_subject_that_rises_in_one_service_is_that_services_candidate_alone(today: date) -> None:
    _subject, one, other = _shared(today)
    watched_town.noise(one["carte"].service, today, 100, 3)
    watched_town.noise(other["carte"].service, today, 400, 1)
    watched_town.burst(one["carte"], today)
    [signal] = look(today)
    assert signal.service_id == one["carte"].service_id
    assert signal.kind == SignalKind.DISPROPORTIONATE
    assert signal.proof["table"]["ic025"] > 0
