"""Why a segment stands in its theme."""

from collections.abc import Sequence

import numpy as np
import pytest

from nlp.assign import Vectors
from nlp.explain import neighbours, telling_words

CENTRE = np.array([1.0, 0.0], dtype=np.float32)


def place(texts: Sequence[str]) -> Vectors:
    """Put « ordonnance » on the theme's axis, « soleil » against it, the rest aside."""
    points = [(("ordonnance" in t) - 0.5 * ("soleil" in t), 0.0) for t in texts]
    return np.array(points, dtype=np.float32)


def test_the_words_that_count_are_those_that_would_be_missed() -> None:
    assert telling_words("une ordonnance au soleil", CENTRE, place) == [("ordonnance", 1.0)]


def test_a_text_without_words_has_none_to_tell() -> None:
    assert telling_words("12 !", CENTRE, place) == []


def test_neighbours_are_members_nearest_first_without_the_point_itself() -> None:
    points = np.array([[1, 0], [0.6, 0.8], [0.8, 0.6], [1, 0], [0, 1]], dtype=np.float32)
    found = neighbours(points[0], points, [0, 0, 0, 1, 0], 0, 2)
    assert [each.row for each in found] == [2, 1]
    assert [each.similarity for each in found] == pytest.approx([0.8, 0.6])


def test_a_copy_by_somebody_else_is_a_neighbour() -> None:
    points = np.array([[1, 0], [1, 0]], dtype=np.float32)
    assert [each.row for each in neighbours(points[0], points, [0, 0], 0)] == [1]


def test_a_theme_without_members_has_no_neighbours() -> None:
    assert neighbours(CENTRE, np.zeros((0, 2), dtype=np.float32), [], 0) == []
