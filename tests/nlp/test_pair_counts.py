"""From reports to tables: distinct reports, weights, strata, zeroes, and impossible input."""

import numpy as np
import pytest

from nlp.pair_counts import Labels, Reports, count_pairs, distinct_tables, label
from tests.nlp.signal_data import caers, caers_reports

# The ten reports whose tables openEBGM works out by hand (tests/testthat/testA_Counts.R).
HAND_VAR1 = ["A", "B", "B", "B", "C", "A", "A", "B", "B", "C"]
HAND_VAR2 = ["1", "2", "2", "3", "3", "2", "3", "3", "3", "1"]
HAND_STRATA = [*["m1"] * 5, *["f1"] * 3, *["m2"] * 2]


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


def test_hand_calculated_tables_come_out_with_their_zeroes():
    pairs, tables = count_pairs(Reports(HAND_VAR1, HAND_VAR2), zeroes=True)
    assert pairs[3] == ("B", "1")
    assert tables.a.tolist() == [1, 1, 1, 0, 2, 3, 1, 0, 1]
    assert tables.expected == pytest.approx([0.6, 0.9, 1.5, 1, 1.5, 2.5, 0.4, 0.6, 1])


def test_hand_calculated_strata_come_out():
    reports = Reports(HAND_VAR1, HAND_VAR2, strata=HAND_STRATA)
    _, tables = count_pairs(reports, zeroes=True)
    by_hand = [0.2, 0.4 + 2 / 3, 0.4 + 4 / 3, 1.1, 1.2 + 1 / 3, 1.7 + 2 / 3, 0.7, 0.4, 0.9]
    assert tables.expected == pytest.approx(by_hand)
    assert count_pairs(reports)[1].expected == pytest.approx(np.delete(by_hand, [3, 7]))


def test_caers_holds_the_pairs_that_are_printed():
    # openEBGM 0.9.1, vignettes: 17,189 pairs, the expected counts of the first ones.
    pairs, tables = caers()
    assert len(pairs) == 17_189
    assert tables.expected[:3] == pytest.approx(
        [0.0360548272, 0.0038736591, 0.0002979738], abs=1e-9
    )
    place = pairs.index(("REUMOFAN PLUS", "WEIGHT INCREASED"))
    assert tables.a[place] == 16
    assert tables.expected[place] == pytest.approx(0.40643623, abs=1e-8)


def test_many_strata_agree_with_one_by_one():
    reports = caers_reports(stratified=True)
    pairs, tables = count_pairs(reports)
    place = pairs.index(("REUMOFAN PLUS", "WEIGHT INCREASED"))
    one, two, ids, strata = (
        np.array(x) for x in (reports.var1, reports.var2, reports.ids, reports.strata)
    )
    by_hand = sum(
        len(set(ids[here & (one == "REUMOFAN PLUS")]))
        * len(set(ids[here & (two == "WEIGHT INCREASED")]))
        / len(set(ids[here]))
        for here in (strata == stratum for stratum in sorted(set(strata)))
    )
    assert tables.expected[place] == pytest.approx(by_hand)


def test_each_pair_finds_its_table_among_the_distinct_ones():
    _, tables = caers()
    few, which = distinct_tables(tables)
    assert len(few.a) < len(tables.a) / 2
    for name, values in vars(tables).items():
        assert (getattr(few, name)[which] == values).all()
    assert len(set(zip(*(values.tolist() for values in vars(few).values()), strict=True))) == len(
        few.a
    )


def test_labels_are_sorted_and_may_be_given():
    labels = label(["q", "p", "q"])
    assert labels.names == ["p", "q"]
    assert labels.places.tolist() == [1, 0, 1]
    given = Reports(labels, Labels(["x"], np.zeros(3, np.int64)))
    assert count_pairs(given)[0] == [("p", "x"), ("q", "x")]


def test_a_table_too_large_for_its_zeroes_is_refused():
    many = [str(number) for number in range(5_000)]
    with pytest.raises(ValueError, match="at most 20000000 cells: 25000000"):
        count_pairs(Reports(many, many), zeroes=True)


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
