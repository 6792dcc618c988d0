"""Reads texts to tokens once and computes their vectors in batches, several side by side, whatever
library computes them."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nlp.vectors import Progress

BATCH_TOKENS = 500  # computed at once: what a core's own cache holds
MOST_THREADS = 4  # the worker shares its machine with the pages that people wait for


class Model(Protocol):
    """What computes vectors, without saying by which library."""

    dimension: int

    def read(self, texts: Sequence[str]) -> tuple[list[int], list[Any]]:
        """Return each text's count of tokens, and what `compute` takes of it."""
        ...

    def compute(self, batch: list[Any]) -> NDArray[np.float32]:
        """Return (n, dimension) rows of texts of one count of tokens; called by several threads."""
        ...

    def begin_thread(self) -> None:
        """Set up a thread that will call `compute`."""
        ...


def threads() -> int:
    """Return how many batches are computed side by side."""
    return min(MOST_THREADS, len(os.sched_getaffinity(0)))


def compute_rows(
    model: Model, texts: Sequence[str], progress: Progress | None = None
) -> NDArray[np.float32]:
    """Return (n, dimension) float32 rows as the model gives them, in the order of ``texts``.

    Batches run side by side on one thread each: with several threads to an operation, each waits at
    its end for whichever the machine has put aside, five times as long beside other work.
    """
    vectors = np.zeros((len(texts), model.dimension), dtype=np.float32)
    counts, items = model.read(texts)
    batches, done = batch_rows(counts), 0
    with ThreadPoolExecutor(threads(), "encode", model.begin_thread) as pool:
        found = pool.map(model.compute, ([items[row] for row in rows] for rows in batches))
        for rows, each in zip(batches, found, strict=True):
            vectors[rows] = each
            done += len(rows)
            if progress is not None:
                progress(done, len(texts))
    return vectors


def batch_rows(counts: Sequence[int]) -> list[list[int]]:
    """Return the rows in batches of one count of tokens: nothing is padding, longest first.

    Padding changes the last bits of a sum, and where those are rounded to 8 bits, a text's vector
    would depend on the texts beside it. The longest come first: the threads end at about the same
    time. A batch is at most 500 tokens, or one text.
    """
    batches: list[list[int]] = []
    open_count = room = 0  # of the last batch: its count, how many tokens it still takes
    for row in sorted(range(len(counts)), key=lambda row: -counts[row]):
        size = max(1, counts[row])
        if counts[row] != open_count or room < size:
            open_count, room = counts[row], BATCH_TOKENS
            batches.append([])
        batches[-1].append(row)
        room -= size
    return batches
