"""Near-copies of one text, the campaigns they make, and how many authors a pile of entries holds.

Coordinated copies are the worst false signal, so they count once. An author is one
receipt code, never a person: what is counted here is only ever shown as « retours ».
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from nlp.minhash import cut_shingles, link_copies

COSINE = 0.95
AUTHORS_PER_BATCH_DAY = 3
CAMPAIGN_COPIES = 5
CAMPAIGN_DAYS = 7
_BLOCK_ROWS = 1000

Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Campaign:
    """At least five near-copies within seven days; ``members`` are places in the input."""

    copy: int
    members: tuple[int, ...]
    first_day: int
    last_day: int


def near_copies(texts: Sequence[str], vectors: ArrayLike | None = None) -> Labels:
    """Return one group label per text, shape (texts,); a group is named by its first member.

    Two texts are near-copies when their 5-character shingles (no case, accents, punctuation) have
    a Jaccard index above 0.8, or when ``vectors`` of shape (texts, d), already centred, have a
    cosine above 0.95. Links chain; a text that copies an earlier one is compared with that one's
    group through it, which keeps a campaign of thousands fast. A text under five words is nobody's
    copy: two people may both write « ça bug ». Raises ValueError for vectors of another length or
    with a value that is not finite.
    """
    shingles = [cut_shingles(text) for text in texts]
    links = [link_copies(shingles)]
    if vectors is not None:
        links += _vector_links(vectors, np.array([bool(each) for each in shingles], dtype=bool))
    return _components(len(texts), np.concatenate(links))


def counted(
    codes: Sequence[Hashable],
    copies: ArrayLike,
    batches: Sequence[Hashable | None] | None = None,
    days: Sequence[Hashable] | None = None,
) -> NDArray[np.bool_]:
    """Mark one entry per author, shape (entries,).

    One code is one author, codes that share a near-copy are one; of what one mediator, kiosk or
    import batch entered on one day at most three count. An author with any entry outside a batch
    counts through that one. Raises ValueError when the lengths differ.
    """
    labels = np.asarray(copies, dtype=np.int64)
    batches = batches if batches is not None else [None] * len(codes)
    days = days if days is not None else [None] * len(codes)
    if not len(codes) == len(labels) == len(batches) == len(days):
        lengths = (len(codes), len(labels), len(batches), len(days))
        raise ValueError(f"codes, copies, batches and days differ in length: {lengths}")
    people = _people(codes, labels)
    marked, seen = np.zeros(len(codes), bool), set()
    left: dict[Hashable, int] = defaultdict(lambda: AUTHORS_PER_BATCH_DAY)
    # Entries outside any batch first: they speak for their author without using up a batch's three.
    for index in sorted(range(len(codes)), key=lambda i: (batches[i] is not None, i)):
        place = (batches[index], days[index])
        if people[index] in seen or (batches[index] is not None and left[place] == 0):
            continue
        seen.add(people[index])
        marked[index] = True
        left[place] -= batches[index] is not None
    return marked


def authors(
    codes: Sequence[Hashable],
    copies: ArrayLike,
    batches: Sequence[Hashable | None] | None = None,
    days: Sequence[Hashable] | None = None,
) -> int:
    """Return the number of authors behind the entries, by the rule of ``counted``."""
    return int(counted(codes, copies, batches, days).sum())


def campaigns(copies: ArrayLike, days: Sequence[int]) -> list[Campaign]:
    """Return the groups of near-copies with five members inside some seven days.

    ``days`` are day numbers (``date.toordinal()``). The campaign lists the whole group.
    """
    labels = np.asarray(copies, dtype=np.int64)
    groups: dict[int, list[int]] = defaultdict(list)
    for index, label in enumerate(labels.tolist()):
        groups[label].append(index)
    found = []
    for label, members in groups.items():
        dates = sorted(days[index] for index in members)
        spans = zip(dates, dates[CAMPAIGN_COPIES - 1 :], strict=False)
        if any(last - first < CAMPAIGN_DAYS for first, last in spans):
            found.append(Campaign(label, tuple(members), dates[0], dates[-1]))
    return found


def _vector_links(vectors: ArrayLike, usable: NDArray[np.bool_]) -> list[Labels]:
    rows = np.asarray(vectors, dtype=np.float32)
    if rows.ndim != 2 or len(rows) != len(usable):
        raise ValueError(f"vectors must have shape ({len(usable)}, d), got {rows.shape}")
    if not np.isfinite(rows).all():
        raise ValueError("vectors hold a value that is not finite")
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    units = np.where((norms > 0) & usable[:, None], rows / np.maximum(norms, 1e-12), 0)
    links = []
    for top in range(0, len(units), _BLOCK_ROWS):
        close = units[top : top + _BLOCK_ROWS] @ units[: top + _BLOCK_ROWS].T > COSINE
        here, there = np.nonzero(close)
        below = there < here + top
        links.append(np.column_stack((here[below] + top, there[below])))
    return links


def _components(size: int, pairs: Labels) -> Labels:
    """Label each item by the first item that it is linked to, directly or not."""
    if size == 0:
        return np.zeros(0, np.int64)
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    _, component = connected_components(graph, directed=False)
    _, first = np.unique(component, return_index=True)
    return np.asarray(first[component], dtype=np.int64)


def _people(codes: Sequence[Hashable], copies: Labels) -> list[int]:
    """Return one author label per entry: sharing a code or a copy makes one author."""
    by_code: dict[Hashable, int] = {}
    by_copy: dict[int, int] = {}
    links = []
    for index, (code, copy) in enumerate(zip(codes, copies.tolist(), strict=True)):
        links.append((index, by_code.setdefault(code, index)))
        links.append((index, by_copy.setdefault(copy, index)))
    labels = _components(len(codes), np.array(links, dtype=np.int64).reshape(-1, 2))
    return [int(label) for label in labels]
