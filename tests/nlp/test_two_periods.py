"""Two counts of two periods: chance is told from change."""

import pytest
from scipy import stats

from nlp.two_periods import change


def test_two_after_one_is_chance() -> None:
    assert change(2, 1, 50, 50).rise == pytest.approx(0.5)


def test_twelve_after_two_is_hardly_chance_and_the_other_way_round_the_same() -> None:
    up, down = change(12, 2, 50, 50), change(2, 12, 50, 50)
    assert up.rise == pytest.approx(stats.binomtest(12, 14, alternative="greater").pvalue)
    assert up.rise < 0.01
    assert down.fall == pytest.approx(up.rise)


def test_a_part_that_doubles_with_the_whole_has_not_changed() -> None:
    assert change(40, 20, 200, 100).rise > 0.4
    assert change(40, 20, 100, 100).rise < 0.01


def test_a_part_that_stays_while_the_whole_doubles_falls_behind() -> None:
    assert change(30, 30, 200, 100).fall < 0.05


@pytest.mark.parametrize("counts", [(0, 0, 0, 0), (3, 0, 9, 0), (0, 3, 0, 9)])
def test_a_period_that_counted_nothing_leaves_nothing_to_compare(counts: tuple[int, ...]) -> None:
    found = change(*counts)
    assert (found.rise, found.fall) == (1.0, 1.0)


def test_a_part_larger_than_its_whole_is_refused_with_both() -> None:
    with pytest.raises(ValueError, match="0…3, got 4"):
        change(4, 0, 3, 9)


def test_chance_alone_is_called_a_rise_no_more_often_than_said() -> None:
    """The exact size of the test at 1 %: over all splits of 20, weighted by their probability."""
    size = sum(
        float(stats.binom.pmf(k, 20, 0.5))
        for k in range(21)
        if change(k, 20 - k, 90, 90).rise < 0.01
    )
    assert 0.001 < size <= 0.01
