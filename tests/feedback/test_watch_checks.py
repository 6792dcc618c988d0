"""The monthly check: written for services with a past, shown beside the promise, abstains else."""

from datetime import date, timedelta
from math import inf

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db
from feedback import signals
from feedback.models import Signal, Theme, WatchCheck
from feedback.signal_proofs import latest_check
from feedback.watch_checks import check_watch
from tests import factories
from tests.feedback import watched_town


@pytest.fixture
def themes(app: Flask, in_app: None, today: date) -> dict[str, Theme]:
    found = watched_town.themes_of(factories.service(), today)
    watched_town.noise(found["carte"].service, today, 200, 2)
    return found


def test_a_service_with_a_year_behind_it_is_checked(themes: dict[str, Theme], today: date) -> None:
    factories.service()  # nobody spoke of it
    assert check_watch(today) == 1
    check = latest_check(themes["carte"].service_id)
    assert check is not None
    assert (check.day, check.promised_weeks, check.streams) == (today, 520, 3)
    assert check.low_weeks is not None
    assert check.weeks > 100


def test_a_rise_that_people_look_at_is_no_quiet_past(themes: dict[str, Theme], today: date) -> None:
    check_watch(today - timedelta(weeks=4))
    watched_town.burst(themes["carte"], today)
    signals.look(today)
    check_watch(today)
    before, after = db.session.scalars(select(WatchCheck).order_by(WatchCheck.id))
    assert after.streams == before.streams
    assert (after.mean_weeks or inf) >= after.promised_weeks


def test_a_candidate_shows_the_last_check(themes: dict[str, Theme], today: date) -> None:
    check_watch(today)
    watched_town.burst(themes["carte"], today)
    signals.look(today)
    [signal] = db.session.scalars(select(Signal))
    told = signal.proof["recurrence"]
    assert told["weeks"] > 100
    assert told["low"] > 0


def test_a_young_service_is_not_checked(app: Flask, in_app: None, today: date) -> None:
    service = factories.service()
    watched_town.noise(service, today, 20, 7)
    assert check_watch(today) == 0
