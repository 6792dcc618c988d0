"""What somebody told, read from a mediator's form or from a sheet of paper, and keeping it.

The same questions as a citizen's; the answers come with the text, not after it.
"""

import json
from dataclasses import dataclass, replace
from datetime import date

from app import traces
from app.accounts import Account
from app.catalogue import Service
from app.traces import Actor
from feedback import charter, editing, handover, sheets, sittings
from feedback.answer_safety import weigh
from feedback.answering import Reading
from feedback.intake import Prepared, Sent, Tools, prepare, store
from feedback.models import Channel, Feedback
from feedback.wording import clean
from nlp.name_finder import NameFinder


@dataclass(frozen=True)
class Told:
    """What a form holds; ``reading`` is what its optional questions answer, masked."""

    face: int | None
    text: str
    reading: Reading
    wants_publication: bool | None
    functionality_id: int | None
    sheet: str = ""  # the number of the sheet whose code the person keeps


@dataclass(frozen=True)
class Ready:
    """What was told, masked, before anything is written."""

    told: Told
    prepared: Prepared


@dataclass(frozen=True)
class Sitting:
    """When it is typed, and with what."""

    day: date
    tools: Tools


@dataclass(frozen=True)
class Kept:
    """The retour; ``is_new`` is False when the same form had been received before."""

    feedback: Feedback
    is_new: bool


def make_ready(
    told: Told, channel: Channel, service: Service, names: NameFinder | None, by: Actor
) -> Ready:
    """Return ``told`` masked; raise ``EmptyRetour`` or ``TooLong``.

    Masking takes a while and needs no lock.
    """
    sent = Sent(
        told.face,
        told.text,
        channel,
        wants_publication=bool(told.wants_publication and clean(told.text)),
        functionality_id=told.functionality_id,
        by=by,
        more=_more(told),
    )
    return Ready(told, prepare(sent, service, names))


def _more(told: Told) -> str:
    given = {code: g and [g.status, g.value] for code, g in told.reading.answers.items()}
    return json.dumps([sorted(given.items()), told.wants_publication, told.sheet])


def keep(ready: Ready, service: Service, key: str, by: Account, sitting: Sitting) -> Kept:
    """Store what was told, once for each ``key``, as typed by ``by``.

    Raises ``AlreadySent``, or what ``sheets.take`` raises: then nothing may be committed.
    """
    day, channel, told = sitting.day, ready.prepared.sent.channel, ready.told
    label = sittings.label_of(by, day)
    prepared = replace(ready.prepared, sent=replace(ready.prepared.sent, batch=label))
    receipt = store(prepared, service, key, day, sitting.tools)
    feedback = receipt.feedback
    if not receipt.created:
        return Kept(feedback, False)
    editing.answer_questions(feedback, told.reading.answers, service, day, told.wants_publication)
    weigh(feedback, told.reading.words)
    if channel is Channel.MEDIATOR:
        feedback.consent_day, feedback.charter_version = day, charter.VERSION
        traces.record("consented", prepared.sent.by, day, feedback.id, str(charter.VERSION))
    if told.sheet:
        handover.give_sheet(feedback, sheets.take(told.sheet, service))
    sittings.count_one(by, service, channel, day)
    return Kept(feedback, True)
