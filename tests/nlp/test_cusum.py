"""Poisson CUSUM: its recursion by hand, its limit, and the run length that it promises."""

import numpy as np
import pytest

from nlp.cusum import cusum
from nlp.weekly_counts import make_counts


def test_the_recursion_is_the_one_written_down():
    looks = cusum(make_counts([2] * 11 + [5, 0, 9]), ratio=2.0)
    share = (8 * 2 + 0.5) / 8  # weeks 0–7 are the reference of week 11
    s = 5 * np.log(2) - share
    assert looks.expected[0, 11] == pytest.approx(share)
    assert looks.score[0, 11] == pytest.approx(np.exp(s))
    share = (9 * 2 + 0.5) / 9
    assert looks.score[0, 12] == pytest.approx(np.exp(max(0, s - share)))


def test_upper_is_the_largest_count_that_does_not_alarm():
    for last in range(40):
        looks = cusum(make_counts([2] * 20 + [6, last]), arl=520)
        assert looks.alarm[0, 21] == (last > looks.upper[0, 21])


def test_an_open_alarm_freezes_the_reference_and_needs_no_more():
    looks = cusum(make_counts([1] * 40 + [12] * 12))
    assert looks.alarm[0, 41:].all()
    assert looks.expected[0, 51] == pytest.approx(looks.expected[0, 41])
    assert looks.upper[0, 51] == -1


def test_a_week_without_news_leaves_the_sum_as_it_is():
    with_gap = cusum(make_counts([2] * 20 + [6, np.nan, 6]))
    without = cusum(make_counts([2] * 20 + [6, 6]))
    assert np.isnan(with_gap.score[0, 21])
    assert with_gap.score[0, 22] == pytest.approx(without.score[0, 21], rel=0.05)


def test_totals_are_the_exposure():
    looks = cusum(make_counts([2] * 12, [100] * 11 + [300]))
    assert looks.expected[0, 11] == pytest.approx(3 * (16.5 / 8))


def test_false_alarms_are_no_oftener_than_promised():
    # A long reference, so that E is nearly right: at least 520 weeks to the first alarm on average,
    # so at most a tenth of the streams alarm in a year.
    counts = np.random.default_rng(6).poisson(4.0, (3_000, 108))
    alarms = cusum(make_counts(counts), arl=520, start=56).alarm
    assert alarms.any(axis=1).mean() < 0.10
    assert cusum(make_counts(counts * 2), arl=520, start=56).alarm.any(axis=1).mean() < 0.5


def test_a_short_or_empty_history_is_not_looked_at():
    assert np.isnan(cusum(make_counts([3] * 11)).score).all()
    assert np.isnan(cusum(make_counts([0] * 30, [0] * 30)).score).all()


@pytest.mark.parametrize(
    ("options", "word"), [({"arl": 1}, "arl"), ({"ratio": 1}, "ratio"), ({"start": -1}, "start")]
)
def test_impossible_settings_are_refused(options, word):
    with pytest.raises(ValueError, match=word):
        cusum(make_counts([1]), **options)
