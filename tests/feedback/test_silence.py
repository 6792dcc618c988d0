"""Under-use as a signal: a silent group is put before a person, once, with its proof."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app import tasks
from app.db import db, will_write
from app.traces import Actor
from feedback import qualification, silence
from feedback.models import Signal, SignalKind, SignalState, WatchFacet
from feedback.qualification import Decision
from feedback.signal_facets import facet_words
from tests.conftest import NOON
from tests.feedback.heard import OLD, YOUNG, say, uneven

EXPERT = Actor("expert", "Centre d’expertise")
NEXT = date(2027, 5, 3)  # by then two other quarters speak


@pytest.fixture
def town(app: Flask, in_app: None) -> None:
    will_write()
    uneven()
    db.session.commit()


def signals() -> list[Signal]:
    return list(db.session.scalars(select(Signal)))


def test_a_silent_group_is_raised_with_its_proof(town: None, today: date) -> None:
    assert silence.look(today) == 1
    [signal] = signals()
    assert signal.kind == SignalKind.SILENCE
    assert (signal.facet, signal.facet_value) == (WatchFacet.AGE, OLD)
    assert signal.title == "Un public peu entendu : 75 ans et plus"
    assert (signal.observed, signal.weeks, signal.e_value) == (4, 26, None)
    assert signal.expected == pytest.approx(2 * 40 * 1000 / 2004, abs=0.01)
    proof = signal.proof
    assert (proof["facet"], proof["value"], proof["part"]) == ("G7", OLD, 0.25)
    assert proof["reached"] == pytest.approx(2 / 1000)
    assert [each["retours"] for each in proof["quarters"]] == [2, 2]
    assert proof["quarters"][0]["start"] == "2026-04-01"


def test_looking_again_refreshes_and_adds_nothing(town: None, today: date) -> None:
    silence.look(today)
    assert silence.look(today) == 0
    assert len(signals()) == 1


def test_a_silence_that_a_person_decided_comes_back_with_other_quarters_only(
    town: None, today: date
) -> None:
    silence.look(today)
    [signal] = signals()
    said = Decision(SignalState.KNOWN, "Ils passent par le téléphone.")
    qualification.qualify(signal, said, EXPERT, today)
    assert silence.look(today) == 0
    _a_later_winter(old=4)
    assert silence.look(NEXT) == 1


@pytest.mark.parametrize(("old", "raised"), [(6, 0), (2, 1)])
def test_a_refuted_silence_comes_back_when_it_is_twice_as_clear(
    town: None, today: date, old: int, raised: int
) -> None:
    silence.look(today)
    said = Decision(SignalState.REFUTED, "La question était mal comprise.")
    qualification.qualify(signals()[0], said, EXPERT, today)
    _a_later_winter(old)
    assert silence.look(NEXT) == raised


def _a_later_winter(old: int) -> None:
    service = signals()[0].service
    assert service
    for day in (date(2026, 11, 2), date(2027, 2, 1)):
        say(service, day, 50, YOUNG)
        say(service, day, old, OLD)


def test_the_job_says_what_it_found_and_may_run_twice(town: None) -> None:
    will_write()
    assert tasks.TASKS["silence"]("x", NOON) == "looked for silent groups, 1 candidates raised"
    will_write()
    assert tasks.TASKS["silence"]("x", NOON) == "looked for silent groups, 0 candidates raised"


def test_the_group_is_named_on_the_signals_pages(town: None, today: date) -> None:
    silence.look(today)
    [signal] = signals()
    assert facet_words(signal) == "âge : 75 ans et plus"
    signal.facet, signal.facet_value = WatchFacet.PLACE.value, "42"
    assert facet_words(signal) == "département : Loire (42)"


def test_the_command_tells_the_quarters_of_a_silence(app: Flask, town: None, today: date) -> None:
    silence.look(today)
    [signal] = signals()
    db.session.commit()
    told = app.test_cli_runner().invoke(args=["explain", signal.id]).output
    assert told.count("below the limit of") == 2
    assert "NOT BELOW" not in told
