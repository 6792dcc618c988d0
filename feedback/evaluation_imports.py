"""Evaluations of other instances: a file begun, then kept without ever counting anything twice.

What a file may hold is ``feedback/evaluation_reader.py``. A row is known by its provenance; the
newer file replaces the older one's row, and nothing of this instance's own comes back in.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import select

from app.db import db
from feedback.csv_files import BadFile
from feedback.evaluation_reader import EvaluationsRead, read
from feedback.evaluations import Row, own_instance
from feedback.models import EvaluationCount, EvaluationFile

SHOWN_FAULTS = 200
Key = tuple[str, str, str, int, str]


class Standing(StrEnum):
    """What keeping a row would do."""

    NEW = "new"
    RENEWED = "renewed"  # a newer file corrects it
    KNOWN = "known"  # it is here already, or something newer


@dataclass(frozen=True)
class Preview:
    """What keeping a file would do, and its first rows."""

    counts: Counter[Standing]
    rows: tuple[tuple[Row, Standing], ...]


class KnownFile(ValueError):
    """The very same content was imported already."""


def begin(data: bytes, day: date) -> EvaluationFile:
    """Store a file until it is kept or thrown away. Raises `BadFile` or `KnownFile`."""
    found = read(data, day)
    if found.instance == own_instance():
        raise BadFile([_("Ce fichier vient d’ici : ses retours sont déjà comptés.")])
    if db.session.scalar(select(EvaluationFile).where(EvaluationFile.seal == found.seal)):
        raise KnownFile(found.seal)
    row = EvaluationFile(
        instance=found.instance,
        name=found.name,
        made=found.made,
        imported=day,
        seal=found.seal,
        rows=len(found.rows) + len(found.faults),
        faults=[list(fault) for fault in found.faults[:SHOWN_FAULTS]],
        data=data,
    )
    db.session.add(row)
    db.session.flush()
    return row


def preview(file: EvaluationFile, most: int = 20) -> Preview:
    """Return what keeping ``file`` would do; nothing changes."""
    found = _read_again(file)
    here = _here(found)
    standings = [(row, _standing(row, here.get(row.key), found)) for row in found.rows]
    return Preview(Counter(standing for _row, standing in standings), tuple(standings[:most]))


def keep(file: EvaluationFile) -> None:
    """Add what is new in ``file`` and replace what it corrects; a second time changes nothing."""
    if file.is_kept:
        return
    found = _read_again(file)
    here = _here(found)
    for row in found.rows:
        standing = _standing(row, here.get(row.key), found)
        file.added += standing is Standing.NEW
        file.renewed += standing is Standing.RENEWED
        if standing is not Standing.KNOWN:
            kept = here.get(row.key) or EvaluationCount(instance=found.instance)
            for name, value in vars(row).items():
                setattr(kept, name, value)
            kept.file = file
            db.session.add(kept)
    file.is_kept, file.data = True, None
    db.session.flush()


def _read_again(file: EvaluationFile) -> EvaluationsRead:
    return read(file.data or b"", file.imported)


def _here(found: EvaluationsRead) -> dict[Key, EvaluationCount]:
    query = select(EvaluationCount).where(EvaluationCount.instance == found.instance)
    return {
        (each.service, each.kind, each.question, each.version, each.period): each
        for each in db.session.scalars(query)
    }


def _standing(row: Row, here: EvaluationCount | None, found: EvaluationsRead) -> Standing:
    if here is None:
        return Standing.NEW
    told = (here.n, here.answers, here.channels, here.service_name)
    same = told == (row.n, row.answers, row.channels, row.service_name)
    return Standing.KNOWN if same or here.file.made >= found.made else Standing.RENEWED


def remove(file: EvaluationFile) -> None:
    """Delete a file with the counts that it brought."""
    db.session.delete(file)
    db.session.flush()


def files() -> list[EvaluationFile]:
    """Return every file, the last imported first."""
    query = select(EvaluationFile).order_by(EvaluationFile.id.desc())
    return list(db.session.scalars(query))
