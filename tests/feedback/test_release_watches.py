"""Release watches: asked beforehand or refused, looked at each week, ended clearly."""

from datetime import date, timedelta
from itertools import islice

import pytest
from flask import Flask
from sqlalchemy import select

from app import tasks
from app.catalogue import Release, Service
from app.days import week_start
from app.db import db, will_write
from app.explain_signal import lines_of
from feedback import release_looks, release_watches
from feedback.models import ReleaseWatch, Signal, SignalEvidence, SignalKind, Theme, WatchState
from feedback.release_watch_words import finding_of, refusal_words
from feedback.release_watches import Refusal, Refused, Wish, alpha_of, first_week, last_day, plan_of
from tests import factories
from tests.conftest import NOON
from tests.feedback import placed
from tests.feedback.release_town import WEEK, hear, sentences, with_a_past
from tests.feedback.watched_town import say


@pytest.fixture
def theme(app: Flask, in_app: None, today: date) -> Theme:
    """A theme with one retour a week for forty weeks, among four others."""
    will_write()
    return with_a_past(factories.service(), today)


def release(theme: Theme, days: int, today: date) -> Release:
    made = factories.release(theme.service, "7.0", today + timedelta(days=days))
    db.session.refresh(theme.service)
    return made


def asked(theme: Theme, out: Release | None, weeks: int = 12, words: str = "Perd-elle ?") -> Wish:
    return Wish(out, theme, words, weeks)


def declare(theme: Theme, today: date, days: int = 7, weeks: int = 12) -> ReleaseWatch:
    wish = asked(theme, release(theme, days, today), weeks)
    return release_watches.declare(theme.service, wish, "Réseau", today)


def test_the_plan_is_frozen_from_the_past_of_the_theme(theme: Theme, today: date) -> None:
    watch = declare(theme, today)
    plan = plan_of(watch)
    assert (plan.reports, plan.total, plan.baseline_weeks) == (40, 200, 40)
    assert plan.expected == pytest.approx(12 * 40.5 / 40)
    assert (watch.declared, watch.declared_by) == (today, "Réseau")
    assert watch.starts == today + WEEK  # the standing clock is on a Monday
    assert last_day(watch) == watch.starts + 12 * WEEK - timedelta(days=1)
    assert watch.state == WatchState.RUNNING


@pytest.mark.parametrize(
    ("risk", "weeks", "alpha"),
    [("low", 12, 12 / 520), ("high", 8, 8 / 104), ("low", 4, 0.01), ("high", 26, 0.10)],
)
def test_the_error_is_the_promise_of_the_risk(
    app: Flask, in_app: None, risk: str, weeks: int, alpha: float
) -> None:
    service: Service = factories.service()
    factories.functionality(service, individual_risk=risk)
    db.session.refresh(service)
    assert alpha_of(service, weeks) == pytest.approx(alpha)


@pytest.mark.parametrize(
    ("out", "asked_on", "start"),
    [
        (date(2026, 11, 30), date(2026, 11, 23), date(2026, 11, 30)),
        (date(2026, 12, 2), date(2026, 11, 23), date(2026, 12, 7)),
        (date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 23)),
        (date(2026, 11, 20), date(2026, 11, 25), date(2026, 11, 30)),
    ],
)
def test_weeks_count_after_the_release_and_after_the_question(
    out: date, asked_on: date, start: date
) -> None:
    assert first_week(Release(number="1", day=out), asked_on) == start


def test_a_release_in_use_for_more_than_a_week_comes_too_late(theme: Theme, today: date) -> None:
    with pytest.raises(Refused) as refused:
        declare(theme, today, -8)
    assert refused.value.refusal is Refusal.LATE
    assert "Trop tard" in refusal_words(refused.value)
    assert db.session.scalars(select(ReleaseWatch)).all() == []


def test_a_release_of_this_week_can_still_be_asked_about(theme: Theme, today: date) -> None:
    watch = declare(theme, today, -7)
    assert plan_of(watch).baseline_weeks == 39  # the release's own week is no past
    assert watch.starts == today


