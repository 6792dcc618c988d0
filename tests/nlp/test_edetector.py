"""The temporal detector: its arithmetic by hand, its promise under no change, what it finds."""

import math
from dataclasses import astuple

import numpy as np
import pytest
from scipy import stats

from nlp.dispersion import reference_window
from nlp.edetector import RATIOS, Week, detect, minimum_detectable_ratio
from nlp.streams import FORGOTTEN, scan
from nlp.usual_course import ODD_WEEKS, PERSISTENCES, SPREADS

HISTORY, YEAR, STREAMS, SHARE = 60, 52, 600, 0.02


def draw(
    rng: np.random.Generator, per_week: float, log_sd: float = 0.0, kept: float = 0.0
) -> tuple:
    """Draw null streams of shape (STREAMS, HISTORY + YEAR): counts and totals.

    The weekly share scatters; the next week keeps ``kept`` of a deviation.
    """
    shape = (STREAMS, HISTORY + YEAR)
    total = rng.poisson(per_week, shape)
    normal = rng.standard_normal(shape)
    for week in range(1, shape[1]):
        normal[:, week] = kept * normal[:, week - 1] + math.sqrt(1 - kept**2) * normal[:, week]
    scatter = np.exp(log_sd * normal - log_sd**2 / 2)
    return rng.binomial(total, np.minimum(1.0, SHARE * scatter)), total


def found_within_8_weeks(rng: np.random.Generator, per_week: int, share: float, rise: int) -> float:
    shape, change = (STREAMS, HISTORY + 20), HISTORY + 12
    total = rng.poisson(per_week, shape)
    shares = np.full(shape, share)
    shares[:, change:] *= rise
    alarms = scan(rng.binomial(total, shares), total, share, start=HISTORY).alarms(520.0)
    quiet = ~alarms[:, :change].any(axis=1)
    return float(alarms[quiet, change : change + 8].any(axis=1).mean())


def plain_detector(weeks: list[Week], prior: float) -> list[float]:
    """Compute S week by week as the decision note writes it, with nothing but scipy and loops."""
    pairs = [(0.0, 0.0)] + [(v, p) for v in SPREADS[:-1] for p in PERSISTENCES]
    wider = {0.0: SPREADS[0]} | dict(zip(SPREADS, SPREADS[1:], strict=False))
    share = [1 / 2, *[1 / 12] * 6]
    usual = list(share)
    rises = {(r, j): 0.0 for r in RATIOS for j in range(len(pairs))}
    found = []
    for t in range(11, len(weeks)):
        past = weeks[max(0, t - 55) : t - 3]
        k, m = sum(w.observed for w in past) + 0.5, sum(w.total for w in past) + 0.5 / prior
        mu, mu_before = k / m * weeks[t].total, k / m * weeks[t - 1].total

        def likelihood(
            spread: float,
            kept: float,
            ratio: float,
            mu: float = mu,
            mu_before: float = mu_before,
            k: float = k,
            weeks_before: int = len(past),
            now: int = t,
        ) -> float:
            level = ratio * mu_before
            gain = spread * level / (1 + spread * level)
            mean = ratio * mu * (1 + kept * gain * (weeks[now - 1].observed / level - 1))
            usual_gain = spread * mu_before / (1 + spread * mu_before)
            left = 1 - kept**2 * usual_gain + (1 + kept) / (1 - kept) / weeks_before
            shape = 1 / (1 / k + spread * left)
            return float(stats.nbinom.pmf(weeks[now].observed, shape, shape / (shape + mean)))

        def expert(j: int, ratio: float, likelihood=likelihood) -> float:
            spread, kept = pairs[j]
            odd = likelihood(wider[spread], kept, ratio)
            return (1 - ODD_WEEKS) * likelihood(spread, kept, ratio) + ODD_WEEKS * odd

        begun = {(r, j): rises[r, j] + usual[j] for r in RATIOS for j in range(len(pairs))}
        for r in RATIOS:
            all_of_them = sum(begun[r, j] for j in range(len(pairs)))
            for j in range(len(pairs)):
                mixed = (1 - FORGOTTEN) * begun[r, j] + FORGOTTEN * share[j] * all_of_them
                rises[r, j] = mixed * expert(j, r)
        usual = [
            ((1 - FORGOTTEN) * usual[j] + FORGOTTEN * share[j] * sum(usual)) * expert(j, 1.0)
            for j in range(len(pairs))
        ]
        found.append(sum(rises.values()) / len(RATIOS) / sum(usual))
    return found


