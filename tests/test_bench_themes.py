"""The figures of the benchmark of themes are what they are called, against values by hand."""

from pathlib import Path

import numpy as np
import pytest

from nlp.encode import HashingEncoder, unit_rows
from tests.bench_themes import measure
from tests.report_sections import table, write_section
from tests.themes_bench.corpora import MissingData, enlarge, read_sets
from tests.themes_bench.kept_vectors import KeptEncoder
from tests.themes_bench.measures import Part
from tests.themes_bench.scores import agreement, apart, bcubed, mean_score, score
from tests.themes_bench.sizes import Timed, size_targets
from tests.themes_bench.steadiness import on_shared, subsamples
from tests.themes_bench.targets import at_least, at_most, not_measured, targets_table


def labels(*each: int) -> np.ndarray:
    return np.array(each, dtype=np.int64)


def test_bcubed_of_five_texts_is_what_one_counts_by_hand() -> None:
    # Groups {a a b} {b b}. Precision: 2/3 2/3 1/3 1 1, mean 11/15. Recall: 1 1 1/3 2/3 2/3.
    precision, recall = 11 / 15, 11 / 15
    wanted = 2 * precision * recall / (precision + recall)
    assert bcubed(list("aabbb"), labels(0, 0, 0, 1, 1)) == pytest.approx(wanted)


def test_bcubed_of_one_group_for_all_has_full_recall_and_low_precision() -> None:
    # Precision 1/2 for every text, recall 1: F = 2/3.
    assert bcubed(list("aabb"), labels(0, 0, 0, 0)) == pytest.approx(2 / 3)


def test_each_unplaced_text_is_a_group_of_its_own() -> None:
    assert apart(labels(-1, 0, 1, -1, 0)).tolist() == [2, 0, 1, 3, 0]
    assert apart(labels(-1, -1)).tolist() == [0, 1]


def test_unplaced_texts_cost_recall_but_not_precision() -> None:
    # Precision 1. Recall: 1/2 1/2 1/4 1/4 … of a pair left alone and a pair kept: (½+½+1+1)/4.
    found = score(list("aabb"), labels(-1, -1, 0, 0))
    assert found.bcubed == pytest.approx(2 * 0.75 / 1.75)
    assert (found.coverage, found.groups) == (0.5, 1)


def test_the_same_groups_under_other_numbers_score_one() -> None:
    found = score(list("aabbcc"), labels(2, 2, 0, 0, 1, 1))
    assert [found.ami, found.ari, found.bcubed, found.v] == pytest.approx([1, 1, 1, 1])


def test_nothing_placed_scores_as_chance() -> None:
    found = score(list("aabb"), labels(-1, -1, -1, -1))
    assert found.ami == pytest.approx(0)
    assert found.ari == pytest.approx(0)
    assert (found.coverage, found.groups) == (0, 0)


def test_the_mean_of_scores_is_taken_figure_by_figure() -> None:
    good, bad = score(list("aabb"), labels(0, 0, 1, 1)), score(list("aabb"), labels(0, 0, 0, 0))
    assert mean_score([good, bad]).bcubed == pytest.approx((1 + 2 / 3) / 2)
    assert mean_score([good, bad]).groups == 1.5


def test_two_groupings_that_agree_do_so_whatever_their_numbers() -> None:
    assert agreement(labels(0, 0, 1, 1, -1), labels(5, 5, 2, 2, -1)) == pytest.approx(1)


def test_subsamples_are_compared_on_the_texts_that_both_hold() -> None:
    rows = [labels(0, 1, 2, 4), labels(1, 2, 3, 4)]
    # Shared 1, 2 and 4: 7 7 8 in the one, 0 0 3 in the other. Text 3 alone would break it.
    assert on_shared(rows, [labels(8, 7, 7, 8), labels(0, 0, 0, 3)]) == pytest.approx(1)
    assert [len(part) for part in subsamples(50)] == [45, 45]


def test_a_made_corpus_starts_with_the_real_texts_and_stays_near_them() -> None:
    rng = np.random.default_rng(1)
    real = unit_rows(rng.normal(size=(20, 64)).astype(np.float32))
    texts = [f"texte {row}" for row in range(20)]
    vectors, longer = enlarge(real, texts, 50)
    assert np.array_equal(vectors[:20], real)
    assert longer[:20] == texts
    sources = real[[texts.index(text) for text in longer[20:]]]
    assert ((vectors[20:] * sources).sum(axis=1) > 0.8).all()
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(50))
    assert np.array_equal(vectors, enlarge(real, texts, 50)[0])


def test_kept_vectors_are_asked_for_once_and_survive_the_run(tmp_path: Path) -> None:
    asked = []

    class Counted(HashingEncoder):
        def encode(self, texts, progress=None):  # type: ignore[no-untyped-def]
            asked.extend(texts)
            return super().encode(texts, progress)

    plain = HashingEncoder(16)
    first = KeptEncoder(Counted(16), tmp_path).encode(["a b", "c d", "a b"])
    again = KeptEncoder(Counted(16), tmp_path).encode(["c d", "e f"])
    assert asked == ["a b", "c d", "e f"]
    assert np.allclose(first, plain.encode(["a b", "c d", "a b"]))
    assert np.allclose(again, plain.encode(["c d", "e f"]))
    assert KeptEncoder(plain, tmp_path).encode([]).shape == (0, 16)


def test_data_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingData, match=r"minibar_health_apps_fr.*granddebat_services"):
        read_sets(tmp_path, quick=True)


def test_two_measurements_keep_their_own_section(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    write_section("one", "first", page)
    write_section("two", r"second \1", page)
    write_section("one", "third", page)
    text = page.read_text("utf-8")
    assert text.startswith("# Benchmark\n")
    assert "first" not in text
    assert text.index("third") < text.index(r"second \1")
    assert text.count("start -->") == text.count("end -->") == 2


def test_a_table_has_a_line_under_its_headings() -> None:
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | ---: |\n| 1 | 2 |"


def test_a_target_is_told_reached_missed_or_not_measured() -> None:
    rows = [at_least("speed", 2, 3), at_most("memory", 2, 3), not_measured("other", "≥ 1", "why")]
    told = targets_table(rows).splitlines()[2:]
    assert told[0] == "| speed | ≥ 2.00 | 3.00 | reached |"
    assert told[1] == "| memory | ≤ 2.00 | 3.00 | **not reached** |"
    assert told[2] == "| other | ≥ 1 | why | not measured |"


def test_a_stopped_rival_counts_as_slower_than_the_limit_only() -> None:
    own = Timed(100_000, "boucle", 100.0, 1_000.0)
    faster, memory = size_targets([own, Timed(100_000, "bertopic", None, 3_000.0)])
    assert (faster.measured, faster.is_reached) == ("> 3.6 (BERTopic stopped)", None)
    assert memory.is_reached
    faster, _ = size_targets([own, Timed(100_000, "bertopic", 600.0, 3_000.0)])
    assert (faster.measured, faster.is_reached) == ("6.0", True)


def test_a_part_that_fails_costs_the_others_nothing() -> None:
    def broken() -> Part:
        raise RuntimeError("no such tool")

    def whole() -> Part:
        return [at_least("speed", 2, 3)], "### Whole"

    written: list[str] = []
    assert measure([("broken", broken), ("whole", whole)], "Head", written.append) == ["broken"]
    assert len(written) == 2
    assert written[-1].startswith("Head")
    assert "**broken**: not measured (RuntimeError)" in written[-1]
    assert "### Whole" in written[-1]
    assert "| speed | ≥ 2.00 | 3.00 | reached |" in written[-1]
