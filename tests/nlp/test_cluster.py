"""Grouping of points: what must hold whatever the texts."""

import numpy as np
import pytest

from nlp import cluster as grouping
from nlp import neighbours
from nlp.assign import Labels, Vectors, assign, fit_thresholds
from nlp.cluster import Settings, by_size, cluster
from nlp.encode import unit_rows
from nlp.match import match
from nlp.neighbours import Candidates, candidates, nearest_neighbours, noisy_graph

QUICK = Settings(neighbours=(6, 8), repeats=2)


def blobs(groups: int = 4, each: int = 30, seed: int = 1) -> tuple[Vectors, Labels]:
    """Return unit rows around random centres, in mixed order, and their true groups."""
    rng = np.random.default_rng(seed)
    truth = rng.permutation(np.repeat(np.arange(groups), each))
    centres = rng.normal(size=(groups, 16))
    noise = rng.normal(scale=0.25, size=(len(truth), 16))
    return unit_rows((centres[truth] + noise).astype(np.float32)), truth


def test_well_parted_groups_are_found_without_their_number() -> None:
    points, truth = blobs()
    labels = cluster(points, 0, QUICK)
    assert len({(a, b) for a, b in zip(labels.tolist(), truth.tolist(), strict=True)}) == 4


def test_the_same_seed_gives_the_same_labels() -> None:
    points, _ = blobs()
    assert cluster(points, 3).tolist() == cluster(points, 3).tolist()


@pytest.mark.parametrize("size", [0, 1, 2, 29])
def test_under_thirty_points_there_is_no_structure_yet(size: int) -> None:
    points, _ = blobs()
    assert cluster(points[:size], 0).tolist() == [-1] * size


def test_equal_points_are_no_structure() -> None:
    assert set(cluster(np.ones((100, 4), dtype=np.float32) / 2, 0).tolist()) == {-1}


def test_copies_stand_together() -> None:
    points, _ = blobs()
    labels = cluster(np.vstack([points, points[:10]]), 0, QUICK)
    assert labels[:10].tolist() == labels[-10:].tolist()


def test_a_value_that_is_no_number_is_named() -> None:
    points, _ = blobs()
    points[7, 3] = np.inf
    with pytest.raises(ValueError, match=r"got inf at \(7, 3\)"):
        cluster(points, 0)


def test_groups_are_numbered_by_size_and_small_ones_dissolved() -> None:
    labels = np.array([8] * 5 + [3] * 2 + [6] * 7 + [-1] * 9)
    assert by_size(labels).tolist() == [1] * 5 + [-1] * 2 + [0] * 7 + [-1] * 9


def test_neighbours_are_the_nearest_others_whatever_the_block(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    points, _ = blobs(each=10)
    monkeypatch.setattr(neighbours, "BLOCK", 7)
    nearest, similar = nearest_neighbours(points, 3)
    whole = points @ points.T
    np.fill_diagonal(whole, -2)
    assert nearest.tolist() == np.argsort(-whole, axis=1)[:, :3].tolist()
    assert similar == pytest.approx(np.sort(whole, axis=1)[:, :-4:-1], abs=1e-6)


def test_each_pair_is_a_candidate_once_and_measured_against_any_two_points() -> None:
    points, truth = blobs(each=10)
    found = candidates(points, 12)
    one, other = found.pairs.T
    assert (one < other).all()
    assert len(np.unique(found.pairs, axis=0)) == len(found.pairs)
    same = truth[one] == truth[other]
    assert found.closeness[same].mean() > 1 > found.closeness[~same].mean()


def test_without_noise_the_graph_holds_each_points_nearest() -> None:
    pairs = np.array([[0, 1], [0, 2], [1, 2], [2, 3]])
    found = Candidates(4, pairs, np.array([3.0, 1.0, 2.0, -1.0]))
    graph = noisy_graph(found, 1, 0.0, np.random.default_rng(0))
    # 0 and 1 choose each other, 2 chooses 1, and 3 has nobody but 2.
    assert graph.pairs.tolist() == [[0, 1], [1, 2], [2, 3]]
    assert graph.weights.tolist() == [3.0, 2.0, neighbours.FAINT]


def test_large_sets_agree_on_neighbours_only(monkeypatch: pytest.MonkeyPatch) -> None:
    points, truth = blobs()
    monkeypatch.setattr(grouping, "DENSE", 50)
    labels = cluster(points, 0, QUICK)
    pairs = {(a, b) for a, b in zip(labels.tolist(), truth.tolist(), strict=True) if a >= 0}
    assert len(pairs) == len({label for label, _ in pairs})  # no group mixes two true ones


def test_the_largest_sets_are_grouped_by_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    points, truth = blobs(each=60)
    monkeypatch.setattr(grouping, "EXACT", 120)
    labels = cluster(points, 0, QUICK)
    assert (labels >= 0).mean() > 0.8
    pairs = {(a, b) for a, b in zip(labels.tolist(), truth.tolist(), strict=True) if a >= 0}
    assert len(pairs) == 4


def test_one_message_in_a_hundred_more_keeps_the_others_in_place() -> None:
    points, _ = blobs(groups=6, each=50)
    labels = cluster(points[:297], 0, QUICK)
    old = labels >= 0
    fitted = fit_thresholds(points[:297], labels)
    placed = assign(points, fitted).theme
    assert (placed[:297][old] == labels[old]).mean() >= 0.95
    assert (placed[297:] >= 0).any()


def test_a_refresh_with_one_message_in_a_hundred_more_keeps_identities() -> None:
    points, _ = blobs(groups=6, each=50)
    before, after = cluster(points[:297], 0, QUICK), cluster(points, 0, QUICK)
    matches = match(members(before), members(after))
    now = [matches.old_of(int(label)) for label in after[:297]]
    old = before >= 0
    assert (np.array(now)[old] == before[old]).mean() >= 0.95


def members(labels: Labels) -> dict[int, set[int]]:
    return {int(each): set(np.flatnonzero(labels == each).tolist()) for each in set(labels) - {-1}}
