"""Disproportionality against published and hand-computed values."""

import math

import numpy as np
import pytest

from nlp.disproportionality import information_component, make_tables, score
from tests.nlp.signal_data import caers


def one(value) -> float:
    return float(value[0])


def test_ror_agrees_with_the_reference():
    scores = score(make_tables(5, 10, 20, 10_000))
    assert one(scores.ror) == pytest.approx(250)
    assert one(scores.ror_low) == pytest.approx(78.4, abs=0.049)
    assert one(scores.ror_high) == pytest.approx(797.2, abs=0.049)


def test_prr_agrees_with_the_reference():
    scores = score(make_tables(5, 5, 20, 9_980))
    assert one(scores.prr) == pytest.approx(250)
    assert one(scores.prr_low) == pytest.approx(117.1, abs=0.049)
    assert one(scores.prr_high) == pytest.approx(533.9, abs=0.049)


def test_chi_square_is_corrected_after_yates():
    # N (|ad − bc| − N/2)² / ((a+b)(c+d)(a+c)(b+d)) = 100 · (|800 − 200| − 50)² / (30·70·30·70)
    scores = score(make_tables(20, 10, 10, 60))
    expected = 100 * (abs(20 * 60 - 10 * 10) - 50) ** 2 / (30 * 70 * 30 * 70)
    assert one(scores.chi2_yates) == pytest.approx(expected)
    assert one(score(make_tables(5, 5, 5, 5)).chi2_yates) == 0.0


def test_the_limits_of_ic_are_near_their_closed_form():
    a = np.repeat(np.arange(1, 60), 4)
    expected = np.tile([0.1, 1.0, 5.0, 40.0], 59)
    ic, low, high = information_component(a, expected)
    closed = ic - 3.3 * (a + 0.5) ** -0.5 - 2 * (a + 0.5) ** -1.5
    assert np.abs(low - closed).max() < 0.05
    assert (high > ic).all()


def test_one_or_two_reports_can_never_be_disproportionate_by_ic():
    assert information_component([1, 2], [0.0, 0.0])[1].max() < 0
    assert information_component([3], [0.0])[1][0] > 0


def test_a_zero_cell_leaves_a_measure_undefined_and_ic_speaks():
    scores = score(make_tables([3, 0], [0, 5], [0, 5], [50, 50]))
    for name in ("prr", "prr_low", "ror", "ror_high"):
        assert math.isnan(getattr(scores, name)[0])
    assert scores.prr[1] == 0.0
    assert math.isnan(scores.prr_low[1])
    assert np.isfinite(scores.ic025).all()


@pytest.mark.parametrize(
    ("cells", "word"),
    [((-1, 1, 1, 1), "a must"), ((1, 1, float("nan"), 1), "c must"), ((0, 0, 0, 0), "is 0")],
)
def test_an_impossible_table_is_refused_by_name(cells, word):
    with pytest.raises(ValueError, match=word):
        make_tables(*cells)


def test_printed_values_of_pvda_come_out():
    # Examples on the help pages of the R package pvda: ic(c(20, 30), 10), prr(c(5, 10), c(10, 20),
    # c(15, 30), 10000), ror(c(5, 10), c(10, 20), c(15, 30), 10000), to the digits printed.
    ic, low, high = information_component([20, 30], [10, 10])
    assert ic == pytest.approx([0.965, 1.54], rel=5e-3)
    assert low == pytest.approx([0.264, 0.976], abs=5e-4)
    assert high == pytest.approx([1.53, 2.01], abs=5e-3)
    scores = score(make_tables([5, 10], [5, 10], [15, 30], [9_985, 9_970]))
    assert scores.prr == pytest.approx([333, 167], abs=0.5)
    assert scores.prr_low == pytest.approx([150, 94.7], abs=0.5)
    assert scores.prr_high == pytest.approx([742, 293], abs=0.5)
    scores = score(make_tables([5, 10], [10, 20], [15, 30], 10_000))
    assert scores.ror == pytest.approx([333, 167], abs=0.5)
    assert scores.ror_low == pytest.approx([102, 72.0], abs=0.5)
    assert scores.ror_high == pytest.approx([1092, 386], abs=0.5)


def test_one_report_where_one_was_expected_says_nothing():
    # The test of pvda: ic(1, 1) is 0, its limits those of Gamma(1.5, 1.5), by hand from χ²(3) / 3.
    ic, low, high = information_component([1], [1])
    assert one(ic) == 0.0
    assert 2 ** one(low) * 3 == pytest.approx(0.2157953, abs=1e-6)
    assert 2 ** one(high) * 3 == pytest.approx(9.3484036, abs=1e-6)


def test_closed_forms_agree_to_a_millionth():
    rng = np.random.default_rng(5)
    a, b, c, d = rng.integers(1, 500, (4, 200))
    scores = score(make_tables(a, b, c, d))
    z = 1.959963984540054
    spread = z * np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))
    prr = a * (c + d) / ((a + b) * c)
    assert scores.prr == pytest.approx(prr, rel=1e-12)
    assert scores.prr_low == pytest.approx(np.exp(np.log(prr) - spread), rel=1e-6)
    spread = z * np.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    assert scores.ror_high == pytest.approx(np.exp(np.log(a * d / (b * c)) + spread), rel=1e-6)


def test_the_first_pairs_of_caers_have_the_printed_ratios():
    # openEBGM 0.9.1, vignette "Empirical Bayes Metrics", the first six pairs.
    pairs, tables = caers()
    scores = score(tables)
    assert pairs[1] == ("11 UNSPECIFIED VITAMINS", "ASTHMA")
    assert scores.rr[:6] == pytest.approx([27.74, 258.15, 3356.0, 27.74, 13.06, 18.96], abs=5e-3)
    assert scores.prr[[0, 1, 3, 4, 5]] == pytest.approx(
        [27.96, 279.58, 27.96, 13.11, 19.06], abs=5e-3
    )
    assert np.isnan(scores.prr[2])  # openEBGM prints Inf: nobody else named the event
