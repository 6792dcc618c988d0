"""``python -m nlp surveil`` on files: the columns promised, every method, bad weeks."""

import csv
import json
from pathlib import Path

import pytest

from nlp.cli import main
from nlp.surveil_commands import cell
from tests.nlp.signal_data import agona


def run(tmp_path: Path, text: str, *options: str) -> tuple[int, list[dict]]:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(text, encoding="utf-8")
    status = main(["surveil", str(source), "-o", str(target), *options])
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
    status, rows = run(tmp_path, weeks([1] * 40 + [8] * 4, total), "--from-row", "20")
    assert status == 0
    assert list(rows[0]) == ["t", "observed", "expected", "upper", "score", "alarm"]
    assert [rows[0]["t"], rows[-1]["t"]] == ["20", "44"]
    assert [row["alarm"] for row in rows[:21]] == ["0"] * 21
    assert rows[-1]["alarm"] == "1"
    assert float(rows[0]["expected"]) == pytest.approx(1, rel=0.1)


def test_weeks_without_a_reference_have_empty_cells(tmp_path):
    status, rows = run(tmp_path, weeks([1] * 13))
    assert status == 0
    assert [bool(row["score"]) for row in rows] == [False] * 11 + [True] * 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("t,observed\n1,2\n2,-1\n", "line 3: observed"),
        ("t,observed\n1,2\n2,0.5\n", "line 3: observed"),
        ("t,observed\n1,2\n3,2\n", "line 3: t jumps"),
        ("t,observed\n2,2\n1,2\n", "line 3: t jumps from 2 to 1"),
        ("t,observed\n1,2\n1,2\n", "line 3: t jumps from 1 to 1"),
        ("t,observed\n2026-W01,2\n2026-W03,2\n", "line 3: t jumps"),
        ("t,observed\n1,2\n2,\n", "line 3: observed is empty: a missing week is not a zero"),
        ("t,observed,total\n1,2,\n", "line 2: total is empty"),
        ("t,observed\n,2\n", "line 2: t is empty"),
        ("t,observed\n1,nan\n", "line 2: observed"),
        ("t,observed\n1,many\n", "line 2: observed"),
        ("t,observed,total\n1,2,1\n", "line 2: observed 2 is larger"),
        ("t,observed,total\n1,0,0\n2,0,0\n", "total is 0 in every week"),
        ("t,observed\n1,2,9\n", "line 2: expected 2 cells"),
        ("t,count\n1,2\n", "column observed"),
        ("t,observed\n", "weeks is empty"),
    ],
)
def test_a_bad_week_is_named_and_stops_the_run(tmp_path, capsys, text, message):
    status, rows = run(tmp_path, text)
    assert status == 2
    assert rows == []
    assert message in capsys.readouterr().err


def test_a_skipped_week_is_no_zero(tmp_path):
    text = weeks([3] * 30).replace("\n25,3,100", "\n25,oops,100")
    status, rows = run(tmp_path, text, "--skip-bad")
    whole = run(tmp_path, weeks([3] * 30))[1]
    assert status == 0
    assert len(rows) == 29
    assert float(rows[-1]["expected"]) == pytest.approx(float(whole[-1]["expected"]))


REFERENCE = [
    "ears-c1",
    "ears-c2",
    "ears-c3",
    "farrington-old",
    "farrington",
    "farrington-nb",
    "cusum",
]


def agona_weeks() -> str:
    return weeks(agona(), None)


@pytest.mark.parametrize("method", REFERENCE)
def test_every_reference_method_writes_the_same_columns(tmp_path, method):
    options = ("--method", method, "--from-row", "282", "--years", "4", "--alpha", "0.1")
    status, rows = run(tmp_path, agona_weeks(), *options)
    assert status == 0
    assert list(rows[0]) == ["t", "observed", "expected", "upper", "score", "alarm"]
    assert [rows[0]["t"], rows[-1]["t"]] == ["282", "312"]
    for row in rows:
        assert int(row["alarm"]) == (float(row["observed"]) > float(row["upper"]))


def test_old_settings_of_farrington_give_the_published_weeks(tmp_path):
    options = (
        "--method",
        "farrington-old",
        "--from-row",
        "282",
        "--years",
        "4",
        "--halfwindow",
        "3",
    )
    _, rows = run(tmp_path, agona_weeks(), *options, "--alpha", "0.1")
    alarms = [int(row["t"]) for row in rows if row["alarm"] == "1"]
    assert alarms == [283, 284, 285, 287, 288, 289, 291, 292, 294, 295, 304]


def test_ears_gives_the_published_bounds(tmp_path):
    counts = [1, 1, 1, 3, 3, 1, 2, 1, 0, 3, 3]
    options = ("--method", "ears-c1", "--alpha", "0.05", "--min-sigma", "0", "--from-row", "8")
    _, rows = run(tmp_path, weeks(counts, None), *options)
    bounds = [float(row["upper"]) for row in rows]
    assert bounds == pytest.approx([3.278854, 3.278854, 3.436517, 3.855617], abs=1e-6)


def test_the_summary_tells_the_prior_of_the_detector_in_use(tmp_path, capsys):
    run(tmp_path, weeks([2] * 20, 100))
    assert json.loads(capsys.readouterr().err)["prior_share"] == pytest.approx(0.02)
    run(tmp_path, weeks([2] * 20, 100), "--prior-share", "0.5")
    assert json.loads(capsys.readouterr().err)["prior_share"] == 0.5


def test_a_baseline_may_be_longer(tmp_path):
    options = ("--method", "ears-c1", "--baseline", "9")
    _, rows = run(tmp_path, weeks([2] * 12, None), *options)
    assert [bool(row["upper"]) for row in rows] == [False] * 9 + [True] * 3


@pytest.mark.parametrize("method", [*REFERENCE, "edetector"])
def test_one_week_is_a_stated_abstention(tmp_path, capsys, method):
    status, rows = run(tmp_path, weeks([3], None), "--method", method)
    assert status == 0
    assert rows[0]["upper"] == rows[0]["score"] == ""
    assert rows[0]["alarm"] == "0"
    assert f"no week could be looked at: {method} needs" in capsys.readouterr().err


def test_the_summary_tells_what_was_not_looked_at(tmp_path, capsys):
    text = weeks([3] * 30, None).replace("\n20,3", "\n20,")
    run(tmp_path, text, "--method", "ears-c1", "--skip-bad", "--from-row", "11")
    summary = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert (summary["looks"], summary["not_looked_at"], summary["weeks"]) == (12, 7, 30)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--from-row", "0"), "--from-row must be at least 1"),
        (("--method", "ears-c1", "--baseline", "1"), "baseline"),
        (("--method", "farrington", "--years", "0"), "years"),
        (("--method", "cusum", "--arl", "0"), "arl"),
    ],
)
def test_an_impossible_option_is_named(tmp_path, capsys, options, message):
    assert run(tmp_path, weeks([1] * 20), *options)[0] == 2
    assert message in capsys.readouterr().err


def test_numbers_are_written_plainly():
    assert [cell(x) for x in (2.0, 2.5, float("nan"), -1.0)] == ["2", "2.5", "", "-1"]
