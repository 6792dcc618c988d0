"""Bars start at zero; ticks of the position bar keep words readable whatever their values."""

import pytest

from app.axes import WIDTH
from app.bars import BAR_ROOM, Bar, Position, bar_chart, position_bar

ENDS = ("Pas bien", "Très bien")


def test_a_bar_is_as_long_as_its_share_of_the_scale() -> None:
    chart = bar_chart([Bar("Oui", 50, "50 %"), Bar("Non", 25, "25 %")], top=100)
    assert [bar.width for bar in chart.bars] == [BAR_ROOM / 2, BAR_ROOM / 4]
    assert chart.bars[1].y > chart.bars[0].y


def test_without_a_scale_the_longest_interval_fills_the_room() -> None:
    chart = bar_chart([Bar("Oui", 5, "5", (4, 10)), Bar("Non", 1, "1")])
    assert chart.bars[0].high == BAR_ROOM
    assert chart.bars[0].text_x > BAR_ROOM
    assert chart.bars[1].low is None


def test_bars_of_nothing_have_no_length() -> None:
    assert [bar.width for bar in bar_chart([Bar("Oui", 0, "0")]).bars] == [0]
    assert bar_chart([]).bars == ()


def test_the_author_stands_above_the_bar_and_the_others_below() -> None:
    chart = position_bar(
        [Position("Vous", 5, "Moyen", True), Position("France", 5, "5")], 0, 10, ENDS
    )
    mine, other = chart.positions
    assert mine.mine
    assert mine.y < chart.bar_y < other.y
    assert mine.x == other.x == WIDTH / 2


def test_four_equal_values_have_four_lines_of_words() -> None:
    same = [Position(name, 7, "7") for name in ("a", "b", "c", "d")]
    assert len({p.y for p in position_bar(same, 0, 10, ENDS).positions}) == 4


def test_words_do_not_leave_the_canvas_at_either_end() -> None:
    chart = position_bar(
        [Position("Ce service", 0, "0"), Position("En France", 10, "10")], 0, 10, ENDS
    )
    anchors = {p.label: p.anchor for p in chart.positions}
    assert anchors == {"Ce service": "start", "En France": "end"}


def test_no_leader_runs_through_words_when_an_order_without_crossing_exists() -> None:
    near = [Position("Région", 7.1, "7,1"), Position("Service", 6.8, "6,8"), Position("x", 2, "2")]
    lines = sorted(position_bar(near, 0, 10, ENDS).positions, key=lambda p: p.y)
    for i, upper in enumerate(lines):
        for lower in lines[i + 1 :]:
            inside = lower.x > upper.x if upper.anchor == "start" else lower.x < upper.x
            assert not inside or abs(lower.x - upper.x) > 60


def test_values_beyond_the_ends_stand_at_the_ends() -> None:
    chart = position_bar([Position("a", -3, "-3"), Position("b", 30, "30")], 0, 10, ENDS)
    assert {p.x for p in chart.positions} == {chart.left, chart.right}


def test_a_scale_turned_around_and_a_fifth_tick_are_refused() -> None:
    with pytest.raises(ValueError, match="high must be above low, got 10 and 0"):
        position_bar([], 10, 0, ENDS)
    with pytest.raises(ValueError, match="at most 4 ticks"):
        position_bar([Position(str(i), i, "") for i in range(5)], 0, 10, ENDS)
