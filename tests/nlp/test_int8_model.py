"""The sentence model in 8-bit integers: exact enough, blind to neighbours, given up when wrong."""

import logging
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nlp import precision
from nlp.encode import BrokenVectors, SentenceEncoder, load_encoder
from nlp.int8_folder import build_int8, int8_folder
from nlp.int8_model import AVX512, Int8Model, ask_for_avx512, reason_against
from nlp.model_folders import Source
from nlp.packaged_model import build_folder
from nlp.precision import best_precision, is_faithful
from tests.nlp.test_encode import TEXTS
from tests.nlp.tiny_e5 import PIECES, write_tiny

FALLEN = "runs in float32 rather than int8"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return build_folder(write_tiny(tmp_path / "tiny.bin"), tmp_path / "tiny-e5")


def load(tiny: Path, kind: str = "int8") -> SentenceEncoder:
    found = load_encoder(str(tiny), tiny.parent / "models", kind)
    assert isinstance(found, SentenceEncoder)
    return found


def converted(tiny: Path) -> Path:
    """Return the only converted folder, and see that nothing else lies beside it."""
    (found,) = (tiny.parent / "models").iterdir()
    return found


def same_as_float32(found: SentenceEncoder, tiny: Path) -> bool:
    plain = load(tiny, "float32")
    texts = ["a b", "c"]
    assert (found.precision, found.model_hash) == ("float32", plain.model_hash)
    return found.encode(texts).tolist() == plain.encode(texts).tolist()


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


def test_avx_512_is_asked_for_where_it_is_and_nobody_chose(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.setenv("CT2_FORCE_CPU_ISA", "AVX2")
    whole = dict.fromkeys(AVX512, True)
    ask_for_avx512(whole)
    assert os.environ["CT2_FORCE_CPU_ISA"] == "AVX2"
    monkeypatch.delenv("CT2_FORCE_CPU_ISA")
    ask_for_avx512(whole | {"avx512_bw": False})
    assert "CT2_FORCE_CPU_ISA" not in os.environ
    ask_for_avx512(whole)
    assert os.environ["CT2_FORCE_CPU_ISA"] == "AVX512"


def test_vectors_that_point_elsewhere_or_nowhere_are_not_faithful() -> None:
    rows = np.eye(2, dtype=np.float32)
    assert is_faithful(rows, rows * np.float32(0.995))
    assert not is_faithful(rows, rows[::-1])
    assert not is_faithful(rows, rows * np.float32(np.nan))


def test_only_a_transformer_with_the_mean_of_its_tokens_is_computed_in_int8() -> None:
    class Transformer: ...

    class Dense: ...

    class Pooling(SimpleNamespace): ...

    def model(*layers: object) -> Any:
        return SimpleNamespace(children=lambda: iter(layers), parameters=lambda: iter(()))

    mean = Pooling(pooling_mode="mean", include_prompt=True)
    assert reason_against(model(Transformer(), mean)) is None
    for pooling in (
        Pooling(pooling_mode="cls", include_prompt=True),
        Pooling(pooling_mode=("mean", "max"), include_prompt=True),
        Pooling(pooling_mode="mean", include_prompt=False),
    ):
        assert reason_against(model(Transformer(), pooling)) == (
            "its vector is not the mean of its tokens"
        )
    told = reason_against(model(Transformer(), mean, Dense()))
    assert told == "it is made of Transformer, Pooling, Dense"


@pytest.mark.slow
def test_the_packaged_model_points_where_float32_does(tmp_path: Path) -> None:
    texts = [*TEXTS, "", "é" * 5_000, "Le site est lent, et personne ne répond. " * 120]
    fast, plain = (load_encoder(None, tmp_path, each) for each in ("int8", "float32"))
    assert fast.model_hash != plain.model_hash
    together = fast.encode(texts)
    cosines = (together * plain.encode(texts)).sum(axis=1)
    assert cosines.mean() >= 0.995
    assert cosines.min() >= 0.99
    assert together.dtype == np.float32
    assert np.concatenate([fast.encode([text]) for text in texts]).tolist() == together.tolist()
    assert fast.encode(texts[::-1])[::-1].tolist() == together.tolist()


@pytest.mark.slow
def test_a_vector_is_the_same_to_the_bit_whatever_stands_beside_it(tiny: Path) -> None:
    texts = ["a b", "c", "", "a b c a b c", "b", "a" * 900, "c c", "\ud800", "a \x00"] * 3
    encoder = load(tiny)
    assert encoder.precision == "int8"
    together = encoder.encode(texts)
    assert np.concatenate([encoder.encode([text]) for text in texts]).tolist() == together.tolist()
    assert together[:9].tolist() == together[9:18].tolist()
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-5)
    assert encoder.encode([]).shape == (0, 32)


@pytest.mark.slow
def test_a_model_is_converted_once(tiny: Path) -> None:
    first = load(tiny)
    stamp = (converted(tiny) / "model.bin").stat().st_mtime_ns
    second = load(tiny)
    assert (converted(tiny) / "model.bin").stat().st_mtime_ns == stamp
    assert first.model_hash == second.model_hash
    assert first.model_hash in converted(tiny).name
    assert first.encode(["a b"]).tolist() == second.encode(["a b"]).tolist()


@pytest.mark.slow
def test_changed_weights_are_converted_anew_and_the_old_folder_goes(tiny: Path) -> None:
    from safetensors.numpy import load_file, save_file

    before, old = load(tiny), converted(tiny)
    tensors = load_file(tiny / "model.safetensors")
    tensors["embeddings.word_embeddings.weight"][PIECES.index("▁a")] *= -1
    save_file(tensors, tiny / "model.safetensors", metadata={"format": "pt"})
    after = load(tiny)
    assert after.model_hash != before.model_hash
    assert converted(tiny) != old


