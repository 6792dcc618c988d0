"""A CSV of reports read by column: names become numbers at once, so that a million rows fit.

Rows are checked one by one, as ``nlp.csvrows`` does; what is kept is a number a cell.
"""

import csv
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

from nlp.csvrows import whole
from nlp.jsonl import BadLine, progress

if TYPE_CHECKING:
    from nlp.pair_counts import Reports


@dataclass
class _Column:
    """One column of names: each new name gets the next number."""

    name: str
    place: int
    numbers: dict[str, int]
    values: "array[int]"

    def check(self, row: list[str]) -> str:
        cell = row[self.place]
        if not cell.strip():
            raise BadLine(f"{self.name} is empty")
        if cell not in self.numbers and any("\udc80" <= c <= "\udcff" for c in cell):
            raise BadLine(f"{self.name} is not UTF-8")
        return cell

    def add(self, cell: str) -> None:
        self.values.append(self.numbers.setdefault(cell, len(self.numbers)))


def read_reports(
    file: TextIO, stratify: str | None, skip_bad: bool
) -> tuple["Reports | None", int]:
    """Return the reports of ``var1,var2`` with optional ``id``, ``n`` and stratum, and the status.

    Bad rows are named by their line on stderr; the first one ends the reading with status 2
    unless ``skip_bad``.
    """
    reader = csv.reader(file)
    try:
        header = next(reader, [])
    except csv.Error as error:
        print(f"line 1: {error}", file=sys.stderr)
        return None, 2
    needed = ["var1", "var2", *([stratify] if stratify else [])]
    missing = [name for name in needed if name not in header]
    if missing:
        print(f"line 1: column {missing[0]} is missing", file=sys.stderr)
        return None, 2
    wanted = [*needed, *(["id"] if "id" in header else [])]
    columns = [_Column(name, header.index(name), {}, array("q")) for name in wanted]
    counts = _Counts(header)
    for number, row in _numbered(reader):
        try:
            _keep(row, len(header), columns, counts)
        except BadLine as error:
            print(f"line {number}: {error}", file=sys.stderr)
            if not skip_bad:
                return None, 2
    return _reports(columns, counts, stratify), 0


class _Counts:
    """The column ``n``, when the header has one."""

    def __init__(self, header: list[str]) -> None:
        self.place = header.index("n") if "n" in header else None
        self.values = array("q")

    def add(self, row: list[str]) -> None:
        if self.place is not None:
            cell = row[self.place]
            # Most are plain digits; what is not goes the careful way.
            fast = cell.isascii() and cell.isdigit() and len(cell) < 16
            self.values.append(int(cell) if fast else whole({"n": cell}, "n"))


def _keep(row: list[str], width: int, columns: list[_Column], counts: _Counts) -> None:
    if len(row) != width:
        raise BadLine(f"expected {width} cells")
    cells = [column.check(row) for column in columns]
    counts.add(row)
    for column, cell in zip(columns, cells, strict=True):
        column.add(cell)


def _numbered(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not empty with its line; a broken one comes as no cell."""
    report, rows = progress("lines read"), iter(reader)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            row = [""]
        if row:
            yield reader.line_num, row
        if reader.line_num % 10_000 == 0:
            report(reader.line_num, reader.line_num)


def _reports(columns: list[_Column], counts: _Counts, stratify: str | None) -> "Reports":
    import numpy as np  # heavy: not for --help

    from nlp.pair_counts import Labels, Reports, sort_labels

    found: dict[str, Labels] = {}
    for column in columns:
        places = np.frombuffer(column.values, np.int64) if column.values else np.zeros(0, np.int64)
        found[column.name] = sort_labels(list(column.numbers), places)
    numbers = None if counts.place is None else np.array(counts.values, dtype=np.float64)
    strata = found.get(stratify) if stratify else None
    return Reports(found["var1"], found["var2"], found.get("id"), numbers, strata)
