"""Promises of a team and what became of them: promise, announce, check, reopen, drop.

Every move goes through the table in ``feedback/states.py``; authors' verdicts are ``verdicts.py``.
A team's actor is its service's organisation.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app import traces
from app.accounts import Role
from app.catalogue import Service
from app.db import db
from app.traces import Actor
from feedback.commitment_steps import note, note_move
from feedback.models import (
    Commitment,
    CommitmentLink,
    CommitmentState,
    Feedback,
    Placement,
    Segment,
    State,
    StepKind,
    Theme,
)
from feedback.states import ForbiddenMove, move_commitment
from feedback.verdicts import is_contest

C = CommitmentState
MODERATOR = Actor(Role.MODERATOR.value)
UNVERIFIED_AFTER = timedelta(days=28)  # announced without any author's word
TO_KEEP = (C.PROMISED, C.DUE, C.LATE, C.REOPENED)  # the team has not done it yet


def promise(
    service: Service,
    text: str,
    owner: str,
    due: date,
    feedbacks: Iterable[Feedback],
    day: date,
    theme: Theme | None = None,
) -> Commitment:
    """Return a dated promise that answers ``feedbacks``, and the whole ``theme`` if given.

    The same promise made twice on one day is one: a second tap. Raises ``ValueError`` when
    ``due`` is not after ``day``.
    """
    if due <= day:
        raise ValueError(f"a promise is due after {day}, got {due}")
    answered = [*feedbacks, *(concerns_of(theme) if theme else [])]
    values = {"text": text, "owner": owner, "made": day, "due": due}
    if known := _same(service, values):
        link(known, answered, day)
        return known
    commitment = Commitment(service=service, theme_id=theme.id if theme else None, **values)
    db.session.add(commitment)
    db.session.flush()
    note(commitment, StepKind.PROMISED, "team", day)
    link(commitment, answered, day)
    return commitment


def _same(service: Service, values: dict[str, Any]) -> Commitment | None:
    query = select(Commitment).filter_by(service_id=service.id, state=C.PROMISED.value, **values)
    return db.session.scalar(query.limit(1))


def link(commitment: Commitment, feedbacks: Iterable[Feedback], day: date) -> int:
    """Let ``commitment`` answer further retours of its service; return how many were new.

    Raises ``ForbiddenMove`` once the change is announced or dropped, and for a withdrawn retour.
    """
    query = select(CommitmentLink.feedback_id).where(CommitmentLink.commitment_id == commitment.id)
    known = set(db.session.scalars(query))
    new = {f.id: f for f in feedbacks if f.id not in known}
    if new and commitment.state not in TO_KEEP:
        raise ForbiddenMove(f"a promise that is {commitment.state} answers no further retour")
    for feedback in new.values():
        if feedback.service_id != commitment.service_id or feedback.state == State.WITHDRAWN:
            raise ForbiddenMove("a promise answers retours of its own service, not withdrawn ones")
        db.session.add(CommitmentLink(commitment=commitment, feedback=feedback))
        traces.record("committed", _team(commitment), day, feedback.id)
    if new:
        note(commitment, StepKind.LINKED, "team", day, str(len(new)))
    return len(new)


def concerns_of(theme: Theme) -> list[Feedback]:
    """Return the concerns of ``theme`` that the team may read, contested placements left out."""
    query = (
        select(Feedback)
        .join(Segment)
        .join(Placement)
        .where(
            Placement.theme_id == theme.id,
            ~Placement.contested,
            Feedback.service_id == theme.service_id,
        )
        .options(selectinload(Feedback.answers))
        .distinct()
    )
    return [f for f in db.session.scalars(query) if f.is_concern and f.is_readable_by_team]


def announce(commitment: Commitment, evidence: str, day: date) -> None:
    """Claim that the change is made; a moderator checks the evidence before authors are asked."""
    _move(commitment, C.CLAIMED, "team", day, evidence)
    commitment.evidence = evidence
    commitment.reason = ""
    _trace("announced", _team(commitment), commitment, day)


def check(
    commitment: Commitment, accepted: bool, reason: str, day: date, actor: Actor = MODERATOR
) -> None:
    """Announce the claimed change to its authors, or send it back to the team with a reason."""
    new = C.ANNOUNCED if accepted else C.PROMISED
    _move(commitment, new, "moderator", day, "" if accepted else reason)
    commitment.reason = "" if accepted else reason
    commitment.announced = day if accepted else None
    for row in commitment.links:  # a change announced again is judged again
        row.verdict, row.words, row.verdict_day, row.answer = None, "", None, ""
    _trace("moderated", actor, commitment, day)
    _follow_date(commitment, day)


def reopen(commitment: Commitment, reason: str, day: date, actor: Actor = MODERATOR) -> None:
    """Give the change back to the team; raise ``ForbiddenMove`` without a contest in words."""
    if not any(is_contest(row) for row in commitment.links):
        raise ForbiddenMove("a change is reopened when an author contests it in words")
    _move(commitment, C.REOPENED, "moderator", day, reason)
    commitment.reason = reason
    _trace("moderated", actor, commitment, day)


def drop(commitment: Commitment, reason: str, day: date) -> None:
    """Give up the promise; the reason is shown in public."""
    _move(commitment, C.DROPPED, "team", day, reason)
    commitment.reason = reason
    _trace("committed", _team(commitment), commitment, day, "abandon")


def advance_dates(day: date) -> int:
    """Move every commitment that a date moves: due, late, unverified. Return how many moved."""
    states = (C.PROMISED, C.DUE, C.ANNOUNCED)
    query = select(Commitment).where(Commitment.state.in_(states))
    moved = [_follow_date(c, day) for c in db.session.scalars(query)]
    db.session.flush()
    return sum(moved)


def _follow_date(commitment: Commitment, day: date) -> bool:
    new = _state_by_date(commitment, day)
    if new == commitment.state:
        return False
    _move(commitment, C(new), "date", day)
    return True


def _state_by_date(commitment: Commitment, day: date) -> str:
    if commitment.state in (C.PROMISED, C.DUE):
        if commitment.due < day:
            return C.LATE
        return C.DUE if commitment.due == day else commitment.state
    silent = not any(row.verdict for row in commitment.links)
    if commitment.state == C.ANNOUNCED and commitment.announced and silent:
        return C.UNVERIFIED if commitment.announced + UNVERIFIED_AFTER <= day else C.ANNOUNCED
    return commitment.state


def _move(
    commitment: Commitment, new: CommitmentState, actor: str, day: date, words: str = ""
) -> None:
    old = commitment.state
    move_commitment(commitment, new, actor)
    note_move(commitment, old, actor, day, words)


def _team(commitment: Commitment) -> Actor:
    return Actor(Role.PROMOTER.value, commitment.service.organisation.name)


def _trace(verb: str, actor: Actor, commitment: Commitment, day: date, detail: str = "") -> None:
    for row in commitment.links:
        traces.record(verb, actor, day, row.feedback_id, detail)
