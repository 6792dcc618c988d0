"""The messages that show a theme."""

import numpy as np

from nlp.examples import borderline, typical_texts


def rows_at(*degrees: float) -> np.ndarray:
    angles = np.radians(degrees)
    return np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)


LONG = "Un message que l'on peut lire."


def test_typical_messages_differ_from_each_other() -> None:
    points = rows_at(0, 1, 2, 40, -40)
    labels = np.zeros(5, dtype=np.int64)
    chosen = typical_texts(points, labels, [LONG] * 5)[0]
    assert len(chosen) == 3
    assert {3, 4} < set(chosen)  # 0, 1 and 2 say the same


def test_readable_messages_come_before_short_and_endless_ones() -> None:
    points = rows_at(0, 30, -30, 60, -60)
    texts = ["ok", LONG, LONG, LONG, "x" * 5000]
    chosen = typical_texts(points, np.zeros(5, dtype=np.int64), texts)[0]
    assert sorted(chosen) == [1, 2, 3]


def test_short_messages_are_typical_where_there_are_no_others() -> None:
    points = rows_at(0, 30, -30)
    chosen = typical_texts(points, np.zeros(3, dtype=np.int64), ["a", "b", "c"])[0]
    assert chosen[0] == 0
    assert len(chosen) == 3


def test_equal_messages_give_one_typical_message() -> None:
    points = rows_at(10, 10, 10)
    labels = np.zeros(3, dtype=np.int64)
    assert typical_texts(points, labels, [LONG] * 3) == {0: [0]}
    assert borderline(points, labels, {0: 0.5}) == {0: [0]}


def test_nothing_has_no_examples() -> None:
    none = np.zeros((0, 2), dtype=np.float32)
    assert typical_texts(none, np.zeros(0, dtype=np.int64), []) == {}
    assert borderline(rows_at(0, 1), np.full(2, -1), {}) == {}


def test_borderline_messages_are_nearest_to_the_threshold() -> None:
    points = rows_at(0, 20, -20, 55, -55)
    labels = np.zeros(5, dtype=np.int64)
    assert borderline(points, labels, {0: float(np.cos(np.radians(20)))}) == {0: [1, 2]}
    assert borderline(points, labels, {}) == {0: [3, 4]}


def test_what_is_shown_as_typical_is_not_shown_as_borderline() -> None:
    points = rows_at(0, 20, -20, 55, -55)
    labels = np.zeros(5, dtype=np.int64)
    assert borderline(points, labels, {}, besides={3}) == {0: [4, 1]}
