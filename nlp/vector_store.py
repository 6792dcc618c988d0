"""Keeps vectors by (model, text) in a folder, so that long encoding goes on where it was stopped.

One file a model, of records of one size, only ever appended to. A record that a kill cut short, and
what follows it, is dropped when the file is opened again.
"""

import fcntl
import hashlib
import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from nlp.encode import Encoder
from nlp.vectors import BrokenVectors, Progress

CHUNK = 512  # texts between two moments from which the work can go on: a few seconds
LEAST_LENGTH = 0.99  # of a row that counts as one unit, and its inverse the most
AT_ONCE = 4_096  # records read together


class StoreUnusable(ValueError):
    """The folder cannot be used now; the message says why and what to do."""


class VectorStore:
    """The vectors of one model; ``with VectorStore(…) as store`` keeps other processes out.

    Records are 32 bytes of SHA-256 of the text, the float32 row, and a CRC-32 of both.
    """

    def __init__(self, folder: Path, model_hash: str, dimension: int) -> None:
        self.path = folder / f"{model_hash}-{dimension}.vectors"
        row = ("row", "<f4", (dimension,))
        self._record = np.dtype([("key", "u1", (32,)), row, ("check", "<u4")])
        self._places: dict[bytes, int] = {}

    def __enter__(self) -> "VectorStore":
        """Open the file, drop what is damaged at its end, and read which texts it knows."""
        self.path.parent.mkdir(exist_ok=True)
        self._file: IO[bytes] = open(self.path, "a+b", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise StoreUnusable(f"{self.path.parent} is in use by another process.") from None
        self._read_keys()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file, which lets others in."""
        self._file.close()

    def __contains__(self, key: bytes) -> bool:
        return key in self._places

    def __len__(self) -> int:
        return len(self._places)

    def add(self, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Append (n, d) unit rows and wait until the disk has them. Raises `BrokenVectors`."""
        lengths = np.linalg.norm(vectors, axis=1)
        if not ((lengths >= LEAST_LENGTH) & (lengths <= 1 / LEAST_LENGTH)).all():
            raise BrokenVectors("Rows that are not of length one cannot be kept.")
        records = np.zeros(len(keys), dtype=self._record)
        records["key"] = np.frombuffer(b"".join(keys), dtype="u1").reshape(-1, 32)
        records["row"] = vectors
        records["check"] = _checks(records)
        raw = memoryview(records.tobytes())
        while raw:
            raw = raw[self._file.write(raw) :]
        os.fsync(self._file.fileno())
        for key in keys:
            self._places[key] = len(self._places)

    def rows(self, keys: Sequence[bytes]) -> NDArray[np.float32]:
        """Return (n, d) float32 rows in the order of ``keys``. Raises KeyError."""
        if not keys:
            return np.zeros((0, *self._record["row"].shape), dtype=np.float32)
        stored = np.memmap(self.path, dtype=self._record, mode="r", shape=(len(self),))
        return np.asarray(stored["row"][[self._places[key] for key in keys]], dtype=np.float32)

    def _read_keys(self) -> None:
        size = self._record.itemsize
        self._file.seek(0)
        while raw := self._file.read(size * AT_ONCE):
            records = np.frombuffer(raw[: len(raw) // size * size], dtype=self._record)
            whole = _checks(records) == records["check"]
            good = len(records) if whole.all() else int(np.flatnonzero(~whole)[0])
            for key in records["key"][:good]:
                self._places[key.tobytes()] = len(self._places)
            if good < AT_ONCE:
                break
        self._file.truncate(len(self) * size)


def _checks(records: NDArray[Any]) -> NDArray[np.uint32]:
    """Return the CRC-32 of each record but its last four bytes."""
    found = [zlib.crc32(each.tobytes()[:-4]) for each in records]
    return np.array(found, dtype=np.uint32)


def key_of(text: str) -> bytes:
    """Return the SHA-256 of the text, which stands for it in the file."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def encode_with(
    store: VectorStore, encoder: Encoder, texts: Sequence[str], progress: Progress | None = None
) -> NDArray[np.float32]:
    """Return (n, d) float32 unit rows in the order of ``texts``, each distinct text encoded once.

    The texts go to the encoder in the same parts whenever it is called with them, so that rows do
    not depend on where an earlier call was stopped; ``progress`` gets (done, total) distinct texts.
    """
    keys = [key_of(text) for text in texts]
    distinct = dict(zip(keys, texts, strict=True))
    order = list(distinct)
    for start in range(0, len(order), CHUNK):
        part = order[start : start + CHUNK]
        missing = [key for key in part if key not in store]
        if missing:
            store.add(missing, encoder.encode([distinct[key] for key in missing]))
        if progress is not None:
            progress(start + len(part), len(order))
    return store.rows(keys)
