"""Where a retour starts, by rule: open or held, awaited by the clock or not, read by the worker.

The words are stored before, by ``feedback/intake.py`` or ``feedback/editing.py``.
"""

from datetime import UTC, date, datetime, time

from app import jobs
from app.catalogue import Functionality, Service
from app.days import PARIS, add_working_days, today
from app.db import db
from feedback import danger_alert, search, states
from feedback.models import Feedback, State, ThreadState
from nlp.recognised import recognised

HELD_FOR_DANGER = "danger"
HELD_FOR_NAMES = "unmasked_names"
HELD_FOR_SERVICE = "moderate_first"
HELD_FOR_PEERS = "peer"
HELD_FOR_RECOGNITION = "recognisable"


def open_thread(feedback: Feedback, service: Service, day: date) -> None:
    """Let a concern wait for an answer by the service's clock; a mere rating waits for none."""
    if feedback.thread_state not in (None, ThreadState.NONE):
        return
    if not feedback.is_concern:
        feedback.thread_state = ThreadState.NONE.value
        return
    feedback.thread_state = ThreadState.WAITING.value
    feedback.waiting_since = day
    feedback.reply_due = add_working_days(day, _reply_days(feedback, service))


def _reply_days(feedback: Feedback, service: Service) -> int:
    spoken_of = db.session.get(Functionality, feedback.functionality_id or 0)
    return (spoken_of or service).reply_days


def hold_reason(feedback: Feedback, service: Service) -> str:
    """Return why a person must look before the team does; empty when nobody must."""
    if feedback.dangers:
        return HELD_FOR_DANGER
    if not feedback.names_masked:
        return HELD_FOR_NAMES
    if feedback.is_peer:
        return HELD_FOR_PEERS
    if recognised(feedback.text or ""):
        return HELD_FOR_RECOGNITION
    return HELD_FOR_SERVICE if service.moderate_first and feedback.text else ""


def settle_state(feedback: Feedback, service: Service) -> None:
    """Open a received retour to the team, or hold it for a moderator, by rule."""
    reason = hold_reason(feedback, service)
    if reason == HELD_FOR_DANGER and feedback.last_author_day == today():  # not a demo's past
        danger_alert.alert(feedback)
    states.move(feedback, State.HELD if reason else State.OPEN, "rule", reason)


def ask_analysis(feedback: Feedback, day: date, is_new: bool = False) -> None:
    """Put the words into the search index and ask the worker to read them; a face has none.

    A peer's answer is in no search and no theme.
    """
    if feedback.is_peer:
        return
    search.index(feedback, is_new)
    if feedback.text:
        start = datetime.combine(day, time.min, PARIS).astimezone(UTC)  # due at once, no clock told
        jobs.enqueue("analyse", feedback.id, start)
    db.session.flush()
