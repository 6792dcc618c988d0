"""Reads rows, calls ``nlp``, writes results; decides nothing itself: encoding and placing retours.

Long work holds no lock: each step reads, ends its transaction, computes, and only then writes. The
structure itself is made by ``feedback/arrangement.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, delete, func, select, update

from app import jobs, traces
from app.db import db, start_reading, start_writing
from app.traces import RULE
from feedback import arrangement, search, states
from feedback.arrangement import Asked
from feedback.intake import HELD_FOR_NAMES
from feedback.models import AnalysisRun, Feedback, Message, Segment, State
from feedback.placing import place
from feedback.themes import FEWEST_TEXTS
from nlp.encode import Encoder
from nlp.name_finder import NameFinder
from nlp.redact import redact
from nlp.segment import segments
from nlp.space import check_finite

READABLE = (State.OPEN.value, State.PUBLISHED.value)


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


@dataclass(frozen=True)
class Piece:
    """One segment before it is stored."""

    feedback_id: str
    start: int
    end: int
    text: str


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
    pieces = [
        Piece(each, found.start, found.end, found.text)
        for each, text in texts.items()
        for found in segments(text, machine.clauses)
    ]
    db.session.rollback()
    vectors = machine.encoder.encode([piece.text for piece in pieces])
    check_finite(vectors)  # a vector that is no number would spoil every later refresh
    start_writing()
    unchanged = {each for each, text in _texts(ids).items() if texts.get(each) == text}
    rows = _replace(unchanged, pieces, vectors, machine.model)
    place(rows, machine.encoder.model_hash, machine.folder, day)
    db.session.execute(update(Feedback).where(Feedback.id.in_(unchanged)).values(analysed=True))
    db.session.flush()
    return len(unchanged)


def _texts(ids: Sequence[str]) -> dict[str, str]:
    query = select(Feedback.id, Feedback.text).where(
        Feedback.id.in_(ids), *_may_be_read(), ~Feedback.analysed
    )
    return {each: text or "" for each, text in db.session.execute(query)}


def _replace(
    ids: set[str], pieces: list[Piece], vectors: NDArray[np.float32], model: str
) -> list[Segment]:
    """Store the segments of ``ids`` and return them; one that was there keeps its id.

    Words that change take their segments with them (``feedback/editing.py``): what stands at the
    same place still says the same, and what people said of it still holds.
    """
    stored = db.session.scalars(select(Segment).where(Segment.feedback_id.in_(ids)))
    before = {(row.feedback_id, row.start, row.end): row for row in stored}
    rows = []
    for piece, vector in zip(pieces, vectors, strict=True):
        if piece.feedback_id in ids:
            row = before.pop((piece.feedback_id, piece.start, piece.end), None) or Segment(
                feedback_id=piece.feedback_id, start=piece.start, end=piece.end
            )
            row.vector, row.model = vector.astype(np.float16).tobytes(), model
            rows.append(row)
    gone = [row.id for row in before.values()]
    db.session.execute(delete(Segment).where(Segment.id.in_(gone)))
    db.session.add_all(rows)
    db.session.flush()
    return rows


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
    """Mask the names in retours and replies that came without the pipeline; return how many.

    A retour held for that alone is opened by the same rule that held it; a held reply stays held.
    """
    query = select(Feedback).where(~Feedback.names_masked, Feedback.text.is_not(None))
    done = 0
    for feedback in list(db.session.scalars(query)):
        found = redact(feedback.text or "", finder, feedback.service.allowed_words)
        if not found.names_masked:
            continue
        _write_masked(feedback, found.text, day, now)
        done += 1
    done += _mask_replies(finder, day)
    db.session.flush()
    return done


def _mask_replies(finder: NameFinder, day: date) -> int:
    """Mask the names in replies that a moderator holds; passing them on is a person's decision."""
    done = 0
    for message in list(db.session.scalars(select(Message).where(Message.held))):
        found = redact(message.text, finder, message.feedback.service.allowed_words)
        if found.names_masked and found.text != message.text:
            message.text = found.text
            traces.record("masked again", RULE, day, message.feedback_id)
            done += 1
    return done


def _write_masked(feedback: Feedback, text: str, day: date, now: datetime) -> None:
    feedback.text, feedback.names_masked, feedback.analysed = text, True, False
    traces.record("masked again", RULE, day, feedback.id)
    if feedback.state == State.HELD and feedback.reason == HELD_FOR_NAMES:
        states.move(feedback, State.OPEN, "rule")
    search.index(feedback)
    jobs.enqueue("analyse", feedback.id, now)
