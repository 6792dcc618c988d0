"""Which questions a service asks: the locked core, what the matrix adds by risk, the local ones.

``asked`` answers for one functionality; the receipt page, the paper form and the screen for keying
paper in all read it, so that they cannot differ.
"""

from collections.abc import Iterable
from datetime import date

from app.catalogue import Functionality, Service
from app.matrix import Risk
from feedback import local_questions
from feedback.models import Answer
from feedback.question_shapes import RISKS, Question
from feedback.questions import G1, G2, G3, G4, G5, G5_KIND, G6, G7, G8, G9, M5, MATRIX, RELEASED

FIRST_FORM = (G1, G2)  # stand with Send
APART = frozenset(q.code for q in (*FIRST_FORM, G9))  # columns of the retour, no answers
FOREMOST = (G5, G5_KIND, M5)  # never folded away: what surprised, and who was harmed
Shown = frozenset[tuple[str, int]]


def risk_of(service: Service, functionality: Functionality | None) -> Risk:
    """Return the individual risk that decides: the functionality's, else the service's highest."""
    if functionality is not None:
        return Risk(functionality.individual_risk)
    risks = (Risk(f.individual_risk) for f in service.functionalities)
    return max(risks, key=RISKS.index, default=Risk.LOW)


def added_by(risk: Risk) -> tuple[Question, ...]:
    """Return the questions that ``risk`` adds to the core."""
    return tuple(question for question in MATRIX if question.is_asked_at(risk))


def asked(service: Service, functionality: Functionality | None, day: date) -> tuple[Question, ...]:
    """Return what is asked about ``functionality`` on ``day``, in order; None: not chosen yet."""
    spoken_of = functionality or _only(service)
    number = spoken_of.id if spoken_of else None
    return tuple(
        question
        for question in every_question(service, day)
        if question.is_asked_at(risk_of(service, spoken_of))
        and question.when.functionality_id in (None, number)
    )


def _only(service: Service) -> Functionality | None:
    """Return the one functionality of a service that has no other: nobody has to choose it."""
    return service.functionalities[0] if len(service.functionalities) == 1 else None


def every_question(service: Service, day: date) -> tuple[Question, ...]:
    """Return what ``service`` asks about any of its functionalities: a sheet of paper has all."""
    highest = risk_of(service, None)
    national = (G1, G2, G5, G5_KIND, M5, G3, G4, *(q for q in MATRIX if q is not M5))
    local = local_questions.open_shapes(service, day)
    who = (G6, G7) if service.anonymous_by_law else (G6, G7, G8)
    return tuple(q for q in (*national, *local, *who, G9) if q.is_asked_at(highest))


def after_sending(questions: Iterable[Question]) -> tuple[Question, ...]:
    """Return the questions among these that are kept as answers."""
    return tuple(question for question in questions if question.code not in APART)


def answerable(service: Service, shown: Shown, day: date) -> dict[str, Question]:
    """Return, by code, the questions that a page of ``service`` may answer.

    A page opened before a change shows older versions: its answers are read as they were asked.
    """
    found = {question.code: question for question in after_sending(every_question(service, day))}
    older = (RELEASED[key] for key in shown if key in RELEASED)
    found |= {question.code: question for question in older if question.code in found}
    found |= {q.code: q for q in local_questions.shown_lately(service, shown, day)}
    return found


def shown_by(questions: Iterable[Question]) -> str:
    """Return which versions a page shows, as its form carries them."""
    return " ".join(f"{question.code}.{question.version}" for question in questions)


def read_shown(typed: str) -> Shown:
    """Return the versions that a form says it showed; what is no version is left out."""
    parts = (token.rpartition(".") for token in typed[:2_000].split())
    return frozenset((code, int(v)) for code, _dot, v in parts if v.isdecimal() and len(v) < 5)


def worded(answers: Iterable[Answer]) -> dict[tuple[str, int], Question]:
    """Return the questions that ``answers`` answered, each in the version it was asked in."""
    return {**RELEASED, **local_questions.worded(answer.question for answer in answers)}
