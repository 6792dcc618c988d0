"""EARS against the values that R's surveillance gives, and its definition worked out by hand."""

import numpy as np
import pytest

from nlp.ears import ears
from nlp.weekly_counts import make_counts

# Weekly Salmonella Newport in Germany from 2010-11-01 to 2012-12-31 (Robert Koch Institute, in the
# data set salmNewport of R's surveillance).
BEFORE_2011 = [5, 3, 1, 1, 1, 3, 3, 1, 2]
FROM_2011 = """
1 0 3 3 3 1 0 0 0 1 3 0 2 2 3 3 0 3 2 1 2 1 1 0 3 1 2 0 0 2 5 2 0 3 6 1 2 1 2 0 2 0 3 9 41 45 17 3
3 5 11 5 4 5 2 6 3 0 5 3 3 4 1 1 3 0 0 1 1 2 2 0 1 0 2 4 1 6 3 3 0 3 6 1 5 1 2 3 7 2 7 3 2 4 8 1 2
4 3 2 4 3 0 0 1
"""
NEWPORT = make_counts([*BEFORE_2011, *map(int, FROM_2011.split())])
FIRST = len(BEFORE_2011)


def test_c1_gives_the_bounds_that_the_package_tests():
    # surveillance, tests/testthat/test-earsC.R: salmNewport, C1, alpha 0.05, from 2011 on.
    looks = ears(NEWPORT, "C1", alpha=0.05, min_sigma=0)
    printed = [3.278854, 3.278854, 3.436517, 3.855617]
    assert looks.upper[0, FIRST : FIRST + 4] == pytest.approx(printed, abs=1e-6)


@pytest.mark.parametrize(
    ("method", "weeks"),
    [("C1", [30, 43, 44, 75, 77]), ("C2", [30, 43, 44, 45, 46, 75, 77])],
)
def test_two_years_of_alarms_are_those_of_the_package(method, weeks):
    # Alarms of surveillance::earsC at alpha 0.001 as kept by the tests of epysurv.
    looks = ears(NEWPORT, method, min_sigma=0)
    assert np.flatnonzero(looks.alarm[0, FIRST:]).tolist() == weeks


def test_c2_leaves_two_weeks_out():
    counts = make_counts([1, 2, 3, 4, 5, 6, 7, 50, 50, 9])
    looks = ears(counts, "C2", alpha=0.025)
    sigma = np.std([1, 2, 3, 4, 5, 6, 7], ddof=1)
    assert looks.expected[0, 9] == 4
    assert looks.upper[0, 9] == pytest.approx(4 + 1.959964 * sigma)
    assert looks.score[0, 9] == pytest.approx(5 / sigma)


def test_c3_adds_what_three_weeks_exceed_by_more_than_one():
    counts = make_counts([2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3])
    looks = ears(counts, "C3")
    # σ is held at 0.5: C2 is 2, 2 and then (3 − 15/7) / 0.5; 1 + 1 + 0.714 > 1.96 ≥ 1 + 1.
    assert np.isnan(looks.score[0, 10])
    assert looks.score[0, 11] == pytest.approx(1 + 1 + max(0, 2 - 1))
    assert looks.alarm[0].tolist() == [False] * 11 + [True]


def test_c3_alarms_exactly_above_its_limit():
    rng = np.random.default_rng(4)
    counts = make_counts(rng.poisson(2, (60, 120)))
    looks = ears(counts, "C3")
    seen = ~np.isnan(looks.score)
    assert looks.alarm.sum() > 50
    assert (looks.alarm == ((looks.score > 1.959964) & seen)).all()
    assert (looks.upper[seen] == -1).any()


def test_a_flat_baseline_does_not_make_one_report_an_alarm():
    looks = ears(make_counts([0] * 7 + [1]), "C1")
    assert looks.upper[0, 7] == pytest.approx(3.090232 * 0.5)
    assert not looks.alarm.any()
    bare = ears(make_counts([0] * 7 + [1]), "C1", min_sigma=0)
    assert bare.alarm[0, 7]
    assert np.isnan(bare.score[0, 7])


def test_a_missing_week_is_no_zero():
    looks = ears(make_counts([3] * 7 + [np.nan] + [3] * 10), "C1")
    assert np.flatnonzero(~np.isnan(looks.upper[0])).tolist() == [15, 16, 17]
    assert np.isnan(looks.expected[0, 7])


@pytest.mark.parametrize("method", ["C1", "C2", "C3"])
@pytest.mark.parametrize("weeks", [1, 6])
def test_a_short_history_is_not_looked_at(method, weeks):
    assert np.isnan(ears(make_counts([4] * weeks), method).upper).all()


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"method": "C4"}, "method must be one of C1, C2, C3, got C4"),
        ({"method": "C1", "baseline": 2}, "baseline must be at least 3"),
        ({"method": "C1", "min_sigma": -1}, "min_sigma"),
        ({"method": "C1", "alpha": 0}, "alpha"),
    ],
)
def test_impossible_settings_are_refused(options, word):
    with pytest.raises(ValueError, match=word):
        ears(NEWPORT, **options)