def test_without_a_past_there_is_no_watch(app: Flask, in_app: None, today: date) -> None:
    will_write()
    young = placed.theme(factories.service(), "Jeune", born=today)
    for number in range(1, 4):
        say(young, f"Une phrase à part, la {number}.", week_start(today) - number * WEEK)
    with pytest.raises(Refused) as refused:
        declare(young, today)
    assert (refused.value.refusal, refused.value.number) == (Refusal.NO_BASELINE, 3)
    assert "3 semaines avec des retours, il en faut 8" in refusal_words(refused.value)
    with pytest.raises(Refused) as empty:
        declare(placed.theme(factories.service(), "Vide", born=today), today)
    assert empty.value.refusal is Refusal.NO_BASELINE


def test_a_theme_that_is_hardly_ever_met_is_refused_with_the_number(
    theme: Theme, today: date
) -> None:
    rare = placed.theme(theme.service, "Rare", born=today)
    with pytest.raises(Refused) as refused:
        declare(rare, today)
    assert refused.value.refusal is Refusal.TOO_FEW
    assert "0,2 retour attendu" in refusal_words(refused.value)


@pytest.mark.parametrize("weeks", [0, 5])
def test_an_unfinished_question_is_refused(theme: Theme, today: date, weeks: int) -> None:
    out = release(theme, 7, today)
    for wish in (asked(theme, None), asked(theme, out, weeks), asked(theme, out, 12, "  ")):
        with pytest.raises(Refused) as refused:
            release_watches.declare(theme.service, wish, "Réseau", today)
        assert refused.value.refusal is Refusal.INCOMPLETE
    assert "écrivez la question" in refusal_words(refused.value)


def test_the_same_question_runs_once(theme: Theme, today: date) -> None:
    watch = declare(theme, today)
    wish = asked(theme, watch.release)
    with pytest.raises(Refused) as refused:
        release_watches.declare(theme.service, wish, "Réseau", today)
    assert "déjà surveillés" in refusal_words(refused.value)
    release_watches.stop(watch, "Version retirée.", today)
    assert release_watches.declare(theme.service, wish, "Réseau", today).id != watch.id


def test_complete_weeks_are_looked_at_once_each(theme: Theme, today: date) -> None:
    watch = declare(theme, today)
    assert finding_of(watch) == "Pas encore de regard : le premier vient le 7 décembre 2026."
    hear(theme, watch.starts, 1)
    assert release_looks.look(watch.starts + timedelta(days=6)) == 0
    assert watch.looks == []
    monday = watch.starts + WEEK
    release_looks.look(monday)
    release_looks.look(monday + timedelta(days=3))
    [[observed, expected, ratio]] = watch.looks
    assert observed == 1
    assert expected == pytest.approx(5 * 40.5 / 200, abs=1e-3)
    assert ratio == 0
    assert finding_of(watch).startswith("Jusqu’ici rien au-delà du hasard : 1 retour en 1 semaine")


def test_weeks_without_retours_bring_no_news_and_late_looks_catch_up(
    theme: Theme, today: date
) -> None:
    watch = declare(theme, today)
    hear(theme, watch.starts + 2 * WEEK, 1)
    release_looks.look(watch.starts + 3 * WEEK)
    assert [row[0] for row in watch.looks] == [0, 0, 1]
    assert [row[1] for row in watch.looks][:2] == [0.0, 0.0]


def test_a_rise_ends_the_watch_and_is_put_before_an_expert(theme: Theme, today: date) -> None:
    watch = declare(theme, today)
    for number in range(2):
        hear(theme, watch.starts + number * WEEK, 7)
    day = watch.starts + 2 * WEEK
    assert release_looks.look(day) == 1
    assert (watch.state, watch.ended) == (WatchState.FOUND, day)
    [signal] = db.session.scalars(select(Signal))
    assert signal.kind == SignalKind.GROWING
    assert (signal.release_id, signal.theme_id) == (watch.release_id, theme.id)
    assert signal.observed == watch.looks[-1][0] >= 7
    assert signal.e_value is None
    proof = signal.proof
    assert (proof["watch"], proof["question"]) == (watch.id, "Perd-elle ?")
    assert proof["ratio"] >= proof["limit"]
    linked = db.session.scalars(select(SignalEvidence.feedback_id)).all()
    assert len(linked) == signal.observed == signal.authors
    signal.proof = {"method": "the nightly look has more"}
    found = release_looks.signal_of(watch)
    assert found
    assert found.id == signal.id
    assert finding_of(watch).startswith("Plus qu’attendu : ")
    assert release_looks.look(day + WEEK) == 0  # it is over


