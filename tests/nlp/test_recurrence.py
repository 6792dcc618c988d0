"""The empirical interval between false alarms: by hand, on quiet and on restless streams."""

import numpy as np
import pytest

from nlp.recurrence import FEWEST_WEEKS, recurrence


def poisson(rng: np.random.Generator, streams: int, weeks: int, mean: float) -> np.ndarray:
    return rng.poisson(mean, (streams, weeks))


def test_quiet_streams_keep_the_promise() -> None:
    rng = np.random.default_rng(1)
    x = poisson(rng, 20, 104, 2.0)
    found = recurrence(x, np.full(x.shape, 100), 0.02, 104.0, rng)
    assert found is not None
    assert found.streams == 20
    assert found.low >= 104.0
    assert found.low < found.mean


def test_limits_are_those_of_a_poisson_rate() -> None:
    """A low promise brings alarms: mean = weeks / alarms, between its limits."""
    rng = np.random.default_rng(2)
    x = poisson(rng, 10, 80, 3.0)
    found = recurrence(x, np.full(x.shape, 60), 0.05, 1.05, rng)
    assert found is not None
    assert found.alarms > 0
    assert found.mean == pytest.approx(found.weeks / found.alarms)
    assert found.low < found.mean < found.high


def test_a_rise_is_lost_when_the_weeks_are_put_in_another_order() -> None:
    rng = np.random.default_rng(3)
    x = poisson(rng, 1, 104, 1.0)
    x[0, -4:] = 6
    found = recurrence(x, np.full(x.shape, 50), 0.02, 520.0, rng)
    assert found is not None
    assert found.low > 104


def test_without_any_alarm_only_the_lower_limit_is_known() -> None:
    x = np.zeros((1, 60), int)
    found = recurrence(x, np.full(x.shape, 5), 0.01, 520.0, np.random.default_rng(4))
    assert found is not None
    assert (found.alarms, found.mean, found.high) == (0, np.inf, np.inf)
    assert found.low == pytest.approx(found.weeks / 3.6889, rel=1e-4)


@pytest.mark.parametrize("weeks", [1, FEWEST_WEEKS - 1])
def test_a_short_past_is_an_abstention(weeks: int) -> None:
    x = np.ones((2, weeks), int)
    assert recurrence(x, x * 5, 0.1, 520.0, np.random.default_rng(5)) is None
    assert (
        recurrence(np.zeros((0, 0)), np.zeros((0, 0)), 0.1, 520.0, np.random.default_rng(5)) is None
    )


def test_streams_with_a_short_past_are_left_out() -> None:
    x, n = np.ones((2, 60), int), np.full((2, 60), 5)
    n[1, FEWEST_WEEKS - 1 :] = x[1, FEWEST_WEEKS - 1 :] = 0
    found = recurrence(x, n, 0.1, 520.0, np.random.default_rng(6))
    assert found is not None
    assert found.streams == 1
