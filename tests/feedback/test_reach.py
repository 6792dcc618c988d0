"""Reached and silence: whole quarters, the mean of who said the facet, and enough expected."""

from datetime import date

import pytest

from feedback.reach import Quarter, last_quarters, silent_groups

QUARTERS = last_quarters(date(2026, 11, 23))
PEOPLE = {"young": 1000, "old": 1000, "tiny": 5}


def heard(young: int, old: int, tiny: int = 0) -> list[tuple[Quarter, dict[str, int]]]:
    return [(quarter, {"young": young, "old": old, "tiny": tiny}) for quarter in QUARTERS]


@pytest.mark.parametrize(
    ("day", "starts", "end"),
    [
        (date(2026, 11, 23), [date(2026, 4, 1), date(2026, 7, 1)], date(2026, 10, 1)),
        (date(2026, 10, 1), [date(2026, 4, 1), date(2026, 7, 1)], date(2026, 10, 1)),
        (date(2026, 1, 31), [date(2025, 7, 1), date(2025, 10, 1)], date(2026, 1, 1)),
        (date(2026, 4, 1), [date(2025, 10, 1), date(2026, 1, 1)], date(2026, 4, 1)),
    ],
)
def test_quarters_are_whole_and_come_before_the_day(
    day: date, starts: list[date], end: date
) -> None:
    found = last_quarters(day)
    assert [each.start for each in found] == starts
    assert found[-1].end == end
    assert found[0].end == found[1].start


def test_a_group_far_below_the_mean_twice_is_silent() -> None:
    [silence] = silent_groups(PEOPLE, heard(38, 2), 11)
    assert silence.value == "old"
    assert silence.reached == pytest.approx(2 / 1000)
    assert silence.mean == pytest.approx(40 / 2005)
    assert [each.retours for each in silence.heard] == [2, 2]
    assert silence.heard[0].expected == pytest.approx(40 * 1000 / 2005)


def test_at_a_quarter_of_the_mean_a_group_is_not_silent() -> None:
    even = {"young": 1000, "old": 1000}
    assert silent_groups(even, [(q, {"young": 35, "old": 5}) for q in QUARTERS], 11) == []
    assert silent_groups(even, [(q, {"young": 36, "old": 4}) for q in QUARTERS], 11)


def test_one_quarter_is_not_enough() -> None:
    first, second = heard(38, 2)[0], heard(20, 20)[1]
    assert silent_groups(PEOPLE, [first, second], 11) == []


def test_too_little_was_expected_to_call_it_silence() -> None:
    assert silent_groups(PEOPLE, heard(7, 0), 11) == []  # 3.5 expected of each
    assert silent_groups(PEOPLE, heard(9, 0), 11)


def test_a_group_under_the_floor_of_people_is_left_out() -> None:
    many = {"all": 1000, "tiny": 10}
    said = [(q, {"all": 1000, "tiny": 0}) for q in QUARTERS]
    assert silent_groups(many, said, 11) == []
    assert [each.value for each in silent_groups(many, said, 10)] == ["tiny"]


def test_without_any_retour_nobody_is_silent() -> None:
    assert silent_groups(PEOPLE, heard(0, 0), 11) == []
    assert silent_groups({}, [], 11) == []
