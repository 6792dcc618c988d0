"""A release watch: the published critical values, an honest baseline, a clear end."""

import numpy as np
import pytest

from nlp import maxsprt, release_watch
from nlp.edetector import Week
from nlp.release_watch import (
    NoBaseline,
    Plan,
    TooFewExpected,
    crosses,
    detectable_ratio,
    dispersion_of,
    false_alarm,
    largest_quiet,
    limit,
    log_ratio,
    plan_watch,
)

STEADY = [Week(1, 20)] * 40
# Expected until the end, then the limits for at least 1, 2, 3 and 4 reports at 5 %: Kulldorff et
# al. 2011, as a run of the package Sequential prints them.
PUBLISHED = {
    1.0: (2.854, 2.367, 1.774),
    10.0: (3.468, 3.238, 3.064, 2.922),
    50.0: (3.820, 3.657, 3.545, 3.456),
}


@pytest.mark.parametrize(
    ("expected", "fewest", "value"),
    [(t, n, v) for t, row in PUBLISHED.items() for n, v in enumerate(row, start=1)],
)
def test_with_a_known_baseline_the_limits_are_the_published_ones(
    expected: float, fewest: int, value: float
) -> None:
    assert limit(expected, 0.05, fewest=fewest) == pytest.approx(value, abs=1e-3)


@pytest.mark.parametrize("expected", [3.0, 12.5])
def test_with_a_known_baseline_the_limit_is_that_of_the_plain_test(expected: float) -> None:
    plain = maxsprt.critical_value(maxsprt.Plan(expected, fewest=3, alpha=0.05))
    assert limit(expected, 0.05) == pytest.approx(plain, abs=1e-5)


@pytest.mark.parametrize(("reports", "plain"), [(20, 0.0735), (45, 0.0606)])
def test_a_short_baseline_taken_as_known_breaks_the_promise_and_the_limit_keeps_it(
    reports: float, plain: float
) -> None:
    known = limit(10.0, 0.05)
    assert false_alarm(known, 10.0, reports) == pytest.approx(plain, abs=1e-3)
    honest = limit(10.0, 0.05, reports)
    assert honest > known
    assert false_alarm(honest, 10.0, reports) == pytest.approx(0.05, abs=1e-6)


def test_simulated_watches_without_a_rise_keep_the_promise() -> None:
    rng = np.random.default_rng(87)
    runs, past_weeks, weeks = 2000, 9, 4  # one report a week, of twenty retours
    plans: dict[int, Plan] = {}
    alarms = 0
    for count in rng.poisson(past_weeks, runs).tolist():
        if count not in plans:
            expected = weeks * (count + 0.5) / past_weeks
            value = limit(1.25 * expected, 0.05, count + 0.5)
            share = (count + 0.5) / (20 * past_weeks)
            plans[count] = Plan(share, weeks, expected, 0.0, 0.05, value, 1.0, count, 180, 9)
        plan = plans[count]
        seen = rng.poisson(1.0, weeks).cumsum().tolist()
        due = [plan.share * 20 * n for n in range(1, weeks + 1)]
        alarms += any(crosses(plan, c, e) for c, e in zip(seen, due, strict=True))
    assert alarms / runs <= 0.05 + 3 * (0.05 * 0.95 / runs) ** 0.5


def test_a_plan_follows_from_its_baseline() -> None:
    plan = plan_watch(STEADY, 12, 0.05)
    assert plan.share == pytest.approx(40.5 / 800)
    assert plan.expected == pytest.approx(12 * 40.5 / 40)
    assert plan.most == pytest.approx(1.25 * plan.expected)
    assert (plan.reports, plan.total, plan.baseline_weeks, plan.dispersion) == (40, 800, 40, 1.0)
    assert plan.limit == pytest.approx(limit(plan.most, 0.05, 40.5))


def test_weeks_without_retours_are_no_baseline_and_lower_what_is_expected() -> None:
    gaps = [Week(0, 0) if n % 2 else Week(2, 20) for n in range(40)]
    plan = plan_watch(gaps, 10, 0.05)
    assert plan.baseline_weeks == 20
    assert plan.expected == pytest.approx(10 * 40.5 / 40)


def test_weeks_that_scatter_more_than_chance_weigh_less() -> None:
    bursts = [Week(10 if n % 8 == 0 else 0, 20) for n in range(40)]
    plan = plan_watch(bursts, 12, 0.05)
    assert plan.dispersion == pytest.approx(dispersion_of(bursts, plan.share))
    assert plan.dispersion > 5
    calm = plan_watch([Week(n % 2, 16) for n in range(100)], 12, 0.05)
    assert calm.dispersion == 1.0
    many = int(2 * plan.expected)
    assert log_ratio(many, plan.expected) > plan.limit
    assert not crosses(plan, many, plan.expected)


@pytest.mark.parametrize("weeks", [[], [Week(1, 20)] * 7, [Week(0, 0)] * 40 + [Week(1, 9)] * 7])
def test_under_eight_weeks_of_baseline_there_is_no_plan(weeks: list[Week]) -> None:
    with pytest.raises(NoBaseline) as refused:
        plan_watch(weeks, 12, 0.05)
    assert refused.value.weeks == sum(week.total > 0 for week in weeks)


def test_under_one_expected_report_there_is_no_plan() -> None:
    with pytest.raises(TooFewExpected) as refused:
        plan_watch([Week(0, 20)] * 50, 12, 0.05)
    assert refused.value.expected == pytest.approx(0.12)


@pytest.mark.parametrize(
    ("observed", "expected", "ratio"), [(0, 2.0, 0.0), (2, 2.0, 0.0), (6, 2.0, 2.5917)]
)
def test_the_ratio_is_worked_out_by_hand(observed: int, expected: float, ratio: float) -> None:
    assert log_ratio(observed, expected) == pytest.approx(ratio, abs=1e-4)


def test_the_largest_quiet_count_is_one_below_the_first_that_crosses() -> None:
    plan = plan_watch(STEADY, 12, 0.05)
    for expected in (0.05, 1.0, 6.0, 12.0):
        quiet = largest_quiet(plan, expected)
        assert not crosses(plan, quiet, expected)
        assert crosses(plan, quiet + 1, expected)
    assert largest_quiet(plan, 0.001) == release_watch.FEWEST - 1


def test_what_a_watch_can_see_grows_with_what_is_expected() -> None:
    few = detectable_ratio(plan_watch([Week(1, 40), Week(0, 40), Week(0, 40)] * 10, 8, 0.05))
    many = detectable_ratio(plan_watch([Week(5, 40)] * 40, 12, 0.05))
    assert many == 1.5
    assert few
    assert few > many
    blind = Plan(0.001, 4, 1.0, 1.25, 0.01, 40.0, 1.0, 1, 100, 20)
    assert detectable_ratio(blind) is None


def test_even_the_fewest_reports_may_be_rarer_than_the_promise() -> None:
    assert limit(0.2, 0.05) == 1e-9  # three reports where 0.2 are expected: one watch in 900
    assert false_alarm(1e-9, 0.2) < 0.05


def test_impossible_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="weeks must be"):
        plan_watch(STEADY, 0, 0.05)
    with pytest.raises(ValueError, match="alpha must lie"):
        limit(10.0, 0.6)
    with pytest.raises(ValueError, match="need expected"):
        limit(0.0, 0.05)
    with pytest.raises(ValueError, match="need observed"):
        log_ratio(1, 0.0)
