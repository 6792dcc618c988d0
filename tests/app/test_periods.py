"""Periods: the newest complete one, its words, and one of each over three years of hours."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.days import PARIS, paris_day
from app.periods import Period, last_complete, send_at


@pytest.mark.parametrize(
    ("frequency", "day", "start", "end"),
    [
        ("daily", date(2026, 11, 23), date(2026, 11, 22), date(2026, 11, 23)),
        ("weekly", date(2026, 11, 23), date(2026, 11, 16), date(2026, 11, 23)),
        ("weekly", date(2026, 11, 22), date(2026, 11, 9), date(2026, 11, 16)),
        ("monthly", date(2027, 1, 1), date(2026, 12, 1), date(2027, 1, 1)),
        ("monthly", date(2028, 3, 31), date(2028, 2, 1), date(2028, 3, 1)),
    ],
)
def test_the_newest_complete_period_ended_before_the_day_began(
    frequency: str, day: date, start: date, end: date
) -> None:
    assert last_complete(frequency, day) == Period(start, end)


def test_an_unknown_frequency_is_refused() -> None:
    with pytest.raises(ValueError, match="never"):
        last_complete("never", date(2026, 11, 23))


def test_the_stretch_before_has_the_same_length() -> None:
    week = Period(date(2026, 11, 16), date(2026, 11, 23))
    assert week.before == Period(date(2026, 11, 9), date(2026, 11, 16))


@pytest.mark.parametrize(
    ("start", "end", "words", "short"),
    [
        (date(2026, 11, 16), date(2026, 11, 23), "16 – 22 novembre 2026", "16 – 22 nov."),
        (
            date(2026, 11, 30),
            date(2026, 12, 7),
            "30 novembre – 6 décembre 2026",
            "30 nov. – 6 déc.",
        ),
        (
            date(2026, 12, 28),
            date(2027, 1, 4),
            "28 décembre 2026 – 3 janvier 2027",
            "28 déc. – 3 janv.",
        ),
        (date(2026, 11, 22), date(2026, 11, 23), "22 novembre 2026", "22 nov."),
    ],
)
def test_a_period_is_written_without_what_both_days_share(
    start: date, end: date, words: str, short: str
) -> None:
    assert Period(start, end).words() == words
    assert Period(start, end).short_words() == short


def test_an_edition_leaves_after_its_end_at_once_or_in_the_morning() -> None:
    week = Period(date(2026, 11, 16), date(2026, 11, 23))
    midnight = datetime(2026, 11, 22, 23, 5, tzinfo=UTC)  # 00:05 on Monday in Paris
    assert send_at(week, midnight) == datetime(2026, 11, 23, 7, 0, tzinfo=PARIS)
    later_night = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
    assert send_at(week, later_night) == datetime(2026, 11, 25, 7, 0, tzinfo=PARIS)
    later = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
    assert send_at(week, later) == later


def test_three_years_of_hours_meet_each_period_once_and_leave_no_gap() -> None:
    moment, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
    met: dict[str, list[Period]] = {"daily": [], "weekly": [], "monthly": []}
    while moment < end:
        for frequency, periods in met.items():
            period = last_complete(frequency, paris_day(moment))
            if not periods or periods[-1] != period:
                periods.append(period)
        moment += timedelta(hours=1)
    for periods in met.values():
        assert len(set(periods)) == len(periods)
        assert all(a.end == b.start for a, b in zip(periods, periods[1:], strict=False))
    assert [len(periods) for periods in met.values()] == [1097, 158, 37]
