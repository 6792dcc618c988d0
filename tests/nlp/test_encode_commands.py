"""``python -m nlp encode`` on files: killed and run again, and given what is no good input."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nlp.cli import main
from nlp.encode import HashingEncoder
from nlp.packaged_model import build_folder
from nlp.vector_store import CHUNK
from tests.nlp.tiny_e5 import write_tiny

ROOT = Path(__file__).resolve().parents[2]
KILLED_AT = 3  # the part of the texts at which the process dies
# Dies by a signal in the middle of the third part, wherever the machine is quick or slow.
DYING = """
import os, sys
from nlp import encode, hashing_encoder
from nlp.cli import main
kind, calls = {kind}, 0
plain = kind.encode
def dying(self, texts, progress=None):
    global calls
    calls += 1
    if calls == {at}:
        os.kill(os.getpid(), {signal})
    return plain(self, texts, progress)
kind.encode = dying
sys.exit(main(sys.argv[1:]))
"""


def write_rows(path: Path, texts: list[str]) -> Path:
    lines = [json.dumps({"id": number, "text": text}) for number, text in enumerate(texts)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(*arguments: object, model: object = "hashing") -> int:
    return main(["encode", *(str(each) for each in arguments), "--model", str(model)])


def die(number: signal.Signals, kind: str, *arguments: object) -> None:
    """Run the command in a process that a real signal ends."""
    # A real model is also run once for the sentences that its precision is checked on, if at all:
    # those calls are counted apart, by asking for float32.
    code = DYING.format(kind=kind, at=KILLED_AT, signal=int(number))
    command = [sys.executable, "-c", code, "encode", *(str(each) for each in arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == -number, done.stderr.decode()


def summary(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().err.splitlines()[-1])
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_killed_and_run_again_it_goes_on_to_the_same_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], number: signal.Signals
) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", [f"message {n}" for n in range(4 * CHUNK)])
    die(
        number,
        "hashing_encoder.HashingEncoder",
        rows,
        "-o",
        tmp_path / "v.npy",
        "--model",
        "hashing",
    )
    assert not (tmp_path / "v.npy").exists()
    (part,) = (tmp_path / "v.npy.part").iterdir()
    with part.open("ab") as stream:
        stream.write(b"half a record")  # as a kill in the middle of writing leaves
    assert run(rows, "-o", tmp_path / "v.npy") == 0
    assert summary(capsys)["known_before"] == (KILLED_AT - 1) * CHUNK
    assert run(rows, "-o", tmp_path / "whole.npy") == 0
    assert summary(capsys)["known_before"] == 0
    assert (tmp_path / "v.npy").read_bytes() == (tmp_path / "whole.npy").read_bytes()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["rows.jsonl", "v.npy", "whole.npy"]


@pytest.mark.slow
def test_a_real_model_killed_and_run_again_gives_the_same_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = build_folder(write_tiny(tmp_path / "tiny.bin"), tmp_path / "tiny-e5")
    rows = write_rows(
        tmp_path / "rows.jsonl", [f"a b c {'c' * (n % 50)} {n}" for n in range(1_600)]
    )
    options = ("--model", folder, "--precision", "float32")
    die(signal.SIGKILL, "encode.SentenceEncoder", rows, "-o", tmp_path / "v.npy", *options)
    assert main([str(each) for each in ("encode", rows, "-o", tmp_path / "v.npy", *options)]) == 0
    assert summary(capsys)["known_before"] == (KILLED_AT - 1) * CHUNK
    assert main([str(each) for each in ("encode", rows, "-o", tmp_path / "w.npy", *options)]) == 0
    assert (tmp_path / "v.npy").read_bytes() == (tmp_path / "w.npy").read_bytes()


def test_a_store_that_was_asked_for_stays_and_serves_the_next_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", ["a", "b", "a"])
    for known in (0, 2):
        assert run(rows, "-o", tmp_path / "v.npy", "--store", tmp_path / "kept") == 0
        assert summary(capsys)["known_before"] == known
    assert np.load(tmp_path / "v.npy").tolist() == HashingEncoder().encode(["a", "b", "a"]).tolist()


def test_a_model_changed_between_two_runs_starts_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", ["a", "b"])
    other = HashingEncoder(8)
    from nlp.vector_store import VectorStore, encode_with

    with VectorStore(tmp_path / "v.npy.part", other.model_hash, 8) as store:
        encode_with(store, other, ["a", "b"])
    assert run(rows, "-o", tmp_path / "v.npy") == 0
    assert np.load(tmp_path / "v.npy").shape == (2, 64)
    assert not (tmp_path / "v.npy.part").exists()


def test_an_empty_file_gives_no_rows(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_bytes(b"")
    assert run(rows, "-o", tmp_path / "v.npy") == 0
    assert np.load(tmp_path / "v.npy").shape == (0, 64)


def test_bytes_that_are_no_utf_8_are_named_by_their_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_bytes(
        b'{"id": 1, "text": "a"}\n{"id": 2, "text": "\xff\xe9"}\n{"id": 3, "text": "c"}\n'
    )
    assert run(rows, "-o", tmp_path / "v.npy") == 2
    assert capsys.readouterr().err == "line 2: not UTF-8\n"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["rows.jsonl"]
    assert run(rows, "-o", tmp_path / "v.npy", "--skip-bad") == 0
    assert capsys.readouterr().err.startswith("line 2: not UTF-8\n")
    assert np.load(tmp_path / "v.npy").tolist() == HashingEncoder().encode(["a", "c"]).tolist()


def test_strange_texts_have_unit_rows(tmp_path: Path) -> None:
    strange = ["", "   ", "👍🏽👍🏽", "é" * 5_000, "\ud800", "\x00", "مرحبا", "a\u0301"]
    rows = write_rows(tmp_path / "rows.jsonl", strange)
    assert run(rows, "-o", tmp_path / "v.npy") == 0
    lengths = np.linalg.norm(np.load(tmp_path / "v.npy"), axis=1)
    assert lengths == pytest.approx(np.ones(len(strange)))


def test_a_folder_that_is_missing_is_told_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", ["a"])
    assert run(rows, "-o", tmp_path / "nowhere" / "v.npy") == 2
    assert "no such file" in capsys.readouterr().err


def test_a_device_can_be_written_to(tmp_path: Path) -> None:
    assert run(write_rows(tmp_path / "rows.jsonl", ["a"]), "-o", "/dev/null") == 0


@pytest.mark.slow
def test_a_missing_and_a_damaged_model_are_one_sentence_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", ["a"])
    broken = build_folder(write_tiny(tmp_path / "tiny.bin"), tmp_path / "tiny")
    (broken / "model.safetensors").write_bytes(b"cut short")
    for model, said in (
        (tmp_path / "absent", "neither a folder nor"),
        (broken, "cannot be loaded"),
    ):
        assert run(rows, "-o", tmp_path / "v.npy", model=model) == 2
        told = capsys.readouterr().err.splitlines()
        assert told[0] == "loading the sentence model"
        assert said in told[1]
        assert len(told) == 2
    assert not (tmp_path / "v.npy").exists()
