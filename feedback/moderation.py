"""What a moderator decides about a retour, and the author's appeal.

Nothing is released by a clock or a model: each decision is a person's, and a return or a refusal
carries its reason. What waits is ``moderation_queue.py``.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from hashlib import sha256

from app import jobs, traces
from app.access import Verb, actor_of
from app.accounts import Account
from app.days import add_working_days
from app.db import db
from app.traces import AUTHOR, Actor
from feedback import hold_windows, search, states
from feedback.first_state import HELD_FOR_RECOGNITION
from feedback.models import (
    Feedback,
    Refusal,
    State,
    ThreadState,
)
from feedback.readings import note_change
from feedback.states import ForbiddenMove
from feedback.threads import clock_days

SEAL = 10  # hexadecimal signs, enough to tell two versions of a text apart
APPEAL = "appel"  # the reason of a retour that its author appealed starts with this word


class Decision(StrEnum):
    """What a moderator may decide about a retour."""

    OPEN = "open"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    RETURN = "return"
    REFUSE = "refuse"
    HOLD = "hold"
    WAIT = "wait"  # give it time: the team could recognise its author


_NEXT_OF_RETOUR = {
    Decision.OPEN: State.OPEN,
    Decision.PUBLISH: State.PUBLISHED,
    Decision.UNPUBLISH: State.OPEN,
    Decision.RETURN: State.RETURNED,
    Decision.REFUSE: State.REFUSED,
    Decision.HOLD: State.HELD,
}
# A peer's answer is shown under a message or held; a team never has it to itself.
_NEXT_OF_PEER = _NEXT_OF_RETOUR | {Decision.PUBLISH: State.SHOWN}
NEEDS_REASON = (Decision.RETURN, Decision.REFUSE, Decision.HOLD)


@dataclass(frozen=True)
class Moderator(Actor):
    """Who decides. The journal tells role and organisation; the account stays with a refusal."""

    account_id: int = 0


def moderator_of(account: Account) -> Moderator:
    """Return ``account`` as the one who decides."""
    actor = actor_of(account, Verb.MODERATE)
    return Moderator(actor.role, actor.organisation, account.id)


class SameModerator(Exception):
    """An appeal is read by somebody else than who refused (model.md §4)."""


class MissingReason(Exception):
    """A return, a refusal and a hold each need a reason that the author can read."""


def may_decide(feedback: Feedback) -> list[Decision]:
    """Return the decisions that the state table and the author's wish allow."""
    if feedback.is_peer:
        return _may_decide_on_peer(feedback)
    state = State(feedback.state)
    ready = feedback.names_masked
    found: list[Decision] = []
    if state == State.HELD and ready:
        found.append(Decision.OPEN)
    if state in (State.HELD, State.OPEN) and ready and feedback.wants_publication and feedback.text:
        found.append(Decision.PUBLISH)
    if state == State.HELD:
        found += [Decision.RETURN, Decision.REFUSE]
    if state == State.PUBLISHED:
        found.append(Decision.UNPUBLISH)
    if state == State.OPEN:
        found.append(Decision.HOLD)
    if state in (State.HELD, State.OPEN) and feedback.text:
        found.append(Decision.WAIT)
    return found


def _may_decide_on_peer(feedback: Feedback) -> list[Decision]:
    if feedback.state == State.SHOWN:
        return [Decision.HOLD]
    if feedback.state != State.HELD:
        return []
    ready = [Decision.PUBLISH] if feedback.names_masked else []
    return [*ready, Decision.RETURN, Decision.REFUSE]


