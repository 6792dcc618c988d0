"""Reads what ``python -m nlp watch`` looks at: dated texts with who, theme and facets, checked.

A date is the calendar day that was written; the hour and its zone are not used, so the two nights a
year when clocks change move nothing.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TextIO

from nlp.jsonl import BadLine, parse_row

MOST_YEARS = 30  # between the first and last date; more is a wrong century, not a history
UNPLACED = (None, "", -1)


@dataclass(frozen=True)
class Report:
    """One text: ``theme`` is None when it stands in none; ``facets`` holds what is known of it."""

    id: str | int
    day: date
    text: str
    author: str | int | None
    theme: str | int | None
    facets: Mapping[str, str]


@dataclass(frozen=True)
class Reports:
    """The good lines, in order of the file; ``themed``: some line had a ``theme``."""

    rows: list[Report]
    themed: bool


def read_reports(lines: TextIO, skip_bad: bool) -> Reports:
    """Return the reports. Tells bad lines on stderr; raises BadLine at the first one to keep."""
    rows: list[Report] = []
    seen: dict[str, int] = {}
    themed = False
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            raw = parse_row(line, number)
            report = _report(raw, number)
            first = seen.setdefault(str(report.id), number)
            if first != number:
                raise BadLine(f"line {number}: id {report.id!r} stands on line {first} already")
        except BadLine as error:
            print(error, file=sys.stderr)
            if not skip_bad:
                raise
            continue
        themed = themed or "theme" in raw
        rows.append(report)
    _check_span(rows)
    return Reports(rows, themed)


def _report(row: Mapping[str, Any], number: int) -> Report:
    return Report(
        id=row["id"],
        day=_day(row.get("date"), number),
        text=row["text"],
        author=_scalar(row, "author", number),
        theme=None if (theme := _scalar(row, "theme", number)) in UNPLACED else theme,
        facets=_facets(row.get("facets"), number),
    )


def _day(written: Any, number: int) -> date:
    try:
        return datetime.fromisoformat(written).date()
    except (TypeError, ValueError):
        raise BadLine(
            f"line {number}: date must be written like 2026-03-31, got {written!r}"
        ) from None


def _scalar(row: Mapping[str, Any], name: str, number: int) -> str | int | None:
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | None):
        raise BadLine(f"line {number}: {name} must be a string or an integer, got {value!r}")
    return value


def _facets(value: Any, number: int) -> dict[str, str]:
    """Return facets as text; a facet that is null or empty is not known, which is no value."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadLine(f"line {number}: facets must be an object, got {value!r}")
    for name, each in value.items():
        if not isinstance(each, str | int | float | None):
            raise BadLine(f"line {number}: facet {name} must be a string or a number, got {each!r}")
    return {name: str(each) for name, each in value.items() if each not in (None, "")}


def _check_span(rows: list[Report]) -> None:
    if not rows:
        return
    first, last = min(row.day for row in rows), max(row.day for row in rows)
    if (last - first).days > 366 * MOST_YEARS:
        raise ValueError(f"dates run from {first} to {last}, over {MOST_YEARS} years: one is wrong")
