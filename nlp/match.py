"""Matches the groups of a new run to those of the last one, so that themes keep their identity;
what cannot be matched is told as splits, merges, births and ends (after MONIC, KDD 2006)."""

from collections.abc import Hashable, Mapping, Set
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from scipy.optimize import linear_sum_assignment

Member = TypeVar("Member", bound=Hashable)
Shared = dict[tuple[int, int], int]  # members in common, by old and new group
KEEPS = 0.5  # Jaccard from which a group is the same as before
SPLIT_SHARE = 0.25  # of an old group, for a new one to count as one of its parts
MERGE_SHARE = 0.5  # of an old group, for a new one to have swallowed it


@dataclass(frozen=True)
class Kept:
    """An old group that goes on as ``new``; ``jaccard`` is in [0.5, 1], 1 = the same members."""

    old: int
    new: int
    jaccard: float


@dataclass(frozen=True)
class Split:
    """An old group whose members went to several new ones, largest part first."""

    old: int
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Merge:
    """Old groups that now stand together in ``new``."""

    olds: tuple[int, ...]
    new: int


@dataclass(frozen=True)
class Matches:
    """What became of every group; a kept group may also have lost a part or swallowed another."""

    kept: tuple[Kept, ...]
    splits: tuple[Split, ...]
    merges: tuple[Merge, ...]
    births: tuple[int, ...]
    ends: tuple[int, ...]

    def old_of(self, new: int) -> int | None:
        """Return the old group that ``new`` continues, or None."""
        return next((pair.old for pair in self.kept if pair.new == new), None)


def match(old: Mapping[int, Set[Member]], new: Mapping[int, Set[Member]]) -> Matches:
    """Match by the assignment of largest total Jaccard (Hungarian method), kept from 0.5 on.

    Members that only one run knows count against a match: give both runs' common members, or
    assign the new ones first. Empty groups are born or end like any other. Takes time in the
    members, not in the pairs of groups.
    """
    shared = _shared(old, new)
    kept = _keep(old, new, shared)
    splits = _splits(old, shared)
    merges = _merges(old, shared)
    seen_old = {pair.old for pair in kept} | {split.old for split in splits}
    seen_old |= {group for merge in merges for group in merge.olds}
    seen_new = {pair.new for pair in kept} | {merge.new for merge in merges}
    seen_new |= {part for split in splits for part in split.parts}
    return Matches(
        kept,
        splits,
        merges,
        births=tuple(sorted(set(new) - seen_new)),
        ends=tuple(sorted(set(old) - seen_old)),
    )


def jaccard(one: Set[Member], other: Set[Member]) -> float:
    """Return the shared part of two sets: 1 = equal, 0 = nothing shared or both empty."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def _shared(old: Mapping[int, Set[Member]], new: Mapping[int, Set[Member]]) -> Shared:
    """Count the members that an old and a new group have in common, where they have any."""
    homes: dict[Member, list[int]] = {}
    for group, members in old.items():
        for member in members:
            homes.setdefault(member, []).append(group)
    counts: Shared = {}
    for group, members in sorted(new.items()):
        for pair in ((home, group) for member in members for home in homes.get(member, ())):
            counts[pair] = counts.get(pair, 0) + 1
    return counts


def _keep(
    old: Mapping[int, Set[Member]], new: Mapping[int, Set[Member]], shared: Shared
) -> tuple[Kept, ...]:
    olds, news = sorted(old), sorted(new)
    rows, columns = {a: i for i, a in enumerate(olds)}, {b: i for i, b in enumerate(news)}
    scores = np.zeros((len(olds), len(news)))
    for (a, b), common in shared.items():
        scores[rows[a], columns[b]] = common / (len(old[a]) + len(new[b]) - common)
    pairs = [
        Kept(olds[row], news[column], float(scores[row, column]))
        for row, column in zip(*linear_sum_assignment(scores, maximize=True), strict=True)
    ]
    return tuple(pair for pair in pairs if pair.jaccard >= KEEPS)


def _splits(old: Mapping[int, Set[Member]], shared: Shared) -> tuple[Split, ...]:
    parts: dict[int, list[tuple[float, int]]] = {}
    for (a, b), common in shared.items():
        if (share := common / len(old[a])) >= SPLIT_SHARE:
            parts.setdefault(a, []).append((-share, b))
    several = ((a, sorted(found)) for a, found in sorted(parts.items()) if len(found) > 1)
    return tuple(Split(a, tuple(b for _, b in found)) for a, found in several)


def _merges(old: Mapping[int, Set[Member]], shared: Shared) -> tuple[Merge, ...]:
    olds: dict[int, list[int]] = {}
    for (a, b), common in shared.items():
        # Exactly half twice over is a split down the middle, not a merge.
        if common / len(old[a]) > MERGE_SHARE:
            olds.setdefault(b, []).append(a)
    return tuple(Merge(tuple(sorted(a)), b) for b, a in sorted(olds.items()) if len(a) > 1)
