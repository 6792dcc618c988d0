"""``python -m nlp disproportionality`` on files: the columns promised, θ, strata, bad rows."""

import csv
import gzip
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nlp.cli import main
from nlp.disproportionality_commands import cells_of
from nlp.shrinkage import Theta, shrink
from tests.nlp.signal_data import FOLDER

COLUMNS = (
    "var1,var2,n,expected,rr,prr,prr_low,prr_high,ror,ror_low,ror_high,chi2_yates,"
    "ic,ic025,ic975,ebgm,eb05,eb95"
)
SMALL = "var1,var2,n\nx,p,5\nx,q,10\ny,p,20\ny,q,10000\n"


def run(tmp_path: Path, text: str, *options: str) -> tuple[int, list[dict]]:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(text, encoding="utf-8", errors="surrogateescape")
    status = main(["disproportionality", str(source), "-o", str(target), *options])
    if not target.exists():
        return status, []
    with target.open(encoding="utf-8") as file:
        return status, list(csv.DictReader(file))


def test_pairs_are_scored_with_the_columns_promised(tmp_path):
    status, rows = run(tmp_path, SMALL)
    assert status == 0
    assert list(rows[0]) == COLUMNS.split(",")
    assert (rows[0]["var1"], rows[0]["var2"], rows[0]["n"]) == ("x", "p", "5")
    assert float(rows[0]["ror"]) == pytest.approx(250)
    assert float(rows[0]["expected"]) == pytest.approx(15 * 25 / 10_035)


def test_names_with_commas_and_quotes_come_back(tmp_path):
    text = 'var1,var2\n"a, ""b""",p\n"c\nd",q\n'
    status, rows = run(tmp_path, text)
    assert status == 0
    assert [row["var1"] for row in rows] == ['a, "b"', "c\nd"]


def test_a_small_table_has_no_ebgm_and_says_why(tmp_path, capsys):
    status, rows = run(tmp_path, SMALL)
    assert status == 0
    assert {row[name] for row in rows for name in ("ebgm", "eb05", "eb95")} == {""}
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith("4 pairs are too few to fit θ (at least 1000)")
    assert json.loads(told[-1])["theta"] is None


def test_a_given_prior_is_used_whatever_the_size(tmp_path, capsys):
    _, rows = run(tmp_path, SMALL, "--theta", "3.2,0.4,2.0,1.9,0.065")
    expected = [float(row["expected"]) for row in rows]
    found = shrink([5, 10, 20, 10_000], expected, Theta(3.2, 0.4, 2.0, 1.9, 0.065))
    assert [float(row["ebgm"]) for row in rows] == pytest.approx(found.ebgm.tolist())
    assert [float(row["eb05"]) for row in rows] == pytest.approx(found.eb05.tolist())
    summary = json.loads(capsys.readouterr().err)
    assert summary["theta"] == [3.2, 0.4, 2.0, 1.9, 0.065]
    assert summary["fitted"] is False


def test_caers_gives_what_is_printed(tmp_path, capsys):
    with gzip.open(FOLDER / "caers.csv.gz", "rt", encoding="utf-8", newline="") as file:
        status, rows = run(tmp_path, file.read())
    assert status == 0
    assert len(rows) == 17_189
    assert sum(float(row["eb05"]) >= 2 for row in rows) == 131
    top = max(rows, key=lambda row: float(row["eb05"]))
    assert (top["var1"], top["var2"], top["n"]) == ("REUMOFAN PLUS", "WEIGHT INCREASED", "16")
    assert float(top["ebgm"]) == pytest.approx(23.26, abs=5e-3)
    summary = json.loads(capsys.readouterr().err.splitlines()[-1])
    printed = (3.25379, 0.39989, 2.02613, 1.90808, 0.065346)
    assert summary["theta"] == pytest.approx(printed, abs=1e-3)


def test_ids_and_strata_are_used(tmp_path):
    text = "id,var1,var2,sex\n1,x,p,f\n1,x,p,f\n2,x,q,m\n3,y,p,f\n4,y,q,m\n"
    _, rows = run(tmp_path, text, "--stratify", "sex")
    assert rows[0]["n"] == "1"
    assert float(rows[0]["expected"]) == pytest.approx(1)
    assert rows[0]["prr"] == "1"


def test_a_fit_that_does_not_settle_leaves_ebgm_empty(tmp_path, capsys):
    # Every pair once: no ratio differs from another, and there is no prior to learn.
    names = [(f"a{i}", f"b{j}") for i in range(40) for j in range(40)]
    text = "var1,var2\n" + "".join(f"{a},{b}\n" for a, b in names)
    status, rows = run(tmp_path, text)
    assert status == 0
    assert rows[0]["ebgm"] == ""
    assert rows[0]["ic"] == "0"
    assert "θ could not be fitted" in capsys.readouterr().err


