"""Assignment of new points to themes, with values worked out by hand."""

import numpy as np
import pytest

from nlp.assign import (
    Prototypes,
    assign,
    calibrate,
    fit_thresholds,
    leave_one_out,
    p_value,
    rows_by_label,
)

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
    assert len(assign(AXES[:0], prototypes())) == 0


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


def test_the_columns_say_the_same_as_the_rows() -> None:
    points = np.array([[0.8, 0.6, 0.0], [0.0, 0.0, 1.0]], dtype=np.float32)
    found = assign(points, prototypes())
    assert found.theme.tolist() == [4, -1] == [each.theme for each in found]
    assert found[0].score == pytest.approx(0.8)
    assert len(found) == 2


def test_many_rows_are_the_same_as_each_alone() -> None:
    points = np.random.default_rng(0).normal(size=(5000, 3)).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    together = assign(points, prototypes(0.3))
    alone = [assign(points[row : row + 1], prototypes(0.3))[0].theme for row in (0, 4095, 4096)]
    assert [int(together.theme[row]) for row in (0, 4095, 4096)] == alone


def test_the_p_value_is_the_share_of_members_as_far_away() -> None:
    similar = np.array([0.3, 0.5, 0.7, 0.9], dtype=np.float32)
    assert p_value(0.1, similar) == pytest.approx(1 / 5)
    assert p_value(0.5, similar) == pytest.approx(3 / 5)
    assert p_value(0.95, similar) == 1.0


def test_the_threshold_is_the_lowest_cosine_of_a_p_value_from_one_in_twenty() -> None:
    similar = np.linspace(0.4, 0.99, 60, dtype=np.float32)
    limit = calibrate(similar)
    assert p_value(limit, similar) >= 0.05 > p_value(limit - 0.001, similar)
    assert calibrate(similar[:4]) == pytest.approx(0.4)  # few members: never below the farthest
    assert calibrate(similar[:0]) == pytest.approx(0.2)


def test_labels_are_grouped_in_one_pass_without_the_unplaced() -> None:
    rows = rows_by_label(np.array([7, -1, 3, 7]))
    assert {each: found.tolist() for each, found in rows.items()} == {3: [2], 7: [0, 3]}


def test_two_centres_of_one_theme_are_not_rivals() -> None:
    both = Prototypes(np.array([4, 4]), AXES[:2], np.full(2, 0.5, dtype=np.float32))
    between = np.array([[1.0, 1.0, 0.0]], dtype=np.float32) / np.float32(2**0.5)
    (placed,) = assign(between, both)
    assert (placed.theme, placed.runner_up) == (4, -1)
