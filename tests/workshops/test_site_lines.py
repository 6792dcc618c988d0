"""The map of several sites, on figures worked out by hand."""

import pytest

from workshops.site_lines import Place, dissent_of, lines_of


def place(site: str, rank: int | None, among: int = 6, **more: object) -> Place:
    values = {"group_id": f"{site}{rank}", "title": "T", "cards": (), "dots": 1, "voters": 1}
    values |= {"share": 0.5, "decision": ""}
    return Place(site=site, rank=rank, among=among, **{**values, **more})  # type: ignore[arg-type]


def test_first_and_last_thirds_disagree_and_the_middle_does_not() -> None:
    sites = ("A", "B")
    assert dissent_of([place("A", 2), place("B", 5)], sites).is_any  # 2 of 6 and 5 of 6
    assert not dissent_of([place("A", 2), place("B", 4)], sites).is_any  # 4 of 6: the middle
    assert dissent_of([place("A", 1), place("B", None)], sites).is_any  # no vote is last


def test_a_single_group_at_a_site_is_first_and_never_last() -> None:
    assert not dissent_of([place("A", 1, among=1), place("B", 1, among=1)], ("A", "B")).is_any


def test_a_site_with_two_groups_in_a_line_is_high_if_one_is() -> None:
    found = dissent_of([place("A", 1), place("A", 6), place("B", 1)], ("A", "B"))
    assert (found.high, found.low) == (("A", "B"), ())


def test_who_said_nothing_of_a_shared_line_is_named_and_of_a_lone_one_is_not() -> None:
    assert dissent_of([place("A", 1), place("B", 1)], ("A", "B", "C")).silent == ("C",)
    assert dissent_of([place("A", 1)], ("A", "B", "C")).silent == ()


def test_lines_go_by_sites_then_by_mean_share_never_by_sums() -> None:
    places = [
        place("A", 1, group_id="a1", share=0.2, dots=80),
        place("B", 1, group_id="b1", share=0.4, dots=2),
        place("A", 2, group_id="a2", share=0.7, dots=280, title="Grande salle"),
        place("B", 2, group_id="b2", share=0.6, dots=3, title="Petite salle"),
    ]
    lines = lines_of(places, {"a1": "s", "b1": "s"}, {"s": "Les deux"}, ("A", "B"))
    assert [line.title for line in lines] == ["Les deux", "Grande salle", "Petite salle"]
    assert lines[0].mean_share == pytest.approx(0.3)
    assert lines_of([], {}, {}, ()) == ()
