"""Reference tables from upload to the pages: begun, read in pieces, kept or thrown away.

What a row may be is in ``feedback/reference_reader.py``; what pages show of kept tables is in
``feedback/reference_digests.py``.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select

from app.catalogue import Territory
from app.db import db
from feedback import csv_files
from feedback.csv_files import BadFile
from feedback.models import ReferenceRow, ReferenceTable, TableState
from feedback.reference_columns import guess, plain
from feedback.reference_digests import write_digests
from feedback.reference_reader import Place, Places, Reader

MOST_BYTES = 24 * 2**20  # a hundred thousand rows with room
MOST_LINES = 300_000
AT_ONCE = 2_000  # lines read within the request; more is a job with progress
CHUNK = 2_000  # lines between two commits
SHOWN_FAULTS = 200
PREVIEWED = 5


class AlreadyImported(ValueError):
    """The very same file is a table already."""

    def __init__(self, table: ReferenceTable) -> None:
        super().__init__(table.label)
        self.table = table


@dataclass(frozen=True)
class About:
    """What an administrator says of a file."""

    label: str
    source: str
    day: date
    scale: str
    words: str
    top: float
    kind: str


@dataclass(frozen=True)
class Preview:
    """The headings and the first rows of a file."""

    headings: list[str]
    rows: list[list[str]]


def begin(data: bytes, about: About, day: date) -> ReferenceTable:
    """Store a file whose columns are to be named. Raises `BadFile` or `AlreadyImported`."""
    fingerprint = hashlib.sha256(data).hexdigest()
    known = select(ReferenceTable).where(ReferenceTable.fingerprint == fingerprint)
    if table := db.session.scalar(known):
        raise AlreadyImported(table)
    lines = list(islice(csv_files.rows(csv_files.decoded(data)), MOST_LINES + 2))
    if len(lines) < 2:
        raise BadFile([_("Le fichier n’a que son en-tête : aucune ligne à lire.")])
    if len(lines) > MOST_LINES + 1:
        raise BadFile([_("Le fichier a plus de %(most)d lignes.", most=MOST_LINES)])
    headings = lines[0][1]
    table = ReferenceTable(
        **vars(about),
        imported=day,
        fingerprint=fingerprint,
        columns=guess(headings, about.scale),
        lines=len(lines) - 1,
        data=data,
    )
    db.session.add(table)
    db.session.flush()
    return table


def preview(table: ReferenceTable) -> Preview:
    """Return the headings and first rows of a table that is not kept yet."""
    lines = [cells for _line, cells in islice(_lines(table), PREVIEWED + 1)]
    return Preview(lines[0], lines[1:])


def _lines(table: ReferenceTable) -> Iterator[tuple[int, list[str]]]:
    return csv_files.rows(csv_files.decoded(table.data or b""))


def read(table: ReferenceTable, each_chunk: Callable[[], None]) -> None:
    """Read every line anew into rows and faults; ``each_chunk`` is called between pieces.

    The columns are named already. It may run twice: what an earlier run left is dropped first.
    """
    db.session.execute(delete(ReferenceRow).where(ReferenceRow.table_id == table.id))
    table.state, table.done, table.good, table.rejected, table.faults = (
        TableState.READING.value, 0, 0, 0, [],
    )  # fmt: skip
    reader = Reader(table.columns, table.scale, table.top, places())
    lines = islice(_lines(table), 1, None)
    try:
        while chunk := list(islice(lines, CHUNK)):
            _read_chunk(table, reader, chunk)
            each_chunk()
    except BadFile as bad:
        table.faults = [*table.faults, *([0, fault] for fault in bad.faults)]
        table.state = TableState.UNREADABLE.value
        return
    write_digests(table)  # here and not when it is kept: a long file takes seconds
    table.state = TableState.READ.value
    db.session.flush()


def _read_chunk(table: ReferenceTable, reader: Reader, chunk: list[tuple[int, list[str]]]) -> None:
    rows: list[dict[str, Any]] = []
    faults: list[list[Any]] = []
    for line, cells in chunk:
        try:
            row = reader.read(line, cells)
        except ValueError as fault:
            faults.append([line, str(fault)])
            continue
        bad, fair, good = row.faces or (None, None, None)
        rows.append(
            {
                "table_id": table.id,
                "line": line,
                "level": row.level.value,
                "name": row.name,
                "region": row.region,
                "n": row.n,
                "bad": bad,
                "fair": fair,
                "good": good,
                "value": row.value,
            }
        )
    if rows:
        db.session.execute(insert(ReferenceRow), rows)
    table.done += len(chunk)
    table.good += len(rows)
    table.rejected += len(faults)
    table.faults = [*table.faults, *faults][:SHOWN_FAULTS]
    db.session.flush()


def places() -> Places:
    """Return every territory by its plain code and name."""
    found: dict[tuple[str, bool], Place] = {}
    for each in db.session.scalars(select(Territory)):
        is_region = each.region_code is None
        for typed in (each.code, each.name):
            found[plain(typed), is_region] = Place(each.region_code or each.code)
    return found


def keep(table: ReferenceTable) -> bool:
    """Keep the good rows and let pages read them; return whether there were any to keep."""
    if table.state != TableState.READ or not table.good:
        return False
    table.state, table.data = TableState.KEPT.value, None
    db.session.flush()
    return True


def remove(table: ReferenceTable) -> None:
    """Delete a table with all that came from it."""
    db.session.delete(table)
    db.session.flush()


def tables() -> list[ReferenceTable]:
    """Return every table, the newest data first."""
    query = select(ReferenceTable).order_by(ReferenceTable.day.desc(), ReferenceTable.id.desc())
    return list(db.session.scalars(query))
