"""What the form of the optional questions shows: which ones, what was said, what is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.catalogue import Functionality, Service
from app.matrix import Risk
from feedback.answering import WAY, Fields, typed
from feedback.models import AnswerStatus, Feedback
from feedback.question_sets import (
    FOREMOST,
    after_sending,
    answerable,
    asked,
    read_shown,
    risk_of,
    shown_by,
)
from feedback.question_shapes import Question
from feedback.questions import G9

SHOWN = "shown"  # the hidden field with the versions that the page shows


@dataclass(frozen=True)
class Block:
    """One question with those that follow from some of its answers."""

    question: Question
    then: tuple[Question, ...] = ()

    @property
    def leads(self) -> frozenset[str]:
        """The choices after which the others are asked."""
        return frozenset(value for follower in self.then for value in follower.when.values)


@dataclass(frozen=True)
class QuestionPage:
    """Everything that the form prints."""

    foremost: tuple[Block, ...]
    folded: tuple[Block, ...]
    shown: str
    said: Mapping[str, str]  # by field
    functionality_id: str
    is_high: bool
    is_open: bool = False  # something was typed: nothing is folded away
    problems: Mapping[str, str] = field(default_factory=dict)  # by field


def blocks(questions: Iterable[Question]) -> tuple[Block, ...]:
    """Return ``questions`` with each follower beside the question that it follows."""
    every = tuple(questions)
    codes = {question.code for question in every}
    return tuple(
        Block(question, tuple(q for q in every if q.when.question == question.code))
        for question in every
        if question.when.question not in codes
    )


def preview(service: Service, functionality: Functionality | None, day: date) -> QuestionPage:
    """Return the form as somebody sees it who has answered nothing yet."""
    return _page(service, functionality, after_sending(asked(service, functionality, day)), {})


def question_page(
    service: Service,
    feedback: Feedback,
    day: date,
    fields: Fields | None = None,
    problems: Mapping[str, str] | None = None,
) -> QuestionPage:
    """Return the form about ``feedback``: with what was posted in ``fields``, else what is kept.

    Words that were typed stay on the page, even where another functionality does not ask for them.
    """
    spoken_of = _spoken_of(service, feedback, fields)
    questions = after_sending(asked(service, spoken_of, day))
    if fields is None:
        return _page(service, spoken_of, questions, _kept(feedback, questions))
    posted = answerable(service, read_shown("".join(fields.get(SHOWN, ()))), day)
    questions = _with_typed(questions, posted, fields)
    said = {**_kept(feedback, questions), **typed((*questions, G9), fields)}
    return _page(service, spoken_of, questions, said, problems or {}, True)


def _page(
    service: Service,
    functionality: Functionality | None,
    questions: tuple[Question, ...],
    said: Mapping[str, str],
    problems: Mapping[str, str] | None = None,
    is_open: bool = False,
) -> QuestionPage:
    first = tuple(q for q in questions if q in FOREMOST)
    return QuestionPage(
        foremost=blocks(first),
        folded=blocks(q for q in questions if q not in first),
        shown=shown_by(questions),
        said=said,
        functionality_id=str(functionality.id) if functionality else "",
        is_high=risk_of(service, functionality) is Risk.HIGH,
        is_open=is_open,
        problems=problems or {},
    )


def _spoken_of(service: Service, feedback: Feedback, fields: Fields | None) -> Functionality | None:
    posted = (fields or {}).get("functionality")
    number = posted[0] if posted else str(feedback.functionality_id or "")
    return next((f for f in service.functionalities if str(f.id) == number), None)


def _with_typed(
    questions: tuple[Question, ...], posted: Mapping[str, Question], fields: Fields
) -> tuple[Question, ...]:
    """Return ``questions`` as the posted page showed them, and those whose words would be lost."""
    kept = tuple(posted.get(question.code, question) for question in questions)
    codes = {question.code for question in kept}
    typed_in = (q for q in posted.values() if q.is_text and any(fields.get(q.code, ())))
    return (*kept, *(question for question in typed_in if question.code not in codes))


def _kept(feedback: Feedback, questions: Iterable[Question]) -> dict[str, str]:
    """Return what is stored, by field, where the question stands as it was answered."""
    now = {(question.code, question.version): question for question in questions}
    said = {}
    for answer in feedback.answers:
        question = now.get((answer.question, answer.version))
        if question is None:
            continue
        is_given = answer.status == AnswerStatus.GIVEN
        name = answer.question + ("" if is_given or not question.is_text else WAY)
        said[name] = answer.value if is_given else answer.status
    return said
