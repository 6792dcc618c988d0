"""The temporal detector: its arithmetic by hand, its promise under no change, what it finds."""

import math
from dataclasses import astuple

import numpy as np
import pytest
from scipy import stats

from nlp.dispersion import measure, reference_window
from nlp.edetector import RATIOS, Week, detect, minimum_detectable_ratio
from nlp.streams import scan

HISTORY, YEAR, STREAMS, SHARE = 60, 52, 600, 0.02


def draw(rng: np.random.Generator, per_week: float, log_sd: float = 0.0) -> tuple:
    """Draw null streams of shape (STREAMS, HISTORY + YEAR): counts and totals."""
    shape = (STREAMS, HISTORY + YEAR)
    total = rng.poisson(per_week, shape)
    scatter = np.exp(log_sd * rng.standard_normal(shape) - log_sd**2 / 2)
    return rng.binomial(total, np.minimum(1.0, SHARE * scatter)), total


def found_within_8_weeks(rng: np.random.Generator, per_week: int, share: float, rise: int) -> float:
    shape, change = (STREAMS, HISTORY + 20), HISTORY + 12
    total = rng.poisson(per_week, shape)
    shares = np.full(shape, share)
    shares[:, change:] *= rise
    alarms = scan(rng.binomial(total, shares), total, share, start=HISTORY).alarms(520.0)
    quiet = ~alarms[:, :change].any(axis=1)
    return float(alarms[quiet, change : change + 8].any(axis=1).mean())


def test_the_first_look_agrees_with_the_formulae_computed_by_hand():
    weeks = [Week(2, 100)] * 8 + [Week(0, 100)] * 3 + [Week(7, 120)]
    (look,) = detect(weeks, prior_share=0.01)
    a, b = 16.5, 800 + 50  # K + 0.5 and M + 0.5 / p0 over weeks 0 to 7 only
    mu = a / b * 120
    shape = a  # eight equal weeks: φ = 1, so a' = a
    ratios = [
        stats.nbinom.pmf(7, shape, shape / (shape + r * mu))
        / stats.nbinom.pmf(7, shape, shape / (shape + mu))
        for r in RATIOS
    ]
    assert look.index == 11
    assert look.weeks == 1
    assert look.dispersion == 1.0
    assert look.expected == pytest.approx(mu)
    assert look.sr == pytest.approx(np.mean(ratios))
    assert look.e_value == look.sr


def test_the_second_look_follows_the_recursion_with_dispersion():
    counts = [0, 6, 0, 6, 0, 6, 0, 6, 1, 1, 1, 4, 5]
    looks = detect([Week(count, 100) for count in counts], prior_share=0.03)
    a, b = 24.5, 800 + 0.5 / 0.03
    phi_first = 8 * 3**2 / 3 / 7  # eight weeks 3 away from the mean of 3, m − 1 = 7
    assert looks[0].dispersion == pytest.approx(phi_first)
    sr = np.zeros(len(RATIOS))
    for look, x, (k, m) in zip(looks, (4, 5), ((24, 800), (25, 900)), strict=True):
        a, b = k + 0.5, m + 0.5 / 0.03
        mu = a / b * 100
        shape = 1 / (1 / a + (look.dispersion - 1) / mu)
        base = stats.nbinom.pmf(x, shape, shape / (shape + mu))
        lifted = [stats.nbinom.pmf(x, shape, shape / (shape + r * mu)) for r in RATIOS]
        sr = (sr + 1) * np.array(lifted) / base
        assert look.sr == pytest.approx(sr.mean())
        assert look.e_value == pytest.approx(sr.mean() / look.weeks)


def test_the_reference_is_the_52_weeks_that_end_4_weeks_before():
    window = reference_window(100)
    assert (window.start, window.stop - 1) == (45, 96)
    assert reference_window(11) == slice(0, 8)
    assert reference_window(2) == slice(0, 0)


def test_fewer_than_8_reference_weeks_give_no_look():
    assert detect([Week(1, 50)] * 11, 0.02) == []
    assert len(detect([Week(1, 50)] * 12, 0.02)) == 1


def test_an_empty_week_is_no_news_and_no_part_of_the_reference():
    empty = measure(np.array([[1.0, 0.0, 1.0]]), np.array([[50.0, 0.0, 50.0]]))
    assert empty.weeks.tolist() == [2]
    looks = detect([Week(1, 50)] * 12 + [Week(0, 0)], 0.02)
    assert looks[-1].expected == 0.0
    assert looks[-1].sr == pytest.approx(looks[-2].sr + 1)


