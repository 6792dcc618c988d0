"""Places on the two charts of scores: the trend and the funnel."""

import pytest

from app.funnels import FunnelDot, funnel_chart
from app.trends import Reading, trend


def test_a_trend_goes_from_nought_to_ten_and_joins_neighbours_only() -> None:
    found = trend([Reading("a", 10, 9, 10), Reading("b", 0, 0, 1), Reading("c"), Reading("d", 5)])
    assert [dot.y for dot in found.dots] == [found.top, found.base, (found.top + found.base) / 2]
    assert len(found.lines) == 1
    assert found.dots[0].high <= found.dots[0].low
    assert [tick.label for tick in found.x_ticks] == ["a", "d"]


def test_marks_that_would_touch_keep_their_line_without_words() -> None:
    readings = [Reading(str(i), 5, 4, 6) for i in range(24)]
    found = trend(readings, [(0, "6.1"), (1, "6.2"), (12, "7.0"), (99, "9")])
    assert [mark.label for mark in found.marks] == ["6.1", "", "7.0"]
    assert [tick.label for tick in found.x_ticks] == ["0", "11", "23"]


def test_one_period_or_none_shown_still_draws_and_no_period_is_refused() -> None:
    assert trend([Reading("a", 5, 4, 6)]).x_ticks[0].anchor == "end"
    assert trend([Reading("a"), Reading("b")]).last == ""
    with pytest.raises(ValueError, match="empty"):
        trend([])


def bounds(n: float) -> tuple[float, float]:
    return max(0, 0.5 - 4 / n), min(1, 0.5 + 4 / n)


def test_a_funnel_places_shares_against_answers() -> None:
    dots = [FunnelDot(100, 1.0), FunnelDot(50, 0.0)]
    found = funnel_chart(dots, FunnelDot(100, 0.5), 0.5, (bounds, bounds), ("95", "99,8"))
    assert found.own == (found.right, found.centre_y)
    assert found.own_anchor == "end"
    assert found.dots[0] == (found.right, found.top)
    assert found.dots[1] == ((found.left + found.right) / 2, found.base)
    assert found.inner.label_y - found.outer.label_y == 14
    assert [tick.label for tick in found.x_ticks] == ["0", "50", "100"]


def test_a_funnel_without_its_own_unit_or_without_any() -> None:
    found = funnel_chart([FunnelDot(40, 0.2)], None, 0.5, (bounds, bounds), ("", ""))
    assert found.own is None
    with pytest.raises(ValueError, match="no unit"):
        funnel_chart([], None, 0.5, (bounds, bounds), ("", ""))
