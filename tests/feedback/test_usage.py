"""Real use: reached against the declared public, the form's openings, and what the floor hides."""

from datetime import date, timedelta

import pytest
from flask import Flask

from feedback.declared_publics import declare
from feedback.form_openings import write
from feedback.models import Channel
from feedback.usage import silences, usage_of
from tests import factories
from tests.feedback.heard import OLD, SUMMER, YOUNG, say, uneven


def test_reached_is_retours_for_a_thousand_people(app: Flask, in_app: None, today: date) -> None:
    found = usage_of(uneven(), today)
    assert (found.retours, found.people) == (80, 3000)
    assert found.per_thousand == pytest.approx(1000 * 80 / 3000)
    [ages] = found.facets
    young, old = ages.groups
    assert (young.words, young.people, young.retours) == ("30 à 44 ans", 1000, 76)
    assert old.per_thousand == pytest.approx(4.0)
    assert (young.is_silent, old.is_silent) == (False, True)
    assert ages.left_out == 1  # four people are too few to be spoken of


def test_outside_the_team_small_counts_are_hidden_and_none_is_left_to_subtract(
    app: Flask, in_app: None, today: date
) -> None:
    service = uneven()
    say(service, SUMMER, 20, "45-59")
    declare(service, {"G7": {YOUNG: 1000, OLD: 1000, "45-59": 1000}}, today)
    [ages] = usage_of(service, today, 11).facets
    shown = {group.value: group.retours for group in ages.groups}
    assert shown == {YOUNG: 76, OLD: None, "45-59": None}
    rates = {group.value: group.per_thousand for group in ages.groups}
    assert rates == {YOUNG: 76.0, OLD: None, "45-59": None}


def test_outside_the_team_a_rate_needs_thirty_retours(
    app: Flask, in_app: None, today: date
) -> None:
    service = factories.service()
    declare(service, {"": {"": 500}}, today)
    say(service, today, 29)
    assert usage_of(service, today, 11).per_thousand is None
    assert usage_of(service, today).per_thousand == pytest.approx(58.0)
    say(service, today, 1)
    assert usage_of(service, today, 11).per_thousand == pytest.approx(60.0)


def test_nothing_declared_and_nothing_heard(app: Flask, in_app: None, today: date) -> None:
    found = usage_of(factories.service(), today, 11)
    assert (found.retours, found.people, found.per_thousand, found.facets) == (0, None, None, ())
    assert (found.form.openings, found.form.sent, found.form.percent) == (0, 0, None)


def test_a_retour_of_more_than_a_year_ago_reaches_nobody_now(
    app: Flask, in_app: None, today: date
) -> None:
    service = factories.service()
    say(service, today - timedelta(days=366), 3)
    say(service, today - timedelta(days=364), 2)
    assert usage_of(service, today).retours == 2


def test_openings_stand_against_what_was_sent_from_the_page(
    app: Flask, in_app: None, today: date
) -> None:
    service = factories.service()
    last_week = today - timedelta(days=3)  # today is a Monday
    write({(service.id, last_week): 40, (service.id, today): 7})
    say(service, last_week, 10)
    say(service, today, 5)
    for row in say(service, last_week, 3):
        row.channel = Channel.PAPER.value
    form = usage_of(service, today).form
    assert (form.openings, form.sent, form.percent) == (40, 10, 25)
    assert form.weeks[-1] == (today - timedelta(days=7), 40, 10)
    hidden = usage_of(service, today, 11).form
    assert (hidden.openings, hidden.sent, hidden.percent, hidden.weeks) == (40, None, None, ())


def test_a_service_that_was_not_open_yet_is_not_judged(
    app: Flask, in_app: None, today: date
) -> None:
    service = uneven()
    assert [each.value for each in silences(service, today)["G7"]] == [OLD]
    service.created = date(2026, 4, 2)
    assert silences(service, today) == {}
