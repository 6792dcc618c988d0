"""``python -m nlp redact``: JSON lines in, JSON lines out, bad lines named."""

import json
import re

import pytest

from nlp.cli import command_modules, main
from nlp.jsonl import release

GOOD = '{"id": 1, "text": "mme lopez, 0612345678"}'


def run_redact(tmp_path, lines, *options):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape"))
    status = main(["redact", str(source), "-o", str(target), "--no-model", *options])
    return status, [json.loads(line) for line in target.read_text("utf-8").splitlines()]


def test_rows_come_out_masked_with_offsets_of_the_input(tmp_path, capsys):
    status, rows = run_redact(tmp_path, [GOOD, '{"id": "b", "text": "rien \\ud800"}'])
    assert status == 0
    assert rows[0] == {
        "id": 1,
        "text": "mme [PERSONNE_1], [TELEPHONE_1]",
        "spans": [
            {"start": 4, "end": 9, "type": "PERSON"},
            {"start": 11, "end": 21, "type": "PHONE"},
        ],
    }
    assert rows[1] == {"id": "b", "text": "rien \ud800", "spans": []}
    summary = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert summary == {
        "texts": 2,
        "masked": 1,
        "bad_lines": 0,
        "model": None,
        "model_hash": None,
        "version": release(),
    }


@pytest.mark.parametrize(
    "bad", ["{", "[1]", '{"id": 1}', '{"id": null, "text": "a"}', '{"id": 1, "text": 2}', "\udcff"]
)
def test_a_bad_line_is_named_and_stops(tmp_path, capsys, bad):
    status, rows = run_redact(tmp_path, [GOOD, bad, GOOD])
    assert status == 2
    assert len(rows) == 1
    assert capsys.readouterr().err.startswith("line 2: ")


def test_skip_bad_reports_and_goes_on(tmp_path, capsys):
    status, rows = run_redact(tmp_path, [GOOD, "{", GOOD], "--skip-bad")
    assert status == 0
    assert len(rows) == 2
    assert "line 2: " in capsys.readouterr().err


@pytest.mark.slow
def test_names_are_masked_by_the_pipeline_that_the_summary_tells(tmp_path, capsys):
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps({"id": 1, "text": "Hier Gwenaëlle Kerbrat a appelé."}), "utf-8")
    assert main(["redact", str(source), "-o", str(out)]) == 0
    assert json.loads(out.read_text("utf-8"))["text"] == "Hier [PERSONNE_1] a appelé."
    summary = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert summary["model"] == "fr_core_news_md"
    assert re.fullmatch("[0-9a-f]{12}", summary["model_hash"])


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path, capsys):
    assert main(["redact", "nowhere.jsonl", "--no-model"]) == 2
    assert capsys.readouterr().err == "nowhere.jsonl: no such file\n"
    assert main(["redact", str(tmp_path), "--no-model"]) == 2
    assert capsys.readouterr().err == f"{tmp_path}: is a directory\n"


def test_commands_are_found_by_the_name_of_their_module():
    assert "nlp.redact_commands" in command_modules()
