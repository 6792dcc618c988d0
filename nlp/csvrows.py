"""CSV in for the command line: a header, bad rows named by their line, whole numbers checked."""

import csv
import math
import sys
from collections.abc import Callable, Iterator
from typing import TextIO

from nlp.jsonl import BadLine

Row = dict[str, str]


def read_rows(
    file: TextIO, needed: tuple[str, ...], check: Callable[[Row, Row | None], None], skip_bad: bool
) -> tuple[list[Row | None], int]:
    """Return the rows, None for a bad one that was skipped, and the exit status so far."""
    reader = csv.DictReader(file)
    missing = [name for name in needed if name not in (reader.fieldnames or [])]
    if missing:
        print(f"line 1: column {missing[0]} is missing", file=sys.stderr)
        return [], 2
    rows: list[Row | None] = []
    for number, row in numbered(reader):
        try:
            if None in row or None in row.values():
                raise BadLine(f"expected {len(reader.fieldnames or [])} cells")
            check(row, rows[-1] if rows else None)
            rows.append(row)
        except BadLine as error:
            print(f"line {number}: {error}", file=sys.stderr)
            if not skip_bad:
                return [], 2
            rows.append(None)
    return rows, 0


def numbered(reader: "csv.DictReader[str]") -> Iterator[tuple[int, Row]]:
    """Yield each row with the number of the line that it ends on."""
    for row in reader:
        yield reader.line_num, row


def whole(row: Row, name: str) -> int:
    """Return a cell as a whole number ≥ 0, or raise BadLine."""
    try:
        number = float(row[name])
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number >= 0 and number == int(number)):
        raise BadLine(f"{name} must be a whole number ≥ 0, got {row[name]!r}")
    return int(number)
