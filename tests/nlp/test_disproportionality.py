"""Disproportionality against published and hand-computed values."""

import math

import numpy as np
import pytest

from nlp.disproportionality import Reports, count_pairs, information_component, make_tables, score


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


def test_pairs_are_counted_by_rows():
    pairs, tables = count_pairs(Reports(["x", "x", "y", "x"], ["p", "q", "p", "p"]))
    assert pairs == [("x", "p"), ("x", "q"), ("y", "p")]
    assert tables.a.tolist() == [2, 1, 1]
    assert (tables.b[0], tables.c[0], tables.d[0]) == (1, 1, 0)
    assert tables.expected[0] == pytest.approx(3 * 3 / 4)


def test_counts_stand_for_that_many_rows():
    weighted = count_pairs(Reports(["x", "y"], ["p", "p"], counts=[3, 1]))[1]
    repeated = count_pairs(Reports(["x", "x", "x", "y"], ["p"] * 4))[1]
    assert weighted.a.tolist() == repeated.a.tolist() == [3, 1]
    assert weighted.expected.tolist() == repeated.expected.tolist()


def test_one_report_counts_once_whatever_it_names():
    reports = Reports(["x", "x", "x", "y"], ["p", "p", "q", "p"], ids=["1", "1", "1", "2"])
    pairs, tables = count_pairs(reports)
    assert dict(zip(pairs, tables.a.tolist(), strict=True))[("x", "p")] == 1
    assert tables.expected[0] == pytest.approx(1 * 2 / 2)
    assert (tables.d >= 0).all()


def test_the_expected_count_is_summed_over_strata():
    reports = Reports(["x", "x", "y", "y"], ["p", "q", "p", "q"], strata=["f", "m", "f", "m"])
    pairs, tables = count_pairs(reports)
    # In stratum f: x once, p twice, 2 reports; in m there is no p: E(x, p) = 1 · 2 / 2.
    assert tables.expected[pairs.index(("x", "p"))] == pytest.approx(1.0)
    plain = count_pairs(Reports(reports.var1, reports.var2))[1]
    assert plain.expected[0] == pytest.approx(2 * 2 / 4)


@pytest.mark.parametrize(
    ("cells", "word"),
    [((-1, 1, 1, 1), "a must"), ((1, 1, float("nan"), 1), "c must"), ((0, 0, 0, 0), "is 0")],
)
def test_an_impossible_table_is_refused_by_name(cells, word):
    with pytest.raises(ValueError, match=word):
        make_tables(*cells)


@pytest.mark.parametrize(
    "reports",
    [
        Reports([], []),
        Reports(["x"], ["p", "q"]),
        Reports(["x"], ["p"], ids=["1", "2"]),
        Reports(["x"], ["p"], counts=[-1]),
    ],
)
def test_impossible_reports_are_refused(reports):
    with pytest.raises(ValueError, match=r"no report|differ in length|n must"):
        count_pairs(reports)
