"""The mediator's form: a citizen's questions, the consent, and how the code reaches the person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from app.catalogue import Service
from app.said import as_said, attributes, plain
from feedback import charter, sheets
from feedback.answering import Fields, Mask, Reading, read_answers, typed
from feedback.forms import check_length
from feedback.question_sets import after_sending, every_question
from feedback.question_shapes import Question
from feedback.questions import FACES, G1, G2, G9
from feedback.told import Told
from feedback.wording import clean

PHONE, SHEET, NONE = "phone", "sheet", "none"
HANDOVERS = (
    (PHONE, _("Sur son téléphone : il scanne un QR, qui marche une seule fois")),
    (SHEET, _("Sur une feuille cachetée, que la personne emporte")),
    (NONE, _("Sans code : la personne n’en veut pas")),
)


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


class MediatedForm(EntryForm):
    """What a mediator types for somebody beside them."""

    def __init__(self, asking: Asking, data: Any = None) -> None:
        super().__init__(_fields(asking.service), asking, data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Say whether the form can be kept; what is wrong stands beside its field."""
        is_right = super().validate(extra_validators)
        if not (self.value("face") or self["face"].errors or clean(self.value("text"))):
            problem = gettext("Choisissez un visage ou écrivez quelques mots.")
            is_right = self.refuse("face", problem)
        if self.value("handover") == SHEET and (problem := self.sheet_problem()):
            is_right = self.refuse("sheet", problem)
        return bool(is_right)

    @property
    def sheet_number(self) -> str:
        """The number of the sheet, where a sheet is the way that was chosen."""
        return self.value("sheet") if self.value("handover") == SHEET else ""


def _fields(service: Service) -> dict[str, Any]:
    """Return the fields in the order of the page."""
    fields: dict[str, Any] = {
        "face": _buttons(G1.words, FACES),
        "text": TextAreaField(
            G2.words,
            [check_length],
            description=_("Ses mots, à la première personne : « je ». Aucun nom."),
        ),
    }
    if offered := functionality_choices(service):
        words = _("De quelle fonction parlez-vous ?")
        fields["functionality"] = _list(words, offered)
    fields[G9.code] = _buttons(G9.words, G9.options)
    fields["handover"] = _buttons(_("Comment la personne reçoit-elle son code ?"), HANDOVERS, True)
    fields["sheet"] = StringField(
        _("Numéro de la feuille"), description=_("8 chiffres, imprimés au-dessus du pli.")
    )
    fields["consent"] = BooleanField(charter.CONSENT, [_consented])
    return fields


def _buttons(words: Any, choices: Any, needed: bool = False) -> Any:
    listed = [SelectChoice(value, label) for value, label in choices]
    check = _one_of(choices, needed)
    return RadioField(words, [check], choices=listed, validate_choice=False)


def _list(words: Any, choices: Any) -> Any:
    listed = [SelectChoice("", _("Choisir…"))]
    listed += [SelectChoice(value, plain(label), attributes()) for value, label in choices]
    return SelectField(words, [_one_of(choices)], choices=listed, validate_choice=False)


def _one_of(choices: Any, needed: bool = False) -> Any:
    known = {value for value, _label in choices}

    def check(_form: Any, field: Any) -> None:
        if field.data and field.data not in known:
            field.data = None
            raise ValidationError(gettext("Choisissez l’une des réponses proposées."))
        if needed and not field.data:
            raise ValidationError(gettext("Choisissez comment la personne reçoit son code."))

    return check


def _consented(_form: Any, field: Any) -> None:
    if not field.data:
        raise ValidationError(
            gettext("Lisez les phrases à la personne, puis cochez cette case si elle accepte.")
        )
