"""θ by maximum likelihood: openEBGM on CAERS, a simulation, hand-made likelihoods, no agreement."""

import math

import numpy as np
import pytest
from scipy import optimize, special

from nlp import prior_fit
from nlp.prior_fit import NoAgreement, fit_prior
from nlp.squashing import keep
from tests.nlp.signal_data import caers

SQUASHED = (3.25379, 0.39989, 2.02613, 1.90808, 0.065346)
FULL = (3.25597, 0.39999, 2.02376, 1.90614, 0.065308)


@pytest.mark.parametrize(("squashed", "printed"), [(True, SQUASHED), (False, FULL)])
def test_caers_gives_the_printed_prior(squashed, printed):
    _, tables = caers()
    fit = fit_prior(tables.a, tables.expected, squashed=squashed)
    assert fit.theta.values == pytest.approx(printed, abs=1e-3)
    assert fit.agreed == 5
    assert fit.cells == 17_189


def test_its_standard_errors_are_near_the_printed_ones():
    # openEBGM 0.9.1, autoHyper(conf_ints = TRUE): numerical derivatives at a point a little off.
    _, tables = caers()
    errors = fit_prior(tables.a, tables.expected).errors
    assert errors == pytest.approx((2.2875, 0.1439, 0.4514, 0.4327, 0.0358), rel=0.01)


def test_a_known_prior_is_found_again_with_zeroes_and_without():
    rng = np.random.default_rng(11)
    cells = 40_000
    first = rng.random(cells) < 0.1
    expected = 0.5 + rng.gamma(1.0, 1.0, cells)

    def draw():
        rate = np.where(first, rng.gamma(4.0, 1 / 0.5, cells), rng.gamma(3.0, 1 / 3.0, cells))
        return rng.poisson(rate * expected)

    count = draw()
    fits = [fit_prior(count, expected, zeroes=True)]
    while (count == 0).any():  # without zeroes, each gamma is truncated by itself
        count = np.where(count == 0, draw(), count)
    fits.append(fit_prior(count, expected))
    for fit in fits:
        gaps = np.abs(np.subtract(fit.theta.values, (4.0, 0.5, 3.0, 3.0, 0.1)))
        assert (gaps < 3.5 * np.array(fit.errors)).all()
        assert fit.cells == cells


def test_the_truncated_likelihood_is_the_one_written_out():
    # One cell: N = 2, E = 3, both mixture parts divided by their own P(N ≥ 1).
    a1, b1, a2, b2, p = 0.5, 0.7, 2.0, 1.5, 0.3

    def part(a, b):
        q = b / (b + 3)
        chosen = math.gamma(a + 2) / math.gamma(a) / 2
        return chosen * q**a * (1 - q) ** 2 / (1 - q**a)

    at = np.array([*np.log([a1, b1, a2, b2]), special.logit(p)])
    loss, _ = prior_fit._loss(at, keep(np.array([2.0]), np.array([3.0])), True)
    by_hand = p * part(a1, b1) + (1 - p) * part(a2, b2)
    assert loss == pytest.approx(-math.log(by_hand * 2 / 3**2))  # less the constant N ln E − ln N!


@pytest.mark.parametrize("truncated", [True, False])
def test_the_slope_is_that_of_the_likelihood(truncated):
    rng = np.random.default_rng(2)
    points = keep(rng.integers(1, 9, 50).astype(float), rng.gamma(1, 1, 50))
    at = np.array([0.3, -0.8, 1.1, 0.4, -1.2])
    slope = prior_fit._loss(at, points, truncated)[1]
    by_steps = optimize.approx_fprime(at, lambda x: prior_fit._loss(x, points, truncated)[0], 1e-7)
    assert slope == pytest.approx(by_steps, rel=1e-4, abs=1e-4)


def test_the_first_gamma_is_the_one_of_larger_ratios():
    _, tables = caers()
    theta = fit_prior(tables.a, tables.expected).theta
    assert theta.alpha1 / theta.beta1 > 1 > theta.alpha2 / theta.beta2 * 0.5


def test_a_fit_with_its_gammas_the_other_way_round_is_turned(monkeypatch):
    _, tables = caers()
    turned = [(a2, b2, a1, b1, 1 - p) for a1, b1, a2, b2, p in prior_fit._STARTS[:2]]
    straight = fit_prior(tables.a, tables.expected)
    monkeypatch.setattr(prior_fit, "_STARTS", turned)
    fit = fit_prior(tables.a, tables.expected)
    assert fit.theta.values == pytest.approx(straight.theta.values, rel=1e-5)
    assert fit.errors == pytest.approx(straight.errors, rel=1e-3)


def test_a_newton_step_that_climbs_is_not_taken():
    def loss(x):  # √(1 + x²): from 2, Newton leaps to −8
        root = np.sqrt(1 + x[0] ** 2)
        return float(root), x / root

    at, _, curve = prior_fit._polish(np.array([2.0]), loss)
    assert at.tolist() == [2.0]
    assert curve is not None


def test_a_table_of_pure_chance_has_no_prior():
    expected = np.full(3_000, 2.0)
    count = np.random.default_rng(3).poisson(expected)
    with pytest.raises(NoAgreement, match="starting points"):
        fit_prior(count, expected)


def test_one_start_alone_is_not_believed(monkeypatch):
    _, tables = caers()
    monkeypatch.setattr(prior_fit, "_STARTS", prior_fit._STARTS[:1])
    with pytest.raises(NoAgreement, match="only one"):
        fit_prior(tables.a, tables.expected)


def test_a_table_without_a_count_is_refused():
    with pytest.raises(ValueError, match="no cell with a count"):
        fit_prior([0, 0], [1, 1])
