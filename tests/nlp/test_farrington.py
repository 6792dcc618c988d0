"""Farrington's method against R's surveillance on S. Agona, and its parts worked out by hand."""

import dataclasses

import numpy as np
import pytest
from scipy import stats

from nlp.farrington import FLEXIBLE, FLEXIBLE_NB, OLD, Span, _upper, farrington, seasons
from nlp.weekly_counts import make_counts
from tests.nlp.signal_data import agona

SPAN = Span(years=4, halfwindow=3, alpha=0.1)
WEEKS = slice(281, 312)


def test_old_settings_give_the_alarms_of_the_package():
    # surveillance::farringtonFlexible on salmonella.agona, weeks 282–312, b 4, w 3, alpha 0.1.
    looks = farrington(make_counts(agona()), OLD, SPAN, start=281)
    weeks = (np.flatnonzero(looks.alarm[0]) + 1).tolist()
    assert weeks == [283, 284, 285, 287, 288, 289, 291, 292, 294, 295, 304]
    assert np.isnan(looks.upper[0, :281]).all()


@pytest.mark.parametrize("variant", [OLD, FLEXIBLE])
def test_the_limit_is_that_of_a_fit_made_week_by_week(variant):
    looks = farrington(make_counts(agona()), variant, SPAN, start=281)
    for week in (281, 286, 293, 303, 311):
        expected, upper = one_week(np.array(agona(), dtype=float), week, variant)
        assert looks.expected[0, week] == pytest.approx(expected, abs=1e-6)
        assert looks.upper[0, week] == pytest.approx(upper, abs=1e-6)


def one_week(x, week, variant):
    """Farrington's method written down once more, for one week, with dense matrices."""
    season = seasons(week, variant, SPAN)
    used = np.flatnonzero(season)
    y = x[used]

    def design(trend):
        columns = [np.ones(len(used))]
        columns += [(season[used] == level) * 1.0 for level in range(1, variant.levels)]
        return np.column_stack(columns + ([(used - week) / 52.0] if trend else []))

    def glm(matrix, weight):
        beta = np.zeros(matrix.shape[1])
        beta[0] = np.log(y.mean())
        for _ in range(200):
            mean = np.exp(matrix @ beta)
            info = (matrix * (weight * mean)[:, None]).T @ matrix
            beta = beta + np.linalg.solve(info, matrix.T @ (weight * (y - mean)))
        return beta, np.exp(matrix @ beta), np.linalg.inv(info)

    def model(trend):
        matrix = design(trend)
        free = len(y) - matrix.shape[1]
        _, mean, inverse = glm(matrix, np.ones(len(y)))
        phi = max(1, ((y - mean) ** 2 / mean).sum() / free)
        hat = mean * np.einsum("ij,jk,ik->i", matrix, inverse, matrix)
        anscombe = 1.5 * (y ** (2 / 3) / mean ** (1 / 6) - mean**0.5) / np.sqrt(phi * (1 - hat))
        weight = np.ones(len(y))
        weight[anscombe > variant.outbreak] = anscombe[anscombe > variant.outbreak] ** -2
        weight *= len(y) / weight.sum()
        beta, mean, inverse = glm(matrix, weight)
        phi = max(1, (weight * (y - mean) ** 2 / mean).sum() / free)
        return beta, inverse, phi, (weight * (y / mean - 1) ** 2).sum() / free, free

    beta, inverse, phi, scale, free = model(True)
    p = 2 * stats.t.sf(abs(beta[-1]) / np.sqrt(scale * inverse[-1, -1]), free)
    if not (p < variant.trend_p and np.exp(beta[0]) <= y.max()):
        beta, inverse, phi, scale, free = model(False)
    mean = np.exp(beta[0])
    tau = phi + scale * inverse[0, 0] * mean
    return mean, (mean ** (2 / 3) + 1.2815515655 * np.sqrt(4 / 9 * mean ** (1 / 3) * tau)) ** 1.5


def test_the_negative_binomial_limit_is_a_whole_count():
    looks = farrington(make_counts(agona()), FLEXIBLE_NB, SPAN, start=281)
    upper = looks.upper[0, WEEKS]
    assert (upper == np.round(upper)).all()
    assert (looks.alarm[0, WEEKS] == (np.array(agona())[WEEKS] > upper)).all()
    assert (np.flatnonzero(looks.alarm[0]) + 1).tolist() == [283, 284, 285, 288, 294]


