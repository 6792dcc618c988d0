"""Which authority is competent for a signal, and why: three answers decide, a person chooses.

Nothing is sent. The choice is kept beside the other steps of the qualification; what the machine
proposes is in ``feedback/door_suggestion.py``.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select

from app.db import db
from app.traces import Actor
from feedback.authorities import Deadline, Door, deadlines_at, table
from feedback.models import Signal, SignalNote
from feedback.signal_remarks import remark


class About(StrEnum):
    """What a signal is about."""

    EVENT = "event"
    MEDICINE = "medicine"
    DEVICE = "device"
    SECURITY = "security"
    DATA = "data"
    RIGHTS = "rights"
    COMMERCE = "commerce"
    STAY = "stay"
    OTHER = "other"


class Reporter(StrEnum):
    """Who would knock at the door."""

    MANUFACTURER = "manufacturer"
    PROFESSIONAL = "professional"
    USER = "user"
    ESTABLISHMENT = "establishment"


class Duty(StrEnum):
    """What the law asks of the reporter at a door."""

    MUST = "must"
    MAY = "may"
    CLOSED = "closed"  # somebody else reports there


ON_HEALTH = (About.EVENT, About.DEVICE)


@dataclass(frozen=True)
class Situation:
    """The three answers that decide."""

    about: About
    reporter: Reporter
    device: bool  # decision support, diagnosis or therapy stands behind it


@dataclass(frozen=True)
class Way:
    """One door for a situation."""

    door: Door
    duty: Duty
    by_device: bool  # it is here because the service may be a medical device
    deadlines: tuple[Deadline, ...]  # that bind this reporter
    others: tuple[Deadline, ...]  # that bind somebody else at the same door


class UnknownDoor(Exception):
    """The table has no such door."""


class WhyNeeded(Exception):
    """A choice says why."""


def ways(situation: Situation) -> list[Way]:
    """Return the doors of ``situation``, the first one first."""
    keys = list(table().routes[situation.about.value])
    by_device = situation.device and situation.about in ON_HEALTH and "ansm" not in keys
    if by_device:
        keys.insert(0, "ansm")
    return [_way(key, situation, by_device and key == "ansm") for key in keys]


def way_to(key: str, situation: Situation) -> Way:
    """Return the door called ``key``, whether or not ``situation`` leads to it."""
    found = (way for way in ways(situation) if way.door.key == key)
    return next(found, None) or _way(key, situation, False)


def _way(key: str, situation: Situation, by_device: bool) -> Way:
    door = table().doors[key]
    who = situation.reporter.value
    duty = Duty.CLOSED
    if who in door.obliged:
        duty = Duty.MUST
    elif who in door.allowed:
        duty = Duty.MAY
    terms = deadlines_at(key)
    own = tuple(each for each in terms if each.who == who)
    others = tuple(each for each in terms if each.who != who)
    return Way(door, duty, by_device, own, others)


def choose(signal: Signal, key: str, said: Situation, why: str, actor: Actor, day: date) -> None:
    """Keep the door that an expert chose; the state of ``signal`` stays.

    Raise ``UnknownDoor`` or ``WhyNeeded``.
    """
    if key not in table().doors:
        raise UnknownDoor(key)
    if not why.strip():
        raise WhyNeeded
    answers = {"door": key, "about": said.about.value, "reporter": said.reporter.value}
    remark(signal, actor, day, {**answers, "device": said.device}, why.strip())


def chosen(signal: Signal) -> SignalNote | None:
    """Return the last choice of a door, or None."""
    query = select(SignalNote).where(SignalNote.signal_id == signal.id)
    notes = db.session.scalars(query.order_by(SignalNote.id.desc()))
    return next((note for note in notes if "door" in (note.answers or {})), None)


def situation_of(note: SignalNote) -> Situation:
    """Return the answers that a choice was made from."""
    kept = note.answers
    return Situation(About(kept["about"]), Reporter(kept["reporter"]), bool(kept["device"]))
