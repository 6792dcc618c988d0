"""The reader of packaged weights, on a file of the same format written by hand."""

import importlib.util
import struct
from pathlib import Path

import numpy as np
import pytest

from nlp.e5 import CorruptWeights, find_packaged_weights, read_weights, unpack
from tests.nlp.tiny_e5 import PIECES, write_tiny


def test_a_block_holds_two_weights_a_byte_low_half_first() -> None:
    raw = struct.pack("<e", 0.5) + bytes([0x8F, *[0x88] * 15])
    values = unpack(raw, 1, 32)
    assert values[0] == 3.5  # (15 − 8) × 0.5
    assert values[1:].tolist() == [0.0] * 31
    raw = struct.pack("<e", 2.0) + bytes([0x08, *[0x88] * 15])
    assert unpack(raw, 1, 32)[16] == -16.0  # (0 − 8) × 2


def test_plain_floats_are_read_as_they_are() -> None:
    assert unpack(struct.pack("<2f", 1.5, -2.0), 0, 2).tolist() == [1.5, -2.0]


@pytest.mark.parametrize(("raw", "kind"), [(b"", 2), (b"\0" * 18, 1)])
def test_a_wrong_type_or_too_few_values_are_refused(raw: bytes, kind: int) -> None:
    with pytest.raises(ValueError, match="must"):
        unpack(raw, kind, 64)


def test_a_file_is_read_whole_under_the_library_s_names(tmp_path: Path) -> None:
    weights = read_weights(write_tiny(tmp_path / "tiny.bin"))
    assert (weights.shape.hidden, weights.shape.layers, weights.shape.feed_forward) == (32, 1, 64)
    assert weights.shape.epsilon == pytest.approx(1e-12)
    assert [piece for piece, _ in weights.vocabulary.pieces] == PIECES
    assert weights.vocabulary.pieces[4][1] == -1.0
    assert weights.tensors["embeddings.word_embeddings.weight"].shape == (len(PIECES), 32)
    assert weights.tensors["encoder.layer.0.output.dense.weight"].shape == (32, 64)
    assert weights.tensors["encoder.layer.0.intermediate.dense.bias"].shape == (64,)
    assert weights.tensors["embeddings.LayerNorm.weight"].tolist() == [1.0] * 32


@pytest.mark.parametrize("size", [0, 3, 20, 60, 150, 400, 2000])
def test_a_file_cut_short_is_named_as_damaged(tmp_path: Path, size: int) -> None:
    path = write_tiny(tmp_path / "tiny.bin")
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(CorruptWeights, match=r"tiny\.bin cannot be read"):
        read_weights(path)


def test_another_block_size_is_refused(tmp_path: Path) -> None:
    path = write_tiny(tmp_path / "tiny.bin")
    raw = bytearray(path.read_bytes())
    raw[40:44] = struct.pack("<i", 64)
    path.write_bytes(raw)
    with pytest.raises(CorruptWeights, match="block size must be 32, got 64"):
        read_weights(path)


def test_a_file_that_lacks_a_layer_is_named_as_damaged(tmp_path: Path) -> None:
    path = write_tiny(tmp_path / "tiny.bin")
    raw = bytearray(path.read_bytes())
    raw[12:16] = struct.pack("<i", 2)  # layers that the header promises
    path.write_bytes(raw)
    with pytest.raises(CorruptWeights, match=r"16 tensors are missing, l1\.q\.w first"):
        read_weights(path)


def test_a_missing_package_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert find_packaged_weights() is None


def test_the_packaged_weights_are_found_by_name() -> None:
    found = find_packaged_weights()
    assert found is None or np.fromfile(found, dtype="S4", count=1)[0] == b"E5S1"