@pytest.mark.slow
def test_another_release_of_the_library_converts_anew(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, old = load(tiny), converted(tiny)
    monkeypatch.setattr("nlp.int8_folder.version", lambda name: "99.0")
    assert load(tiny).model_hash != before.model_hash
    assert converted(tiny) != old


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["cut short", "weights of another model", "empty"])
def test_a_damaged_converted_folder_is_made_again(
    tiny: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    whole = load(tiny).encode(["a b", "c"])
    weights = converted(tiny) / "model.bin"
    raw = weights.read_bytes()
    if damage == "cut short":
        weights.write_bytes(raw[: len(raw) // 2])
    elif damage == "empty":
        weights.unlink()
    else:
        rng = np.random.default_rng(1)
        place = len(raw) // 2
        noise = rng.integers(0, 256, len(raw) // 4, dtype=np.uint8).tobytes()
        weights.write_bytes(raw[:place] + noise + raw[place + len(noise) :])
    caplog.set_level(logging.WARNING)
    found = load(tiny)
    assert "converted to int8 again" in caplog.text
    assert found.precision == "int8"
    assert found.encode(["a b", "c"]).tolist() == whole.tolist()
    assert (converted(tiny) / "model.bin").read_bytes() == raw


@pytest.mark.slow
def test_without_the_library_the_model_runs_in_float32(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "ctranslate2", None)
    monkeypatch.setitem(sys.modules, "ctranslate2.converters", None)
    found = load(tiny)
    assert FALLEN in caplog.text
    assert same_as_float32(found, tiny)


@pytest.mark.slow
def test_a_library_that_was_never_installed_is_told_by_its_name(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from importlib.metadata import PackageNotFoundError

    def absent(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("nlp.int8_folder.version", absent)
    found = load(tiny)
    assert f"{FALLEN}: No package metadata was found for ctranslate2" in caplog.text
    assert same_as_float32(found, tiny)


@pytest.mark.slow
def test_vectors_that_point_elsewhere_send_the_model_to_float32(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Turned(Int8Model):
        def compute(self, batch: list[Any]) -> Any:
            return -super().compute(batch)

    monkeypatch.setattr(precision, "Int8Model", Turned)
    found = load(tiny)
    assert f"{FALLEN}: its vectors would point elsewhere" in caplog.text
    assert same_as_float32(found, tiny)


@pytest.mark.slow
def test_a_model_that_the_converter_refuses_runs_in_float32(
    tiny: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = tiny / "config.json"
    settings.write_text(settings.read_text("utf-8").replace('"gelu"', '"mish"'), "utf-8")
    found = load(tiny)
    assert f"{FALLEN}: it cannot be computed" in caplog.text
    assert list((tiny.parent / "models").iterdir()) == []
    assert same_as_float32(found, tiny)


@pytest.mark.slow
def test_another_pooling_than_the_mean_runs_in_float32(
    tiny: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = tiny / "1_Pooling" / "config.json"
    settings.write_text(settings.read_text("utf-8").replace("mean_tokens", "max_tokens"), "utf-8")
    found = load(tiny)
    assert f"{FALLEN}: its vector is not the mean of its tokens" in caplog.text
    assert same_as_float32(found, tiny)


@pytest.mark.slow
def test_weights_that_are_no_numbers_are_left_to_float32_which_tells(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from safetensors.numpy import load_file, save_file

    # Without "e5" in its name nothing stands before a text.
    tiny = build_folder(write_tiny(tmp_path / "tiny.bin"), tmp_path / "tiny")
    tensors = load_file(tiny / "model.safetensors")
    tensors["embeddings.word_embeddings.weight"][PIECES.index("▁query")] = np.nan
    save_file(tensors, tiny / "model.safetensors", metadata={"format": "pt"})
    encoder = load(tiny)
    assert f"{FALLEN}: some of its weights are no numbers" in caplog.text
    assert encoder.encode(["a b"]).shape == (1, 32)
    with pytest.raises(BrokenVectors, match="no usable numbers for 1 of 2 texts"):
        encoder.encode(["a b", "query"])


@pytest.mark.slow
def test_vectors_of_three_precisions_have_three_hashes(tiny: Path) -> None:
    assert len({load(tiny, each).model_hash for each in ("int8", "bfloat16", "float32")}) == 3


@pytest.mark.slow
def test_a_process_that_was_faster_is_not_disturbed(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source(tiny, "tiny-e5", "query: ", tiny.parent / "models")
    folder = int8_folder(source)

    def slower(path: Path, draft: Path) -> None:
        draft.mkdir()
        (draft / "mine").touch()
        folder.mkdir()
        (folder / "theirs").touch()

    monkeypatch.setattr("nlp.int8_folder._convert", slower)
    build_int8(source, folder)
    assert [each.name for each in converted(tiny).iterdir()] == ["theirs"]


def test_a_disk_that_refuses_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = build_folder(write_tiny(tmp_path / "tiny.bin"), tmp_path / "tiny-e5")
    source = Source(tiny, "tiny-e5", "query: ", tmp_path / "models")

    def refuse(path: Path, draft: Path) -> None:
        pass  # wrote nothing: there is nothing to rename

    monkeypatch.setattr("nlp.int8_folder._convert", refuse)
    with pytest.raises(OSError, match="No such file"):
        build_int8(source, int8_folder(source))
    assert list((tmp_path / "models").iterdir()) == []