def test_the_command_computes_the_limit_and_every_look_anew(theme: Theme, today: date) -> None:
    watch = declare(theme, today)
    for number in range(2):
        hear(theme, watch.starts + number * WEEK, 7)
    release_looks.look(watch.starts + 2 * WEEK)
    signal = release_looks.signal_of(watch)
    assert signal
    told = list(lines_of(signal))
    assert any("40 of 200 retours in 40 weeks" in line for line in told)
    again = [line for line in told if "computed anew" in line]
    assert len(again) == 1 + len(watch.looks)
    assert all(line.endswith(": the same") for line in again)
    watch.plan = {**watch.plan, "limit": 99.0}
    db.session.flush()
    assert any("NOT THE SAME" in line for line in lines_of(signal))
    db.session.delete(watch)
    db.session.flush()
    assert any("the watch is gone" in line for line in lines_of(signal))


def test_a_crowd_of_one_day_is_not_yet_a_rise(theme: Theme, today: date) -> None:
    watch = declare(theme, today)
    for text in islice(sentences(), 12):
        say(theme, f"Aujourd’hui {text}", watch.starts)
    release_looks.look(watch.starts + WEEK)
    assert watch.looks[-1][2] > plan_of(watch).limit
    assert watch.state == WatchState.RUNNING


def test_one_text_sent_week_after_week_is_not_three_authors(theme: Theme, today: date) -> None:
    watch = declare(theme, today)
    same = "Rendez-nous la courbe de la semaine, signez la pétition des usagers"
    for number in range(6):
        say(theme, f"{same} {'!' * number}", watch.starts + number * WEEK)
    release_looks.look(watch.starts + 6 * WEEK)
    assert watch.looks[-1][2] > plan_of(watch).limit
    assert watch.state == WatchState.RUNNING


def test_the_planned_length_is_a_clear_end(theme: Theme, today: date) -> None:
    watch = declare(theme, today, weeks=4)
    for number in range(4):
        hear(theme, watch.starts + number * WEEK, 1)
    release_looks.look(watch.starts + 6 * WEEK)
    assert watch.state == WatchState.ENDED
    assert len(watch.looks) == 4
    assert finding_of(watch).startswith("Rien au-delà du hasard : 4 retours en 4 semaines sur 4")
    assert db.session.scalars(select(Signal)).all() == []


def test_far_more_retours_than_planned_end_the_watch_too(theme: Theme, today: date) -> None:
    watch = declare(theme, today, weeks=4)
    hear(theme, watch.starts, 1, others=60)
    release_looks.look(watch.starts + WEEK)
    assert watch.state == WatchState.ENDED
    assert watch.looks == []
    assert "la quantité prévue est atteinte" in finding_of(watch)


def test_a_theme_that_was_merged_away_ends_its_watch_in_words(theme: Theme, today: date) -> None:
    watch = declare(theme, today)
    theme.ended = watch.starts + timedelta(days=1)
    db.session.flush()
    release_looks.look(watch.starts)
    assert watch.state == WatchState.RUNNING
    release_looks.look(watch.starts + WEEK)
    assert watch.state == WatchState.ENDED
    assert "Le thème n’existe plus" in watch.reason


def test_stopping_needs_a_reason_and_changes_nothing_that_is_over(
    theme: Theme, today: date
) -> None:
    watch = declare(theme, today)
    with pytest.raises(release_watches.ReasonNeeded):
        release_watches.stop(watch, " ", today)
    release_watches.stop(watch, "Version retirée.", today)
    assert (watch.state, watch.ended) == (WatchState.STOPPED, today)
    assert finding_of(watch) == "Arrêtée avant la fin : Version retirée."
    release_watches.stop(watch, "Autre chose.", today)
    assert watch.reason == "Version retirée."
    assert release_looks.look(today + 4 * WEEK) == 0


def test_the_job_says_what_it_found(theme: Theme, today: date) -> None:
    declare(theme, today)
    db.session.commit()
    will_write()
    did = tasks.TASKS["watch_releases"]("x", NOON)
    assert did == "looked at the watched releases, 0 rises found"
