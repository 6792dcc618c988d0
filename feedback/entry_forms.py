"""What both ways of entering for somebody share: their fields, the optional questions, the sheet.

A mediator's form is ``feedback/mediated_forms.py``, a sheet of paper ``feedback/paper_forms.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField
from wtforms.form import BaseForm

from app.catalogue import Service
from app.said import as_said
from feedback import sheets
from feedback.answering import Fields, Mask, Reading, read_answers, typed
from feedback.question_sets import after_sending, every_question
from feedback.question_shapes import Question
from feedback.questions import G9
from feedback.told import Told


@dataclass(frozen=True)
class Asking:
    """What is asked of whom: the service, its optional questions, and how words are masked."""

    service: Service
    questions: tuple[Question, ...]
    mask: Mask


def asking(service: Service, mask: Mask, day: date) -> Asking:
    """Return what ``service`` asks on ``day``, whatever the functionality: as a sheet of paper."""
    return Asking(service, after_sending(every_question(service, day)), mask)


def functionality_choices(service: Service) -> list[tuple[str, Any]]:
    """Return the service's functions to choose from; none where there is no choice."""
    found: list[tuple[str, Any]] = [(str(f.id), as_said(f.name)) for f in service.functionalities]
    return found if len(found) > 1 else []


def sheet_problem(typed: str, service: Service) -> str:
    """Return what is wrong with a sheet's number, empty when the sheet can be given."""
    try:
        sheets.check(typed, service)
    except sheets.UnknownSheet:
        return str(_("Aucune feuille n’a ce numéro. Vérifiez chaque chiffre."))
    except sheets.UsedSheet:
        return str(_("Cette feuille a déjà servi. Prenez-en une autre."))
    except sheets.OtherServiceSheet:
        return str(_("Cette feuille est le formulaire d’un autre service."))
    return ""


class EntryForm(BaseForm):
    """What both ways of entering for somebody share: their fields, and the optional questions."""

    repeats = False  # sent before: its sheet is used, and by itself

    def __init__(self, fields: Mapping[str, Any], asking: Asking, data: Any = None) -> None:
        super().__init__(fields)
        self.service, self.questions = asking.service, asking.questions
        self.process(data)
        self.fields = data.to_dict(flat=False) if data else {}
        self.reading = Reading()
        self._mask = asking.mask

    def value(self, name: str) -> str:
        """Return the value chosen for a field, empty without any."""
        return str(self[name].data or "") if name in self else ""

    def answered(self) -> Fields:
        """Return what the optional questions are answered with, by code."""
        return self.fields

    def validate(self, extra_validators: Any = None) -> bool:
        """Say whether what both ways share can be kept; what is wrong stands at its field."""
        is_right = bool(super().validate(extra_validators))
        self.reading = read_answers(self.questions, self.answered(), self._mask)
        return is_right and not self.reading.problems

    def told(self) -> Told:
        """Return what the form holds; call it once the form was found right."""
        face, publish = self.value("face"), self.value(G9.code)
        number = self.value("functionality")
        return Told(
            face=int(face) if face else None,
            text=self.value("text"),
            reading=self.reading,
            wants_publication=publish == "yes" if publish else None,
            functionality_id=int(number) if number else None,
            sheet=self.sheet_number,
        )

    @property
    def said(self) -> dict[str, str]:
        """What was typed for the optional questions, by field, to be shown again."""
        return typed(self.questions, self.fields)

    @property
    def problems(self) -> list[tuple[str, Any, str]]:
        """What is wrong, in the order of the page: (id, words, message)."""
        own = [(_first_id(f), f.label.text, message) for f in self for message in f.errors]
        named = {q.code: q for q in self.questions}
        found = self.reading.problems.items()
        return own + [(named[code].id, named[code].words, words) for code, words in found]

    @property
    def sheet_number(self) -> str:
        """The number of the sheet whose code is given, empty without one."""
        return self.value("sheet")

    def sheet_problem(self) -> str:
        """Return what is wrong with the typed number of a sheet, empty when it can be given."""
        typed_number = self.value("sheet")
        return "" if self.repeats else sheet_problem(typed_number, self.service)

    def refuse(self, name: str, problem: str) -> bool:
        """Put ``problem`` beside the field ``name`` and return False."""
        self[name].errors = [*self[name].errors, problem]
        return False


def _first_id(field: Any) -> str:
    """Return the id of what takes the focus: of buttons, the first."""
    return f"{field.id}-0" if isinstance(field, RadioField) else str(field.id)
