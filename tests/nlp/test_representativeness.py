"""Gaps, the summary figure and weights against hand-made numbers; the bar on the worst group."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.encode import HashingEncoder, load_encoder
from nlp.representativeness import (
    TooFewAnswers,
    effective_size,
    gap_table,
    rake,
    representativity,
)
from tests.nlp.measure_registers import (
    WORST_GROUP_BAR,
    Row,
    read_rows,
    register_recall,
    theme_owners,
    topic_homes,
    worst_first,
)


def test_a_gap_stands_beside_its_wilson_interval() -> None:
    young, old = gap_table({"young": 10, "old": 0, "elsewhere": 7}, {"young": 1.0, "old": 3.0})
    assert (young.answers, young.share.value, young.reference) == (10, 1.0, 0.25)
    assert young.share.low == pytest.approx(0.7225, abs=1e-4)
    assert old.share.high == pytest.approx(0.2775, abs=1e-4)
    assert young.is_apart
    assert old.is_apart
    assert not gap_table({"a": 5, "b": 5}, {"a": 40, "b": 60})[0].is_apart


def test_without_an_answer_there_is_no_share() -> None:
    assert gap_table({}, {"a": 1.0}) == []
    assert representativity({"elsewhere": 3}, {"a": 1.0}) is None


@pytest.mark.parametrize("reference", [{}, {"a": 0.0}, {"a": -1.0, "b": 2.0}, {"a": float("nan")}])
def test_a_reference_that_is_no_population_is_refused(reference: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="counts"):
        gap_table({"a": 1}, reference)


def test_the_summary_is_1_for_a_faithful_group_and_0_when_half_is_silent() -> None:
    assert representativity({"a": 30, "b": 70}, {"a": 3, "b": 7}) == pytest.approx(1.0)
    assert representativity({"a": 50, "b": 0}, {"a": 1, "b": 1}) == pytest.approx(0.0)
    # Rates 1 and 1/2 in halves of the public: their sd is 1/4.
    assert representativity({"a": 20, "b": 10}, {"a": 1, "b": 1}) == pytest.approx(0.5)


def test_raking_meets_both_margins() -> None:
    age = ["young"] * 60 + ["old"] * 40
    sex = ["f", "m"] * 30 + ["f"] * 30 + ["m"] * 10
    margins = {"age": {"young": 50, "old": 50}, "sex": {"f": 52, "m": 48}}
    raked = rake({"age": age, "sex": sex}, margins)
    young = np.array(age) == "young"
    women = np.array(sex) == "f"
    assert raked.weights[young].sum() / raked.weights.sum() == pytest.approx(0.5, abs=1e-5)
    assert raked.weights[women].sum() / raked.weights.sum() == pytest.approx(0.52, abs=1e-5)
    assert raked.largest_gap < 1e-5
    assert 40 < raked.effective < 100


def test_weights_are_trimmed_and_the_gap_that_stays_is_told() -> None:
    raked = rake({"age": ["young"] * 195 + ["old"] * 5}, {"age": {"young": 1, "old": 9}})
    assert raked.weights.min() >= 0.2
    assert raked.weights.max() <= 5.0
    assert raked.largest_gap > 0.5


def test_a_cell_under_5_answers_is_not_weighted() -> None:
    with pytest.raises(TooFewAnswers) as refused:
        rake({"age": ["young"] * 20 + ["old"] * 4}, {"age": {"young": 1, "old": 1}})
    assert refused.value.cells == (("age", "old"),)


@pytest.mark.parametrize(
    ("facets", "told"),
    [
        ({"sex": ["f"] * 9}, "no margin"),
        ({"age": ["a"] * 9 + ["?"]}, "does not know"),
        ({}, "one facet or more"),
    ],
)
def test_what_the_margins_do_not_know_is_refused(facets: dict[str, list[str]], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        rake(facets, {"age": {"a": 1.0}})


@given(st.lists(st.integers(5, 60), min_size=2, max_size=6), st.data())
def test_weights_stay_within_their_limits_whatever_the_margin(
    counts: list[int], data: st.DataObject
) -> None:
    sizes = data.draw(st.lists(st.floats(0.1, 1000), min_size=len(counts), max_size=len(counts)))
    column = [str(value) for value, count in enumerate(counts) for _ in range(count)]
    raked = rake({"x": column}, {"x": {str(v): size for v, size in enumerate(sizes)}})
    assert raked.weights.min() >= 0.2
    assert raked.weights.max() <= 5.0
    assert 0 < raked.effective <= len(column) + 1e-9


def test_kish_counts_equal_weights_as_all_and_one_weight_as_one() -> None:
    assert effective_size(np.ones(7)) == pytest.approx(7)
    assert effective_size(np.array([1.0, 0.0])) == pytest.approx(1)
    with pytest.raises(ValueError, match="0"):
        effective_size(np.zeros(3))


def test_the_labelled_set_has_every_register_of_every_topic_and_no_text_twice() -> None:
    rows = read_rows()
    assert len({row.text for row in rows}) == len(rows) >= 12 * 33
    by_topic: dict[str, list[str]] = {}
    for row in rows:
        by_topic.setdefault(row.topic, []).append(row.register)
    assert len(by_topic) == 12
    for registers in by_topic.values():
        assert registers.count("standard") >= 8
        others = set(registers) - {"standard"}
        assert others == {"short", "misspelt", "plain", "dictated", "english"}
        assert min(registers.count(each) for each in others) >= 5
    assert not {r.topic for r in read_rows("dev")} & {r.topic for r in read_rows("frozen")}


def _row(topic: str, register: str, channel: str = "web") -> Row:
    return Row(topic, "dev", register, channel, "")


def test_recall_counts_the_home_theme_and_names_the_worst_group_first() -> None:
    rows = [_row("a", "standard")] * 3 + [_row("a", "short", "paper")] * 2
    found = {(e.facet, e.group): e for e in worst_first(rows, [4, 4, 7, 4, -1])}
    assert found["register", "standard"].recall == pytest.approx(2 / 3)
    short = found["register", "short"]
    assert (short.found, short.near, short.texts, short.unplaced) == (1, 1, 2, 1)
    assert found["register", "standard"].near_recall == 1.0
    assert worst_first(rows, [4, 4, 7, 4, -1])[0].recall == 0.5
    assert worst_first(rows, [4, 4, 4, -1, -1])[0].group == "paper"


def test_one_theme_for_everything_is_the_home_of_one_topic_only() -> None:
    rows = [_row("a", "standard")] * 3 + [_row("b", "standard")] * 2
    assert topic_homes(rows, [0] * 5) == {"a": 0}
    assert topic_homes(rows, [-1] * 5) == {}
    assert theme_owners(rows, [0, 0, 0, 0, 1]) == {0: "a", 1: "b"}
    assert theme_owners(rows, [0, 1, 1, 0, 0]) == {0: "b", 1: "a"}
    assert theme_owners(rows, [0, 2, 2, 0, 1]) == {1: "b", 2: "a"}


def test_the_measure_runs_without_a_real_model() -> None:
    found = register_recall(HashingEncoder(64), "dev")
    assert {each.facet for each in found} == {"register", "channel"}
    assert [each.recall for each in found] == sorted(each.recall for each in found)


@pytest.mark.slow
def test_no_group_finds_its_topic_less_often_than_the_stated_bar(tmp_path: Path) -> None:
    """The bar of a release: worst register and worst channel, both halves in one grouping."""
    worst = register_recall(load_encoder(None, tmp_path))[0]
    assert worst.recall >= WORST_GROUP_BAR, worst
