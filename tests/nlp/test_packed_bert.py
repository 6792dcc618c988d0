"""The int8 encoder of BERT-like models: exact enough, blind to neighbours, given up when wrong."""

import logging
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nlp import packed_bert
from nlp.encode import BrokenVectors, batch_rows, load_encoder
from nlp.packaged_model import build_folder
from nlp.packed_bert import is_packable
from tests.nlp.test_encode import TEXTS
from tests.nlp.test_encode_int8 import _has_dot_products
from tests.nlp.tiny_e5 import PIECES, write_tiny


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return build_folder(write_tiny(tmp_path / "tiny.bin"), tmp_path / "tiny-e5")


def _need_dot_products() -> None:
    if not _has_dot_products():
        pytest.skip("this processor has no 8-bit dot products")


def _like(kind: str, side: str = "right", **config: Any) -> Any:
    """Return what `is_packable` looks at of a model."""
    inner = SimpleNamespace(config=SimpleNamespace(model_type=kind, **config))
    first = SimpleNamespace(auto_model=inner, tokenizer=SimpleNamespace(padding_side=side))
    return SimpleNamespace(children=lambda: iter([first]))


def test_batches_of_a_packed_model_mix_counts_and_hold_500_tokens() -> None:
    assert batch_rows([10, 200, 700, 0, 290, 200, 10], mixed=True) == [[2], [4, 1], [5, 0, 6, 3]]


def test_only_encoders_built_like_bert_are_recognised() -> None:
    assert is_packable(_like("bert"))
    assert is_packable(_like("xlm-roberta", position_embedding_type="absolute"))
    for other in (
        _like("mpnet"),
        _like("bert", side="left"),
        _like("bert", is_decoder=True),
        _like("bert", position_embedding_type="relative_key"),
        SimpleNamespace(children=lambda: iter([])),
    ):
        assert not is_packable(other)


@pytest.mark.slow
def test_a_vector_is_the_same_to_the_bit_whatever_stands_beside_it(tiny: Path) -> None:
    _need_dot_products()
    texts = ["a b", "c", "", "a b c a b c", "b", "a" * 900, "c c"] * 3
    encoder = load_encoder(str(tiny), tiny.parent, "int8")
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    assert alone.tolist() == encoder.encode(texts).tolist()


@pytest.mark.slow
def test_the_packaged_model_is_packed_and_its_neighbours_change_no_bit(tmp_path: Path) -> None:
    _need_dot_products()
    fast, plain = (load_encoder(None, tmp_path, each) for each in ("int8", "float32"))
    together = fast.encode(TEXTS)
    cosines = (together * plain.encode(TEXTS)).sum(axis=1)
    assert cosines.mean() >= 0.995
    assert cosines.min() >= 0.99
    assert together.dtype == np.float32
    assert np.concatenate([fast.encode([text]) for text in TEXTS]).tolist() == together.tolist()


@pytest.mark.slow
def test_other_models_keep_layer_by_layer(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _need_dot_products()
    texts = ["a b", "c", "a b c", "b"]
    packed = load_encoder(str(tiny), tiny.parent, "int8").encode(texts)
    monkeypatch.setattr(packed_bert, "is_packable", lambda model: False)
    apart = load_encoder(str(tiny), tiny.parent, "int8").encode(texts)
    assert (packed * apart).sum(axis=1) == pytest.approx(np.ones(4), abs=1e-3)


@pytest.mark.slow
def test_a_model_whose_parts_have_other_names_runs_in_float32(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(packed_bert, "PARTS", ("attention.elsewhere",))
    caplog.set_level(logging.WARNING)
    found = load_encoder(str(tiny), tiny.parent, "int8")
    plain = load_encoder(str(tiny), tiny.parent, "float32")
    assert "runs in float32 rather than int8" in caplog.text
    assert found.model_hash == plain.model_hash
    assert found.encode(["a b", "c"]).tolist() == plain.encode(["a b", "c"]).tolist()


@pytest.mark.slow
def test_nan_in_one_text_is_told_and_does_not_reach_others(tmp_path: Path) -> None:
    _need_dot_products()
    from safetensors.numpy import load_file, save_file

    # Without "e5" in its name nothing stands before a text.
    tiny = build_folder(write_tiny(tmp_path / "tiny.bin"), tmp_path / "tiny")
    tensors = load_file(tiny / "model.safetensors")
    tensors["embeddings.word_embeddings.weight"][PIECES.index("▁query")] = np.nan
    save_file(tensors, tiny / "model.safetensors", metadata={"format": "pt"})
    encoder = load_encoder(str(tiny), tiny.parent, "int8")
    assert encoder.encode(["a b"]).shape == (1, 32)
    with pytest.raises(BrokenVectors, match="no usable numbers for 1 of 2 texts"):
        encoder.encode(["a b", "query"])
