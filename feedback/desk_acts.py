"""Acts on several retours at once, each to be undone for a day: read, give, link, put in a theme.

All or none; putting into a theme does what it can and keeps why each of the others stayed. Undoing
is ``desk_undo.py``. No answer is ever sent to many here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, delete, select

from app.access import Verb, actor_of, limit, reaches
from app.accounts import Account
from app.db import db
from feedback import commitments, readings
from feedback.assignments import NotOfTheTeam, assign
from feedback.bulk_placing import place_many
from feedback.models import (
    Assignment,
    Commitment,
    CommitmentLink,
    CommitmentState,
    DeskAct,
    DeskActRow,
    Feedback,
    State,
    Theme,
)

MOST_AT_ONCE = 100  # retours of one act
UNDONE_WITHIN = timedelta(hours=24)  # then the act is forgotten
OPEN_STATES = (
    CommitmentState.PROMISED,
    CommitmentState.DUE,
    CommitmentState.LATE,
    CommitmentState.REOPENED,
)
LINKED = "linked"


class Act(StrEnum):
    """What may be done with several retours."""

    READ = "lus"
    UNREAD = "non-lus"
    GIVE = "confier"
    TAKE_BACK = "reprendre"
    LINK = "lier"
    PLACE = "ranger"


NEEDS = {Act.READ: Verb.READ, Act.UNREAD: Verb.READ, Act.PLACE: Verb.ARRANGE_THEMES}


class NothingTicked(Exception):
    """No retour was ticked."""


class OutOfReach(Exception):
    """One of the retours, or the target, is not the account's to act on; nothing was changed."""


@dataclass(frozen=True)
class Wanted:
    """An act as it was asked for."""

    kind: Act
    ids: tuple[str, ...]
    key: str  # the form's: a second tap has the same
    target: str = ""  # a colleague's id, a commitment's or a theme's

    @property
    def verb(self) -> Verb:
        """What an account needs to be allowed."""
        return NEEDS.get(self.kind, Verb.ANSWER)


def do(wanted: Wanted, account: Account, now: datetime, day: date) -> DeskAct:
    """Carry out ``wanted`` once and return what was done; its rows say what changed and what not.

    Raises ``NothingTicked``, ``OutOfReach``, ``NotOfTheTeam``, ``Refused`` (of a theme) or
    ``NothingMoved``; then nothing was changed.
    """
    if known := db.session.get(DeskAct, wanted.key):
        if known.account_id != account.id:
            raise OutOfReach(wanted.key)
        return known
    if not wanted.ids:
        raise NothingTicked
    feedbacks = _reached(wanted, account)
    rows = _changed(wanted, feedbacks, account, day)
    act = DeskAct(
        id=wanted.key, account_id=account.id, kind=wanted.kind, target=wanted.target, made=now
    )
    act.rows = rows
    db.session.add(act)
    db.session.flush()
    return act


def _changed(
    wanted: Wanted, feedbacks: Sequence[Feedback], account: Account, day: date
) -> list[DeskActRow]:
    if wanted.kind is Act.PLACE:
        actor = actor_of(account, wanted.verb)
        return place_many(_theme(wanted, account), feedbacks, actor, day)
    before = standing(wanted.kind, wanted.target, feedbacks, account)
    after = _apply(wanted, feedbacks, account, day)
    return [
        DeskActRow(feedback_id=each, was=before[each], became=after[each])
        for each in after
        if before[each] != after[each]
    ]


def _reached(wanted: Wanted, account: Account) -> list[Feedback]:
    """Return the retours to act on: all of them, or, to be put into a theme, those still there."""
    ids = set(wanted.ids)
    found = list(db.session.scalars(_within(wanted, account))) if len(ids) <= MOST_AT_ONCE else []
    if not found or (len(found) != len(ids) and wanted.kind is not Act.PLACE):
        raise OutOfReach(wanted.kind)
    return found


def gone(wanted: Wanted, account: Account) -> int:
    """Return how many of the ticked retours are erased, held, or not the account's to act on."""
    return len(set(wanted.ids)) - len(db.session.scalars(_within(wanted, account)).all())


def _within(wanted: Wanted, account: Account) -> Select[Feedback]:
    return select(Feedback).where(
        Feedback.id.in_(set(wanted.ids)),
        limit(Feedback.service_id, account, wanted.verb),
        Feedback.names_masked,
        Feedback.state.in_((State.OPEN, State.PUBLISHED)),
    )


def _apply(
    wanted: Wanted, feedbacks: Sequence[Feedback], account: Account, day: date
) -> dict[str, str]:
    """Do it and return how each retour stands now."""
    if wanted.kind in (Act.READ, Act.UNREAD):
        readings.mark(account.id, [f.id for f in feedbacks], wanted.kind is Act.READ)
    elif wanted.kind is Act.TAKE_BACK:
        assign(feedbacks, None, day)
    elif wanted.kind is Act.GIVE:
        if not (wanted.target.isascii() and wanted.target.isdigit() and len(wanted.target) < 10):
            raise NotOfTheTeam(wanted.target)
        assign(feedbacks, int(wanted.target), day)
    else:
        commitments.link(_commitment(wanted.target, feedbacks, account), feedbacks, day)
    return standing(wanted.kind, wanted.target, feedbacks, account)


def _theme(wanted: Wanted, account: Account) -> Theme:
    theme = db.session.get(Theme, wanted.target)
    if theme is None or not reaches(theme.service, account, wanted.verb):
        raise OutOfReach(wanted.target)
    return theme


def _commitment(target: str, feedbacks: Sequence[Feedback], account: Account) -> Commitment:
    found = db.session.scalar(
        select(Commitment).where(
            Commitment.id == target,
            limit(Commitment.service_id, account, Verb.ANSWER),
            Commitment.state.in_(OPEN_STATES),
        )
    )
    if found is None or any(f.service_id != found.service_id for f in feedbacks):
        raise OutOfReach(target)
    return found


def standing(
    kind: str, target: str, feedbacks: Collection[Feedback], account: Account
) -> dict[str, str]:
    """Return how each retour stands in what ``kind`` changes; "" where it does not."""
    ids = [feedback.id for feedback in feedbacks]
    found: Mapping[str, object] = {}
    if kind in (Act.READ, Act.UNREAD):
        found = readings.read_marks(account.id, ids)
    elif kind == Act.LINK:
        query = select(CommitmentLink.feedback_id).where(
            CommitmentLink.commitment_id == target, CommitmentLink.feedback_id.in_(ids)
        )
        found = dict.fromkeys(db.session.scalars(query), LINKED)
    elif kind != Act.PLACE:
        held = select(Assignment.feedback_id, Assignment.account_id)
        found = dict(db.session.execute(held.where(Assignment.feedback_id.in_(ids))).all())
    return {each: str(found.get(each, "")) for each in ids}


def purge(now: datetime) -> int:
    """Drop the acts of more than a day ago; return how many."""
    gone = db.session.execute(delete(DeskAct).where(DeskAct.made < now - UNDONE_WITHIN))
    return int(gone.rowcount)  # type: ignore[attr-defined]
