"""Squashing keeps the weights and the means, and leaves small tables alone."""

import numpy as np
import pytest

from nlp.squashing import MOST_BINS, keep, squash
from tests.nlp.signal_data import caers


def test_a_small_table_keeps_every_cell():
    points = squash(np.array([2.0, 1.0, 1.0]), np.array([0.3, 0.2, 0.1]))
    assert points.count.tolist() == [1, 1, 2]
    assert points.expected.tolist() == [0.1, 0.2, 0.3]
    assert points.weight.tolist() == [1, 1, 1]


def test_caers_is_cut_as_the_vignette_cuts_it():
    # openEBGM 0.9.1: squashData() with bins of 50 and 100 kept, then bins of 10 and 50 kept.
    _, tables = caers()
    points = squash(tables.a, tables.expected)
    ones, twos = points.weight[points.count == 1], points.weight[points.count == 2]
    assert sorted(set(ones.tolist())) == [1, 40, 50]
    assert (ones == 1).sum() == 100
    assert sorted(set(twos.tolist())) == [1, 10]
    assert (twos == 1).sum() == 50
    assert points.weight.sum() == 17_189
    assert points.weight @ points.expected == pytest.approx(tables.expected.sum())


def test_a_huge_table_is_cut_to_thousands_of_points():
    expected = np.random.default_rng(1).gamma(1, 1, 200_000)
    points = squash(np.full(200_000, 3.0), expected)
    assert len(points.count) <= MOST_BINS + 50
    assert points.weight.sum() == 200_000
    assert points.expected.max() == expected.max()


def test_keeping_every_cell_weighs_each_once():
    points = keep(np.array([1.0, 1.0]), np.array([0.5, 0.4]))
    assert points.weight.tolist() == [1, 1]
