"""Weekly counts of themes: who counts once, what is exposure, and which parts are watched."""

from datetime import date, timedelta

import numpy as np

from nlp.watch_rows import Report
from nlp.weekly_themes import Watched, watch_weeks
from tests.nlp import dated_reports


def reports(
    days: list[int], authors: list[str | None] | None = None, channel: str = ""
) -> list[Report]:
    facets = {"channel": channel} if channel else {}
    whose = authors or [None] * len(days)
    first = date(2024, 1, 3)  # a Wednesday
    return [
        Report(n, first + timedelta(days=day), f"t{n}", who, 0, facets)
        for n, (day, who) in enumerate(zip(days, whose, strict=True))
    ]


def weeks(rows: list[Report], copies: list[int] | None = None) -> Watched:
    labels = np.array(copies if copies else range(len(rows)))
    return watch_weeks(rows, [frozenset((0,))] * len(rows), labels)


def test_weeks_begin_on_monday_and_a_week_without_reports_has_no_total():
    watched = weeks(reports([0, 4, 5, 20]))
    assert watched.first_week == date(2024, 1, 1)
    assert watched.observed.tolist() == [[2, 1, 0, 1]]  # Sunday is the first week's last day
    assert watched.total.tolist() == [[2, 1, 0, 1]]
    assert watched.last_day(3) == date(2024, 1, 28)


def test_an_author_and_near_copies_count_once_a_week():
    watched = weeks(reports([0, 1, 2, 3, 7], ["k", "k", "l", "m", "k"]), [0, 1, 2, 2, 4])
    assert watched.observed.tolist() == [[2, 1]]  # l and m copy each other; k speaks again later
    assert watched.total.tolist() == [[4, 1]]


def test_of_a_campaign_one_report_counts_anywhere():
    watched = weeks(reports([0, 1, 2, 3, 4, 20, 21, 22]), [0, 0, 0, 0, 0, 0, 6, 7])
    assert watched.observed.sum() == 3
    assert watched.total.sum() == 3


def test_a_part_is_watched_from_thirty_reports_and_a_theme_from_three():
    few = reports([0, 1, 2] * 9 + [3, 4], channel="web")
    whole = reports([7] * 40)
    assert {stream.part for stream in weeks(few + whole).streams} == {None}
    enough = reports([0, 1, 2] * 10, channel="web")
    assert {stream.part for stream in weeks(enough + whole).streams} == {None, ("channel", "web")}
    assert weeks(reports([0, 1])).streams == []


def test_a_part_that_is_everything_is_the_whole():
    assert {each.part for each in weeks(reports([0, 1, 2] * 20, channel="web")).streams} == {None}


def test_the_prior_is_what_came_before_the_gap_and_at_least_an_average_theme():
    rows = dated_reports.draw(np.random.default_rng(0))
    themes = dated_reports.themes_of(rows)
    watched = watch_weeks(rows, themes, np.arange(len(rows)))
    whole = [n for n, stream in enumerate(watched.streams) if stream.part is None]
    average = watched.observed[whole].sum() / watched.total[whole].sum()
    assert watched.prior.min() == average
    before = watched.observed[whole[0], :60].sum() / watched.total[whole[0], :60].sum()
    assert watched.prior[whole[0], 63] == max(before, average)
