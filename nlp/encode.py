"""Turns texts into unit vectors with a sentence encoder that loads without a network.

The configured model comes first, then the one built from an installed package.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nlp.batches import Model, compute_rows
from nlp.e5 import CorruptWeights
from nlp.hashing_encoder import HashingEncoder
from nlp.model_folders import (
    EncoderUnavailable,
    Source,
    cached_folder,
    hash_model,
    packaged_folder,
)
from nlp.packaged_model import NAME, PREFIX
from nlp.precision import FLOAT32, revision, set_up
from nlp.vectors import BrokenVectors, Progress, checked_unit_rows, unit_rows

__all__ = [
    "BrokenVectors", "Encoder", "EncoderUnavailable", "HashingEncoder", "Progress",
    "SentenceEncoder", "load_encoder", "unit_rows",
]  # fmt: skip

MOST_REASON = 300  # characters of a library's own error


class Encoder(Protocol):
    """Whatever gives texts a place: ``model_hash`` tells whether two vectors can be compared."""

    name: str
    model_hash: str
    dimension: int

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return (n, dimension) float32 unit rows, in the order of ``texts``."""
        ...


class SentenceEncoder:
    """A sentence model: the row of a text does not depend on the texts beside it."""

    def __init__(self, model: Model, name: str, model_hash: str, precision: str = FLOAT32) -> None:
        self.name = name
        self.model_hash = model_hash
        self.precision = precision
        self.dimension = model.dimension
        self._model = model

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return (n, dimension) float32 unit rows; ``progress`` gets (done, total).

        Raises `BrokenVectors` where the model gives NaN. Of a text longer than the model reads
        (512 tokens for the packaged one), the beginning counts.
        """
        return checked_unit_rows(compute_rows(self._model, texts, progress), self.name)


def prompt_of(name: str) -> str:
    """Return what stands before each text: E5 models were trained so, and group worse without."""
    return PREFIX if "e5" in name.lower() else ""


def load_encoder(model: str | None, folder: Path, precision: str | None = None) -> Encoder:
    """Load ``model`` (a path, or the name of a model that the hub's cache holds already).

    With None, the model of the installed package is built into ``folder`` once; what int8 computes
    from is kept there too. ``precision`` is one of `nlp.precision.PRECISIONS`, None the fastest
    here that stays close to float32. Raises `EncoderUnavailable` with a sentence for the operator;
    never asks the network.
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    path = folder / NAME
    try:
        if model is None:
            packaged = packaged_folder(folder)
            return _load(Source(packaged, NAME, prompt_of(NAME), folder), precision)
        path = Path(model) if Path(model).is_dir() else cached_folder(model)
        name = path.name if Path(model).is_dir() else model
        return _load(Source(path, name, prompt_of(name), folder), precision)
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


def _load(source: Source, precision: str | None) -> SentenceEncoder:
    # Heavy (seconds, hundreds of MB): only the worker and the command line come here.
    with _without_progress_bar():
        from sentence_transformers import SentenceTransformer

        plain = SentenceTransformer(str(source.path), device="cpu", local_files_only=True)
        model, found = set_up(plain, source, precision)
    digest = hash_model(source.path, revision(found), source.prompt)
    return SentenceEncoder(model, source.name, digest, found)


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
