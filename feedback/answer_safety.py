"""What answers tell of danger and harm: the same rules as for the words of the retour itself.

A harm said to be grave is held like words of danger: a moderator reads it first, and the help
numbers show. Any harm is of the highest severity and comes before an expert (``serious``).
"""

from collections.abc import Iterable

from app.db import db
from feedback import danger_alert
from feedback.first_state import hold_reason
from feedback.models import AnswerStatus, Feedback, State, Urgency
from feedback.question_sets import worded
from feedback.states import move
from nlp.danger import HARM, danger, harm, severity

HARM_QUESTION = "M5"
GRAVE, ANY_HARM = "serious", ("some", "serious")
DECIDED = "decided"  # a kind of harm: a moderator set the level, whatever the words
GRAVE_LEVELS = ("urgent", "serious")
DECLARED = "declared"  # a kind of danger and of harm: the author ticked it


def weigh(feedback: Feedback, typed: Iterable[str] = ()) -> None:
    """Set severity and dangers from the words and answers of ``feedback``; hold it when grave.

    Args:
        typed: words as they were typed, before masking; they are not kept.
    """
    grave = recall(feedback, typed)
    if grave:
        danger_alert.alert(feedback)
    if grave and feedback.state == State.OPEN:
        move(feedback, State.HELD, "rule", hold_reason(feedback, feedback.service))


def recall(feedback: Feedback, typed: Iterable[str] = ()) -> bool:
    """Set severity and dangers; return whether the answers, or ``typed``, speak of danger."""
    words = [*free_words(feedback), *typed]
    kinds = {found.kind for text in words for found in danger(text)}
    kinds |= {DECLARED} if said_harm(feedback) == GRAVE else set()
    feedback.dangers = sorted({*feedback.dangers, *kinds})
    hurt = feedback.dangers or said_harm(feedback)
    feedback.severity = HARM if hurt else max(map(severity, [feedback.text or "", *words]))
    return bool(kinds)


def free_words(feedback: Feedback) -> list[str]:
    """Return what the author wrote in answer to questions, masked."""
    given = [a for a in feedback.answers if a.status == AnswerStatus.GIVEN]
    asked = worded(given)
    texts = {key for key, question in asked.items() if question.is_text}
    return [answer.value for answer in given if (answer.question, answer.version) in texts]


def said_harm(feedback: Feedback) -> str:
    """Return the harm that the author ticked; empty when none."""
    said = (a.value for a in feedback.answers if a.question == HARM_QUESTION)
    return next((value for value in said if value in ANY_HARM), "")


def harms_of(feedback: Feedback) -> list[str]:
    """Return the kinds of harm that words or answers of ``feedback`` name, in order."""
    texts = [feedback.text or "", *free_words(feedback)]
    kinds = {found.kind for text in texts for found in harm(text)}
    kinds |= {DECLARED} if said_harm(feedback) else set()
    decided = db.session.get(Urgency, feedback.id)
    return sorted(kinds | ({DECIDED} if decided and decided.level in GRAVE_LEVELS else set()))
