"""The map of themes: what lies where, and that it does not jump."""

import numpy as np
import pytest

from nlp.map2d import place_on_map


def circle(*degrees: float) -> np.ndarray:
    """Unit rows at these angles of one circle."""
    turns = np.radians(degrees)
    return np.column_stack([np.cos(turns), np.sin(turns)]).astype(np.float32)


def apart(places: np.ndarray, one: int, other: int) -> float:
    return float(np.linalg.norm(places[one] - places[other]))


def test_near_themes_lie_nearer_than_far_ones_and_all_within_the_map() -> None:
    places = place_on_map(circle(0, 10, 80, 90))
    assert apart(places, 0, 1) < apart(places, 0, 2) < apart(places, 0, 3)
    assert np.abs(places).max() <= 1.0
    assert np.linalg.norm(places, axis=1).max() == pytest.approx(0.95)


def test_the_same_themes_give_the_same_map() -> None:
    centres = np.random.default_rng(1).normal(size=(9, 20)).astype(np.float32)
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    assert np.array_equal(place_on_map(centres), place_on_map(centres.copy()))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_themes_have_a_map_too(count: int) -> None:
    places = place_on_map(circle(*range(0, 90 * count, 90)))
    assert places.shape == (count, 2)
    assert np.isfinite(places).all()
    if count == 1:
        assert places.tolist() == [[0.0, 0.0]]


def test_equal_themes_lie_in_one_point() -> None:
    assert place_on_map(circle(30, 30, 30)) == pytest.approx(np.zeros((3, 2)), abs=1e-6)


def test_a_map_is_turned_and_mirrored_onto_the_last_one() -> None:
    centres = circle(0, 10, 50, 95)
    last = place_on_map(centres)
    turn = np.array([[0.0, -1.0], [-1.0, 0.0]])  # a mirror: no mere turn brings it back
    assert place_on_map(centres, last @ turn) == pytest.approx(last @ turn, abs=1e-6)


def test_a_new_theme_does_not_make_the_others_jump() -> None:
    before = place_on_map(circle(0, 10, 50, 95))
    previous = np.vstack([before, [[np.nan, np.nan]]])
    after = place_on_map(circle(0, 10, 50, 95, 60), previous)
    assert np.linalg.norm(after[:4] - before, axis=1).max() < 0.15
    assert np.abs(after).max() <= 1.0


def test_one_known_theme_says_nothing_of_a_turn() -> None:
    previous = np.full((3, 2), np.nan)
    previous[0] = 0.5
    assert np.array_equal(
        place_on_map(circle(0, 40, 90), previous), place_on_map(circle(0, 40, 90))
    )


def test_bad_values_are_named() -> None:
    centres = circle(0, 90)
    with pytest.raises(ValueError, match=r"shape \(2, 2\), got \(1, 2\)"):
        place_on_map(centres, np.zeros((1, 2)))
    centres[1, 0] = np.nan
    with pytest.raises(ValueError, match="finite"):
        place_on_map(centres)
