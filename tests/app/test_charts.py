"""The line chart puts numbers where a reader expects them."""

import pytest

from app.axes import nice_step, number
from app.charts import BOTTOM, HEIGHT, LABEL_GAP, Mark, Point, line_chart

WEEKS = [Point("26 oct.", 0), Point("2 nov.", 5), Point("9 nov.", 10)]
BASE = HEIGHT - BOTTOM


def heights(polyline: str) -> list[float]:
    return [float(place.split(",")[1]) for place in polyline.split()]


def test_zero_stands_on_the_baseline_and_half_stands_half_way() -> None:
    chart = line_chart(WEEKS)
    low, middle, high = heights(chart.observed)
    assert low == BASE
    assert middle == pytest.approx((low + high) / 2, abs=0.1)


def test_the_axis_counts_in_round_numbers_from_zero_to_above_the_highest() -> None:
    chart = line_chart([Point("a", 12)])
    assert [tick.label for tick in chart.y_ticks] == ["0", "5", "10", "15"]


@pytest.mark.parametrize(
    ("highest", "step"), [(0, 1), (4, 1), (5, 2), (8, 2), (9, 5), (21, 10), (400, 100), (401, 200)]
)
def test_a_step_is_the_smallest_round_number_of_four_steps(highest: float, step: float) -> None:
    assert nice_step(highest) == step


def test_the_band_goes_along_its_low_edge_and_back_along_its_high_one() -> None:
    chart = line_chart(WEEKS, band=[(0, 10), (0, 5), (0, 10)])
    places = heights(chart.band)
    assert places[:3] == [BASE] * 3
    assert places[3] == places[5] < places[4] < BASE


def test_a_high_band_raises_the_axis_above_the_observed() -> None:
    assert line_chart(WEEKS, band=[(0, 40)] * 3).y_ticks[-1].label == "40"


def test_a_release_stands_over_its_period_and_one_outside_is_left_out() -> None:
    chart = line_chart(WEEKS, marks=[Mark(1, "6.2"), Mark(7, "9.9")])
    assert [mark.label for mark in chart.marks] == ["6.2"]
    assert f"{chart.marks[0].place:g}," in chart.observed


def test_labels_of_equal_ends_do_not_touch_and_keep_their_order() -> None:
    level = line_chart(WEEKS, expected=[0, 5, 10])
    assert level.expected_label_y - level.observed_label_y >= LABEL_GAP
    below = line_chart(WEEKS, expected=[0, 5, 10.4])
    assert below.observed_label_y - below.expected_label_y >= LABEL_GAP


def test_the_table_holds_the_same_numbers_as_the_picture() -> None:
    chart = line_chart(WEEKS, expected=[2.5, 3, 3], band=[(0, 6)] * 3)
    first = chart.rows[0]
    assert (first.label, first.observed_text, first.expected_text) == ("26 oct.", "0", "2,5")
    assert (first.low_text, first.high_text) == ("0", "6")
    assert len(chart.rows) == len(WEEKS)


def test_one_period_and_nothing_counted_still_draw() -> None:
    chart = line_chart([Point("9 nov.", 0)])
    assert heights(chart.observed) == [BASE]
    assert chart.expected == chart.band == ""


def test_no_period_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        line_chart([])


def test_series_of_unequal_length_are_refused_with_both_lengths() -> None:
    with pytest.raises(ValueError, match="expected must have 3 entries, got 1"):
        line_chart(WEEKS, expected=[1])
    with pytest.raises(ValueError, match="band must have 3 entries, got 2"):
        line_chart(WEEKS, band=[(0, 1)] * 2)


def test_numbers_are_written_with_a_decimal_comma() -> None:
    assert [number(3), number(2.5), number(12.0)] == ["3", "2,5", "12"]


def test_the_middle_period_is_named_only_when_there_is_room() -> None:
    few = [Point(str(i), i) for i in range(6)]
    many = [Point(str(i), i) for i in range(7)]
    assert [tick.label for tick in line_chart(few).x_ticks] == ["0", "5"]
    assert [tick.label for tick in line_chart(many).x_ticks] == ["0", "3", "6"]
