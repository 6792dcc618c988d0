"""Answers in words: the question as it was asked, what was said, or how it was left unanswered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from feedback.masked_text import pieces
from feedback.models import Answer, AnswerStatus
from feedback.question_sets import worded
from feedback.question_shapes import PLACES, Question
from feedback.questions import NOW

_ORDER = {code: number for number, code in enumerate(("G5", "G5.kind", "M5", *NOW))}
_AFTER = ("G6", "G7", "G8")  # who speaks comes last, after the local questions


@dataclass(frozen=True)
class Told:
    """One answer, in words."""

    code: str
    version: int
    question: str
    status: str
    said: str
    is_own_words: bool = False  # typed by the author: they may hold what was masked

    @property
    def is_given(self) -> bool:
        """Whether the question was answered, rather than set aside."""
        return self.status == AnswerStatus.GIVEN

    @property
    def pieces(self) -> Sequence[tuple[str, str | None]]:
        """The answer with what was masked in it told apart."""
        return pieces(self.said)

    @property
    def for_export(self) -> dict[str, Any]:
        """The answer as the author's file gives it."""
        return {
            "code": self.code,
            "version": self.version,
            "question": self.question,
            "status": self.status,
            "answer": self.said,
        }


def told_answers(answers: Sequence[Answer], place: str = "") -> tuple[Told, ...]:
    """Return ``answers`` in the words of the versions they answered, in the order of the form.

    Args:
        place: the name of the département or region, where the reader knows it.
    """
    asked = worded(answers)
    return tuple(
        _told(answer, asked.get((answer.question, answer.version)), place)
        for answer in sorted(answers, key=_rank)
    )


def _rank(answer: Answer) -> tuple[bool, int, int, str]:
    number = answer.question.removeprefix("L")
    local = int(number) if number.isdecimal() else 0
    return answer.question in _AFTER, _ORDER.get(answer.question, 99), local, answer.question


def _told(answer: Answer, question: Question | None, place: str) -> Told:
    words = str(question.words) if question else answer.question
    said = question.tell(answer.status, answer.value) if question else answer.value
    if question and question.code == "G8" and answer.status == AnswerStatus.GIVEN:
        said = place or dict(PLACES).get(answer.value, answer.value)
    own = bool(question and question.is_text)
    return Told(answer.question, answer.version, words, answer.status, said, own)
