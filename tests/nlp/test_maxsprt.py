"""MaxSPRT: critical values of R's Sequential, the run of a watch, and plans that cannot be."""

import numpy as np
import pytest

from nlp.maxsprt import Plan, critical_value, false_signal, log_likelihood_ratio, watch

# Rows of the table that CV.Poisson of the R package Sequential holds for α = 0.05: planned
# expected reports T, then M = 1, 2, 3, 4, 6, 8, 10 (fewest reports).
TABLE = {
    1: (2.85393700326128, 2.36663822744395, 1.7742178463146),
    2: (3.0469774628286, 2.68935364101625, 2.34967932492501, 2.00015758807598),
    5: (3.29718279728549, 3.01290868171239, 2.80395477091307, 2.62366847225542, 2.26759506082247),
    10: (3.46795158033368, 3.23800870652229, 3.06424796686384, 2.92156132978567, 2.69058633468102),
    50: (3.81990269391777, 3.65714243579444, 3.54482617261637, 3.4555214311217, 3.31795545593698),
    100: (3.95232090599911, 3.81014086931301, 3.71199319899898, 3.63650814981748),
}
FEWEST = (1, 2, 3, 4, 6, 8, 10)


@pytest.mark.parametrize("planned", TABLE)
def test_critical_values_are_those_of_the_package(planned):
    for fewest, printed in zip(FEWEST, TABLE[planned], strict=False):
        assert critical_value(Plan(planned, fewest)) == pytest.approx(printed, abs=1e-7)


def test_another_level_gives_that_chance_of_a_false_signal():
    for alpha in (0.3, 0.01, 0.001):
        plan = Plan(6.0, 2, alpha)
        assert false_signal(critical_value(plan), plan) == pytest.approx(alpha, abs=1e-9)


def test_a_simulated_watch_signals_falsely_as_often_as_asked():
    rng = np.random.default_rng(9)
    plan = Plan(10.0, 3)
    critical = critical_value(plan)
    times = rng.exponential(1.0, (20_000, 60)).cumsum(axis=1)
    n = np.arange(1, 61)
    ratio = np.where(n > times, times - n + n * np.log(n / times), 0.0)
    signals = ((ratio >= critical) & (n >= 3) & (times <= 10)).any(axis=1)
    assert signals.mean() == pytest.approx(0.05, abs=0.005)


def test_the_ratio_is_the_one_written_down():
    assert log_likelihood_ratio(5, 2) == pytest.approx(2 - 5 + 5 * np.log(2.5))
    assert log_likelihood_ratio(2, 2) == log_likelihood_ratio(1, 2) == 0
    assert log_likelihood_ratio(1, 0) == np.inf


def test_a_watch_signals_at_the_first_look_above_its_limit():
    plan = Plan(10.0)
    verdict = watch([1, 3, 7, 1], [1.0, 1.0, 1.0, 1.0], plan)
    assert (verdict.state, verdict.look) == ("signal", 2)
    assert verdict.ratios[-1] == pytest.approx(3 - 11 + 11 * np.log(11 / 3))
    assert verdict.critical == pytest.approx(3.46795158)
    assert len(verdict.ratios) == 3


def test_too_few_reports_do_not_signal():
    assert watch([3], [0.01], Plan(10.0, 4)).state == "watching"
    assert watch([3], [0.01], Plan(10.0, 3)).state == "signal"


def test_a_watch_ends_at_its_planned_length():
    plan = Plan(3.0)
    assert watch([], [], plan).state == "watching"
    assert watch([1, 0], [1.0, 1.0], plan).state == "watching"
    ended = watch([1, 1, 1], [1.0, 1.0, 1.0], plan)
    assert (ended.state, ended.look) == ("ended", 2)
    assert watch([1, 90], [1.0, 2.5], plan).state == "ended"  # the second look is over the end


def test_a_plan_too_short_to_signal_says_how_long_it_must_be():
    with pytest.raises(ValueError, match=r"plan at least 1\.3663 expected"):
        Plan(1.0, 4)


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: Plan(0), "expected"),
        (lambda: Plan(float("inf")), "expected"),
        (lambda: Plan(5, 0), "fewest"),
        (lambda: Plan(5, 1, 0.6), "alpha"),
        (lambda: watch([1], [], Plan(5)), "differ in length"),
        (lambda: watch([-1], [1], Plan(5)), "counts must"),
        (lambda: watch([1], [float("nan")], Plan(5)), "expected must"),
    ],
)
def test_impossible_plans_and_counts_are_refused(make, word):
    with pytest.raises(ValueError, match=word):
        make()
