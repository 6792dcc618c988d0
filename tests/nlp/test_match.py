"""Identity of groups between runs; every value below can be counted on fingers."""

from nlp.match import Kept, Matches, Merge, Split, jaccard, match


def test_a_group_keeps_its_identity_from_half_on() -> None:
    old = {7: {1, 2, 3, 4}}
    assert match(old, {0: {1, 2}}).kept == (Kept(7, 0, 0.5),)
    assert match(old, {0: {1, 2, 5}}).kept == ()  # 2 shared of 5


def test_numbers_of_a_run_mean_nothing() -> None:
    old = {1: {1, 2, 3}, 2: {4, 5, 6}}
    matches = match(old, {1: {4, 5, 6}, 2: {1, 2, 3}})
    assert [matches.old_of(new) for new in (1, 2, 3)] == [2, 1, None]


def test_the_larger_total_wins_over_the_first_come() -> None:
    old = {1: {1, 2, 3, 4}, 2: {1, 2, 3, 5}}
    matches = match(old, {8: {1, 2, 3, 4}, 9: {1, 2, 3, 5}})
    assert matches.kept == (Kept(1, 8, 1.0), Kept(2, 9, 1.0))


def test_a_split_names_its_parts_largest_first() -> None:
    matches = match({1: set(range(10))}, {4: {0, 1, 2, 3}, 5: {4, 5, 6, 7, 8, 9}})
    assert matches.splits == (Split(1, (5, 4)),)
    assert matches.kept == (Kept(1, 5, 0.6),)
    assert matches.births == matches.ends == ()


def test_a_merge_names_what_it_swallowed() -> None:
    matches = match({1: {1, 2, 3}, 2: {4, 5, 6}}, {9: {1, 2, 3, 4, 5, 6}})
    assert matches.merges == (Merge((1, 2), 9),)
    assert matches.ends == ()


def test_births_and_ends_are_what_nothing_explains() -> None:
    matches = match({1: {1, 2, 3}}, {4: {7, 8, 9}})
    assert (matches.births, matches.ends) == ((4,), (1,))


def test_nothing_matches_nothing() -> None:
    nothing = Matches((), (), (), (), ())
    empty: dict[int, set[int]] = {}
    assert match(empty, empty) == nothing
    assert match(empty, {1: {1}}).births == (1,)
    assert match({1: {1}}, empty).ends == (1,)
    assert match({1: set()}, {2: {1}}).ends == (1,)


def test_two_empty_sets_share_nothing() -> None:
    assert jaccard(set(), set()) == 0.0


def test_a_kept_group_may_lose_a_part_and_swallow_another() -> None:
    old = {1: set(range(10)), 2: {20, 21}}
    matches = match(old, {5: {0, 1, 2, 3, 4, 5, 6, 20, 21}, 6: {7, 8, 9}})
    assert matches.kept == (Kept(1, 5, 7 / 12),)
    assert matches.splits == (Split(1, (5, 6)),)
    assert matches.merges == (Merge((1, 2), 5),)
    assert matches.births == matches.ends == ()


def test_many_members_are_matched_in_one_pass() -> None:
    old = {a: set(range(a * 100, a * 100 + 100)) for a in range(200)}
    new = {(a + 7) % 200: members for a, members in old.items()}
    assert all(match(old, new).old_of((a + 7) % 200) == a for a in old)
