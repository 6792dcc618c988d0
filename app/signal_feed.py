"""What the experts' feed of signals tells: candidates and moves, in numbers and approved names."""

from dataclasses import dataclass
from datetime import date

from flask_babel import format_decimal
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from app.access import Verb, limit
from app.accounts import Account
from app.db import db
from feedback.models import Signal, SignalNote
from feedback.signal_words import KIND_NAMES, STATE_NAMES

MOST = 50  # entries of the feed


@dataclass(frozen=True)
class FeedEntry:
    """One entry: a candidate that was raised, or a step of its qualification."""

    id: str  # of the entry, within its signal's address
    signal_id: str
    day: date
    title: str
    summary: str


def entries_for(account: Account) -> list[FeedEntry]:
    """Return what happened within reach of ``account``, newest first."""
    reach = limit(Signal.service_id, account, Verb.READ_SIGNALS)
    entries = [*_raised(reach), *_moves(reach)]
    return sorted(entries, key=lambda each: (each.day, each.id), reverse=True)[:MOST]


def _raised(reach: ColumnElement[bool]) -> list[FeedEntry]:
    query = (
        select(Signal)
        .where(reach)
        .options(joinedload(Signal.service), joinedload(Signal.theme), joinedload(Signal.subject))
    )
    newest = query.order_by(Signal.raised.desc(), Signal.id).limit(MOST)
    return [
        FeedEntry("repere", each.id, each.raised, _title(each, "candidate"), _numbers(each))
        for each in db.session.scalars(newest)
    ]


def _moves(reach: ColumnElement[bool]) -> list[FeedEntry]:
    query = select(SignalNote, Signal).join(Signal, Signal.id == SignalNote.signal_id)
    moved = query.where(reach, SignalNote.from_state != SignalNote.to_state)
    newest = moved.order_by(SignalNote.id.desc()).limit(MOST)
    return [
        FeedEntry(f"etape-{note.id}", signal.id, note.day, _title(signal, note.to_state), "")
        for note, signal in db.session.execute(newest)
    ]


def _title(signal: Signal, state: str) -> str:
    service = signal.service.name if signal.service else _("tous les services")
    return str(
        _(
            "%(state)s : %(name)s (%(service)s)",
            state=STATE_NAMES[state],
            name=_name(signal),
            service=service,
        )
    )


def _name(signal: Signal) -> str:
    """Return a name that a person gave; what the machine drew from messages stays inside."""
    about = signal.theme or signal.subject
    if about is None:
        return str(_("un retour"))
    return about.name if about.named_by_person else str(_("un thème"))


def _numbers(signal: Signal) -> str:
    if signal.e_value is None:
        return str(KIND_NAMES[signal.kind])
    return str(
        _(
            "%(observed)d en %(weeks)d semaines, pour %(expected)s attendus",
            observed=signal.observed,
            weeks=signal.weeks,
            expected=format_decimal(signal.expected, "0.0"),
        )
    )
