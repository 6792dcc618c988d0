"""Dated lines as the watch reads them: what is refused, with its line, and what is not known."""

import io
import json
from datetime import date

import pytest

from nlp.jsonl import BadLine
from nlp.watch_rows import Reports, read_reports


def read(*rows: object, skip_bad: bool = False) -> Reports:
    return read_reports(io.StringIO("".join(json.dumps(row) + "\n" for row in rows)), skip_bad)


def line(**values: object) -> dict[str, object]:
    return {"id": 1, "date": "2026-03-31", "text": "x"} | values


def test_a_line_with_everything_is_read():
    [row] = read(line(author="k7", theme=4, facets={"region": "44", "rang": 2, "canal": None})).rows
    assert (row.day, row.author, row.theme) == (date(2026, 3, 31), "k7", 4)
    assert row.facets == {"region": "44", "rang": "2"}


def test_what_is_not_known_is_none():
    reports = read(line())
    assert not reports.themed
    [row] = reports.rows
    assert (row.author, row.theme, row.facets) == (None, None, {})
    assert read(line(theme=-1)).themed
    assert read(line(theme=-1)).rows[0].theme is None


@pytest.mark.parametrize(
    "written",
    ["2026-03-29T02:30:00+01:00", "2026-10-25T02:30:00+02:00", "2026-03-29T23:59:59Z", "20260329"],
)
def test_the_day_is_the_one_written_whatever_the_clock_did(written):
    assert read(line(date=written)).rows[0].day.month in (3, 10)
    assert read(line(date=written)).rows[0].day.day in (29, 25)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"date": None}, "date must be written like 2026-03-31, got None"),
        ({"date": "31/03/2026"}, "date must be written"),
        ({"date": "2026-02-30"}, "date must be written"),
        ({"date": 20260331}, "date must be written"),
        ({"author": 1.5}, "author must be a string or an integer"),
        ({"theme": True}, "theme must be a string or an integer"),
        ({"facets": ["web"]}, "facets must be an object"),
        ({"facets": {"canal": ["web", "papier"]}}, "facet canal must be a string or a number"),
    ],
)
def test_a_bad_line_is_told_by_its_number(values, said, capsys):
    with pytest.raises(BadLine, match="line 1: "):
        read(line(**values))
    assert said in capsys.readouterr().err
    assert len(read(line(**values), line(id=2), skip_bad=True).rows) == 1


def test_an_id_that_comes_twice_is_told_with_both_lines(capsys):
    reports = read(line(), line(id=2), line(), skip_bad=True)
    assert [row.id for row in reports.rows] == [1, 2]
    assert capsys.readouterr().err == "line 3: id 1 stands on line 1 already\n"


def test_dates_a_century_apart_are_refused():
    with pytest.raises(ValueError, match="dates run from 1926-03-31 to 2026-03-31"):
        read(line(date="1926-03-31"), line(id=2))


def test_blank_lines_and_empty_files_have_no_rows():
    assert read_reports(io.StringIO("\n \n"), False).rows == []
