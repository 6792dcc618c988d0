"""What every encoder gives: float32 rows of length one, and never a row that is no number."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Progress = Callable[[int, int], None]


class BrokenVectors(ValueError):
    """A model gave what cannot be compared: NaN, an infinity or nothing but zeros."""


def unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the rows divided by their length; a row of zeros stays as it is."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def checked_unit_rows(vectors: NDArray[np.float32], name: str) -> NDArray[np.float32]:
    """Return (n, d) unit rows of what the model called ``name`` gave, or raise `BrokenVectors`."""
    broken = ~np.isfinite(vectors).all(axis=1) | ~vectors.any(axis=1)
    if broken.any():
        count, first = int(broken.sum()), int(np.flatnonzero(broken)[0]) + 1
        raise BrokenVectors(
            f"The model {name} gave no usable numbers for {count} of {len(vectors)} texts "
            f"(the first is number {first}); nothing of them is kept."
        )
    return unit_rows(vectors)


def readable(text: str) -> str:
    """Return the text without lone surrogates, which no tokenizer can read."""
    return text.encode("utf-8", "replace").decode("utf-8")
