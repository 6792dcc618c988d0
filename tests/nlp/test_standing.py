"""The quantile, the funnel and indirect standardisation, by hand and at their edges."""

from math import sqrt

import numpy as np
import pytest
from scipy import stats

from nlp.comparison import Prior, fit_prior
from nlp.standing import funnel, quantile, standardised

NAN = float("nan")


def test_the_limits_of_a_funnel_without_over_dispersion_are_those_of_chance():
    found = funnel([50, 50, 100], [100, 100, 200])
    assert (found.centre, found.phi, found.tau2) == (0.5, 0.0, 0.0)
    low, high = found.limits(100)
    assert low == pytest.approx(0.5 - 1.959964 * 0.05, abs=1e-6)
    assert high == pytest.approx(0.5 + 1.959964 * 0.05, abs=1e-6)
    assert found.limits(100, 0.998)[1] == pytest.approx(0.5 + 3.090232 * 0.05, abs=1e-6)
    assert found.limits(1) == (0.0, 1.0)
    assert found.apart == (False, False, False)


def test_over_dispersion_is_worked_out_as_by_hand():
    # z = ±4 twice each: winsorising changes nothing, φ = 16, w = 100 / 0.25 = 400.
    found = funnel([70, 70, 30, 30], [100] * 4)
    assert found.phi == pytest.approx(16)
    tau2 = (4 * 16 - 3) / (1600 - 4 * 400**2 / 1600)
    assert found.tau2 == pytest.approx(tau2)
    assert found.z[0] == pytest.approx(0.2 / sqrt(0.0025 + tau2))
    assert not any(found.apart)  # ordinary differences between services are not a finding


def test_one_extreme_unit_is_winsorised_and_stands_apart():
    found = funnel([50] * 20 + [90], [100] * 21)
    assert found.phi < 0.2  # unwinsorised it would be above 2
    assert found.tau2 == 0
    assert found.apart == (*[False] * 20, True)


def test_chance_alone_puts_about_two_units_in_a_thousand_apart():
    rng = np.random.default_rng(7)
    n = rng.integers(30, 500, 4000)
    found = funnel(rng.binomial(n, 0.4), n)
    assert found.phi < 1
    assert 0 < sum(found.apart) < 20


@pytest.mark.parametrize(
    ("k", "n"),
    [
        ([5], [10]),  # one unit
        ([0, 0], [10, 20]),  # all the same
        ([10, 20], [10, 20]),
        ([NAN, 1], [10, 10]),
        ([1, 1], [NAN, 10]),
        ([0, 1], [0, 10]),  # nobody answered
        ([11, 1], [10, 10]),
        ([1, 2], [10]),
        ([], []),
    ],
)
def test_a_funnel_of_impossible_counts_is_refused(k, n):
    with pytest.raises(ValueError, match=r"."):
        funnel(k, n)


@pytest.mark.parametrize(("n", "level"), [(0, 0.95), (NAN, 0.95), (10, 0), (10, 1), (10, NAN)])
def test_limits_need_answers_and_a_level(n, level):
    with pytest.raises(ValueError, match="must"):
        funnel([5, 6], [10, 10]).limits(n, level)


def test_a_large_unit_stands_exactly_between_its_neighbours():
    others = np.array([20_000, 40_000, 60_000, 80_000]), np.full(4, 100_000)
    found = quantile(50_000, 100_000, others, Prior(1, 1))
    assert found.value == pytest.approx(0.5, abs=1e-6)
    assert (round(found.low, 6), round(found.high, 6)) == (0.5, 0.5)
    assert quantile(90_000, 100_000, others, Prior(1, 1)).value == pytest.approx(1)
    assert quantile(0, 100_000, others, Prior(1, 1)).value == pytest.approx(0)


def test_weights_are_how_many_units_each_stands_for():
    others = [20_000, 80_000], [100_000, 100_000]
    found = quantile(50_000, 100_000, others, Prior(1, 1), [3, 1])
    assert found.value == pytest.approx(0.75)


def test_units_that_differ_by_chance_only_cannot_be_told_apart():
    prior = fit_prior([50, 51, 49], [100, 100, 100])
    found = quantile(50, 100, ([51, 49], [100, 100]), prior)
    assert found.value == pytest.approx(0.5, abs=0.05)
    assert (found.low, found.high) < (0.05, 1)
    assert found.high > 0.95


def test_a_small_unit_does_not_land_at_an_extreme():
    rng = np.random.default_rng(5)
    n = np.full(40, 400)
    k = rng.binomial(n, rng.beta(6, 4, 40))
    prior = fit_prior(k, n)
    small, large = (quantile(size, size, (k, n), prior) for size in (3, 300))
    assert small.value < 0.85 < large.value
    assert small.high - small.low > large.high - large.low


def test_the_quantile_is_the_mean_over_the_posterior_found_by_drawing():
    rng = np.random.default_rng(11)
    others = np.array([30, 44, 52, 61]), np.array([60, 80, 90, 100])
    prior = Prior(6, 4)
    found = quantile(33, 55, others, prior)
    own = stats.beta(33 + 6, 22 + 4).rvs(40_000, random_state=rng)
    draws = [
        stats.beta(k + 6, n - k + 4).rvs(40_000, random_state=rng) < own
        for k, n in zip(*others, strict=True)
    ]
    assert found.value == pytest.approx(np.mean(draws), abs=0.01)
    assert found.low < found.value < found.high


@pytest.mark.parametrize(
    ("k", "n", "others", "weights"),
    [
        (0, 0, ([1], [2]), ()),
        (NAN, 10, ([1], [2]), ()),
        (1, 10, ([], []), ()),
        (1, 10, ([1], [2]), [0]),
        (1, 10, ([1], [2]), [1, 1]),
    ],
)
def test_a_quantile_of_impossible_counts_is_refused(k, n, others, weights):
    with pytest.raises(ValueError, match=r"."):
        quantile(k, n, others, Prior(1, 1), weights)


def test_standardisation_expects_what_the_people_who_answered_would_say_elsewhere():
    observed = {"web": (30, 60), "paper": (9, 10)}
    # 60 × 0.4 + 10 × 0.9 = 33 expected, 39 observed
    assert standardised(observed, {"web": 0.4, "paper": 0.9}) == pytest.approx(39 / 33)


def test_a_unit_that_does_as_all_do_in_each_stratum_is_at_one():
    rates = {("web", "-18"): 0.25, ("web", ""): 0.5}
    assert standardised({("web", "-18"): (1, 4), ("web", ""): (5, 10)}, rates) == 1


@pytest.mark.parametrize(
    ("observed", "rates"),
    [
        ({}, {}),
        ({"web": (1, 2)}, {}),
        ({"web": (1, 2)}, {"web": NAN}),
        ({"web": (1, 2)}, {"web": 1.2}),
        ({"web": (3, 2)}, {"web": 0.5}),
        ({"web": (0, 0)}, {"web": 0.5}),
        ({"web": (0, 9)}, {"web": 0.0}),
    ],
)
def test_standardisation_refuses_what_cannot_be_expected(observed, rates):
    with pytest.raises(ValueError, match=r"."):
        standardised(observed, rates)
