"""The exchange between an author and the team: who writes, who waits, when it falls silent.

Decides nothing about access. Texts come masked; a team's message keeps a role and an organisation.
"""

from datetime import date, timedelta

from sqlalchemy import func, select

from app import traces
from app.access import Verb, actor_of
from app.accounts import Account
from app.days import add_working_days
from app.db import db
from app.traces import AUTHOR, RULE, Actor
from feedback import search
from feedback.models import Feedback, Message, State, ThreadState
from feedback.readings import note_change
from feedback.states import ForbiddenMove

T = ThreadState
SILENCE = timedelta(days=60)  # after this an answered exchange lapses: "sans suite", not solved
SHORTEST_ANSWER = 20  # characters

# (who, where the exchange stands) -> where it stands next; what is not here is forbidden.
THREAD_MOVES: dict[tuple[str, str], ThreadState] = {
    ("team", T.WAITING): T.ANSWERED,
    ("team", T.REPLIED): T.ANSWERED,
    ("team", T.ANSWERED): T.ANSWERED,
    ("team", T.LAPSED): T.ANSWERED,
    ("team", T.NONE): T.ANSWERED,  # a word of thanks, say; a face without text gets none
    ("team", T.SETTLED): T.SETTLED,
    ("author", T.WAITING): T.WAITING,
    ("author", T.REPLIED): T.REPLIED,
    ("author", T.ANSWERED): T.REPLIED,
    ("author", T.LAPSED): T.REPLIED,
    ("author", T.SETTLED): T.REPLIED,
    ("author", T.NONE): T.REPLIED,
    ("author settles", T.ANSWERED): T.SETTLED,
    ("author settles", T.LAPSED): T.SETTLED,
    ("silence", T.ANSWERED): T.LAPSED,
}


def _next(feedback: Feedback, who: str) -> str:
    new = THREAD_MOVES.get((who, T(feedback.thread_state)))
    if new is None or feedback.is_peer or feedback.state == State.WITHDRAWN:
        raise ForbiddenMove(f"{who} may not act on an exchange that is {feedback.thread_state}")
    return new.value


def answer(
    feedback: Feedback, text: str, account: Account, day: date, canned: bool = False
) -> Message:
    """Add the team's message and stop the clock; the same words on the same day are one message.

    Raises ``ForbiddenMove`` when the team may not read the retour or it is a face without text.
    """
    if not feedback.is_readable_by_team:
        raise ForbiddenMove(f"a retour that is {feedback.state} is not the team's to answer")
    if feedback.thread_state == T.NONE and not feedback.text:
        raise ForbiddenMove("a face without text opens no exchange")
    actor = actor_of(account, Verb.ANSWER)
    if twin := _same_message(feedback, text, actor, day):
        return twin
    feedback.thread_state = _next(feedback, "team")
    feedback.first_answer_day = feedback.first_answer_day or day
    feedback.waiting_since = feedback.reply_due = None
    message = _add(
        feedback,
        Message(
            sender="team",
            role=actor.role,
            organisation=actor.organisation,
            text=text,
            day=day,
            canned=canned,
        ),
    )
    note_change(feedback, day)
    traces.record("answered", actor, day, feedback.id)
    return message


def reply(feedback: Feedback, text: str, day: date, held: bool = False) -> Message:
    """Add the author's masked message; the team is awaited again, by the clock.

    A held message waits for a moderator first (``release``) and moves nothing.
    """
    new = _next(feedback, "author")
    message = _add(feedback, Message(sender="author", text=text, day=day, held=held))
    feedback.last_author_day = day
    if not held:
        _await_team(feedback, new, day)
    traces.record("answered", AUTHOR, day, feedback.id)
    return message


def release(message: Message, day: date) -> None:
    """Let the team read an author's message that was held; from now on it is awaited."""
    message.held = False
    _await_team(message.feedback, _next(message.feedback, "author"), day)
    db.session.flush()
    search.index_turns(message.feedback)


def _await_team(feedback: Feedback, new: str, day: date) -> None:
    feedback.thread_state = new
    note_change(feedback, day)
    if feedback.waiting_since is None:
        feedback.waiting_since = day
        feedback.reply_due = add_working_days(day, clock_days(feedback))


def clock_days(feedback: Feedback) -> int:
    """Return the working days that the team has to answer ``feedback``."""
    return (feedback.functionality or feedback.service).reply_days


def settle(feedback: Feedback, day: date) -> None:
    """Close the exchange because its author says that it is settled."""
    feedback.thread_state = _next(feedback, "author settles")
    feedback.last_author_day = day
    feedback.waiting_since = feedback.reply_due = None
    note_change(feedback, day)
    traces.record("confirmed", AUTHOR, day, feedback.id)


def mark_read(feedback: Feedback, actor: Actor, day: date) -> None:
    """Write the opening into the journal, once a day; a team's first one fills the ring."""
    traces.record_once("opened", actor, day, feedback.id)
    if feedback.read_day is None and feedback.is_readable_by_team and actor.role == "promoter":
        feedback.read_day = day
        db.session.flush()


def lapse_old(day: date) -> int:
    """Lapse the exchanges answered 60 days ago without a word since; return how many."""
    last_word = (
        select(func.max(Message.day)).where(Message.feedback_id == Feedback.id).scalar_subquery()
    )
    query = select(Feedback).where(
        Feedback.thread_state == T.ANSWERED,
        Feedback.state != State.WITHDRAWN,
        last_word <= day - SILENCE,
    )
    silent = list(db.session.scalars(query))
    for feedback in silent:
        feedback.thread_state = _next(feedback, "silence")
        traces.record("moderated", RULE, day, feedback.id, "sans suite")
    db.session.flush()
    return len(silent)


def messages(feedback: Feedback, with_held: bool = True) -> list[Message]:
    """Return the messages of the exchange in order; the team reads it without the held ones."""
    query = select(Message).where(Message.feedback_id == feedback.id).order_by(Message.position)
    return [message for message in db.session.scalars(query) if with_held or not message.held]


def written_since(feedback: Feedback, seen: str) -> list[Message]:
    """Return the messages that somebody who saw those named in ``seen`` has not read yet."""
    known = set(seen.split())
    return [each for each in messages(feedback, with_held=False) if each.id not in known]


def _same_message(feedback: Feedback, text: str, actor: Actor, day: date) -> Message | None:
    """A double tap posts the same words twice; the second finds the first."""
    for message in messages(feedback):
        if (message.sender, message.day, message.text) == ("team", day, text) and (
            message.role,
            message.organisation,
        ) == (actor.role, actor.organisation):
            return message
    return None


def _add(feedback: Feedback, message: Message) -> Message:
    last = select(func.max(Message.position)).where(Message.feedback_id == feedback.id)
    message.position = (db.session.scalar(last) or 0) + 1
    message.feedback = feedback
    db.session.add(message)
    db.session.flush()
    if not message.held:
        search.index_turns(feedback)
    return message
