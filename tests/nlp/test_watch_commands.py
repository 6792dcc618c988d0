"""``python -m nlp watch`` on files, with themes given and with themes found."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nlp.cli import main
from tests.nlp import dated_reports

SUBJECTS = [
    "mon ordonnance électronique est perdue par la pharmacie",
    "le rendez-vous chez le médecin est annulé sans prévenir",
    "impossible de changer le mot de passe du compte",
    "la carte Vitale reste illisible au cabinet",
    "le rappel sonne à trois heures chaque nuit",
    "mes mesures de tension arrivent en double",
    "le courrier de la caisse arrive après la date limite",
    "la page reste blanche sur le téléphone",
]
COLUMNS = {
    "facet", "value", "theme", "words", "first_alarm", "observed", "expected", "ratio", "e_value",
    "rank", "kind", "ids",
}  # fmt: skip


def write(path: Path, themed: bool, extra: int = 40, seed: int = 1) -> Path:
    rows = []
    for report in dated_reports.draw(np.random.default_rng(seed), extra):
        row: dict[str, Any] = {"id": f"r{report.id}", "date": report.day.isoformat()}
        row |= {"text": f"{SUBJECTS[int(report.theme or 0)]} {report.id}", "facets": report.facets}
        rows.append(row | ({"theme": f"sujet {report.theme}"} if themed else {}))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def run(source: Path, out: Path, *more: str) -> list[dict[str, Any]]:
    assert main(["watch", str(source), "-o", str(out), "--model", "hashing", *more]) == 0
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def test_a_rise_of_a_given_theme_is_told_with_every_column(tmp_path, capsys):
    # The texts differ by a number alone and would count as copies of a campaign.
    source = write(tmp_path / "in", themed=True)
    lines = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    for row in lines:
        row["text"] = row["theme"]  # too short to be anybody's copy
    source.write_text("".join(json.dumps(row) + "\n" for row in lines), encoding="utf-8")
    [found] = run(source, tmp_path / "out")
    assert set(found) == COLUMNS
    assert (found["facet"], found["value"]) == ("version", "b")
    assert (found["theme"], found["kind"], found["rank"]) == ("sujet 0", "disproportionate", 1)
    first = dated_reports.FIRST + timedelta(weeks=80)
    assert first.isoformat() <= found["first_alarm"] <= (first + timedelta(weeks=8)).isoformat()
    assert found["observed"] == len(found["ids"])
    assert found["ratio"] == pytest.approx(found["observed"] / found["expected"], abs=0.01)
    told = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert (told["candidates"], told["serious"], told["themes"]) == (1, 0, 8)


def test_themes_are_found_where_no_line_names_one(tmp_path, capsys):
    words = "abcdefghijklmnopqrstuvwxyz"
    rng = np.random.default_rng(2)
    source = write(tmp_path / "in", themed=False)
    lines = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    for row in lines:  # what else a person says keeps texts from being copies
        said = ["".join(rng.choice(list(words), 5)) for _ in range(4)]
        row["text"] = " ".join([row["text"].rsplit(" ", 1)[0], *said])
    source.write_text("".join(json.dumps(row) + "\n" for row in lines), encoding="utf-8")
    found = run(source, tmp_path / "out", "--no-serious")
    assert {(each["facet"], each["value"]) for each in found} == {("version", "b")}
    assert any("ordonnance" in word for word in found[0]["words"])
    told = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert told["model_hash"]


def test_one_text_that_names_harm_is_told_as_a_rule_does(tmp_path):
    source = tmp_path / "in"
    harm = {"id": 7, "date": "2026-01-02", "text": "J'ai fini hospitalisé à cause de cette erreur."}
    source.write_text(json.dumps(harm) + "\n", encoding="utf-8")
    [found] = run(source, tmp_path / "out")
    assert set(found) == COLUMNS
    assert (found["kind"], found["ids"], found["e_value"]) == ("serious", [7], None)
    assert found["words"]
    assert run(source, tmp_path / "out", "--no-serious") == []


def test_an_empty_file_has_no_candidates(tmp_path):
    (tmp_path / "in").write_text("", encoding="utf-8")
    assert run(tmp_path / "in", tmp_path / "out") == []


def test_a_bad_line_ends_it_unless_skipped(tmp_path, capsys):
    source = tmp_path / "in"
    source.write_text('{"id": 1, "text": "a", "date": "hier"}\n', encoding="utf-8")
    arguments = ["watch", str(source), "-o", str(tmp_path / "out"), "--model", "hashing"]
    assert main(arguments) == 2
    assert "line 1: date must be written" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert main([*arguments, "--skip-bad"]) == 0


@pytest.mark.parametrize("level", [("--alpha", "0"), ("--arl", "1")])
def test_a_level_out_of_range_is_refused(tmp_path, level, capsys):
    source = write(tmp_path / "in", themed=True, extra=0)
    arguments = ["watch", str(source), "-o", str(tmp_path / "out"), "--model", "hashing"]
    assert main([*arguments, *level]) == 2
    assert level[0].strip("-") in capsys.readouterr().err
