"""The door of the temporal detectors: every method by its name, settings, what is needed before."""

import numpy as np
import pytest

from nlp.edetector import Week, detect
from nlp.surveil_commands import METHODS as OFFERED
from nlp.surveillance import METHODS, Settings, first_share, needed_weeks, surveil
from nlp.weekly_counts import make_counts
from tests.nlp.signal_data import agona


def test_the_command_offers_every_method():
    assert set(OFFERED) == set(METHODS)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_sees_a_tenfold_rise(method):
    counts = make_counts([*np.random.default_rng(3).poisson(2, 300), 40, 40])
    looks = surveil(counts, method)
    assert looks.alarm[0, -1] or looks.alarm[0, -2]
    alarmed = looks.alarm[0] & (np.arange(302) >= 300)
    assert (counts.observed[0][alarmed] > looks.upper[0][alarmed]).all()


@pytest.mark.parametrize("method", METHODS)
def test_every_method_abstains_on_one_week(method):
    looks = surveil(make_counts([3]), method)
    assert np.isnan(looks.upper).all()
    assert not looks.alarm.any()


@pytest.mark.parametrize("method", METHODS)
def test_the_first_look_comes_after_the_weeks_needed(method):
    settings = Settings(years=4)
    looks = surveil(make_counts(agona()), method, settings)
    first = int(np.flatnonzero(~np.isnan(looks.expected[0]))[0])
    assert first == needed_weeks(method, settings)


def test_the_detector_in_use_is_asked_as_it_is():
    counts = make_counts([[2] * 30, [3] * 30], [[90] * 30, [80] * 30])
    looks = surveil(counts, "edetector", Settings(start=15, arl=100.0, prior_share=0.02))
    alone = detect([Week(3, 80)] * 30, 0.02, 100.0, 15)
    assert looks.score[1, 15:].tolist() == [look.sr for look in alone]
    assert np.isnan(looks.score[:, :15]).all()


def test_a_week_without_news_has_no_look_of_the_detector_in_use():
    looks = surveil(make_counts([2] * 20 + [np.nan] + [2] * 4), "edetector")
    assert np.flatnonzero(np.isnan(looks.score[0])).tolist() == [*range(11), 20]


def test_the_prior_of_a_stream_is_its_first_reference():
    assert first_share(make_counts([2] * 12, [40] * 12), 0) == pytest.approx(0.05)
    assert first_share(make_counts([0] * 12, [40] * 12), 0) == pytest.approx(0.5 / 320)


def test_an_unknown_method_is_refused():
    with pytest.raises(ValueError, match="one of ears-c1, .*, got scan"):
        surveil(make_counts([1]), "scan")