def test_upper_is_the_largest_count_that_does_not_alarm():
    weeks = [Week(1, 100)] * 30
    upper = detect(weeks, 0.01)[-1].upper
    quiet, loud = ([*weeks[:-1], Week(count, 100)] for count in (upper, upper + 1))
    assert not detect(quiet, 0.01)[-1].alarm
    assert detect(loud, 0.01)[-1].alarm


def test_the_reference_is_frozen_while_an_alarm_is_open():
    looks = detect([Week(2, 100)] * 30 + [Week(30, 100)] * 30, 0.02)
    alarmed = [look for look in looks if look.alarm]
    assert len(alarmed) > 25
    assert {round(look.expected, 6) for look in alarmed} == {round(alarmed[0].expected, 6)}


def test_a_restart_forgets_the_sum_but_keeps_the_reference():
    weeks = [Week(2, 100)] * 30 + [Week(5, 100)] * 5 + [Week(2, 100)] * 5
    restarted = detect(weeks, 0.02, start=36)
    assert restarted[0].index == 36
    assert restarted[0].weeks == 1
    assert restarted[0].sr < detect(weeks, 0.02)[-4].sr
    assert restarted[0].expected > 2  # the weeks before the restart are still looked at


def test_a_very_long_rise_stays_a_finite_number():
    looks = detect([Week(1, 10_000)] * 20 + [Week(9_000, 10_000)] * 100, 0.0001)
    assert all(math.isfinite(value) for look in looks for value in astuple(look))


def test_a_theme_without_history_alarms_at_a_burst():
    looks = detect([Week(0, 100)] * 30 + [Week(4, 100)] * 3, prior_share=0.5 / 3000)
    assert not looks[-4].alarm
    assert looks[-1].alarm


@pytest.mark.parametrize("per_week", [23, 231, 2309])
@pytest.mark.parametrize("log_sd", [0.0, 0.3])
def test_at_most_a_tenth_of_the_null_streams_alarm_in_a_year(per_week, log_sd):
    observed, total = draw(np.random.default_rng(7), per_week, log_sd)
    alarms = scan(observed, total, SHARE, start=HISTORY).alarms(520.0)
    assert alarms.any(axis=1).mean() <= 0.10


def test_the_mean_of_the_e_value_under_the_null_is_at_most_one():
    observed, total = draw(np.random.default_rng(8), 231)
    paths = scan(observed, total, SHARE, start=HISTORY)
    e_values = paths.sr[:, -1] / paths.looks[:, -1]
    assert paths.looks[0, -1] == YEAR
    assert e_values.mean() <= 1.0 + 3 * e_values.std() / math.sqrt(STREAMS)


@pytest.mark.parametrize(
    ("per_week", "share", "rise", "floor"),
    [(23, 0.02, 5, 0.88), (25, 0.02, 5, 0.90), (23, 0.02, 3, 0.35), (230, 0.02, 3, 0.99)],
)
def test_a_rise_is_found_within_8_weeks_as_often_as_measured(per_week, share, rise, floor):
    found = found_within_8_weeks(np.random.default_rng(9), per_week, share, rise)
    assert found >= floor


def test_the_smallest_rise_that_can_be_seen_falls_with_volume():
    few, more, many = (minimum_detectable_ratio(expected) for expected in (0.1, 0.5, 4.6))
    assert few is not None
    assert more == 5.0
    assert many == 2.0
    assert few > more
    assert minimum_detectable_ratio(0.001) is None
    assert minimum_detectable_ratio(0.5) == more


@pytest.mark.parametrize(
    ("weeks", "share", "word"),
    [
        ([], 0.1, "weeks"),
        ([Week(0, 0)] * 20, 0.1, "total"),
        ([Week(-1, 5)] * 20, 0.1, "observed"),
        ([Week(1, -5)] * 20, 0.1, "total"),
        ([Week(6, 5)] * 20, 0.1, "observed 6"),
        ([Week(float("nan"), 5)] * 20, 0.1, "observed"),
        ([Week(0.5, 5)] * 20, 0.1, "observed"),
        ([Week(1, 5)] * 20, 0.0, "prior_share"),
        ([Week(1, 5)] * 20, float("nan"), "prior_share"),
    ],
)
def test_impossible_input_is_refused_by_name(weeks, share, word):
    with pytest.raises(ValueError, match=word):
        detect(weeks, share)


@pytest.mark.parametrize("arl", [0, 1, float("nan"), float("inf")])
def test_an_impossible_run_length_is_refused(arl):
    with pytest.raises(ValueError, match="arl"):
        detect([Week(1, 5)] * 20, 0.1, arl=arl)


@pytest.mark.parametrize(("expected", "weeks"), [(0.0, 8), (float("nan"), 8), (1.0, 0)])
def test_an_impossible_question_about_power_is_refused(expected, weeks):
    with pytest.raises(ValueError, match="must be"):
        minimum_detectable_ratio(expected, weeks)
