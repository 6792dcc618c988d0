"""Reads rows, calls ``nlp``, writes results; decides nothing itself: encoding and placing retours.

Long work holds no lock: each step reads, ends its transaction, computes, and only then writes. The
structure itself is made by ``feedback/arrangement.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import ColumnElement, func, select, update

from app import jobs, traces
from app.db import db, start_reading, start_writing
from app.traces import RULE
from feedback import arrangement, search, states
from feedback.arrangement import Asked
from feedback.first_state import HELD_FOR_NAMES, hold_reason
from feedback.models import AnalysisRun, Feedback, Message, Segment, State
from feedback.pieces import read, store
from feedback.placing import place
from feedback.themes import FEWEST_TEXTS
from nlp.encode import Encoder
from nlp.name_finder import NameFinder
from nlp.redact import redact

READABLE = (State.OPEN.value, State.PUBLISHED.value)
Masks = dict[tuple[type[Feedback] | type[Message], Any], tuple[str, str]]  # row → text, masked text


@dataclass(frozen=True)
class Machine:
    """What an analysis needs from the process: the encoder and the folder of fitted models.

    Without the ``clauses`` pipeline, messages are cut by rules alone; without the ``tagger``,
    themes are named by the use of words alone.
    """

    encoder: Encoder
    folder: Path
    clauses: Any = None
    tagger: Any = None

    @property
    def model(self) -> str:
        """The encoder's name and the hash of its weights, as stored beside each result."""
        return f"{self.encoder.name} {self.encoder.model_hash}"


def waiting_ids(limit: int) -> list[str]:
    """Return retours that the machine may read and has not, oldest first."""
    query = (
        select(Feedback.id)
        .where(*_may_be_read(), ~Feedback.analysed)
        .order_by(Feedback.day, Feedback.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def _may_be_read() -> tuple[ColumnElement[bool], ...]:
    return (
        Feedback.text.is_not(None),
        Feedback.state.in_(READABLE),
        Feedback.names_masked.is_(True),
        ~Feedback.objects_to_analysis,
    )


def analyse(ids: Sequence[str], machine: Machine, day: date) -> int:
    """Cut, encode and place the retours called ``ids``; return how many were read.

    What may not be read (held, objected to, erased meanwhile) is left alone and asked for again
    when its state changes; what was read since the job was asked for is not read twice.
    """
    start_reading()
    texts = _texts(ids)
    if not texts:
        start_writing()  # as after the work: the caller goes on to write
        return 0
    db.session.rollback()
    found = read(texts, machine.encoder, machine.clauses)
    start_writing()
    unchanged = {each for each, text in _texts(ids).items() if texts.get(each) == text}
    rows = store(found, unchanged, machine.model)
    place(rows, machine.encoder.model_hash, machine.folder, day)
    db.session.execute(update(Feedback).where(Feedback.id.in_(unchanged)).values(analysed=True))
    db.session.flush()
    return len(unchanged)


def _texts(ids: Sequence[str]) -> dict[str, str]:
    query = select(Feedback.id, Feedback.text).where(
        Feedback.id.in_(ids), *_may_be_read(), ~Feedback.analysed
    )
    return {each: text or "" for each, text in db.session.execute(query)}


def lacks_structure() -> bool:
    """Say whether there are texts enough for a first structure and none was made yet."""
    if db.session.scalar(select(AnalysisRun.id).limit(1)) is not None:
        return False
    return (db.session.scalar(select(func.count()).select_from(Segment)) or 0) >= FEWEST_TEXTS


def refresh(machine: Machine, day: date, full: bool = False) -> AnalysisRun:
    """Bring the structure up to date; identities and people's edits survive.

    ``full`` groups every segment anew even where the last full refresh is recent.
    """
    asked = Asked(machine.model, machine.encoder, machine.folder, day, full, machine.tagger)
    return arrangement.refresh(asked)


def mask_names(finder: NameFinder, day: date, now: datetime) -> int:
    """Mask the names in retours and replies that came without the pipeline; return how many."""
    return write_masks(find_masks(finder), day, now)


def find_masks(finder: NameFinder) -> Masks:
    """Return what to write where names were not looked for; takes no lock, it may be slow."""
    unmasked = select(Feedback).where(~Feedback.names_masked, Feedback.text.is_not(None))
    masks: Masks = {}
    for row in list(db.session.scalars(unmasked)):
        found = redact(row.text or "", finder, row.service.allowed_words)
        if found.names_masked:
            masks[Feedback, row.id] = row.text or "", found.text
    for reply in list(db.session.scalars(select(Message).where(Message.held))):
        found = redact(reply.text, finder, reply.feedback.service.allowed_words)
        if found.names_masked and found.text != reply.text:
            masks[Message, reply.id] = reply.text, found.text
    return masks


def write_masks(masks: Masks, day: date, now: datetime) -> int:
    """Write what was found into the texts that nobody changed meanwhile; return into how many.

    A retour held for that alone is opened by the same rule that held it; a held reply stays held:
    passing it on is a person's decision.
    """
    done = 0
    for (table, row_id), (before, text) in masks.items():
        row = cast("Feedback | Message | None", db.session.get(table, row_id))
        if row is None or (row.text or "") != before:
            continue
        if isinstance(row, Feedback):
            _write_masked(row, text, day, now)
        else:
            row.text = text
            traces.record("masked again", RULE, day, row.feedback_id)
        done += 1
    db.session.flush()
    return done


def _write_masked(feedback: Feedback, text: str, day: date, now: datetime) -> None:
    feedback.text, feedback.names_masked, feedback.analysed = text, True, False
    traces.record("masked again", RULE, day, feedback.id)
    if feedback.state == State.HELD and feedback.reason == HELD_FOR_NAMES:
        if reason := hold_reason(feedback, feedback.service):  # a person must look all the same
            feedback.reason = reason
        else:
            states.move(feedback, State.OPEN, "rule")
    if feedback.is_peer:
        return
    search.index(feedback)
    jobs.enqueue("analyse", feedback.id, now)