def test_the_first_look_agrees_with_the_formulae():
    weeks = [Week(2, 100)] * 8 + [Week(0, 100)] * 3 + [Week(7, 120)]
    (look,) = detect(weeks, prior_share=0.01)
    assert look.index == 11
    assert look.weeks == 1
    assert look.dispersion >= 1.0
    # K + 0.5 and M + 0.5 / p0 over weeks 0 to 7 only
    assert look.expected == pytest.approx(16.5 / (800 + 50) * 120)
    assert look.sr == pytest.approx(plain_detector(weeks, 0.01)[0])
    assert look.e_value == look.sr


def test_the_recursion_agrees_with_a_plain_one_over_a_hundred_weeks():
    rng = np.random.default_rng(4)
    totals = rng.integers(60, 140, 100)
    counts = rng.poisson(0.03 * totals * np.exp(0.4 * rng.standard_normal(100)))
    weeks = [Week(int(x), int(n)) for x, n in zip(counts, totals, strict=True)]
    looks = detect(weeks, prior_share=0.03)
    assert [look.sr for look in looks] == pytest.approx(plain_detector(weeks, 0.03))
    assert [look.weeks for look in looks] == list(range(1, 90))
    assert looks[-1].e_value == pytest.approx(looks[-1].sr / 89)


def test_the_reference_is_the_52_weeks_that_end_4_weeks_before():
    window = reference_window(100)
    assert (window.start, window.stop - 1) == (45, 96)
    assert reference_window(11) == slice(0, 8)
    assert reference_window(2) == slice(0, 0)


def test_fewer_than_8_reference_weeks_give_no_look():
    assert detect([Week(1, 50)] * 11, 0.02) == []
    assert len(detect([Week(1, 50)] * 12, 0.02)) == 1


def test_a_week_without_feedback_is_no_look_and_no_part_of_the_reference():
    looks = detect([Week(1, 50)] * 12 + [Week(0, 0)] + [Week(1, 50)], 0.02)
    assert [look.weeks for look in looks] == [1, 1, 2]
    assert looks[1].expected == 0.0
    assert looks[1].upper == 0
    assert looks[1].sr == looks[0].sr
    holes = [Week(1, 50), Week(0, 0)] * 10
    first = detect(holes, 0.02)[0]
    assert first.index == 18  # 4 weeks after the eighth week with feedback, which is week 14
    assert first.expected == pytest.approx(8.5 / (400 + 25) * 50)


def test_streams_may_start_at_weeks_of_their_own():
    observed, total = np.full((2, 40), 2), np.full((2, 40), 100)
    paths = scan(observed, total, 0.02, start=[0, 30])
    assert paths.looks[:, -1].tolist() == [29, 10]
    assert np.isnan(paths.sr[1, 29])
    with pytest.raises(ValueError, match="start must be ≥ 0, got -1"):
        scan(observed, total, 0.02, start=-1)


def test_many_streams_are_seen_as_each_alone():
    rng = np.random.default_rng(5)
    total = rng.poisson(100, (1100, 30)) + 1
    observed = rng.binomial(total, 0.05)
    together = scan(observed, total, 0.05).sr[:, -1]
    alone = [scan(observed[[row]], total[[row]], 0.05).sr[0, -1] for row in (0, 499, 500, 1099)]
    assert together[[0, 499, 500, 1099]] == pytest.approx(alone)


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


@pytest.mark.parametrize("per_week", [3, 23, 231, 2309])
@pytest.mark.parametrize(("log_sd", "kept"), [(0.0, 0.0), (0.3, 0.0), (0.5, 0.0), (0.5, 0.4)])
def test_at_most_a_tenth_of_the_null_streams_alarm_in_a_year(per_week, log_sd, kept):
    observed, total = draw(np.random.default_rng(7), per_week, log_sd, kept)
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
