"""How often each answer was given to a service, for its own team: plain counts, no crossing."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import case, func, select

from app.catalogue import Service
from app.db import db
from feedback import local_questions
from feedback.models import Answer, AnswerStatus, Feedback
from feedback.question_shapes import Kind, Question
from feedback.questions import NOW, RELEASED
from feedback.theme_counts import READABLE

_ORDER = list(NOW)


@dataclass
class Counted:
    """The answers to one version of a question."""

    question: Question
    given: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    values: Counter[str] = field(default_factory=Counter)

    @property
    def lines(self) -> list[tuple[str, int]]:
        """Each choice in words with its count, in the order of the question."""
        known = [code for code, _words in self.question.known if self.values[code]]
        gone = [code for code in self.values if code not in known]
        told = self.question.tell
        return [(told(AnswerStatus.GIVEN, c), self.values[c]) for c in (*known, *gone)]


def retours_read(service: Service) -> int:
    """Return how many retours of ``service`` its team may read."""
    return db.session.scalar(select(func.count()).select_from(Feedback).where(*_of(service))) or 0


def answer_counts(service: Service) -> list[Counted]:
    """Return the counts of each question that somebody answered; two queries in all."""
    asked = {**RELEASED, **_local(service)}
    texts = {question.code for question in asked.values() if question.is_text}
    value = case((Answer.question.in_(texts), ""), else_=Answer.value)
    columns = (Answer.question, Answer.version, Answer.status, value)
    query = select(*columns, func.count()).join(Feedback).where(*_of(service)).group_by(*columns)
    found: dict[tuple[str, int], Counted] = {}
    for code, version, status, said, count in db.session.execute(query):
        if (question := asked.get((code, version))) is not None:
            _add(found.setdefault((code, version), Counted(question)), status, said, count)
    return sorted(found.values(), key=_rank)


def _add(counted: Counted, status: str, value: str, count: int) -> None:
    if status != AnswerStatus.GIVEN:
        counted.statuses[status] += count
        return
    counted.given += count
    if counted.question.is_text:
        return
    several = counted.question.kind is Kind.SEVERAL
    counted.values.update(dict.fromkeys(value.split() if several else [value], count))


def _of(service: Service) -> tuple[Any, ...]:
    return Feedback.service_id == service.id, Feedback.state.in_(READABLE), Feedback.names_masked


def _local(service: Service) -> dict[tuple[str, int], Question]:
    return {
        (row.code, wording.version): local_questions.shape(row, wording)
        for row in local_questions.of_service(service)
        for wording in row.wordings
    }


def _rank(counted: Counted) -> tuple[int, int, int]:
    code = counted.question.code
    local = int(code[1:]) if code.startswith("L") else 0
    return (_ORDER.index(code) if code in _ORDER else 99), local, counted.question.version
