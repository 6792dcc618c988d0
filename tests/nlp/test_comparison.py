"""Intervals, the score on ten and shrinkage."""

import numpy as np
import pytest

from nlp.comparison import Prior, fit_prior, mean_score, shrink, wilson


def test_wilson_agrees_with_newcombe_1998():
    interval = wilson(81, 263)
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.2553, 0.3662)
    assert wilson(0, 20).low == 0.0
    assert round(wilson(0, 20).high, 4) == 0.1611
    assert wilson(20, 20).high == 1.0


def test_faces_are_worth_0_5_and_10():
    interval = mean_score(bad=10, fair=10, good=20)
    assert interval.value == pytest.approx(6.25)
    assert interval.low < 6.25 < interval.high


def test_the_interval_of_a_score_stays_on_the_scale_and_holds_the_mean():
    assert mean_score(0, 0, 4).high == pytest.approx(10.0)
    assert mean_score(0, 0, 4).low > 5
    assert mean_score(3, 0, 0).low == pytest.approx(0.0)


def test_the_interval_of_a_score_holds_the_truth_about_19_times_in_20():
    rng = np.random.default_rng(2)
    draws = rng.multinomial(30, [0.2, 0.3, 0.5], 800)
    held = [i.low <= 6.5 <= i.high for i in (mean_score(*row) for row in draws.tolist())]
    assert 0.92 <= np.mean(held) <= 0.98


def test_the_prior_of_many_services_is_found_again():
    rng = np.random.default_rng(3)
    totals = rng.integers(20, 400, 3000)
    successes = rng.binomial(totals, rng.beta(6, 4, 3000))
    prior = fit_prior(successes, totals)
    assert prior.mean == pytest.approx(0.6, abs=0.01)
    assert prior.alpha + prior.beta == pytest.approx(10, rel=0.1)


def test_services_that_differ_by_chance_only_are_drawn_to_their_mean():
    prior = fit_prior([50, 51, 49], [100, 100, 100])
    assert shrink(10, 100, prior).value == pytest.approx(0.5, abs=0.01)


def test_shrinkage_is_the_posterior_mean_and_pulls_the_small_more():
    prior = Prior(6, 4)
    small, large = shrink(1, 1, prior), shrink(100, 100, prior)
    assert small.value == pytest.approx(7 / 11)
    assert large.value == pytest.approx(106 / 110)
    assert small.low < small.value < small.high
    assert shrink(0, 0, prior).value == pytest.approx(0.6)
    assert large.above_mean > 0.999 > small.above_mean > 0.5


@pytest.mark.parametrize(("k", "n"), [(1, 0), (-1, 5), (6, 5), (1, float("nan"))])
def test_impossible_counts_are_refused(k, n):
    with pytest.raises(ValueError, match="must"):
        wilson(k, n)


def test_no_face_and_too_few_services_are_refused():
    with pytest.raises(ValueError, match="no face"):
        mean_score(0, 0, 0)
    with pytest.raises(ValueError, match="counts of faces"):
        mean_score(-1, 0, 4)
    with pytest.raises(ValueError, match="two services"):
        fit_prior([1], [2])
    with pytest.raises(ValueError, match="nothing to compare"):
        fit_prior([0, 0], [5, 9])
    with pytest.raises(ValueError, match="level"):
        wilson(1, 2, level=1.0)
