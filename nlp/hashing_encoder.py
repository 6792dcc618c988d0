"""Stands in for a sentence model in tests and trials: quick, deterministic, and without meaning."""

import hashlib
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.vectors import Progress, readable, unit_rows


class HashingEncoder:
    """Hashes character trigrams into a few dimensions: texts that share words come out close.

    Deterministic everywhere and without any model: for tests, never for real themes.
    """

    def __init__(self, dimension: int = 64) -> None:
        if dimension < 2:
            raise ValueError(f"dimension must be at least 2, got {dimension}")
        self.name = f"hashing-{dimension}"
        self.model_hash = hashlib.sha256(self.name.encode()).hexdigest()[:12]
        self.dimension = dimension

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return (n, dimension) float32 unit rows; a blank text gets the first axis."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            padded = f" {readable(text).casefold().strip()} "
            for start in range(len(padded) - 2):
                code = zlib.crc32(padded[start : start + 3].encode())
                vectors[row, code % self.dimension] += 1.0 if code & 0x10000 else -1.0
        vectors[~vectors.any(axis=1), 0] = 1.0
        if progress is not None:
            progress(len(texts), len(texts))
        return unit_rows(vectors)
