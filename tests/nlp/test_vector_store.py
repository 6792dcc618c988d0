"""Vectors kept by model and text, whatever cuts the writing short."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from nlp.encode import BrokenVectors, HashingEncoder, Progress
from nlp.vector_store import CHUNK, StoreUnusable, VectorStore, encode_with, key_of

TEXTS = [f"message {number % 9}" for number in range(20)]


class Counting(HashingEncoder):
    """Remembers what it was asked to encode."""

    def __init__(self, dimension: int = 8) -> None:
        super().__init__(dimension)
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        self.asked += texts
        return super().encode(texts, progress)


def fill(folder: Path, encoder: HashingEncoder, texts: Sequence[str]) -> NDArray[np.float32]:
    with VectorStore(folder, encoder.model_hash, encoder.dimension) as store:
        return encode_with(store, encoder, texts)


def test_each_text_is_encoded_once_and_rows_keep_their_order(tmp_path: Path) -> None:
    encoder = Counting()
    vectors = fill(tmp_path / "s", encoder, TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.tolist() == HashingEncoder(8).encode(TEXTS).tolist()
    assert encoder.asked == TEXTS[:9]
    again = fill(tmp_path / "s", encoder, [*TEXTS[::-1], "new"])
    assert again[:20].tolist() == vectors[::-1].tolist()
    assert encoder.asked == [*TEXTS[:9], "new"]


def test_progress_counts_distinct_texts_and_no_text_is_no_row(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    encoder = HashingEncoder(8)
    with VectorStore(tmp_path / "s", encoder.model_hash, 8) as store:
        texts = [str(number) for number in range(CHUNK + 3)] * 2
        encode_with(store, encoder, texts, lambda *done: seen.append(done))
        assert seen == [(CHUNK, CHUNK + 3), (CHUNK + 3, CHUNK + 3)]
        assert encode_with(store, encoder, []).shape == (0, 8)


def test_vectors_of_two_models_never_meet(tmp_path: Path) -> None:
    small, large = Counting(8), Counting(16)
    fill(tmp_path / "s", small, TEXTS)
    vectors = fill(tmp_path / "s", large, TEXTS)
    assert len(large.asked) == 9
    assert vectors.tolist() == HashingEncoder(16).encode(TEXTS).tolist()
    assert len(list((tmp_path / "s").iterdir())) == 2


def test_a_text_stands_there_as_a_digest_only(tmp_path: Path) -> None:
    fill(tmp_path / "s", HashingEncoder(8), ["ma phrase"])
    (file,) = (tmp_path / "s").iterdir()
    assert file.read_bytes()[:32] == hashlib.sha256(b"ma phrase").digest() == key_of("ma phrase")
    assert file.stat().st_size == 32 + 8 * 4 + 4
    assert key_of("\ud800") != key_of("?")


@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0, 3.0])
def test_rows_that_are_no_unit_vectors_are_never_kept(tmp_path: Path, bad: float) -> None:
    rows = np.array([[1, 0], [bad, 0]], dtype=np.float32)
    with VectorStore(tmp_path / "s", "model", 2) as store:
        with pytest.raises(BrokenVectors, match="not of length one"):
            store.add([key_of("a"), key_of("b")], rows)
        assert len(store) == 0
        assert store.path.stat().st_size == 0


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    refused = pytest.raises(StoreUnusable, match="in use by another process")
    with VectorStore(tmp_path / "s", "model", 2), refused:
        VectorStore(tmp_path / "s", "model", 2).__enter__()
    with VectorStore(tmp_path / "s", "model", 2) as store:
        assert len(store) == 0


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_whatever_a_kill_or_a_disk_does_to_the_end_the_result_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("store") / "s"
    encoder = HashingEncoder(4)
    whole = fill(folder, encoder, TEXTS)
    (file,) = folder.iterdir()
    raw = bytearray(file.read_bytes())
    place = data.draw(st.integers(0, len(raw) - 1))
    if data.draw(st.booleans()):
        raw = raw[:place]
    else:
        raw[place] ^= data.draw(st.integers(1, 255))
    file.write_bytes(raw)
    assert fill(folder, encoder, TEXTS).tolist() == whole.tolist()
