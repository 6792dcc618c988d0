"""Remembers the vectors of texts between runs, so that only the first run waits for the model."""

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.encode import Encoder, Progress

Vectors = NDArray[np.float32]
AT_ONCE = 1_000  # texts encoded between two savings


class KeptEncoder:
    """An encoder that asks another once for each text and keeps the answer in ``folder``."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self.name, self.model_hash = encoder.name, encoder.model_hash
        self.dimension = encoder.dimension
        self._encoder = encoder
        self._folder = folder / f"vectors-{encoder.model_hash}"
        self._known: dict[bytes, Vectors] = {}
        for path in sorted(self._folder.glob("*.npz")):
            with np.load(path) as kept:
                self._known |= dict(zip(map(bytes, kept["keys"]), kept["vectors"], strict=True))

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return (n, dimension) float32 unit rows, in the order of ``texts``."""
        keys = [blake2b(text.encode("utf-8", "replace"), digest_size=16).digest() for text in texts]
        new = {k: t for k, t in zip(keys, texts, strict=True) if k not in self._known}
        waiting = list(new)
        for start in range(0, len(waiting), AT_ONCE):
            some = waiting[start : start + AT_ONCE]
            found = self._encoder.encode([new[key] for key in some])
            self._known |= dict(zip(some, found, strict=True))
            self._save(some, found)
        rows = [self._known[key] for key in keys]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension)

    def _save(self, some: list[bytes], found: Vectors) -> None:
        """Write one file more: two runs at once lose nothing of each other."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = blake2b(b"".join(some), digest_size=8).hexdigest()
        keys = np.frombuffer(b"".join(some), dtype=np.uint8).reshape(-1, 16)
        with (self._folder / f"{name}.part").open("wb") as stream:
            np.savez(stream, keys=keys, vectors=found)
        (self._folder / f"{name}.part").replace(self._folder / f"{name}.npz")
