"""EBGM and its interval against openEBGM on CAERS, and where the answer is known otherwise."""

import numpy as np
import pytest
from scipy import stats

from nlp.shrinkage import Theta, first_component, shrink
from tests.nlp.signal_data import caers

# openEBGM 0.9.1, vignette "Empirical Bayes Metrics": θ printed to eight decimals.
PRINTED = Theta(3.25379356, 0.39988854, 2.02612692, 1.90807970, 0.06534557)
# The five pairs with the largest EB05: N, EB05, EBGM, EB95 as printed.
TOP = {
    ("REUMOFAN PLUS", "WEIGHT INCREASED"): (16, 15.68, 23.26, 33.48),
    ("HYDROXYCUT REGULAR RAPID RELEASE CAPLETS", "EMOTIONAL DISTRESS"): (19, 11.65, 16.78, 23.55),
    ("REUMOFAN PLUS", "IMMOBILE"): (6, 10.16, 18.28, 30.83),
    ("HYDROXYCUT HARDCORE CAPSULES", "CARDIO-RESPIRATORY DISTRESS"): (8, 9.00, 15.25, 24.52),
    ("HYDROXYCUT REGULAR RAPID RELEASE CAPLETS", "INJURY"): (11, 8.98, 14.28, 21.78),
}


def test_the_top_pairs_of_caers_have_the_printed_scores():
    pairs, tables = caers()
    found = shrink(tables.a, tables.expected, PRINTED)
    order = np.argsort(-found.eb05)[:5]
    assert [pairs[place] for place in order] == list(TOP)
    for place in order:
        n, eb05, ebgm, eb95 = TOP[pairs[place]]
        assert tables.a[place] == n
        assert found.eb05[place] == pytest.approx(eb05, rel=1e-3)
        assert found.ebgm[place] == pytest.approx(ebgm, abs=5e-3)
        assert found.eb95[place] == pytest.approx(eb95, rel=1e-3)


def test_the_first_pairs_of_caers_have_the_printed_scores():
    _, tables = caers()
    found = shrink(tables.a[:6], tables.expected[:6], PRINTED)
    assert found.ebgm == pytest.approx([2.23, 2.58, 2.63, 2.23, 1.92, 2.09], abs=5e-3)
    assert found.eb05 == pytest.approx([0.49, 0.52, 0.52, 0.49, 0.47, 0.48], abs=5e-3)
    # Printed after a bisection that stops within a hundredth.
    assert found.eb95 == pytest.approx([13.85, 15.78, 16.02, 13.85, 11.77, 12.95], abs=0.01)


def test_the_weights_of_the_first_gamma_are_the_printed_ones():
    _, tables = caers()
    weights = first_component(tables.a, tables.expected, PRINTED)
    printed = [0.2819737, 0.3409653, 0.3482317, 0.2819737, 0.2226356, 0.2556670]
    assert weights[:6] == pytest.approx(printed, abs=1e-7)
    assert [weights.min(), np.median(weights)] == pytest.approx([0.0001205, 0.3089649], abs=1e-7)
    assert weights.mean() == pytest.approx(0.2846021, abs=1e-7)


def test_as_many_pairs_are_signals_as_printed():
    _, tables = caers()
    found = shrink(tables.a, tables.expected, PRINTED)
    assert int((found.eb05 >= 2).sum()) == 131
    assert (found.eb05 <= found.ebgm).all()
    assert (found.ebgm <= found.eb95).all()


def test_two_equal_gammas_are_one():
    theta = Theta(2.0, 3.0, 2.0, 3.0, 0.4)
    n, e = np.array([0.0, 1.0, 30.0]), np.array([0.5, 0.0, 2.0])
    found = shrink(n, e, theta)
    assert found.eb05 == pytest.approx(stats.gamma.ppf(0.05, 2 + n, scale=1 / (3 + e)))
    assert found.eb95 == pytest.approx(stats.gamma.ppf(0.95, 2 + n, scale=1 / (3 + e)))


def test_a_quantile_of_a_mixture_leaves_its_share_below():
    theta = Theta(0.2, 0.05, 40.0, 45.0, 0.3)
    n, e = np.array([0.0, 1.0, 2.0, 500.0, 3.0]), np.array([4.0, 1e-6, 0.3, 20.0, 900.0])
    weight, found = first_component(n, e, theta), shrink(n, e, theta)
    for x, level in ((found.eb05, 0.05), (found.eb95, 0.95)):
        below = weight * stats.gamma.cdf(x, 0.2 + n, scale=1 / (0.05 + e))
        below += (1 - weight) * stats.gamma.cdf(x, 40 + n, scale=1 / (45 + e))
        assert below == pytest.approx(np.full(5, level), abs=1e-8)


def test_equal_cells_are_scored_equally_and_in_order():
    found = shrink([1, 5, 1], [0.5, 0.5, 0.5], PRINTED)
    assert found.ebgm[0] == found.ebgm[2] < found.ebgm[1]


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ((0, 1, 1, 1, 0.5), "alpha1"),
        ((1, float("nan"), 1, 1, 0.5), "beta1"),
        ((1, 1, float("inf"), 1, 0.5), "alpha2"),
        ((1, 1, 1, 1, 1), "p must lie"),
    ],
)
def test_an_impossible_prior_is_refused_by_name(values, word):
    with pytest.raises(ValueError, match=word):
        Theta(*values)


@pytest.mark.parametrize(
    ("count", "expected", "word"),
    [([1], [1, 2], "shape"), ([-1], [1], "count must"), ([1], [float("nan")], "expected must")],
)
def test_impossible_cells_are_refused(count, expected, word):
    with pytest.raises(ValueError, match=word):
        shrink(count, expected, PRINTED)