def decide(feedback: Feedback, decision: Decision, reason: str, actor: Actor, day: date) -> None:
    """Carry out a moderator's decision.

    What is given time waits for as long as it usually does. Raises ``MissingReason`` for a return,
    a refusal or a hold without one, ``ForbiddenMove`` for what ``may_decide`` does not list and
    ``SameModerator`` for an appeal against one's own refusal.
    """
    if decision is Decision.WAIT:
        give_time(feedback, hold_windows.USUAL, actor, day)
        return
    _check(feedback, decision, actor)
    if decision in NEEDS_REASON and not reason.strip():
        raise MissingReason(decision)
    if decision is Decision.PUBLISH and feedback.state == State.HELD and not feedback.is_peer:
        states.move(feedback, State.OPEN, "moderator")
    following = _NEXT_OF_PEER if feedback.is_peer else _NEXT_OF_RETOUR
    states.move(feedback, following[decision], "moderator", reason.strip())
    if decision in (Decision.OPEN, Decision.PUBLISH) and not feedback.is_peer:
        _hand_to_team(feedback, day)
    if decision is Decision.UNPUBLISH:
        # Else it would come back at once among the wishes; its author may tick the box again.
        feedback.wants_publication = False
    hold_windows.end(feedback)
    keep_refusal(feedback, actor, day)
    traces.record("moderated", actor, day, feedback.id, decision.value)


def give_time(feedback: Feedback, length: int, actor: Actor, day: date) -> None:
    """Let ``feedback`` wait with the moderators for ``length`` working days.

    Raises what ``decide`` raises, and ``hold_windows.TooLong``.
    """
    _check(feedback, Decision.WAIT, actor)
    hold_windows.give_time(feedback, length, day)
    if feedback.state == State.OPEN:
        states.move(feedback, State.HELD, "moderator", HELD_FOR_RECOGNITION)
    traces.record("moderated", actor, day, feedback.id, Decision.WAIT.value)


def _check(feedback: Feedback, decision: Decision, actor: Actor) -> None:
    if not may_judge(feedback, actor):
        raise SameModerator
    if decision not in may_decide(feedback):
        raise ForbiddenMove(f"{decision} is not open to a retour that is {feedback.state}")


def may_judge(feedback: Feedback, actor: Actor) -> bool:
    """Say whether ``actor`` may decide: an appeal is not for who refused, nor for an unknown."""
    refusal = db.session.get(Refusal, feedback.id)
    if refusal is None or feedback.state != State.HELD:
        return True
    return isinstance(actor, Moderator) and actor.account_id not in (0, refusal.account_id)


def keep_refusal(feedback: Feedback, actor: Actor, day: date) -> None:
    """Remember who refused while the refusal stands, and forget it once another decision does."""
    if refusal := db.session.get(Refusal, feedback.id):
        db.session.delete(refusal)
        db.session.flush()
    if feedback.state == State.REFUSED and isinstance(actor, Moderator):
        account_id = actor.account_id
        db.session.add(Refusal(feedback_id=feedback.id, account_id=account_id, day=day))
        db.session.flush()


def appeal(feedback: Feedback, words: str, day: date) -> None:
    """Put a refused retour before another moderator, because its author asks for it."""
    states.move(feedback, State.HELD, "author", f"{APPEAL} : {words}".strip(" :"))
    feedback.last_author_day = day
    traces.record("corrected", AUTHOR, day, feedback.id, APPEAL)


def _hand_to_team(feedback: Feedback, day: date) -> None:
    search.index(feedback)
    note_change(feedback, day)
    if feedback.thread_state == ThreadState.NONE and feedback.is_concern:
        feedback.thread_state, feedback.waiting_since = ThreadState.WAITING.value, day
    if feedback.reply_due and feedback.read_day is None:  # its clock begins when it can read
        feedback.waiting_since = day
        feedback.reply_due = add_working_days(day, clock_days(feedback))
    if feedback.text and not feedback.analysed:
        jobs.enqueue("analyse", feedback.id, datetime.combine(day, time.min, UTC))


def seal_of(feedback: Feedback) -> str:
    """Return a short fingerprint of the words that a moderator reads before deciding."""
    return sha256((feedback.text or "").encode()).hexdigest()[:SEAL]
