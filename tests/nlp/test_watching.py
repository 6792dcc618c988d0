"""From weekly themes to candidates: a rise is one candidate, named where it is, seen in time."""

from dataclasses import replace

import numpy as np
import pytest

from nlp.candidate_proofs import DISPROPORTIONATE, GROWING, NEW, Candidate, departure
from nlp.quiet_floor import quiet_floor
from nlp.watch_rows import Report
from nlp.watching import watch
from nlp.weekly_themes import watch_weeks
from tests.nlp import dated_reports


def look(reports: list[Report], floor: float = 0.0) -> list[Candidate]:
    themes = dated_reports.themes_of(reports)
    return watch(watch_weeks(reports, themes, np.arange(len(reports))), reports, floor=floor)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_rise_in_one_part_is_one_candidate_with_that_part(seed):
    reports = dated_reports.draw(np.random.default_rng(seed), extra=40)
    [found] = look(reports)
    assert found.theme == 0
    assert found.part == ("version", "b")  # not the channel that goes along, nor the whole
    assert 80 <= found.week < 88
    assert found.kind == DISPROPORTIONATE
    assert found.observed == len(found.rows) > 2 * found.expected
    assert all(reports[row].facets["version"] == "b" for row in found.rows)


def test_a_rise_everywhere_is_told_of_the_whole():
    rng = np.random.default_rng(3)
    reports = dated_reports.draw(rng, extra=60)
    spread = [
        replace(r, facets=r.facets | {"version": str(rng.choice(list("abc")))}) for r in reports
    ]
    [found] = look(spread)
    assert found.part is None
    assert found.kind == GROWING


def test_what_is_seen_in_a_week_does_not_change_when_more_weeks_come():
    reports = dated_reports.draw(np.random.default_rng(1), extra=40)
    [found] = look(reports)
    until = [r for r in reports if (r.day - dated_reports.FIRST).days // 7 <= found.week]
    assert [each.week for each in look(until)] == [found.week]


@pytest.mark.parametrize("seed", [4, 5, 6])
def test_two_quiet_years_raise_nothing(seed):
    assert look(dated_reports.draw(np.random.default_rng(seed))) == []


def test_a_theme_that_nobody_spoke_of_before_is_new():
    reports = dated_reports.draw(np.random.default_rng(1), extra=30)
    week = [(r.day - dated_reports.FIRST).days // 7 for r in reports]
    first = [r for r, w in zip(reports, week, strict=True) if r.theme != 0 or w >= 80]
    [found] = look(first)
    assert found.kind == NEW


def test_one_author_or_one_day_raises_nothing():
    reports = dated_reports.draw(np.random.default_rng(1), extra=40)
    assert look([replace(r, author="k" if r.theme == 0 else None) for r in reports]) == []
    day = dated_reports.FIRST.replace(year=2025, month=8, day=4)
    late = [replace(r, day=day) if r.theme == 0 and r.day > day else r for r in reports]
    assert all(len({late[row].day for row in each.rows}) > 1 for each in look(late))


def test_a_floor_above_every_e_value_leaves_nothing():
    reports = dated_reports.draw(np.random.default_rng(1), extra=40)
    assert look(reports, floor=1e300) == []


def test_the_floor_is_that_of_themes_dealt_out_anew():
    reports = dated_reports.draw(np.random.default_rng(1), extra=40)
    themes, copies = dated_reports.themes_of(reports), np.arange(len(reports))
    same = [
        quiet_floor(reports, themes, copies, (0.1, 520.0), np.random.default_rng(1))
        for _ in range(2)
    ]
    assert same[0] == same[1] < 10_000
    [found] = look(reports, same[0])
    assert found.part == ("version", "b")


def test_nothing_to_watch_gives_nothing_and_a_wrong_level_is_refused():
    reports = dated_reports.draw(np.random.default_rng(1))[:2]
    assert look(reports) == []
    watched = watch_weeks(reports, dated_reports.themes_of(reports), np.arange(2))
    with pytest.raises(ValueError, match="alpha"):
        watch(watched, reports, alpha=0.0)


def test_the_departure_of_a_count_is_its_log_likelihood_ratio():
    assert departure(3, 3) == 0
    assert departure(10, 2) == pytest.approx(10 * np.log(5) - 8)
