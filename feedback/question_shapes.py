"""What a question is: its code and version, its words, its choices, and when it is asked.

The national questions are ``feedback/questions.py``; those that a service or a territory adds are
``feedback/local_questions.py``. Both are read, shown and told by what stands here.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.matrix import Risk
from app.said import as_said, together
from feedback.departements import DEPARTEMENTS, read_departement
from feedback.models import AnswerStatus

NOT_ANSWERS = (
    (AnswerStatus.NOT_APPLICABLE, _("Sans objet")),
    (AnswerStatus.UNKNOWN, _("Je ne sais pas")),
    (AnswerStatus.REFUSED, _("Je préfère ne pas dire")),
)
WAYS = dict(NOT_ANSWERS)
EVERY_WAY = tuple(WAYS)
Choices = tuple[tuple[str, Any], ...]
PLACES: Choices = DEPARTEMENTS
MOST_BUTTONS = 6
RISKS = tuple(Risk)  # from low to high


class Kind(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    ONE = "one"
    SEVERAL = "several"
    SCALE = "scale"
    PLACE = "place"


@dataclass(frozen=True)
class Given:
    """An answer to one question: how it was answered and, if it was, the value (masked text)."""

    status: AnswerStatus
    value: str = ""  # of several choices: their codes in the question's order, a space between
    version: int = 1


@dataclass(frozen=True)
class When:
    """When a question is asked: from which risk, for which functionality, after which answers."""

    risk: Risk = Risk.LOW
    functionality_id: int | None = None
    question: str = ""  # only to who chose one of `values` there
    values: tuple[str, ...] = ()


ALWAYS = When()


@dataclass(frozen=True)
class Question:
    """One question as it was put, under its code and version."""

    code: str
    words: Any
    choices: Choices = ()
    statuses: tuple[AnswerStatus, ...] = EVERY_WAY
    kind: Kind = Kind.ONE
    version: int = 1
    alone: str = ""  # of several choices: the one that goes with no other
    hint: Any = ""
    when: When = ALWAYS

    @property
    def id(self) -> str:
        """The code as an id of a page."""
        return self.code.replace(".", "-")

    @property
    def is_text(self) -> bool:
        """Whether it is answered in one's own words."""
        return self.kind is Kind.TEXT

    @property
    def ways(self) -> Choices:
        """The ways of not answering that this question offers."""
        return tuple((s.value, words) for s, words in NOT_ANSWERS if s in self.statuses)

    @property
    def options(self) -> Choices:
        """The choices, then the ways of not answering."""
        return (*self.choices, *self.ways)

    @property
    def known(self) -> Choices:
        """What can be given as an answer: the choices, or every place."""
        return PLACES if self.kind is Kind.PLACE else self.choices

    @property
    def is_long(self) -> bool:
        """Whether its options take less room as a list than as buttons."""
        return self.kind is Kind.ONE and len(self.options) > MOST_BUTTONS

    def read(self, value: str) -> tuple[AnswerStatus, str] | None:
        """Return the status and value that a chosen option stands for; None when it is none."""
        if value in {status.value for status in self.statuses}:
            return AnswerStatus(value), ""
        if self.kind is Kind.PLACE:
            place = read_departement(value)
            return (AnswerStatus.GIVEN, place) if place else None
        return (AnswerStatus.GIVEN, value) if value in dict(self.choices) else None

    def shown(self, value: str) -> str:
        """Return what stands in the field of a place: its name, or what was typed instead."""
        if value in dict(self.ways):
            return ""
        return str(dict(PLACES).get(value, value))

    def tell(self, status: str, value: str) -> str:
        """Return a stored answer in the words that it was chosen by."""
        if status != AnswerStatus.GIVEN:
            return str(WAYS[AnswerStatus(status)])
        if self.is_text:
            return str(as_said(value))
        if self.kind is Kind.SCALE and value in ("2", "3", "4"):
            return str(gettext("%(step)s sur 5", step=value))
        known = dict(self.known)
        codes = value.split() if self.kind is Kind.SEVERAL else [value]
        return together(known.get(code, code) for code in codes)

    def is_asked_at(self, risk: Risk) -> bool:
        """Say whether a functionality of this individual risk asks it."""
        return RISKS.index(risk) >= RISKS.index(self.when.risk)
