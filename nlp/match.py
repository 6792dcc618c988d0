"""Matches the groups of a new run to those of the last one, so that themes keep their identity;
what cannot be matched is told as splits, merges, births and ends (after MONIC, KDD 2006)."""

from collections.abc import Hashable, Mapping, Set
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from scipy.optimize import linear_sum_assignment

Member = TypeVar("Member", bound=Hashable)
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
    assign the new ones first. Empty groups are born or end like any other.
    """
    kept = _keep(old, new)
    splits = _splits(old, new)
    merges = _merges(old, new)
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


def _keep(old: Mapping[int, Set[Member]], new: Mapping[int, Set[Member]]) -> tuple[Kept, ...]:
    olds, news = sorted(old), sorted(new)
    scores = np.array([[jaccard(old[a], new[b]) for b in news] for a in olds])
    rows, columns = linear_sum_assignment(scores.reshape(len(olds), len(news)), maximize=True)
    pairs = [
        Kept(olds[row], news[column], float(scores[row, column]))
        for row, column in zip(rows, columns, strict=True)
    ]
    return tuple(pair for pair in pairs if pair.jaccard >= KEEPS)


def _splits(old: Mapping[int, Set[Member]], new: Mapping[int, Set[Member]]) -> tuple[Split, ...]:
    splits = []
    for group, members in sorted(old.items()):
        shares = {b: len(members & found) / len(members) for b, found in new.items() if members}
        parts = sorted((b for b in shares if shares[b] >= SPLIT_SHARE), key=lambda b: -shares[b])
        if len(parts) > 1:
            splits.append(Split(group, tuple(parts)))
    return tuple(splits)


def _merges(old: Mapping[int, Set[Member]], new: Mapping[int, Set[Member]]) -> tuple[Merge, ...]:
    merges = []
    for group, members in sorted(new.items()):
        olds = [
            a
            for a, found in sorted(old.items())
            # Exactly half twice over is a split down the middle, not a merge.
            if found and len(found & members) / len(found) > MERGE_SHARE
        ]
        if len(olds) > 1:
            merges.append(Merge(tuple(olds), group))
    return tuple(merges)
