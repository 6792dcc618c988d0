"""e-BH over a family of streams."""

import pytest

from nlp.ebh import e_bh, threshold_for


def test_the_thresholds_fall_with_the_rank():
    assert threshold_for(1, 10, 0.10) == pytest.approx(100)
    assert threshold_for(4, 10, 0.10) == pytest.approx(25)


def test_the_largest_are_rejected_down_to_the_last_that_reaches_its_threshold():
    # m = 5, α = 0.10: thresholds 50, 25, 16.7, 12.5, 10. The largest, 45, misses its own, but the
    # second and third reach theirs, so three are rejected; 12 misses 12.5 and 1 misses 10.
    assert e_bh([12.0, 45.0, 1.0, 17.0, 30.0], 0.10) == [1, 4, 3]


def test_one_stream_alone_must_reach_one_over_alpha():
    assert e_bh([9.99], 0.10) == []
    assert e_bh([10.01], 0.10) == [0]


def test_nothing_is_rejected_when_nothing_is_large_or_nothing_is_there():
    assert e_bh([1.0, 2.0, 0.0], 0.05) == []
    assert e_bh([], 0.05) == []


def test_infinite_evidence_is_rejected_and_ties_keep_their_order():
    assert e_bh([float("inf"), 100.0, 100.0], 0.10) == [0, 1, 2]


@pytest.mark.parametrize("value", [float("nan"), -1.0])
def test_an_impossible_e_value_is_refused(value):
    with pytest.raises(ValueError, match="e_values"):
        e_bh([value, 3.0], 0.1)


@pytest.mark.parametrize(("rank", "alpha"), [(0, 0.1), (4, 0.1), (1, 0.0), (1, 1.5)])
def test_an_impossible_rank_or_level_is_refused(rank, alpha):
    with pytest.raises(ValueError, match=r"rank|alpha"):
        threshold_for(rank, 3, alpha)
