"""A part against the others and against its past, and lists with a bounded share of false ones."""

import numpy as np
import pytest
from scipy import stats

from nlp import facets


def test_the_expected_count_is_summed_over_strata():
    # January: 10 reports, 4 in the part, 5 with the theme; February: 10, 6 and 1.
    theme = [True] * 5 + [False] * 5 + [True] + [False] * 9
    inside = [True] * 3 + [False] * 2 + [True] + [False] * 4 + [False] + [True] * 6 + [False] * 3
    found = facets.against_others(theme, inside, ["01"] * 10 + ["02"] * 10)
    assert found is not None
    assert found.observed == 3
    assert found.expected == pytest.approx(4 * 5 / 10 + 6 * 1 / 10)


def test_the_p_value_is_the_posterior_probability_of_no_excess():
    found = facets.contrast(9, 2.5)
    assert found.p == pytest.approx(stats.gamma.cdf(1, 9.5, scale=1 / 3.0))
    assert found.ic025 > 0
    assert facets.contrast(2, 0.1).ic025 < 0  # two reports never suffice


def test_only_both_contrasts_together_are_growing_apart():
    high, low = facets.contrast(20, 4), facets.contrast(4, 4)
    assert facets.is_growing_apart(high, high)
    assert not facets.is_growing_apart(high, low)
    assert not facets.is_growing_apart(low, high)
    assert not facets.is_growing_apart(high, None)


def test_no_elsewhere_or_no_past_is_no_contrast():
    assert facets.against_others([True, False], [True, True], ["a", "a"]) is None
    assert facets.against_others([True, False], [False, False], ["a", "a"]) is None
    assert facets.against_before([True], []) is None
    past = facets.against_before([True] * 3 + [False], [True] + [False] * 9)
    assert past is not None
    assert past.expected == pytest.approx(0.4)


def test_discoveries_agree_with_benjamini_and_hochbergs_example():
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert facets.discoveries(p, 0.05).sum() == 4  # of 15, in their paper of 1995
    assert facets.discoveries(p, 0.05, overlapping=True).sum() == 3
    assert facets.discoveries(p[::-1], 0.05)[-4:].all()
    assert facets.discoveries([]).tolist() == []


@pytest.mark.parametrize("wrong", [-1.0, float("nan"), float("inf")])
def test_impossible_numbers_are_refused(wrong):
    with pytest.raises(ValueError, match="counts"):
        facets.contrast(wrong, 1.0)
    with pytest.raises(ValueError, match="p_values"):
        facets.discoveries(np.array([wrong]))
    with pytest.raises(ValueError, match="length"):
        facets.against_others([True], [True, False], ["a"])
