"""The measure of a million pairs, on one copy of the reports."""

import numpy as np

from tests.signals_bench.pairs import PairsSpeed, run, write_copies


def test_copies_are_laid_side_by_side_until_there_are_enough(tmp_path):
    path = tmp_path / "copies.csv"
    rows, pairs = write_copies(path, np.random.default_rng(1), rows=25_000)
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) == rows + 1
    assert 25_000 <= rows < 45_000
    assert 25_000 < pairs < rows
    assert len({line.partition("-")[0] for line in lines[1:]}) == 2


def test_a_run_tells_what_it_found_and_took(tmp_path):
    path = tmp_path / "copy.csv"
    rows, pairs = write_copies(path, np.random.default_rng(2), pairs=1)
    speed = run("one copy", path)
    assert (speed.rows, speed.pairs) == (rows, pairs)
    assert 80 < speed.signals < 180  # 131 on all the reports
    assert speed.seconds > 0
    assert speed.gib > 0


def test_a_run_without_signals_or_too_slow_has_not_reached_it():
    good = {"case": "", "rows": 1, "pairs": 1, "signals": 1, "seconds": 59.0}
    good |= {"cpu_seconds": 1.0, "gib": 0.5}
    assert PairsSpeed(**good).reached
    for worse in ({"signals": 0}, {"seconds": 61.0}, {"gib": 2.1}):
        assert not PairsSpeed(**{**good, **worse}).reached
