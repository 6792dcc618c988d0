"""The command line of themes, on files, with the toy encoder."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nlp.cli import main
from nlp.encode import HashingEncoder
from nlp.jsonl import progress

SUBJECTS = [
    "mon ordonnance électronique est perdue par la pharmacie",
    "le rendez-vous chez le médecin est annulé sans prévenir",
    "impossible de changer le mot de passe du compte",
    "la carte Vitale reste illisible au cabinet",
    "le rappel sonne à trois heures chaque nuit",
    "mes mesures de tension arrivent en double",
]
TEXTS = [f"{SUBJECTS[n % 6]} ({n})" for n in range(60)]


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    lines = [{"id": f"r{n}", "text": text} for n, text in enumerate(TEXTS)]
    lines.append({"id": 99, "text": "  "})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def run(*arguments: object) -> int:
    return main([*(str(each) for each in arguments), "--model", "hashing"])


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_encode_writes_unit_rows(rows: Path, tmp_path: Path) -> None:
    assert run("encode", rows, "-o", tmp_path / "v.npy") == 0
    vectors = np.load(tmp_path / "v.npy")
    assert vectors.dtype == np.float32
    assert vectors[:60].tolist() == HashingEncoder().encode(TEXTS).tolist()


def test_themes_are_found_saved_used_and_explained(
    rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, fitted, summary = tmp_path / "out.jsonl", tmp_path / "fitted.npz", tmp_path / "s.json"
    assert run("themes", rows, "-o", out, "--save", fitted, "--summary", summary) == 0
    found = read(out)
    assert [row["id"] for row in found] == [*(f"r{n}" for n in range(60)), 99]
    assert found[-1] == {"id": 99, "theme": -1, "score": -1.0, "segments": []}
    pairs = {(row["theme"], n % 6) for n, row in enumerate(found[:60]) if row["theme"] >= 0}
    assert len({theme for theme, _ in pairs}) == len(pairs)  # no theme mixes two subjects
    assert found[0]["segments"][0]["end"] == len(TEXTS[0])
    told = json.loads(summary.read_text(encoding="utf-8"))
    assert told["model_hash"] == HashingEncoder().model_hash
    assert {"theme", "title", "words", "size", "typical"} == set(told["themes"][0])
    assert told["themes"][0]["typical"][0] in {row["id"] for row in found}

    again = tmp_path / "again.jsonl"
    assert run("assign", rows, "--themes", fitted, "-o", again) == 0
    same = [a["theme"] == b["theme"] for a, b in zip(found, read(again), strict=True)]
    assert np.mean(same) >= 0.9

    placed = next(row for row in read(again) if row["theme"] >= 0)
    why = tmp_path / "why.json"
    assert run("explain", rows, "--themes", fitted, "--id", placed["id"], "-o", why) == 0
    reason = json.loads(why.read_text(encoding="utf-8"))
    assert (reason["theme"], reason["score"]) == (placed["theme"], placed["score"])
    assert reason["score"] >= reason["threshold"]
    assert len(reason["neighbours"]) == 3
    assert placed["id"] not in [each["id"] for each in reason["neighbours"]]
    assert reason["words"]
    capsys.readouterr()


def test_a_short_text_of_two_sentences_is_explained_as_it_was_placed(
    rows: Path, tmp_path: Path
) -> None:
    fitted, more, out = tmp_path / "fitted.npz", tmp_path / "more.jsonl", tmp_path / "out.jsonl"
    assert run("themes", rows, "-o", out, "--save", fitted) == 0
    two = "Mon ordonnance électronique est perdue. Le rendez-vous chez le médecin est annulé."
    line = json.dumps({"id": "two", "text": two}, ensure_ascii=False)
    more.write_text(f"{rows.read_text('utf-8')}{line}\n", "utf-8")
    assert run("assign", more, "--themes", fitted, "-o", out) == 0
    placed = next(row for row in read(out) if row["id"] == "two")
    why = tmp_path / "why.json"
    assert run("explain", more, "--themes", fitted, "--id", "two", "-o", why) == 0
    reason = json.loads(why.read_text(encoding="utf-8"))
    assert len(placed["segments"]) == 2
    assert (reason["theme"], reason["score"]) == (placed["theme"], placed["score"])
    assert reason["segment"] == {"start": 0, "end": len(two)}


def test_given_vectors_keep_texts_whole(rows: Path, tmp_path: Path) -> None:
    run("encode", rows, "-o", tmp_path / "v.npy")
    out = tmp_path / "out.jsonl"
    assert run("themes", rows, "--vectors", tmp_path / "v.npy", "-o", out) == 0
    assert all(len(row["segments"]) == 1 for row in read(out))


def test_few_texts_have_no_themes_and_no_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few, fitted = tmp_path / "few.jsonl", tmp_path / "fitted.npz"
    few.write_text('{"id": 1, "text": "ordonnance"}\n{"id": 2, "text": ""}\n', encoding="utf-8")
    assert run("themes", few, "--save", fitted, "-o", tmp_path / "out") == 0
    assert [row["theme"] for row in read(tmp_path / "out")] == [-1, -1]
    assert run("explain", few, "--themes", fitted, "--id", 1, "-o", tmp_path / "why") == 0
    reason = json.loads((tmp_path / "why").read_text(encoding="utf-8"))
    assert (reason["theme"], reason["words"], reason["neighbours"]) == (-1, [], [])
    assert run("explain", few, "--themes", fitted, "--id", 2) == 2
    assert run("explain", few, "--themes", fitted, "--id", 3) == 2
    said = capsys.readouterr().err
    assert "the text is blank" in said
    assert "no line has the id 3" in said


def test_themes_of_another_model_are_refused(
    rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from nlp.grouping import group

    other = HashingEncoder(32)
    group(other.encode(TEXTS), TEXTS, other, 0).fitted.save(tmp_path / "fitted.npz")
    assert run("assign", rows, "--themes", tmp_path / "fitted.npz") == 2
    assert f"were fitted with model {other.model_hash}" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["encode", "themes"])
def test_a_bad_line_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    bad, out = tmp_path / "bad.jsonl", tmp_path / "out"
    bad.write_text('{"id": 1, "text": "a"}\n{"id": 2}\n{"id": 3, "text": "b"}\n', encoding="utf-8")
    assert run(command, bad, "-o", out) == 2
    assert capsys.readouterr().err == "line 2: text is missing\n"
    assert not out.exists()
    assert run(command, bad, "-o", out, "--skip-bad") == 0
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "line 2: text is missing"
    assert json.loads(said[-1])["texts"] == 2


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04cut short"])
def test_files_of_another_kind_are_refused_in_one_sentence(
    rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    other = tmp_path / "other"
    other.write_bytes(content)
    assert run("assign", rows, "--themes", other) == 2
    assert capsys.readouterr().err == f"{other}: not a file of `themes --save`\n"
    assert run("themes", rows, "--vectors", other) == 2
    assert capsys.readouterr().err == f"{other}: not a file of `encode`\n"


@pytest.mark.parametrize("shape", [(60, 64), (61, 8), (61,)])
def test_vectors_of_other_texts_or_another_model_are_refused(
    rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], shape: tuple[int, ...]
) -> None:
    np.save(tmp_path / "v.npy", np.ones(shape, dtype=np.float32))
    assert run("themes", rows, "--vectors", tmp_path / "v.npy") == 2
    assert f"must have shape (61, 64), got {shape}" in capsys.readouterr().err


def test_progress_tells_stderr_after_two_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = iter([0.0, 1.0, 2.5, 2.5, 3.0])
    monkeypatch.setattr("nlp.jsonl.time.monotonic", lambda: next(now))
    report = progress("texts encoded")
    for done in (1, 2, 3):
        report(done, 9)
    assert capsys.readouterr().err == "2 of 9 texts encoded\n"
