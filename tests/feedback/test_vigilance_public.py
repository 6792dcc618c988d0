"""The signals that the public of a service reads: sentences without a floor, counts above it."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Role
from app.catalogue import Service
from app.traces import Actor
from feedback import qualification
from feedback.models import Signal, SignalState
from feedback.public_signals import PublicSignal, public_signals
from feedback.qualification import Decision
from tests import factories
from tests.conftest import writing
from tests.feedback import watched

EXPERT = Actor("expert", "Centre d’expertise")
S = SignalState
SENTENCE = "Depuis la version 6.2, des rappels sonnent la nuit."
FLOOR = 11


@pytest.fixture
def service(app: Flask, in_app: None) -> Service:
    return factories.service()


def confirmed(service: Service, today: date, **values: object) -> Signal:
    """A signal that an expert has just confirmed."""
    signal = watched.signal(service, **values)
    qualification.qualify(signal, Decision(S.CONFIRMED, "Lu.", SENTENCE), EXPERT, today)
    return signal


def told(service: Service) -> list[PublicSignal]:
    return public_signals(service, FLOOR)


def test_a_harm_with_four_reports_is_told_without_its_count(service: Service, today: date) -> None:
    confirmed(service, today, authors=4)
    [each] = told(service)
    assert (each.sentence, each.retours) == (SENTENCE, None)


def test_the_count_is_that_of_the_day_of_the_decision(service: Service, today: date) -> None:
    signal = confirmed(service, today, authors=12)
    signal.authors = 13
    assert [each.retours for each in told(service)] == [12]


def test_the_experts_own_count_goes_before_the_machines(service: Service, today: date) -> None:
    signal = watched.signal(service, authors=12)
    decision = Decision(S.CONFIRMED, "Lu.", SENTENCE, how_many=9)
    qualification.qualify(signal, decision, EXPERT, today)
    assert [each.retours for each in told(service)] == [None]


@pytest.mark.parametrize("state", SignalState)
def test_only_public_states_are_told(service: Service, today: date, state: SignalState) -> None:
    confirmed(service, today).state = state.value
    assert len(told(service)) == (state.value in qualification.PUBLIC)


def test_what_was_done_is_told_step_by_step(service: Service, today: date) -> None:
    signal = confirmed(service, today)
    for state, done in (
        (S.MEASURES, "Un correctif."),
        (S.MEASURES, "Un avis."),
        (S.CLOSED, "Fini."),
    ):
        decision = Decision(state, "Suivi.", done=done, effect="beneficial")
        qualification.qualify(signal, decision, EXPERT, today)
    [each] = told(service)
    assert [done.words for done in each.done] == ["Un correctif.", "Un avis.", "Fini."]
    assert each.beneficial
    assert (each.state, each.since) == (S.CLOSED, today)


def test_another_service_and_the_platform_tell_nothing_here(service: Service, today: date) -> None:
    confirmed(factories.service(), today)
    watched.signal(None, state="confirmed", sentence=SENTENCE)
    assert told(service) == []


def test_the_page_tells_harms_apart_from_good_surprises(
    app: Flask, client: FlaskClient, today: date
) -> None:
    with writing(app):
        service = factories.service()
        few = confirmed(service, today, authors=4)
        many = watched.signal(service, authors=12)
        words = Decision(S.CONFIRMED, "Lu.", "La courbe aide à parler.", effect="beneficial")
        qualification.qualify(many, words, EXPERT, today)
        closed = Decision(S.CLOSED, "Revu.", done="Le rappel suit l’heure d’hiver.")
        qualification.qualify(few, closed, EXPERT, today)
        address = f"/s/{service.slug}/signaux"
        slug = service.slug
    shown = client.get(address)
    for said in (
        SENTENCE,
        "trop peu pour donner un nombre",
        "Le rappel suit l’heure d’hiver.",
        "Bonnes surprises",
        "12 retours le disent.",
        "La courbe aide à parler.",
    ):
        assert said in shown.text
    assert "Rappels la nuit" not in shown.text, "a title of the machine stays inside"
    assert "Lu." not in shown.text, "so does the reason"
    assert not shown.headers.getlist("Set-Cookie")
    for page in (f"/s/{slug}", f"/s/{slug}/ce-qui-change"):
        assert address in client.get(page).text


def test_an_empty_page_does_not_say_that_all_is_well(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        slug = factories.service().slug
    shown = client.get(f"/s/{slug}/signaux").text
    assert "Cela ne veut pas dire qu’il n’y en a pas" in shown
    assert client.get("/s/inconnu/signaux").status_code == 404


def test_the_feed_of_a_service_tells_confirmed_signals(
    app: Flask, client: FlaskClient, today: date
) -> None:
    with writing(app):
        service = factories.service()
        signal = confirmed(service, today)
        watched.signal(service)
        slug, number = service.slug, signal.id
    feed = client.get(f"/s/{slug}/flux.atom").text
    assert feed.count("<entry>") == 1
    assert SENTENCE in feed
    assert f"/s/{slug}/signaux#signal-{number}" in feed


def test_staff_and_public_read_the_same_page(app: Flask, client: FlaskClient, today: date) -> None:
    with writing(app):
        service = factories.service()
        confirmed(service, today)
        factories.sign_in(client, factories.account(Role.EXPERT))
        slug = service.slug
    assert SENTENCE in client.get(f"/s/{slug}/signaux").text
