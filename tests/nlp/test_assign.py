"""Assignment of new points to themes, with values worked out by hand."""

import numpy as np
import pytest

from nlp.assign import Prototypes, assign, fit_thresholds, leave_one_out

AXES = np.eye(3, dtype=np.float32)


def prototypes(threshold: float = 0.5) -> Prototypes:
    return Prototypes(np.array([4, 9]), AXES[:2], np.full(2, threshold, dtype=np.float32))


def test_a_point_joins_the_theme_that_it_is_near() -> None:
    (placed,) = assign(np.array([[0.8, 0.6, 0.0]], dtype=np.float32), prototypes())
    assert (placed.theme, placed.runner_up) == (4, 9)
    assert (placed.score, placed.runner_up_score) == pytest.approx((0.8, 0.6))
    assert placed.threshold == 0.5


def test_it_abstains_below_the_threshold_and_says_how_close_it_came() -> None:
    (placed,) = assign(np.array([[0.8, 0.6, 0.0]], dtype=np.float32), prototypes(0.9))
    assert placed.theme == -1
    assert placed.score == pytest.approx(0.8)


def test_it_abstains_between_two_themes() -> None:
    between = np.array([[1.0, 1.0, 0.0]], dtype=np.float32) / np.float32(2**0.5)
    assert assign(between, prototypes())[0].theme == -1
    assert assign(between, prototypes(), margin=0.0)[0].theme == 4


def test_a_theme_alone_has_no_runner_up() -> None:
    alone = Prototypes(np.array([4]), AXES[:1], np.array([0.5], dtype=np.float32))
    (placed,) = assign(AXES[:1], alone)
    assert (placed.theme, placed.runner_up, placed.runner_up_score) == (4, -1, -1.0)


def test_without_themes_everything_waits() -> None:
    none = fit_thresholds(AXES, [-1, -1, -1])
    assert [placed.theme for placed in assign(AXES, none)] == [-1, -1, -1]
    assert assign(AXES[:0], prototypes()) == []


def test_a_threshold_leaves_the_member_itself_out() -> None:
    members = np.array([[1, 0], [0, 1]], dtype=np.float32)
    assert leave_one_out(members).tolist() == [0.0, 0.0]
    assert leave_one_out(members[:1]).tolist() == [1.0]
    # Three members at right angles to nothing: the others' centre of (1,0) is (1,1)/√2.
    members = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    assert leave_one_out(members).tolist() == pytest.approx([0.5**0.5, 0.5**0.5, 0.0])


def test_a_loose_theme_never_takes_what_has_nothing_to_do_with_it() -> None:
    fitted = fit_thresholds(AXES, [0, 0, 0])
    assert fitted.thresholds.tolist() == pytest.approx([0.2])


def test_bad_values_are_named() -> None:
    bad = AXES.copy()
    bad[1, 2] = np.nan
    with pytest.raises(ValueError, match=r"got nan at \(1, 2\)"):
        assign(bad, prototypes())
    with pytest.raises(ValueError, match="3 columns, got 2"):
        assign(AXES[:, :2], prototypes())
    with pytest.raises(ValueError, match=r"points \(3\), got 1"):
        fit_thresholds(AXES, [0])
