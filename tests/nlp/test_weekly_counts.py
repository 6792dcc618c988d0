"""Checked weekly counts: what is refused, and what counts as no news."""

import numpy as np
import pytest

from nlp.weekly_counts import make_counts


def test_one_stream_is_a_table_of_one():
    assert make_counts([1, 2]).observed.tolist() == [[1, 2]]


def test_a_total_of_zero_is_a_week_without_news():
    counts = make_counts([0, 2], [0, 5])
    assert np.isnan(counts.observed[0, 0])
    assert np.isnan(counts.total[0, 0])
    assert counts.observed[0, 1] == 2


@pytest.mark.parametrize(
    ("observed", "total", "word"),
    [
        ([], None, "shape"),
        ([-1], None, "observed must be whole numbers ≥ 0, got -1"),
        ([0.5], None, "got 0.5"),
        ([float("inf")], None, "got inf"),
        ([1], [-2], "total must"),
        ([3], [2], "observed 3 is larger than total 2"),
        ([3, 1], [9], "differ in shape"),
        ([[[1]]], None, "shape"),
    ],
)
def test_impossible_counts_are_refused(observed, total, word):
    with pytest.raises(ValueError, match=word):
        make_counts(observed, total)
