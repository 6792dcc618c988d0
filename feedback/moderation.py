"""What a moderator decides about a retour.

Nothing is released by a clock or a model: each decision is a person's, and a return or a refusal
carries its reason. What waits is ``moderation_queue.py``, an appeal is ``appeals.py``.
"""

from datetime import UTC, date, datetime, time
from enum import StrEnum
from hashlib import sha256

from app import jobs, traces
from app.days import add_working_days
from app.traces import Actor
from feedback import appeals, hold_windows, publication_stop, search, states
from feedback.appeals import SameModerator, keep_refusal, may_judge
from feedback.first_state import HELD_FOR_RECOGNITION
from feedback.models import Feedback, State, ThreadState
from feedback.readings import note_change
from feedback.states import ForbiddenMove
from feedback.threads import clock_days

SEAL = 10  # hexadecimal signs, enough to tell two versions of a text apart


class Decision(StrEnum):
    """What a moderator may decide about a retour."""

    OPEN = "open"
    PUBLISH = "publish"
    DECLINE = "decline"  # to publish: the team goes on reading it
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
NEEDS_REASON = (Decision.RETURN, Decision.REFUSE, Decision.HOLD, Decision.DECLINE)


class MissingReason(Exception):
    """A return, a refusal of any kind and a hold need a reason that the author can read."""


def may_decide(feedback: Feedback) -> list[Decision]:
    """Return the decisions that the state table and the author's wish allow."""
    found = _may_decide_on_peer(feedback) if feedback.is_peer else _may_decide(feedback)
    stopped = Decision.PUBLISH in found and publication_stop.is_stopped()
    return [each for each in found if not (stopped and each is Decision.PUBLISH)]


def _may_decide(feedback: Feedback) -> list[Decision]:
    state = State(feedback.state)
    ready = feedback.names_masked
    found: list[Decision] = []
    if state == State.HELD and ready:
        found.append(Decision.OPEN)
    if state in (State.HELD, State.OPEN) and ready and feedback.wants_publication and feedback.text:
        found.append(Decision.PUBLISH)
    if state == State.OPEN and feedback.wants_publication and feedback.text:
        found.append(Decision.DECLINE)
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
    if decision is Decision.DECLINE:
        appeals.refuse_publication(feedback, reason.strip(), actor, day)
    else:
        _move(feedback, decision, reason.strip())
    if decision in (Decision.OPEN, Decision.PUBLISH) and not feedback.is_peer:
        _hand_to_team(feedback, day)
    if decision is Decision.UNPUBLISH:
        # Else it would come back at once among the wishes; its author may tick the box again.
        feedback.wants_publication = False
    hold_windows.end(feedback)
    keep_refusal(feedback, actor, day)
    traces.record("moderated", actor, day, feedback.id, decision.value)


def _move(feedback: Feedback, decision: Decision, reason: str) -> None:
    if decision is Decision.PUBLISH and not feedback.is_peer:
        appeals.forget_publication_refusal(feedback)
        if feedback.state == State.HELD:
            states.move(feedback, State.OPEN, "moderator")
    following = _NEXT_OF_PEER if feedback.is_peer else _NEXT_OF_RETOUR
    states.move(feedback, following[decision], "moderator", reason)


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
