"""Turns texts into unit vectors with a sentence encoder that loads without a network.

The configured model comes first, then the one built from an installed package.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nlp.e5 import CorruptWeights
from nlp.hashing_encoder import HashingEncoder
from nlp.int8 import Encode
from nlp.model_folders import EncoderUnavailable, cached_folder, hash_model, packaged_folder
from nlp.packaged_model import NAME, PREFIX
from nlp.packed_bert import is_packed, join
from nlp.precision import FLOAT32, REVISIONS, load_in
from nlp.vectors import BrokenVectors, Progress, checked_unit_rows, readable, unit_rows

__all__ = [
    "BrokenVectors", "Encoder", "EncoderUnavailable", "HashingEncoder", "Progress",
    "SentenceEncoder", "load_encoder", "unit_rows",
]  # fmt: skip

BATCH_TOKENS = 500  # computed at once: what a core's own cache holds
READ_AT_ONCE = 256  # texts whose tokens are counted together
MOST_REASON = 300  # characters of a library's own error
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
    """A sentence-transformers model: the row of a text does not depend on the texts beside it."""

    def __init__(self, model: Any, name: str, model_hash: str, precision: str = FLOAT32) -> None:
        self.name = name
        self.model_hash = model_hash
        self.precision = precision
        self.dimension = int(model.get_embedding_dimension())
        self._model = model.eval()
        self._tokenizing = Lock()  # the tokenizer is not made for several threads
        self._prompt = prompt_of(name)

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return (n, dimension) float32 unit rows; ``progress`` gets (done, total).

        Raises `BrokenVectors` where the model gives NaN. Of a text longer than the model reads
        (512 tokens for the packaged one), the beginning counts.

        Batches run side by side on one thread each: with several threads to an operation, each
        waits at its end for whichever the machine has put aside, five times as long beside other
        work.
        """
        import torch  # heavy, and loaded already with the model

        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        counts, ids = self._read_all(texts)
        batches = batch_rows(counts, mixed=is_packed(self._model))
        threads, done = min(MOST_THREADS, len(os.sched_getaffinity(0))), 0
        with ThreadPoolExecutor(threads, "encode", torch.set_num_threads, (1,)) as pool:
            work = (([texts[row] for row in rows], [ids[row] for row in rows]) for rows in batches)
            found = pool.map(lambda batch: self._encode_batch(*batch), work)
            for rows, each in zip(batches, found, strict=True):
                vectors[rows] = each
                done += len(rows)
                if progress is not None:
                    progress(done, len(texts))
        return checked_unit_rows(vectors, self.name)

    def _encode_batch(self, texts: list[str], ids: list[Any]) -> NDArray[np.float32]:
        import torch

        features = join(ids) if is_packed(self._model) else self._read(texts)
        with torch.inference_mode():
            raw = self._model(features)["sentence_embedding"]
        return np.asarray(raw.float().numpy(), dtype=np.float32)

    def _read(self, texts: Sequence[str]) -> Any:
        """Return the library's tensors of tokens."""
        with self._tokenizing:
            return self._model.preprocess([readable(each) for each in texts], prompt=self._prompt)

    def _read_all(self, texts: Sequence[str]) -> tuple[list[int], list[Any]]:
        """Return each text's count of tokens, of characters where the model hides it, and its ids.

        A packed model computes from the ids; another one reads each batch again, its own way.
        """
        counts, ids = [0] * len(texts), [None] * len(texts)
        rows = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        for start in range(0, len(rows), READ_AT_ONCE):
            some = rows[start : start + READ_AT_ONCE]
            features = self._read([texts[row] for row in some])
            mask = features.get("attention_mask")
            found = [len(texts[row]) for row in some] if mask is None else mask.sum(1).tolist()
            for place, (row, count) in enumerate(zip(some, found, strict=True)):
                counts[row] = count
                if is_packed(self._model):
                    ids[row] = features["input_ids"][place, :count]
        return counts, ids


def prompt_of(name: str) -> str | None:
    """Return what stands before each text: E5 models were trained so, and group worse without."""
    return PREFIX if "e5" in name.lower() else None


def batch_rows(counts: Sequence[int], mixed: bool = False) -> list[list[int]]:
    """Return the rows in batches of one count of tokens: nothing is padding, longest first.

    Padding changes the last bits of a sum, and where those are rounded to 8 bits, a text's vector
    would depend on the texts beside it. With ``mixed``, for a packed model, which computes no
    padding, counts stand together. The longest come first: the threads end at about the same time.
    A batch is at most 500 tokens, or one text.
    """
    batches: list[list[int]] = []
    open_count = room = 0  # of the last batch: its shortest text, how many tokens it still takes
    for row in sorted(range(len(counts)), key=lambda row: -counts[row]):
        size = max(1, counts[row])
        if room < size or not (mixed or counts[row] == open_count):
            open_count, room = counts[row], BATCH_TOKENS
            batches.append([])
        batches[-1].append(row)
        room -= size
    return batches


def load_encoder(model: str | None, folder: Path, precision: str | None = None) -> Encoder:
    """Load ``model`` (a path, or the name of a model that the hub's cache holds already).

    With None, the model of the installed package is built into ``folder`` once. ``precision`` is
    one of `nlp.precision.PRECISIONS`, None the fastest here that stays close to float32. Raises
    `EncoderUnavailable` with a sentence for the operator; never asks the network.
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    path = folder / NAME
    try:
        if model is None:
            return _load(packaged_folder(folder), NAME, precision)
        path = Path(model) if Path(model).is_dir() else cached_folder(model)
        return _load(path, path.name if Path(model).is_dir() else model, precision)
    except EncoderUnavailable:
        raise
    except CorruptWeights as error:
        raise EncoderUnavailable(f"The packaged model is damaged: {error}") from error
    except Exception as error:
        # Whatever a damaged folder makes the libraries raise, the worker must go on without it.
        mend = f": delete {path}, it is built again" if model is None else ""
        reason = " ".join(str(error).split())[:MOST_REASON]
        raise EncoderUnavailable(
            f"The model {model or NAME} cannot be loaded{mend} ({type(error).__name__}: {reason})."
        ) from error


def _load(path: Path, name: str, precision: str | None) -> SentenceEncoder:
    # Heavy (seconds, hundreds of MB): only the worker and the command line come here.
    with _without_progress_bar():
        from sentence_transformers import SentenceTransformer

        def load() -> Any:
            return SentenceTransformer(str(path), device="cpu", local_files_only=True)

        def encode(model: Any) -> Encode:
            return SentenceEncoder(model, name, "").encode

        model, found = load_in(precision, load, encode)
    revision = REVISIONS.get(found, found)
    return SentenceEncoder(model, name, hash_model(path, revision, prompt_of(name) or ""), found)


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
