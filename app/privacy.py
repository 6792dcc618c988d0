"""The rights of an author over one retour: see and export everything, object, erase (model.md §7).

Which tables speak of a retour is read from the foreign keys, so that none can be left out. Pages
are ``app/privacy_views.py``; what may only live for a while goes with ``purge``.
"""

import base64
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table, delete, select, update

from app import author_mails, edition_quotes, erasures, form_keys, traces
from app.days import paris_day
from app.db import db
from app.jobs import Job
from app.traces import AUTHOR
from feedback import search
from feedback.models import Feedback, Placement, Segment, Signal, SignalEvidence, State, ThreadState
from feedback.theme_words import forget_segments
from feedback.told_answers import told_answers

# They open or prove, they tell nothing; or they name a colleague, whom the author knows by role.
SECRET_COLUMNS = {
    *("code_hash", "code_hint", "key_hash", "body_seal", "token_hash"),
    *("sealed", "leave_token", "mail_key", "seen"),
    *("account_id", "was", "became", "stayed"),
}
# Erased with the retour, but nobody has said it to its author yet: a draft, an unsent answer.
WITHHELD = {"answer_draft", "second_look"}
TOMBSTONE_DAYS = 366  # then even the fact is dropped
BY_AUTHOR = "author"
TABLE = cast(Table, Feedback.__table__)


def tables_about(table: Table) -> Iterator[tuple[Table, str]]:
    """Yield every table whose rows belong to a row of ``table``, with the column that says so."""
    for other in db.metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table is table and key.ondelete == "CASCADE":
                yield other, key.parent.name


def export(feedback: Feedback) -> dict[str, Any]:
    """Return every stored row about ``feedback``, machine labels and journal included."""
    table = TABLE
    found = {table.name: _rows(table, "id", [feedback.id])}
    _add_children(found, table, [feedback.id])
    quoted = [edition.id for edition in edition_quotes.quoting(feedback.id)]
    jobs = list(db.session.scalars(select(Job.kind).where(Job.key == feedback.id)))
    told = [each.for_export for each in told_answers(feedback.answers)]
    found["questions"] = told  # the rows of `answer` in words
    return {**found, "journal": traces.journal(feedback.id), "editions": quoted, "jobs": jobs}


def _add_children(found: dict[str, Any], table: Any, ids: list[Any]) -> None:
    for other, column in tables_about(table):
        if other.name in WITHHELD:
            continue
        rows = _rows(other, column, ids)
        found.setdefault(other.name, []).extend(rows)
        key = next(iter(other.primary_key.columns)).name
        if rows and key in rows[0]:  # what begins with a colleague has no rows of its own
            _add_children(found, other, [row[key] for row in rows])


def _rows(table: Any, column: str, ids: list[Any]) -> list[dict[str, Any]]:
    rows = db.session.execute(select(table).where(table.c[column].in_(ids))).mappings()
    return [{k: _plain(v) for k, v in row.items() if k not in SECRET_COLUMNS} for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


def placements_of(feedback_id: str) -> list[Placement]:
    """Return where the machine or a person placed a retour, in the order of its text."""
    query = select(Placement).join(Segment).where(Segment.feedback_id == feedback_id)
    return list(db.session.scalars(query.order_by(Segment.start)))


def object_to_analysis(feedback: Feedback, day: date) -> None:
    """Take ``feedback`` out of every machine analysis at once, and for good."""
    feedback.objects_to_analysis = True
    feedback.analysed = False
    _forget_analysis(feedback)
    traces.record("objected", AUTHOR, day, feedback.id)
    db.session.flush()


def _forget_analysis(feedback: Feedback) -> None:
    """Delete segments, vectors, placements, evidence and waiting analyses."""
    forget_segments(feedback)
    db.session.execute(delete(Segment).where(Segment.feedback_id == feedback.id))
    signals = select(SignalEvidence.signal_id).where(SignalEvidence.feedback_id == feedback.id)
    raised = update(Signal).where(Signal.id.in_(signals))
    db.session.execute(raised.values(erased_since=Signal.erased_since + 1))
    db.session.execute(delete(SignalEvidence).where(SignalEvidence.feedback_id == feedback.id))
    db.session.execute(delete(Job).where(Job.key == feedback.id))


def erase(feedback: Feedback, day: date, reason: str = BY_AUTHOR) -> None:
    """Erase everything about ``feedback`` but a tombstone: random id, service, month, reason.

    The caller commits, then empties the write-ahead log with ``erasures.truncate_log``.
    """
    _forget_analysis(feedback)
    search.unindex(feedback.id)
    edition_quotes.forget(feedback)
    author_mails.forget(feedback)
    for table, column in tables_about(TABLE):
        db.session.execute(delete(table).where(table.c[column] == feedback.id))
    traces.forget(feedback.id)
    db.session.expire(feedback)
    _reduce_to_tombstone(feedback, reason)
    db.session.flush()


def _reduce_to_tombstone(feedback: Feedback, reason: str) -> None:
    emptied = {c.name: _default(c) for c in TABLE.columns if c.default and c.name != "id"}
    nothing = {c.name: None for c in TABLE.columns if c.nullable}
    kept = {
        "day": feedback.day.replace(day=1),
        "state": State.WITHDRAWN.value,
        "thread_state": ThreadState.NONE.value,
        "channel": "",
        "reason": reason,
    }
    for name, value in {**nothing, **emptied, **kept}.items():
        setattr(feedback, name, value)


def _default(column: Any) -> Any:
    value = column.default.arg
    return value(None) if callable(value) else value


def replay_erasures(instance: Path, day: date) -> int:
    """Erase again what a restored backup brought back; return how many retours that was."""
    back = [db.session.get(Feedback, each) for each in erasures.listed(instance)]
    standing = [row for row in back if row is not None and row.state != State.WITHDRAWN]
    for feedback in standing:
        erase(feedback, day)
    return len(standing)


def purge(now: datetime) -> int:
    """Drop what has had its time: proofs of sending after 7 days, tombstones after a year."""
    today = paris_day(now)
    over = Feedback.day < today - form_keys.VALID_FOR
    proofs = update(Feedback).where(over, Feedback.key_hash.is_not(None))
    dropped = db.session.execute(proofs.values(key_hash=None, body_seal=None))
    too_old = Feedback.day < today - timedelta(days=TOMBSTONE_DAYS)
    stones = delete(Feedback).where(Feedback.state == State.WITHDRAWN, too_old)
    gone = db.session.execute(stones)
    return int(dropped.rowcount + gone.rowcount)  # type: ignore[attr-defined]
