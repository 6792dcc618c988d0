"""``python -m nlp redact``: JSON lines in, JSON lines out, bad lines named."""

import json

import pytest

from nlp.cli import command_modules, main

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
    assert summary == {"texts": 2, "masked": 1, "bad_lines": 0, "model": None}


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


def test_a_missing_file_is_said(capsys):
    assert main(["redact", "nowhere.jsonl", "--no-model"]) == 2
    assert "nowhere.jsonl: no such file" in capsys.readouterr().err


def test_commands_are_found_by_the_name_of_their_module():
    assert "nlp.redact_commands" in command_modules()
