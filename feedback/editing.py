"""What an author does with a retour afterwards: correct it, send it again, answer the questions.

The half hour without a code is ``edit_leave.py``, words that are no names ``put_back.py``.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete, select

from app import traces
from app.catalogue import Service
from app.days import add_working_days
from app.db import db
from app.traces import AUTHOR
from feedback import danger_alert, publication, search, states
from feedback.answer_safety import recall
from feedback.appeals import APPEAL
from feedback.author_news import no_news
from feedback.first_state import (
    HELD_FOR_DANGER,
    HELD_FOR_NAMES,
    HELD_FOR_PEERS,
    ask_analysis,
    hold_reason,
    open_thread,
    settle_state,
)
from feedback.intake import Prepared, put_words
from feedback.models import Answer, Feedback, Message, Segment, State, ThreadState
from feedback.question_shapes import Given
from feedback.questions import G5, G8
from feedback.readings import note_change


class TooLateToEdit(Exception):
    """The half hour is over, or the team has answered."""


def may_edit(feedback: Feedback) -> bool:
    """Say whether the words may still change: nobody answered or decided on them.

    A peer's answer has no answer of its own: it may change until it is refused.
    """
    if feedback.is_peer:
        return feedback.state in (State.HELD, State.SHOWN)
    if feedback.state not in (State.OPEN, State.HELD, State.PUBLISHED):
        return False
    answered = select(Message.id).where(Message.feedback_id == feedback.id).limit(1)
    return db.session.scalar(answered) is None and feedback.thread_state in (
        ThreadState.NONE,
        ThreadState.WAITING,
    )


@no_news
def edit(feedback: Feedback, prepared: Prepared, service: Service, day: date) -> None:
    """Replace the words until somebody answers, then raise ``TooLateToEdit``.

    Published words leave the page first: a moderator has not read the new ones.
    """
    if not may_edit(feedback):
        raise TooLateToEdit
    _replace_words(feedback, prepared, service, day)
    reason = hold_reason(feedback, service)
    if reason == HELD_FOR_DANGER:
        danger_alert.alert(feedback)
    if feedback.state in (State.OPEN, State.SHOWN) and reason:  # shown no more until it is read
        states.move(feedback, State.HELD, "rule", reason)
    elif feedback.state == State.HELD and feedback.reason == HELD_FOR_NAMES and not reason:
        states.move(feedback, State.OPEN, "rule")
    elif reason == HELD_FOR_PEERS and str(feedback.reason).startswith(APPEAL):
        pass  # it stays an appeal: another moderator reads the new words
    elif feedback.state == State.HELD and reason:
        feedback.reason = reason
    db.session.flush()


@no_news
def send_again(feedback: Feedback, prepared: Prepared, service: Service, day: date) -> None:
    """Take new words for a returned retour; raise ``ForbiddenMove`` for any other."""
    states.move(feedback, State.RECEIVED, "author")
    _replace_words(feedback, prepared, service, day)
    settle_state(feedback, service)
    db.session.flush()


def _replace_words(feedback: Feedback, prepared: Prepared, service: Service, day: date) -> None:
    publication.change_words(feedback, day)
    put_words(feedback, prepared)
    note_change(feedback, day)
    recall(feedback, [prepared.text])
    feedback.last_author_day = day
    if not feedback.is_concern and feedback.thread_state == ThreadState.WAITING:
        feedback.thread_state = ThreadState.NONE.value
        feedback.waiting_since = feedback.reply_due = None
    open_thread(feedback, service, day)
    read_anew(feedback, day)
    traces.record("corrected", AUTHOR, day, feedback.id)


def read_anew(feedback: Feedback, day: date) -> None:
    """Drop what the machine read in the old words: its offsets would point into the new ones."""
    db.session.execute(delete(Segment).where(Segment.feedback_id == feedback.id))
    feedback.analysed = False
    ask_analysis(feedback, day)


@no_news
def answer_questions(
    feedback: Feedback,
    answers: Mapping[str, Given | None],
    service: Service,
    day: date,
    wants_publication: bool | None = None,
) -> None:
    """Keep the answers to the optional questions, in place of earlier ones; None takes one back.

    Free text comes masked. A surprise for the worse or a harm makes a concern of a mere rating.
    """
    if service.anonymous_by_law:  # no place finer than the region, whoever asks
        answers = {code: given for code, given in answers.items() if code != G8.code}
    known = {answer.question: answer for answer in feedback.answers}
    for code, given in answers.items():
        row = known.get(code)
        if given is None:
            if row is not None:
                feedback.answers.remove(row)
            continue
        if row is None:
            row = Answer(question=code)
            feedback.answers.append(row)
        row.version, row.status, row.value = given.version, given.status.value, given.value
    if wants_publication is not None:
        publication.wish(feedback, wants_publication, day)
    db.session.flush()
    if G5.code in answers:
        search.index_turns(feedback, forgets=True)
    open_thread(feedback, service, day)
    db.session.flush()


def name_functionality(
    feedback: Feedback, functionality_id: int | None, service: Service, day: date
) -> None:
    """Keep which of the service's functions the retour is about; its clock may be shorter."""
    known = {f.id: f for f in service.functionalities}
    if functionality_id not in known:
        return
    feedback.functionality_id = functionality_id
    if feedback.thread_state == ThreadState.WAITING and feedback.reply_due:
        feedback.reply_due = add_working_days(feedback.day, known[functionality_id].reply_days)
    db.session.flush()
