"""What the public of a service reads of its signals: the expert's sentence and what was done.

A sentence that a person wrote has no floor, so that a harm with four reports is not hidden; the
count behind it has one, and is that of the day of the decision, which no later retour moves.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.catalogue import Service
from app.db import db
from app.floors import may_show
from feedback.models import Signal, SignalNote, SignalState
from feedback.qualification import PUBLIC


@dataclass(frozen=True)
class Done:
    """What was done, and when it was told."""

    day: date
    words: str


@dataclass(frozen=True)
class PublicSignal:
    """A signal as anybody may read it."""

    id: str
    sentence: str
    state: SignalState
    beneficial: bool
    since: date  # when the public was first told
    changed: date  # when something was last told
    release: str  # number, or empty
    retours: int | None  # None: fewer than the floor
    done: tuple[Done, ...]


def public_signals(service: Service, floor: int) -> list[PublicSignal]:
    """Return what is told of ``service``, what moved last first."""
    query = select(Signal).where(
        Signal.service_id == service.id, Signal.state.in_(PUBLIC), Signal.sentence != ""
    )
    found = list(db.session.scalars(query.options(joinedload(Signal.release))))
    notes = _notes([each.id for each in found])
    told = [_told(each, notes.get(each.id, []), floor) for each in found]
    return sorted(told, key=lambda each: (each.changed, each.id), reverse=True)


def _notes(signal_ids: Collection[str]) -> dict[str, list[SignalNote]]:
    query = select(SignalNote).where(
        SignalNote.signal_id.in_(signal_ids), SignalNote.to_state.in_(PUBLIC)
    )
    found: dict[str, list[SignalNote]] = {}
    for note in db.session.scalars(query.order_by(SignalNote.id)):
        found.setdefault(note.signal_id, []).append(note)
    return found


def _told(signal: Signal, notes: list[SignalNote], floor: int) -> PublicSignal:
    counts = [note.answers["retours"] for note in notes if "retours" in note.answers]
    count = int(counts[-1]) if counts else 0
    done = [Done(note.day, note.answers["done"]) for note in notes if note.answers.get("done")]
    return PublicSignal(
        id=signal.id,
        sentence=signal.sentence,
        state=SignalState(signal.state),
        beneficial=signal.beneficial,
        since=notes[0].day if notes else signal.raised,
        changed=notes[-1].day if notes else signal.raised,
        release=signal.release.number if signal.release else "",
        retours=count if count and may_show(count, floor) else None,
        done=tuple(done),
    )
