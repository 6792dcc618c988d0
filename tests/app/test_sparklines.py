"""A sparkline stands on zero and never makes much of little."""

import pytest

from app.sparklines import HEIGHT, LEAST_TOP, STEP, sparkline


def test_the_highest_column_reaches_the_top_and_half_of_it_the_middle() -> None:
    drawn = sparkline([5, 10], recent=1)
    assert drawn.earlier == f"M2 {HEIGHT:g}V{HEIGHT / 2:g}"
    assert drawn.recent == f"M6 {HEIGHT:g}V0"


def test_one_retour_alone_stays_low() -> None:
    assert sparkline([1]).recent == f"M2 {HEIGHT:g}V{HEIGHT * (1 - 1 / LEAST_TOP):g}"


def test_a_period_without_any_has_no_column_and_keeps_its_place() -> None:
    drawn = sparkline([0, 0, 4], recent=1)
    assert drawn.earlier == ""
    assert drawn.recent.startswith("M10 ")
    assert drawn.width == 3 * STEP


def test_fewer_periods_than_the_recent_part_are_all_recent() -> None:
    assert sparkline([3, 3], recent=4).earlier == ""


def test_no_period_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        sparkline([])
