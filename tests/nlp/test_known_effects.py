"""Known effects: a theme near its own kind is listed, one of another kind is not."""

import numpy as np
import pytest

from nlp.known_effects import FEWEST_DRAWS, LEVEL, calibrate, conformal_p, nearness


def themes(rng: np.random.Generator, count: int, each: int, width: int = 32) -> np.ndarray:
    """Return segments scattered around ``count`` directions, theme after theme."""
    centres = rng.normal(size=(count, width))
    return np.concatenate([c + 0.8 * rng.normal(size=(each, width)) for c in centres])


def test_nearness_is_the_median_of_the_nearest_cosines() -> None:
    segments = [[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]]
    assert nearness(segments, [[3.0, 0.0]]) == pytest.approx(2**-0.5)
    assert nearness([[1.0, 0.0]], [[0.0, 1.0], [2.0, 0.0]]) == pytest.approx(1.0)


def test_a_theme_of_the_same_kind_is_rarely_called_another() -> None:
    rng = np.random.default_rng(1)
    rows = themes(rng, 10, 40)
    labels = np.repeat(np.arange(10), 40)
    calibration = calibrate(rows, labels, 5, rng)
    called = 0
    for theme in range(10):
        members = rng.permutation(np.flatnonzero(labels == theme))
        p = conformal_p(nearness(rows[members[5:10]], rows[members[:5]]), calibration)
        called += p is not None and p < LEVEL
    assert called <= 2


def test_a_theme_of_another_kind_is_unlisted() -> None:
    rng = np.random.default_rng(2)
    rows = themes(rng, 10, 40)
    labels = np.repeat(np.arange(10), 40)
    calibration = calibrate(rows, labels, 5, rng)
    other = nearness(rows[:5], rows[40:45])
    found = conformal_p(other, calibration)
    assert found is not None
    assert found < LEVEL


def test_what_stands_in_no_theme_calibrates_nothing() -> None:
    rng = np.random.default_rng(3)
    rows = themes(rng, 2, 6)
    assert len(calibrate(rows, [-1] * 12, 3, rng)) == 0
    assert len(calibrate(rows, [0] * 6 + [1] * 6, 6, rng)) == 0
    assert len(calibrate(rows, [0] * 6 + [1] * 6, 5, rng, draws=7)) == 7


def test_too_few_draws_are_an_abstention() -> None:
    assert conformal_p(0.5, np.zeros(FEWEST_DRAWS - 1)) is None
    assert conformal_p(-1.0, np.zeros(FEWEST_DRAWS)) == pytest.approx(1 / 20)
    assert conformal_p(1.0, np.zeros(FEWEST_DRAWS)) == 1.0


@pytest.mark.parametrize(
    ("segments", "examples", "message"),
    [
        ([], [[1.0]], "segments must have shape"),
        ([[1.0]], np.zeros((0, 1)), "examples must have shape"),
        ([[1.0, 2.0]], [[1.0]], "differ in width"),
        ([[np.nan]], [[1.0]], "not finite"),
    ],
)
def test_impossible_vectors_are_refused(segments: object, examples: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        nearness(segments, examples)  # type: ignore[arg-type]


def test_impossible_calibrations_are_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="differ in length"):
        calibrate([[1.0]], [0, 1], 1, rng)
    with pytest.raises(ValueError, match="examples must be"):
        calibrate([[1.0]], [0], 0, rng)
