"""The rules of a refresh without a database: bonds, the way to a theme, groups of the unplaced."""

from datetime import date

import numpy as np

from feedback.keeping_bonds import Seats, honour
from feedback.new_groups import pool_groups, tightness
from feedback.picture import Picture, SubjectRow, ThemeRow
from feedback.routes import Routes, copied

DAY = date(2026, 11, 23)
SCORES = {
    0: {"A": 0.9, "B": 0.1},
    1: {"A": 0.6, "B": 0.5},
    2: {"A": 0.2, "B": 0.8},
}


def seats(*themes: str | None, fixed: tuple[int, ...] = (), limit: float = 0.4) -> Seats:
    return Seats(
        list(themes),
        lambda row: row in fixed,
        lambda row, theme: SCORES[row][theme],
        lambda _theme: limit,
        lambda _row: ("A", "B"),
    )


def test_the_one_less_at_home_goes_to_its_second_choice() -> None:
    found = seats("A", "A")
    honour(found, [], [(0, 1)])
    assert found.theme == ["A", "B"]


def test_without_a_theme_that_takes_it_the_one_that_leaves_is_unplaced() -> None:
    found = seats("A", "A", limit=0.7)
    honour(found, [], [(0, 1)])
    assert found.theme == ["A", None]


def test_whoever_a_person_placed_stays_and_the_other_leaves() -> None:
    found = seats("A", "A", fixed=(1,))
    honour(found, [], [(0, 1)])
    assert found.theme == [None, "A"]
    found = seats("A", "A", fixed=(0, 1))
    honour(found, [], [(0, 1)])
    assert found.theme == ["A", "A"]


def test_the_second_choice_is_never_where_another_foe_stands() -> None:
    found = seats("A", "A", "B")
    honour(found, [], [(0, 1), (1, 2)])
    assert found.theme == ["A", None, "B"]


def test_what_belongs_together_goes_where_the_mean_is_higher() -> None:
    found = seats("A", None, "B")
    honour(found, [(0, 1), (1, 2)], [])
    assert found.theme == ["A", "A", "A"]  # 0.57 on the average, against 0.47
    found = seats("A", "A", "B", fixed=(2,))
    honour(found, [(0, 2)], [])
    assert found.theme == ["B", "A", "B"]


def picture(*themes: ThemeRow, subjects: tuple[SubjectRow, ...] = ()) -> Picture:
    rows = subjects or tuple(SubjectRow(each, DAY, seen=2) for each in ("s", "t"))
    return Picture({s.id: s for s in rows}, {t.id: t for t in themes}, [], [], [], [])


def theme(name: str, subject: str | None = None, **values: object) -> ThemeRow:
    return ThemeRow(name, 1, DAY, subject, **values)  # type: ignore[arg-type]


def test_a_merged_theme_leads_to_the_last_one_of_the_chain() -> None:
    found = Routes(
        picture(
            theme("A", "s", ended=DAY, merged_into="B"),
            theme("B", ended=DAY, merged_into="C"),
            theme("C", "t"),
        )
    )
    assert [each.id for each in found.options(1, "s")] == ["C"]
    assert found.owners["C"] == ["s", "t"]
    assert found.standing("A") == "C"


def test_a_circle_of_merges_ends() -> None:
    found = Routes(
        picture(theme("A", "s", ended=DAY, merged_into="B"), theme("B", ended=DAY, merged_into="A"))
    )
    assert found.options(1, "s") == []


def test_a_part_is_a_choice_beside_its_theme_and_its_own_parts_too() -> None:
    found = Routes(
        picture(
            theme("A", "s"),
            theme("P", split_from="A"),
            theme("Q", split_from="P"),
            theme("Gone", split_from="A", ended=DAY),
        )
    )
    assert [each.id for each in found.options(1, "s")] == ["A", "P", "Q"]
    assert found.options(2, "s") == []


def test_a_part_of_what_has_ended_stands_alone() -> None:
    ended = SubjectRow("s", DAY, seen=2, ended=DAY)
    found = Routes(
        picture(theme("A", "s", ended=DAY), theme("P", split_from="A"), subjects=(ended,))
    )
    assert [each.id for each in found.orphans()] == ["P"]


def test_what_experts_merge_follows_without_losing_a_theme() -> None:
    merged = SubjectRow("s", DAY, seen=2, ended=DAY, merged_into="t")
    other = SubjectRow("t", DAY, seen=2)
    alone = copied(picture(theme("A", "s"), subjects=(merged, other)))
    assert alone.themes["A"].subject_id == "t"
    beside = copied(picture(theme("A", "s"), theme("B", "t"), subjects=(merged, other)))
    assert [each.id for each in Routes(beside).options(1, "t")] == ["B", "A"]


def test_the_tightness_of_a_group_is_the_mean_cosine_of_its_pairs() -> None:
    right_angle = np.eye(2, dtype=np.float32)
    assert tightness(right_angle) == 0.0
    assert tightness(right_angle[:1]) == 1.0
    assert round(tightness(np.array([[1, 0], [1, 0], [0, 1]], np.float32)), 6) == round(1 / 3, 6)


def test_only_a_tight_group_of_five_among_the_unplaced_is_one() -> None:
    rng = np.random.default_rng(0)
    tight = np.tile(np.eye(20, dtype=np.float32)[0], (6, 1)) + 0.1 * rng.normal(size=(6, 20))
    loose = rng.normal(size=(8, 20))
    points = np.vstack([tight, loose]).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    nobody = np.full(len(points), -1)
    (found,) = pool_groups(points, np.arange(len(points)), nobody)
    assert found.tolist() == [0, 1, 2, 3, 4, 5]
    assert pool_groups(points, np.arange(4), nobody) == []
