"""Receiving a retour: mask, store, give the code; the same form sent again changes nothing.

Correcting and completing what was received is ``feedback/editing.py``, where it starts is
``feedback/first_state.py``. Masking needs no lock, so a view prepares first and takes the write
lock for ``store`` alone.
"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app import traces
from app.catalogue import Service, release_on
from app.db import db
from app.traces import AUTHOR, Actor
from feedback import receipts
from feedback.first_state import ask_analysis, open_thread, settle_state
from feedback.models import Channel, Feedback, State
from feedback.wording import clean, is_too_long, visible_length
from nlp.danger import danger, severity
from nlp.language import language_of
from nlp.name_finder import NameFinder
from nlp.redact import Redaction, redact

# Their form's key is in other hands than the author's: a code is never made from it.
WITHOUT_OWN_CODE = (Channel.IMPORT, Channel.MEDIATOR, Channel.PAPER)


class AlreadySent(Exception):
    """This form was sent before with other words: give a fresh form, never the code."""


class EmptyRetour(Exception):
    """Neither a face nor a word."""


class TooLong(Exception):
    """The text is longer than a retour may be; ``count`` is its length as a reader counts."""

    def __init__(self, count: int) -> None:
        super().__init__(f"a text has at most 5000 characters, got {count}")
        self.count = count


@dataclass(frozen=True)
class Sent:
    """What came with one form."""

    face: int | None
    text: str
    channel: Channel = Channel.WEB
    batch: str | None = None
    wants_publication: bool = False
    functionality_id: int | None = None
    by: Actor = AUTHOR  # who typed it, as the journal names them
    more: str = ""  # what else came with the form, so that another answer is another body


@dataclass(frozen=True)
class Tools:
    """What receiving needs from the process: the name finder, if any, and the receipt secret."""

    names: NameFinder | None
    receipt_secret: str


@dataclass(frozen=True)
class Prepared:
    """A form read and masked, before anything is written."""

    sent: Sent
    text: str  # as typed, cleaned; never stored
    redaction: Redaction | None
    dangers: tuple[str, ...]
    severity: int


@dataclass(frozen=True)
class Receipt:
    """What a sender gets back; ``created`` is False when the form had been received before."""

    feedback: Feedback
    code: str | None
    redaction: Redaction | None
    created: bool


def prepare(sent: Sent, service: Service, names: NameFinder | None) -> Prepared:
    """Return ``sent`` cleaned and masked; raise ``EmptyRetour`` or ``TooLong``. Reads no table."""
    text = clean(sent.text)
    if sent.face is None and not text:
        raise EmptyRetour
    if is_too_long(text):
        raise TooLong(visible_length(text))
    if not text:
        return Prepared(sent, "", None, (), severity=1)
    kinds = tuple(sorted({found.kind for found in danger(text)}))
    masked = redact(text, names, service.allowed_words)
    return Prepared(sent, text, masked, kinds, severity(text))


def receive(sent: Sent, service: Service, key: str, day: date, tools: Tools) -> Receipt:
    """Mask and store one form; raise ``AlreadySent``, ``EmptyRetour`` or ``TooLong``."""
    return store(prepare(sent, service, tools.names), service, key, day, tools)


def store(prepared: Prepared, service: Service, key: str, day: date, tools: Tools) -> Receipt:
    """Store what was prepared under ``key``, once; raise ``AlreadySent`` when it held others."""
    body = receipts.seal(tools.receipt_secret, _body(prepared))
    held = prepared.sent.channel not in WITHOUT_OWN_CODE
    code = receipts.code_from_key(tools.receipt_secret, key) if held else None
    known = find_by_key(key)
    if known is not None:
        if known.body_seal != body or known.state == State.WITHDRAWN:
            raise AlreadySent
        return Receipt(known, code, prepared.redaction, created=False)
    feedback = _row(prepared, service, day)
    feedback.key_hash, feedback.body_seal = receipts.hash_key(key), body
    if code:
        feedback.code_hash = receipts.hash_code(code, receipts.system_salt())
        feedback.code_hint = receipts.hint(tools.receipt_secret, code)
    db.session.add(feedback)
    db.session.flush()
    traces.record("sent", prepared.sent.by, day, feedback.id)
    settle_state(feedback, service)
    ask_analysis(feedback, day, is_new=True)
    return Receipt(feedback, code, prepared.redaction, created=True)


def _body(prepared: Prepared) -> str:
    """Return what makes two forms the same: the face, the words and the functionality."""
    sent = prepared.sent
    told = [sent.face, prepared.text, sent.functionality_id]
    return json.dumps([*told, sent.more] if sent.more else told)


def _row(prepared: Prepared, service: Service, day: date) -> Feedback:
    sent = prepared.sent
    release = release_on(service, day)
    feedback = Feedback(
        service_id=service.id,
        functionality_id=_own_functionality(service, sent.functionality_id),
        release_id=release.id if release else None,
        day=day,
        channel=sent.channel.value,
        batch=sent.batch,
        face=sent.face,
        wants_publication=sent.wants_publication,
        state=State.RECEIVED.value,
        last_author_day=day,
    )
    put_words(feedback, prepared)
    open_thread(feedback, service, day)
    return feedback


def _own_functionality(service: Service, functionality_id: int | None) -> int | None:
    return functionality_id if functionality_id in {f.id for f in service.functionalities} else None


def put_words(feedback: Feedback, prepared: Prepared) -> None:
    """Write the masked words of ``prepared``, and what they tell, into ``feedback``."""
    redaction = prepared.redaction
    feedback.text = redaction.text if redaction else None
    feedback.language = language_of(prepared.text)
    feedback.masked = dict(Counter(span.type for span in redaction.spans)) if redaction else {}
    feedback.names_masked = redaction.names_masked if redaction else True
    feedback.dangers = list(prepared.dangers)
    feedback.severity = prepared.severity


def find_by_key(key: str) -> Feedback | None:
    """Return the retour that the form with ``key`` made, or None."""
    query = select(Feedback).where(Feedback.key_hash == receipts.hash_key(key))
    return db.session.scalar(query)


def find_by_code(code: str) -> Feedback | None:
    """Return the retour of a code as ``receipts.normalise`` gives it, or None; a slow hash."""
    hashed = receipts.hash_code(code, receipts.system_salt())
    found = db.session.scalar(select(Feedback).where(Feedback.code_hash == hashed))
    return found if found is not None and found.state != State.WITHDRAWN else None
