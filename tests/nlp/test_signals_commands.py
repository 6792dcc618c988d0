"""``surveil`` and ``disproportionality`` on files."""

import csv
from pathlib import Path

import pytest

from nlp.cli import main

COLUMNS = (
    "var1,var2,n,expected,rr,prr,prr_low,prr_high,ror,ror_low,ror_high,chi2_yates,"
    "ic,ic025,ic975,ebgm,eb05,eb95"
)


def run(tmp_path: Path, command: str, text: str, *options: str) -> tuple[int, list[dict]]:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(text, encoding="utf-8")
    status = main([command, str(source), "-o", str(target), *options])
    if not target.exists():
        return status, []
    with target.open(encoding="utf-8") as file:
        return status, list(csv.DictReader(file))


def weeks(counts: list[int], total: int | None = 100) -> str:
    head = "t,observed" + (",total" if total else "")
    tail = f",{total}" if total else ""
    return "\n".join([head, *(f"{t},{x}{tail}" for t, x in enumerate(counts, 1))]) + "\n"


@pytest.mark.parametrize("total", [100, None])
def test_a_rise_alarms_from_the_row_asked_for(tmp_path, total):
    status, rows = run(tmp_path, "surveil", weeks([1] * 40 + [8] * 4, total), "--from-row", "20")
    assert status == 0
    assert list(rows[0]) == ["t", "observed", "expected", "upper", "score", "alarm"]
    assert [rows[0]["t"], rows[-1]["t"]] == ["20", "44"]
    assert [row["alarm"] for row in rows[:21]] == ["0"] * 21
    assert rows[-1]["alarm"] == "1"
    assert float(rows[0]["expected"]) == pytest.approx(1, rel=0.1)


def test_weeks_without_a_reference_have_empty_cells(tmp_path):
    status, rows = run(tmp_path, "surveil", weeks([1] * 13))
    assert status == 0
    assert [bool(row["score"]) for row in rows] == [False] * 11 + [True] * 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("t,observed\n1,2\n2,-1\n", "line 3: observed"),
        ("t,observed\n1,2\n2,0.5\n", "line 3: observed"),
        ("t,observed\n1,2\n3,2\n", "line 3: t jumps"),
        ("t,observed,total\n1,2,1\n", "line 2: observed 2 is larger"),
        ("t,observed\n1,2,9\n", "line 2: expected 2 cells"),
        ("t,count\n1,2\n", "column observed"),
        ("t,observed\n", "weeks is empty"),
    ],
)
def test_a_bad_week_is_named_and_stops_the_run(tmp_path, capsys, text, message):
    status, rows = run(tmp_path, "surveil", text)
    assert status == 2
    assert rows == []
    assert message in capsys.readouterr().err


def test_a_skipped_week_is_no_zero(tmp_path):
    text = weeks([3] * 30).replace("\n25,3,100", "\n25,oops,100")
    status, rows = run(tmp_path, "surveil", text, "--skip-bad")
    whole = run(tmp_path, "surveil", weeks([3] * 30))[1]
    assert status == 0
    assert len(rows) == 29
    assert float(rows[-1]["expected"]) == pytest.approx(float(whole[-1]["expected"]))


def test_a_method_that_is_not_built_is_not_offered(tmp_path):
    with pytest.raises(SystemExit):
        run(tmp_path, "surveil", weeks([1] * 20), "--method", "cusum")


def test_pairs_are_scored_with_the_columns_promised(tmp_path):
    text = "var1,var2,n\nx,p,5\nx,q,10\ny,p,20\ny,q,10000\n"
    status, rows = run(tmp_path, "disproportionality", text)
    assert status == 0
    assert list(rows[0]) == COLUMNS.split(",")
    assert (rows[0]["var1"], rows[0]["var2"], rows[0]["n"]) == ("x", "p", "5")
    assert float(rows[0]["ror"]) == pytest.approx(250)
    assert rows[0]["ebgm"] == ""


def test_ids_and_strata_are_used(tmp_path):
    text = "id,var1,var2,sex\n1,x,p,f\n1,x,p,f\n2,x,q,m\n3,y,p,f\n4,y,q,m\n"
    _, rows = run(tmp_path, "disproportionality", text, "--stratify", "sex")
    assert rows[0]["n"] == "1"
    assert float(rows[0]["expected"]) == pytest.approx(1)
    assert rows[0]["prr"] == "1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("var1,var2\nx,\n", "line 2: var2"),
        ("var1,var2,n\nx,p,many\n", "line 2: n"),
        ("var1,var2\n", "no report"),
        ("var1\nx\n", "column var2"),
    ],
)
def test_a_bad_report_is_named(tmp_path, capsys, text, message):
    assert run(tmp_path, "disproportionality", text)[0] == 2
    assert message in capsys.readouterr().err
