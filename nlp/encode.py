"""Turns texts into unit vectors with a sentence encoder that loads without a network.

The configured model comes first, then the one built from an installed package; `HashingEncoder`
stands in for both in tests and needs no heavy library.
"""

import hashlib
import os
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nlp.e5 import CorruptWeights
from nlp.model_folders import EncoderUnavailable, cached_folder, hash_weights, packaged_folder
from nlp.packaged_model import NAME, PREFIX

__all__ = [
    "Encoder", "EncoderUnavailable", "HashingEncoder", "Progress", "SentenceEncoder",
    "load_encoder", "unit_rows",
]  # fmt: skip

Progress = Callable[[int, int], None]
BATCH_CHARACTERS = 2_000  # read at once, padding included: what a core's own cache holds
MOST_THREADS = 4  # the worker shares its machine with the pages that people wait for


class Encoder(Protocol):
    """Whatever gives texts a place: ``model_hash`` tells whether two vectors can be compared."""

    name: str
    model_hash: str
    dimension: int

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return (n, dimension) float32 unit rows, in the order of ``texts``."""
        ...


class SentenceEncoder:
    """A sentence-transformers model: the rows it gives do not depend on the order of the texts."""

    def __init__(self, model: Any, name: str, model_hash: str) -> None:
        self.name = name
        self.model_hash = model_hash
        self.dimension = int(model.get_embedding_dimension())
        self._model = model.eval()
        self._tokenizing = Lock()  # the tokenizer is not made for several threads
        # The models of this family were trained with a prefix, and group worse without it.
        self._prompt = PREFIX if "e5" in name.lower() else None

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return (n, dimension) float32 unit rows; ``progress`` gets (done, total).

        Batches run side by side on one thread each: with several threads to an operation, each
        waits at its end for whichever the machine has put aside, five times as long beside other
        work.
        """
        import torch  # heavy, and loaded already with the model

        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        batches = batch_rows(texts)
        threads, done = min(MOST_THREADS, len(os.sched_getaffinity(0))), 0
        with ThreadPoolExecutor(threads, "encode", torch.set_num_threads, (1,)) as pool:
            found = pool.map(self._encode_batch, ([texts[row] for row in rows] for rows in batches))
            for rows, each in zip(batches, found, strict=True):
                vectors[rows] = each
                done += len(rows)
                if progress is not None:
                    progress(done, len(texts))
        return unit_rows(vectors)

    def _encode_batch(self, texts: list[str]) -> NDArray[np.float32]:
        import torch

        with self._tokenizing:
            features = self._model.preprocess([_clean(each) for each in texts], prompt=self._prompt)
        with torch.inference_mode():
            raw = self._model(features)["sentence_embedding"]
        return np.asarray(raw.float().numpy(), dtype=np.float32)


def batch_rows(texts: Sequence[str]) -> list[list[int]]:
    """Return the rows of ``texts`` in batches of like length, so that little is padding.

    The longest come first: the threads end at about the same time. A batch is at most 2,000
    characters with its padding, or one text.
    """
    batches: list[list[int]] = []
    room = 0  # texts that the last batch still takes
    for row in sorted(range(len(texts)), key=lambda row: -len(texts[row])):
        if not room:
            room = max(1, BATCH_CHARACTERS // max(1, len(texts[row])))
            batches.append([])
        batches[-1].append(row)
        room -= 1
    return batches


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
            padded = f" {_clean(text).casefold().strip()} "
            for start in range(len(padded) - 2):
                code = zlib.crc32(padded[start : start + 3].encode())
                vectors[row, code % self.dimension] += 1.0 if code & 0x10000 else -1.0
        vectors[~vectors.any(axis=1), 0] = 1.0
        if progress is not None:
            progress(len(texts), len(texts))
        return unit_rows(vectors)


def load_encoder(model: str | None, folder: Path) -> Encoder:
    """Load ``model`` (a path, or the name of a model that the hub's cache holds already).

    With None, the model of the installed package is built into ``folder`` once. Raises
    `EncoderUnavailable` with a sentence for the operator; never asks the network.
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        if model is None:
            return _load(packaged_folder(folder), NAME)
        path = Path(model)
        if path.is_dir():
            return _load(path, path.name)
        return _load(cached_folder(model), model)
    except EncoderUnavailable:
        raise
    except CorruptWeights as error:
        raise EncoderUnavailable(f"The packaged model is damaged: {error}") from error
    except Exception as error:
        # Whatever a damaged folder makes the libraries raise, the worker must go on without it.
        raise EncoderUnavailable(f"The model {model or NAME} cannot be loaded: {error}") from error


def unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the rows divided by their length; a row of zeros stays as it is."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def _clean(text: str) -> str:
    """Return the text without lone surrogates, which no tokenizer can read."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _load(path: Path, name: str) -> SentenceEncoder:
    # Heavy (seconds, hundreds of MB): only the worker and the command line come here.
    import torch

    with _without_progress_bar():
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(str(path), device="cpu", local_files_only=True)
    if _reads_bfloat16(torch.cpu.get_capabilities()):
        model = model.to(torch.bfloat16)
    return SentenceEncoder(model, name, hash_weights(path))


def _reads_bfloat16(abilities: Mapping[str, Any]) -> bool:
    """Tell whether the processor has the instructions; emulated, they are ten times slower."""
    return bool(abilities.get("avx512_bf16") or abilities.get("amx_bf16"))


@contextmanager
def _without_progress_bar() -> Iterator[None]:
    from transformers.utils import logging

    bars: Any = logging  # its functions carry no types
    shown = bars.is_progress_bar_enabled()
    bars.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            bars.enable_progress_bar()
