"""One thing that waits for a moderator: why, since when, how pressing it is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.days import working_days_between
from feedback import appeals, hold_windows, urgency
from feedback.appeals import APPEAL
from feedback.first_state import HELD_FOR_RECOGNITION
from feedback.models import Feedback, HoldWindow, SecondLook, State, Urgency
from feedback.urgency import READ_WITHIN, Level

HELD_DAYS = 3  # working days; then the queue reminds, and never releases


class WhyHeld(StrEnum):
    """Why a retour waits for a moderator, in the order in which they are to be read."""

    DANGER = "danger"
    APPEAL = "appeal"
    AGREED = "agreed"  # the author lets the team read before the time is over
    RECOGNISABLE = "recognisable"
    NAMES = "names"
    SERVICE = "service"
    PEER = "peer"  # a reader's answer to a published message
    WISH = "wish"  # open already; its author would like it published
    CLAIM = "claim"  # an answer that says a change is made
    LEVEL = "level"  # its author contests how pressing it is said to be
    CHANGE = "change"  # a team says that a promise is kept
    CONTEST = "contest"  # authors contest an announced change
    NOTICE = "notice"  # readers reported a public text
    MESSAGE = "message"  # a later message of an author


@dataclass(frozen=True)
class Item:
    """A retour that waits for a moderator."""

    feedback: Feedback
    why: WhyHeld
    days: int  # working days since it waits
    is_late: bool
    level: Level
    until: date | None = None  # the end of the time that it was given


@dataclass(frozen=True)
class Asked:
    """A level of urgency that an author contests."""

    row: Urgency
    level: Level  # the one that stands
    days: int
    why: WhyHeld = WhyHeld.LEVEL


@dataclass(frozen=True)
class Look:
    """An answer that waits for its second look."""

    look: SecondLook
    days: int  # working days since it waits
    is_late: bool
    why: WhyHeld = WhyHeld.CLAIM


@dataclass(frozen=True)
class Wait:
    """Anything else that waits: why, and for how many working days."""

    why: WhyHeld
    days: int


def why_held(feedback: Feedback) -> WhyHeld:
    """Return why ``feedback`` waits for a moderator."""
    if feedback.state == State.OPEN:
        return WhyHeld.WISH
    if feedback.reason.startswith(APPEAL):
        return WhyHeld.APPEAL
    if feedback.dangers:
        return WhyHeld.DANGER
    if feedback.reason == HELD_FOR_RECOGNITION:
        return WhyHeld.RECOGNISABLE
    if not feedback.names_masked:
        return WhyHeld.NAMES
    return WhyHeld.PEER if feedback.is_peer else WhyHeld.SERVICE


def waits_of(feedbacks: Iterable[Feedback], day: date) -> list[Item]:
    """Return each retour with why and how long it waits, in as many queries for one as for all."""
    every = list(feedbacks)
    levels, windows = urgency.levels(every), hold_windows.windows()
    found = [_item(each, levels[each.id], windows.get(each.id), day) for each in every]
    asked = appeals.on_publication([each.id for each in every if each.state == State.OPEN])
    return [_appealed(item) if item.feedback.id in asked else item for item in found]


def _appealed(item: Item) -> Item:
    """Return a wish as an appeal against a refusal: unlike another wish, it may be late."""
    return replace(item, why=WhyHeld.APPEAL, is_late=item.days > HELD_DAYS)


def waited_for(feedback: Feedback, day: date) -> Item:
    """Return ``feedback`` with why and how long it waits for a moderator."""
    return waits_of([feedback], day)[0]


def _item(feedback: Feedback, level: Level, window: HoldWindow | None, day: date) -> Item:
    since = max(feedback.day, feedback.last_author_day or feedback.day)
    if window and not hold_windows.is_open(window, day) and not window.agreed:
        since = window.until  # only now is there something to decide
    days = working_days_between(since, day)
    is_held = feedback.state == State.HELD
    resting = window.until if window and hold_windows.is_open(window, day) else None
    late = is_held and not resting and days > READ_WITHIN[level]
    why = WhyHeld.AGREED if is_held and window and window.agreed else why_held(feedback)
    return Item(feedback, why, days, late, level, resting)


def waited_for_look(look: SecondLook, day: date) -> Look:
    """Return ``look`` with how long it waits for a moderator."""
    days = working_days_between(look.day, day)
    return Look(look, days, days > HELD_DAYS)


def asked_about(row: Urgency, day: date) -> Asked:
    """Return a contested level with the one that stands and how long it waits for a person."""
    waited = working_days_between(row.asked or day, day)
    return Asked(row, urgency.level_of(row.feedback, row), waited)