def test_printed_limits_of_the_package_come_out():
    # surveillance, tests/testthat/test-farringtonFlexible.R, "some results we know are found".
    delta = _upper(np.log([5.0]), np.array([0.2 / 5]), np.array([1.0]), "delta", 0.05)
    assert delta == pytest.approx([9.1154825], abs=1e-6)
    eta, error = np.log([5.0]), np.log([2.0])
    for spread, limit, printed in (
        (1.5, "muan", 24),
        (1.0, "muan", 22),
        (1.5, "nb", 10),
        (1.0, "nb", 9),
    ):
        assert _upper(eta, error, np.array([spread]), limit, 0.05).tolist() == [printed]


def test_seasons_are_cut_as_the_window_asks():
    season = seasons(300, FLEXIBLE, Span(years=2, halfwindow=3))
    assert (season[300 - 104 - 3 : 300 - 104 + 4] == 10).all()
    assert season[300 - 104 + 4 : 300 - 52 - 3].tolist() == [
        s for s in range(1, 10) for _ in range(5)
    ]
    assert (season[300 - 26 :] == 0).all()
    assert (season[: 300 - 104 - 3] == 0).all()
    uneven = seasons(300, FLEXIBLE, Span(years=1, halfwindow=2))
    assert np.bincount(uneven)[1:5].tolist() == [6, 6, 5, 5]  # 47 weeks in 9 parts


def test_exposure_is_an_offset():
    rng = np.random.default_rng(8)
    total = rng.integers(50, 400, 312)
    counts = rng.binomial(total, 0.05)
    looks = farrington(make_counts(counts, total), FLEXIBLE, Span(5, 3, 0.01), start=290)
    share = looks.expected[0, 290:] / total[290:]
    assert share == pytest.approx(np.full(22, 0.05), rel=0.35)
    doubled = farrington(make_counts(counts, total * 2), FLEXIBLE, Span(5, 3, 0.01), start=290)
    assert doubled.upper[0, 290:] == pytest.approx(looks.upper[0, 290:], rel=1e-6)


def test_few_reports_stay_silent():
    counts = [0] * 270 + [4]
    looks = farrington(make_counts(counts), OLD, Span(5, 3, 0.1))
    assert not looks.alarm.any()
    assert np.isnan(looks.upper).all()


def test_missing_weeks_are_left_out_of_the_fit():
    counts = np.array(agona(), dtype=float)
    gone = counts.copy()
    gone[[100, 101, 229]] = np.nan
    looks = farrington(make_counts([counts, gone]), OLD, SPAN, start=281)
    assert looks.expected[1, 281] != looks.expected[0, 281]
    assert looks.expected[1, 281] > 0
    gone[300] = np.nan
    assert np.isnan(farrington(make_counts(gone), OLD, SPAN, start=281).upper[0, 300])


def test_a_season_without_a_week_is_not_looked_at():
    counts = np.array(agona(), dtype=float)
    season = seasons(281, FLEXIBLE, SPAN)
    empty = counts.copy()
    empty[: len(season)][season == 4] = np.nan
    looks = farrington(make_counts([counts, empty]), FLEXIBLE, SPAN, start=281)
    assert np.isnan(looks.expected[1, 281])
    assert looks.expected[0, 281] > 0


def test_huge_counts_that_never_change_are_looked_at():
    looks = farrington(make_counts([10**9] * 300), FLEXIBLE, start=299)
    assert looks.expected[0, 299] == pytest.approx(1e9)
    assert 1e9 < looks.upper[0, 299] < 1.001e9


def test_a_past_of_zeroes_foretells_zero():
    looks = farrington(make_counts([0] * 300 + [9]), OLD, start=300)
    assert looks.expected[0, 300] == pytest.approx(0, abs=1e-9)
    assert looks.alarm[0, 300]


def test_too_short_a_history_is_not_looked_at():
    assert np.isnan(farrington(make_counts([5] * 200), FLEXIBLE).upper).all()


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: Span(years=0), "years"),
        (lambda: Span(halfwindow=0), "halfwindow"),
        (lambda: Span(halfwindow=18), "halfwindow"),
        (lambda: Span(alpha=0.6), "alpha"),
        (lambda: farrington(make_counts([1]), dataclasses.replace(OLD, limit="none")), "limit"),
    ],
)
def test_impossible_settings_are_refused(make, word):
    with pytest.raises(ValueError, match=word):
        make()
