"""What is counted each week: authors in themes, retours in all, nothing that is gone or doubled."""

from datetime import date, timedelta

import pytest
from flask import Flask

from app.catalogue import Service
from app.days import week_start
from app.db import db
from feedback.counts import HISTORY_WEEKS, distinct_authors, read, totals, weekly
from feedback.models import Answer, State, Theme, WatchFacet
from feedback.watch_streams import FEWEST_OF_PART, part_totals
from tests import factories
from tests.feedback import placed, watched_town


@pytest.fixture
def service(app: Flask, in_app: None) -> Service:
    return factories.service()


def observed(service: Service, theme: Theme, today: date) -> list[tuple[int, int]]:
    """Return what counts in ``theme`` against all, by week."""
    db.session.flush()
    watched = read(service, today)
    every = totals(watched.entries.values())
    found = weekly(watched.weeks, watched.placed[theme.id].kept, every)
    return [(week.observed, week.total) for week in found]


def weekly_totals(service: Service, today: date) -> dict[date, int]:
    db.session.flush()
    return dict(totals(read(service, today).entries.values()))


def test_a_week_counts_every_retour_once(service: Service, today: date) -> None:
    for number in range(3):
        factories.retour(service, text=f"Retour {number}", day=today - timedelta(days=7))
    factories.retour(service, text=None, face=10, day=today - timedelta(days=7))
    assert weekly_totals(service, today) == {week_start(today - timedelta(days=7)): 4}


def test_a_text_that_was_imported_twice_counts_once_in_its_week(
    service: Service, today: date
) -> None:
    text = "Le même export, importé deux fois par erreur"
    day = today - timedelta(days=7)
    for doubled in (text, f"  {text.upper()} "):
        factories.retour(service, text=doubled, day=day, channel="import", batch="a")
    factories.retour(service, text="ça bug", day=day)
    factories.retour(service, text="ça bug", day=day)  # two people may write that
    assert weekly_totals(service, today) == {week_start(day): 3}


def test_the_same_few_words_count_once_a_week_and_again_in_another(
    service: Service, today: date
) -> None:
    theme = placed.theme(service)
    for number in range(4):  # twice in each of two weeks
        day = today - timedelta(days=7 * (1 + number // 2))
        watched_town.say(theme, f"La carte Vitale ne passe plus à la pharmacie{'!' * number}", day)
    assert [count for count, _total in observed(service, theme, today)] == [1, 1]
    assert distinct_authors(read(service, today).placed[theme.id].kept) == 1


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.REFUSED])
def test_what_is_gone_counts_nowhere(service: Service, today: date, state: State) -> None:
    factories.retour(service, state=state.value, day=today - timedelta(days=7))
    assert weekly_totals(service, today) == {}


def test_only_complete_weeks_are_looked_at(service: Service, today: date) -> None:
    theme = placed.theme(service)
    watched_town.say(theme, "Cette semaine, pas encore finie.", today)
    assert observed(service, theme, today) == []
    watched_town.say(theme, "La semaine passée, tout allait mal.", today - timedelta(days=7))
    assert observed(service, theme, today) == [(1, 1)]


def test_three_years_are_read_at_most(service: Service, today: date) -> None:
    factories.retour(service, day=today - timedelta(weeks=HISTORY_WEEKS + 1))
    factories.retour(service, day=today - timedelta(weeks=HISTORY_WEEKS - 1))
    db.session.flush()
    assert len(read(service, today).weeks) == HISTORY_WEEKS - 1


def test_a_part_is_watched_from_30_retours_on(service: Service, today: date) -> None:
    theme = placed.theme(service)
    for number in range(FEWEST_OF_PART):
        watched_town.say(theme, f"Retour numéro {number}.", today - timedelta(days=7), "974")
    watched_town.noise(service, today, FEWEST_OF_PART - 1, 7, channel="poster")
    db.session.flush()
    parts = part_totals(read(service, today))
    assert set(parts[WatchFacet.CHANNEL]) == {"web"}
    assert set(parts[WatchFacet.OVERSEAS]) == {"yes"}


def test_a_refused_answer_is_no_value(service: Service, today: date) -> None:
    row = factories.retour(service, day=today - timedelta(days=7))
    for question, value, status in (("G6", "", "refused"), ("G7", "75-", "given")):
        answer = Answer(feedback_id=row.id, question=question, value=value, status=status)
        db.session.add(answer)
    db.session.flush()
    [entry] = read(service, today).entries.values()
    assert WatchFacet.ROLE not in entry.values
    assert entry.values[WatchFacet.AGE] == "75-"
