"""The register of unexpected effects as a file: numbers, decisions and words of experts.

The columns are a written list. No word of a retour and no id of one stands in it; a theme is named
as a person named it, or not at all. A cell that a spreadsheet would run is made harmless.
"""

import csv
import io
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from app.db import db
from feedback.csv_files import harmless
from feedback.models import Signal, SignalNote
from feedback.signal_queue import ORDER, Asked, filters_of

TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
COLUMNS = (
    "signal",
    "service",
    "service_name",
    "about",
    "kind",
    "state",
    "raised",
    "last_look",
    "release",
    "facet",
    "facet_value",
    "observed",
    "expected",
    "weeks",
    "distinct_codes",
    "e_value",
    "threshold",
    "tone",
    "unlisted",
    "unexpected",
    "link",
    "beneficial",
    "sentence",
    "decided",
    "decided_by",
    "done",
    "merged_into",
    "erased_since",
)


def register(reach: ColumnElement[bool], asked: Asked) -> list[dict[str, Any]]:
    """Return a line for each signal within ``reach`` that ``asked`` keeps, in two queries."""
    query = (
        select(Signal)
        .where(reach, *filters_of(asked))
        .options(
            joinedload(Signal.service),
            joinedload(Signal.theme),
            joinedload(Signal.subject),
            joinedload(Signal.release),
        )
    )
    signals = list(db.session.scalars(query.order_by(*ORDER)))
    notes = _notes([each.id for each in signals])
    return [_line(each, notes.get(each.id, [])) for each in signals]


def _notes(signal_ids: Sequence[str]) -> dict[str, list[SignalNote]]:
    query = select(SignalNote).where(SignalNote.signal_id.in_(signal_ids))
    found: dict[str, list[SignalNote]] = {}
    for note in db.session.scalars(query.order_by(SignalNote.id)):
        found.setdefault(note.signal_id, []).append(note)
    return found


def _line(signal: Signal, notes: Sequence[SignalNote]) -> dict[str, Any]:
    moves = [note for note in notes if note.from_state != note.to_state]
    done = [note.answers["done"] for note in notes if note.answers.get("done")]
    values = (
        signal.id,
        signal.service.slug if signal.service else "",
        signal.service.name if signal.service else "",
        _about(signal),
        signal.kind,
        signal.state,
        signal.raised.isoformat(),
        signal.last_look.isoformat(),
        signal.release.number if signal.release else "",
        signal.facet,
        signal.facet_value,
        signal.observed,
        signal.expected,
        signal.weeks,
        signal.authors,
        signal.e_value,
        signal.threshold,
        signal.tone,
        signal.unlisted,
        signal.unexpected,
        signal.link,
        signal.beneficial,
        signal.sentence,
        moves[-1].day.isoformat() if moves else "",
        moves[-1].role if moves else "",
        " / ".join(done),
        signal.merged_into or "",
        signal.erased_since,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _about(signal: Signal) -> str:
    """Return the name that a person gave to its theme or subject; nothing that a machine drew."""
    about = signal.theme or signal.subject
    return about.name if about is not None and about.named_by_person else ""


def exported(lines: Sequence[dict[str, Any]], form: str, day: date) -> str:
    """Return ``lines`` as the file ``form``, one of ``TYPES``."""
    if form == "json":
        return json.dumps({"made": day.isoformat(), "signals": lines}, ensure_ascii=False, indent=1)
    out = io.StringIO(newline="")
    writer: Any = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(line[column]) for column in COLUMNS] for line in lines)
    return "\ufeff" + out.getvalue()


def _cell(value: Any) -> Any:
    """Return ``value`` as a cell, on one line: yes is 1, no is 0, nothing is what is unknown."""
    if value is None or isinstance(value, bool):
        return "" if value is None else int(value)
    return harmless(" ".join(value.split())) if isinstance(value, str) else value
