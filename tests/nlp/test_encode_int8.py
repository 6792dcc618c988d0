"""Which numbers a model computes with, and that 8-bit integers give what floats give."""

import logging
from pathlib import Path

import numpy as np
import pytest

from nlp import int8
from nlp.encode import load_encoder
from nlp.packaged_model import build_folder
from nlp.precision import best_precision
from tests.nlp.test_encode import TEXTS
from tests.nlp.tiny_e5 import write_tiny


def _has_dot_products() -> bool:
    import torch

    return int8.has_dot_products(torch.cpu.get_capabilities())


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return build_folder(write_tiny(tmp_path / "tiny.bin"), tmp_path / "tiny-e5")


@pytest.mark.parametrize(
    ("abilities", "expected"),
    [
        ({"avx512_vnni": True, "avx512_bf16": True}, "int8"),
        ({"avx_vnni": True}, "int8"),
        ({"avx2": True, "avx512_bf16": True}, "bfloat16"),
        ({"avx2": True, "amx_bf16": False}, "float32"),
        ({}, "float32"),
    ],
)
def test_a_processor_computes_in_what_it_has(abilities: dict[str, bool], expected: str) -> None:
    assert best_precision(abilities) == expected


def test_a_processor_without_8_bit_products_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    best_precision({"avx2": True})
    assert "The processor has no 8-bit dot products" in caplog.text


def test_vectors_that_point_elsewhere_or_nowhere_are_not_faithful() -> None:
    rows = np.eye(2, dtype=np.float32)
    assert int8.is_faithful(rows, rows * np.float32(0.995))
    assert not int8.is_faithful(rows, rows[::-1])
    assert not int8.is_faithful(rows, rows * np.float32(np.nan))


@pytest.mark.slow
def test_a_layer_s_product_is_close_and_of_each_token_alone() -> None:
    import torch

    if not _has_dot_products():
        pytest.skip("this processor has no 8-bit dot products")
    generator = torch.Generator().manual_seed(0)
    layer = torch.nn.Linear(96, 40)
    rows = torch.randn((3, 7, 96), generator=generator) * torch.tensor([0.01, 1, 50])[:, None, None]
    with torch.inference_mode():
        fast = int8.Int8Layer(layer.weight, layer.bias)
        exact, found, alone = layer(rows), fast(rows), fast(rows[1:2, 3:4])
    error = (exact - found).norm(dim=2) / exact.norm(dim=2)
    assert error.max() < 0.02
    assert torch.equal(alone, found[1:2, 3:4])


@pytest.mark.slow
def test_nan_and_zeros_stay_in_their_token() -> None:
    import torch

    if not _has_dot_products():
        pytest.skip("this processor has no 8-bit dot products")
    layer = torch.nn.Linear(32, 8, bias=False)
    rows = torch.ones((3, 32))
    rows[0, 5], rows[1] = torch.nan, 0
    with torch.inference_mode():
        found = int8.Int8Layer(layer.weight, layer.bias)(rows)
    assert found[0].isnan().all()
    assert (found[1] == 0).all()
    assert found[2].isfinite().all()


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["the operation is missing", "it points elsewhere"])
def test_what_cannot_be_computed_in_int8_falls_back_to_float32(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    def missing(model: object) -> None:
        raise AttributeError(fault)

    if fault == "the operation is missing":
        monkeypatch.setattr(int8, "multiply_in_int8", missing)
    monkeypatch.setattr(int8, "is_faithful", lambda before, after: False)
    caplog.set_level(logging.WARNING)
    found = load_encoder(str(tiny), tiny.parent, "int8")
    plain = load_encoder(str(tiny), tiny.parent, "float32")
    assert "runs in float32 rather than int8" in caplog.text
    assert found.model_hash == plain.model_hash
    assert found.encode(["a b", "c"]).tolist() == plain.encode(["a b", "c"]).tolist()


@pytest.mark.slow
def test_vectors_of_two_precisions_have_two_hashes(tiny: Path) -> None:
    hashes = {
        load_encoder(str(tiny), tiny.parent, each).model_hash for each in ("float32", "bfloat16")
    }
    assert len(hashes) == 2


@pytest.mark.slow
def test_the_packaged_model_points_where_float32_does(tmp_path: Path) -> None:
    if not _has_dot_products():
        pytest.skip("this processor has no 8-bit dot products")
    fast, plain = (load_encoder(None, tmp_path, each) for each in ("int8", "float32"))
    assert fast.model_hash != plain.model_hash
    cosines = (fast.encode(TEXTS) * plain.encode(TEXTS)).sum(axis=1)
    assert cosines.mean() >= 0.995
    assert cosines.min() >= 0.99
    alone = np.concatenate([fast.encode([text]) for text in TEXTS[-4:]])
    assert alone == pytest.approx(fast.encode(TEXTS)[-4:], abs=1e-6)
