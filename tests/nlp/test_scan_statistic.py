"""The space–time scan: its ratio by hand, the cluster it finds, how often chance does as much."""

import numpy as np
import pytest

from nlp.scan_statistic import Search, gumbel_tail, log_likelihood_ratios, scan

# Three weeks, two places, and the zones {0}, {1}, {0, 1}: the example that the tests of the R
# package scanstatistics work through (test_scan_pb_perm.R).
CASES = [[1, 0], [2, 1], [0, 20]]
BASE = [[2, 1], [4, 5], [6, 6]]
ZONES = ([0], [1], [0, 1])


def rng():
    return np.random.default_rng(12)


def test_the_worked_example_comes_out():
    # The only window with more than expected there, the last week of place 1, is not 20 of 6 but
    # all three weeks: 21 of 12 gives less than 20 of 6.
    found = scan(CASES, Search(ZONES, replicates=99), rng(), BASE)
    assert (found.zone, found.weeks, found.observed, found.expected) == (1, 1, 20, 6)
    assert found.llr == pytest.approx(20 * np.log(20 / 6) + 4 * np.log(4 / 18))


def test_the_permutation_form_needs_no_population():
    found = scan(CASES, Search(ZONES, replicates=99), rng())
    assert (found.zone, found.weeks) == (1, 1)
    assert found.expected == pytest.approx(20 * 21 / 24)


def test_ratios_are_zero_where_there_is_not_more_than_expected():
    ratios = log_likelihood_ratios(
        np.array([2.0, 3.0, 24.0, 24.0]), np.array([2.0, 6.0, 12.0, 24.0]), 24
    )
    assert ratios == pytest.approx([0, 0, 24 * np.log(2), 0])


def test_a_cluster_is_found_and_rare_by_chance():
    cases = rng().poisson(3.0, (30, 6))
    cases[-4:, 2:4] += rng().poisson(15.0, (4, 2))
    zones = [[place] for place in range(6)] + [[place, place + 1] for place in range(5)]
    found = scan(cases, Search(zones), rng())
    assert list(zones[found.zone]) == [2, 3]
    assert found.weeks in (3, 4, 5)
    assert found.p == 0.001
    assert found.gumbel_p < 1e-4
    assert found.recurrence == pytest.approx(1 / found.gumbel_p)


def test_chance_alone_gives_p_of_any_size():
    search = Search([[place] for place in range(4)], longest=6, replicates=99)
    source = rng()
    p = [scan(source.poisson(4.0, (20, 4)), search, source).p for _ in range(120)]
    assert 0.3 < np.mean(p) < 0.7
    assert np.mean(np.array(p) <= 0.1) < 0.2


def test_replicates_of_the_poisson_form_follow_the_expected_counts():
    search = Search([[0], [1]], longest=3, replicates=199, weeks_between=2.0)
    found = scan([[2, 4], [2, 4], [2, 4]], search, rng(), [[1, 2], [1, 2], [1, 2]])
    assert found.p == 1.0
    assert found.llr == 0.0
    assert found.recurrence == pytest.approx(2.0 / found.gumbel_p)


def test_small_p_is_the_tail_of_a_gumbel():
    values = rng().gumbel(3.0, 0.7, 200_000)
    assert gumbel_tail(3.0 + 0.7 * 9, values) == pytest.approx(-np.expm1(-np.exp(-9)), rel=0.05)
    assert gumbel_tail(1.0, np.ones(5)) == 1.0
    assert gumbel_tail(1.5, np.ones(5)) == 0.0


def test_one_place_alone_can_never_stand_out_by_permutation():
    found = scan([[1], [4], [9]], Search([[0]], replicates=9), rng())
    assert found.llr == 0
    assert found.p == 1


def test_a_certain_cluster_recurs_never():
    found = scan([[50, 50]] * 9 + [[50, 9_000]], Search([[0], [1]], replicates=20), rng())
    assert found.gumbel_p == 0.0
    assert found.recurrence == np.inf


@pytest.mark.parametrize(
    ("cases", "options", "expected", "word"),
    [
        ([1, 2], {}, None, "shape"),
        ([[1, -2]], {}, None, "whole numbers"),
        ([[0, 0]], {}, None, "no case"),
        ([[1, 2]], {"zones": []}, None, "zones must"),
        ([[1, 2]], {"zones": [[2]]}, None, "holds place 2, and there are 2"),
        ([[1, 2]], {"longest": 0}, None, "longest"),
        ([[1, 2]], {"replicates": 1}, None, "replicates"),
        ([[1, 2]], {"weeks_between": 0}, None, "weeks_between"),
        ([[1, 2]], {}, [[1]], "shape of cases"),
        ([[1, 2]], {}, [[0, 0]], "not all 0"),
    ],
)
def test_impossible_searches_are_refused(cases, options, expected, word):
    search = Search(**{"zones": [[0]], **options})
    with pytest.raises(ValueError, match=word):
        scan(cases, search, rng(), expected)
