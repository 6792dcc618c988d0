"""New, growing, fading, steady: the rule that the page states."""

from datetime import date, timedelta

import pytest

from feedback.theme_counts import Counts, counts_of
from feedback.theme_movement import Movement, growth, movement

DAY = date(2026, 11, 23)
OLD = DAY - timedelta(days=300)


def counts(recent: int, before: int, earlier: int = 0) -> Counts:
    days = [DAY] * recent + [DAY - timedelta(days=28)] * before
    return counts_of(days + [DAY - timedelta(days=70)] * earlier, DAY)


WHOLE = counts(100, 100)


@pytest.mark.parametrize(
    ("recent", "before", "said"),
    [
        (2, 1, Movement.STEADY),
        (0, 0, Movement.STEADY),
        (5, 0, Movement.STEADY),
        (7, 0, Movement.GROWING),
        (12, 2, Movement.GROWING),
        (2, 12, Movement.FADING),
        (30, 28, Movement.STEADY),
    ],
)
def test_a_theme_moves_when_chance_alone_hardly_would(
    recent: int, before: int, said: Movement
) -> None:
    assert movement(OLD, counts(recent, before), WHOLE, DAY) is said


def test_a_theme_that_doubles_when_the_service_does_is_steady() -> None:
    assert movement(OLD, counts(40, 20), counts(200, 100), DAY) is Movement.STEADY
    assert movement(OLD, counts(40, 20), counts(100, 100), DAY) is Movement.GROWING


def test_a_theme_born_within_four_weeks_from_fresh_messages_is_new() -> None:
    assert movement(DAY - timedelta(days=27), counts(3, 3), WHOLE, DAY) is Movement.NEW
    assert movement(DAY - timedelta(days=28), counts(3, 3), WHOLE, DAY) is Movement.STEADY


def test_a_theme_found_today_in_old_messages_is_not_new() -> None:
    assert movement(DAY, counts(3, 3, earlier=40), WHOLE, DAY) is Movement.STEADY


def test_an_empty_theme_is_not_new() -> None:
    assert movement(DAY, counts(0, 0), WHOLE, DAY) is Movement.STEADY


def test_the_surer_the_rise_the_higher_it_is_sorted() -> None:
    values = [growth(counts(*pair), WHOLE) for pair in ((20, 1), (3, 1), (2, 2), (1, 9))]
    assert values == sorted(values, reverse=True)


def test_the_last_four_weeks_are_the_last_28_days() -> None:
    found = counts_of([DAY, DAY - timedelta(days=27), DAY - timedelta(days=28)], DAY)
    assert (found.recent, found.before) == (2, 1)


def test_what_lies_ahead_or_before_the_weeks_counts_in_the_whole_alone() -> None:
    found = counts_of([DAY + timedelta(days=1), DAY - timedelta(weeks=26)], DAY)
    assert found.retours == 2
    assert sum(found.weeks) == 0
