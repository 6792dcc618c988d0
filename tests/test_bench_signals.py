"""The figures of the benchmark of signals are what they are called, on cases known by hand."""

import numpy as np

from tests.signals_bench import family, quiet, real_texts, single


def test_scatter_has_mean_one_and_keeps_what_it_says() -> None:
    found = quiet.scatter(np.random.default_rng(0), (2_000, 50), 0.3, 0.5)
    assert abs(found.mean() - 1) < 0.01
    deviations = np.log(found) - np.log(found).mean()
    kept = (deviations[:, 1:] * deviations[:, :-1]).mean() / deviations.var()
    assert abs(kept - 0.5) < 0.02


def test_the_rules_of_a_quarter_see_a_doubling_and_no_sameness() -> None:
    # 40 of 4,000 in the quarter against 80 of 16,000 in the year before: PRR 2; then 20 of 4,000.
    high, same = np.array([40, 20]), np.array([4_000, 4_000])
    year, total = np.array([80, 80]), np.array([16_000, 16_000])
    assert family._prr(high, same, year, total).tolist() == [True, False]
    assert family._ic(high, same, year, total).tolist() == [True, False]
    few = np.array([2]), np.array([100]), np.array([0]), np.array([16_000])
    assert not family._prr(*few).any()


def test_a_perfect_rule_has_no_false_ones_and_no_delay() -> None:
    def perfect(observed: np.ndarray, _total: np.ndarray, _share: np.ndarray) -> np.ndarray:
        flags = np.zeros(observed.shape, dtype=bool)
        flags[: family.CHANGED, family.HISTORY + family.CHANGE :] = True
        return flags

    assert family._run(perfect, 1) == (0.0, 1.0, 1.0, 1.0)
    assert family._run(lambda x, _n, _p: np.zeros(x.shape, bool), 1)[1] == 0.0


def test_a_method_that_reads_the_change_finds_it_always_and_noise_seldom() -> None:
    def counts(observed: np.ndarray, _total: np.ndarray) -> np.ndarray:
        return observed.astype(float)

    assert single._power(counts, 200, 2_000, (10.0, 0)) == 1.0
    assert single._power(counts, 200, 23, (1.0, 0)) < 0.05


def test_a_scenario_puts_four_fifths_of_a_group_into_one_version_at_the_end() -> None:
    texts = [f"groupe {n}" for n in range(20)]
    reports, injected = real_texts.scenario(["autre"] * 50, texts, np.random.default_rng(0))
    assert len(reports) == 70
    assert len(injected) == 16
    late = [each for each in reports if each.text in injected]
    assert {each.facets["version"] for each in late} == {"b"}
    weeks = {(each.day - real_texts.FIRST).days // 7 for each in late}
    assert min(weeks) >= real_texts.RISE
    assert max(weeks) < real_texts.RISE + real_texts.LASTS
