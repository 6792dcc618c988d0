"""The experts of the usual course: forecasts that sum to one, and whom the weeks prove right."""

import numpy as np
import pytest
from scipy import stats

from nlp.dispersion import Reference
from nlp.streams import scan
from nlp.usual_course import (
    EXPERTS,
    ODD_WEEKS,
    PERSISTENCES,
    PRIOR,
    RATIOS,
    SPREADS,
    Course,
    densities,
)

COUNTS = 150  # more has no probability that a computer could tell from 0


def course(expected: float, before: float, expected_before: float) -> Course:
    """A stream with forty messages in its year of reference, once for each of 150 counts."""

    def each(value: float) -> np.ndarray:
        return np.full(COUNTS, value)

    reference = Reference(each(40.0), each(2_000.0), each(52.0))
    return Course(reference, each(expected), each(before), each(expected_before))


@pytest.mark.parametrize(("before", "expected_before"), [(1, 0.8), (0, 0.8), (9, 0.8), (0, 0.0)])
@pytest.mark.parametrize("expert", [0, 2, EXPERTS - 1])
def test_a_rise_is_on_average_as_likely_as_the_usual_course_when_nothing_happens(
    before, expected_before, expert
):
    """Σ usual(x) · rise(x) / usual(x) = 1: each ratio is an e-value, whatever last week was."""
    counts = np.arange(float(COUNTS))
    found = densities(course(0.8, before, expected_before), counts)
    assert found.shape == (COUNTS, EXPERTS, 1 + len(RATIOS))
    usual = forecast(expert, before, expected_before, counts)
    for place in range(len(RATIOS)):
        ratio = found[:, expert, 1 + place] / found[:, expert, 0]
        assert (usual * ratio).sum() == pytest.approx(1, abs=1e-3)


def forecast(expert: int, before: float, expected_before: float, counts: np.ndarray) -> np.ndarray:
    """Return the expert's probabilities of ``counts``, with scipy's negative binomial alone."""
    pairs = [(0.0, 0.0)] + [(v, p) for v in SPREADS for p in PERSISTENCES]
    narrow, wide = pairs[expert], pairs[expert + len(PERSISTENCES) if expert else 1]

    def one(spread: float, kept: float) -> np.ndarray:
        gain = spread * expected_before / (1 + spread * expected_before)
        deviation = before / expected_before - 1 if expected_before else 0.0
        mean = 0.8 * (1 + kept * gain * deviation)
        left = 1 - kept**2 * gain + (1 + kept) / (1 - kept) / 52
        shape = 1 / (1 / 40.5 + spread * left)
        return np.asarray(stats.nbinom.pmf(counts, shape, shape / (shape + mean)))

    return (1 - ODD_WEEKS) * one(*narrow) + ODD_WEEKS * one(*wide)


def test_the_weights_before_any_week_sum_to_one():
    assert PRIOR.sum() == pytest.approx(1)
    assert len(PRIOR) == EXPERTS


def test_a_scattered_past_makes_the_same_count_less_surprising():
    total = np.full((2, 61), 1_000)
    calm = np.full(60, 20)
    wild = np.where(np.arange(60) % 2, 35, 5)
    observed = np.vstack([np.append(calm, 60), np.append(wild, 60)])
    paths = scan(observed, total, 0.02, start=60)
    assert paths.sr[0, -1] > 100 * paths.sr[1, -1]
    assert paths.dispersion[1, -1] > 3 * paths.dispersion[0, -1]
    assert paths.expected[0, -1] == pytest.approx(paths.expected[1, -1])


def test_a_past_of_long_waves_makes_two_high_weeks_less_surprising():
    total = np.full((2, 82), 1_000)
    waves = np.where(np.arange(80) // 8 % 2, 30, 10)
    zigzag = np.where(np.arange(80) % 2, 30, 10)
    high = [[45, 45]] * 2
    observed = np.hstack([np.vstack([waves, zigzag]), high])
    first, second = scan(observed, total, 0.02, start=80).sr[:, -2:].T
    assert second[0] / first[0] < second[1] / first[1]