def scarce() -> str:
    """Reports so scarce that the pairs that occur do not tell the prior, and the empty ones do."""
    rng = np.random.default_rng(4)
    one, two = rng.gamma(1, 1, 150), rng.gamma(1, 1, 200)
    odd, high = rng.random(30_000) < 0.03, rng.gamma(0.3, 8, 30_000)
    ratio = np.where(odd, high, rng.gamma(30, 0.03, 30_000))
    count = rng.poisson(ratio * np.outer(one, two).ravel() * 0.15)
    cells = ((i // 200, i % 200, n) for i, n in enumerate(count.tolist()) if n)
    return "var1,var2,n\n" + "".join(f"a{i},b{j},{n}\n" for i, j, n in cells)


def test_the_pairs_that_never_occur_help_a_fit_that_does_not_settle(tmp_path, capsys, monkeypatch):
    _, rows = run(tmp_path, scarce())
    summary = json.loads(capsys.readouterr().err)
    assert summary["zeroes"] is True
    assert summary["starts_agreed"] >= 2
    assert all(float(row["n"]) >= 1 and float(row["ebgm"]) > 0 for row in rows)
    monkeypatch.setattr("nlp.disproportionality_commands._MOST_CELLS", 1_000)
    _, rows = run(tmp_path, scarce())
    assert rows[0]["ebgm"] == ""
    assert "θ could not be fitted" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("var1,var2\nx,\n", "line 2: var2 is empty"),
        ("var1,var2\n x,p\n  ,p\n", "line 3: var1 is empty"),
        ("id,var1,var2\n,x,p\n", "line 2: id is empty"),
        ("var1,var2,n\nx,p,many\n", "line 2: n must be a whole number"),
        ("var1,var2,n\nx,p,-1\n", "line 2: n must be a whole number"),
        ("var1,var2,n\nx,p,1.5\n", "line 2: n must be a whole number"),
        ("var1,var2,n\nx,p,nan\n", "line 2: n must be a whole number"),
        ("var1,var2\nx,p,1\n", "line 2: expected 2 cells"),
        ("var1,var2\n\udcff,p\n", "line 2: var1 is not UTF-8"),
        ("var1,var2\n", "no report"),
        ("", "column var1"),
        ("var1\nx\n", "column var2"),
        ("var1,var2,n\nx,p,0\n", "a + b + c + d is 0"),
    ],
)
def test_a_bad_report_is_named(tmp_path, capsys, text, message):
    assert run(tmp_path, text)[0] == 2
    assert message in capsys.readouterr().err


def test_an_empty_stratum_and_a_missing_column_are_named(tmp_path, capsys):
    assert run(tmp_path, "var1,var2,sex\nx,p,f\nx,p,\n", "--stratify", "sex")[0] == 2
    assert "line 3: sex is empty" in capsys.readouterr().err
    assert run(tmp_path, "var1,var2\nx,p\n", "--stratify", "sex")[0] == 2
    assert "column sex is missing" in capsys.readouterr().err


def test_bad_rows_may_be_skipped(tmp_path, capsys):
    status, rows = run(tmp_path, "var1,var2\nx,p\nx\n\nx,q\n", "--skip-bad")
    assert status == 0
    assert [row["var2"] for row in rows] == ["p", "q"]
    assert "line 3: expected 2 cells" in capsys.readouterr().err


@pytest.mark.parametrize("theta", ["1,2,3", "a,b,c,d,e", "1,1,1,1,2"])
def test_an_impossible_prior_is_refused(tmp_path, capsys, theta):
    assert run(tmp_path, SMALL, "--theta", theta)[0] == 2
    told = capsys.readouterr().err
    assert "five numbers" in told or "p must lie" in told


def test_a_cell_too_large_for_csv_is_a_bad_line(tmp_path, capsys):
    before = csv.field_size_limit(20)
    try:
        assert run(tmp_path, f"var1,var2\nx,p\n{'y' * 40},p\n")[0] == 2
        assert "line 3" in capsys.readouterr().err
        assert run(tmp_path, f"{'v' * 40},var2\nx,p\n")[0] == 2
        assert "line 1: field larger" in capsys.readouterr().err
    finally:
        csv.field_size_limit(before)


def test_many_lines_tell_their_progress(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("nlp.jsonl.QUIET_SECONDS", -1.0)
    text = "var1,var2\n" + "x,p\n" * 10_000
    assert run(tmp_path, text)[0] == 0
    assert "10000 of 10000 lines read" in capsys.readouterr().err


def test_help_loads_no_numpy():
    script = (
        "import sys\nfrom nlp.cli import build_parser\nbuild_parser()\n"
        "assert not {'numpy', 'scipy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_cells_are_plain():
    assert cells_of(np.array([1.0, 2.5, np.nan, np.inf, -0.0])) == [1, 2.5, "", "", 0]
