"""The mediator's form: a citizen's questions, the consent, and how the code reaches the person."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app.catalogue import Service
from app.said import attributes, plain
from feedback import charter
from feedback.entry_forms import Asking, EntryForm, functionality_choices
from feedback.forms import check_length
from feedback.questions import FACES, G1, G2, G9
from feedback.wording import clean

PHONE, SHEET, NONE = "phone", "sheet", "none"
HANDOVERS = (
    (PHONE, _("Sur son téléphone : il scanne un QR, qui marche une seule fois")),
    (SHEET, _("Sur une feuille cachetée, que la personne emporte")),
    (NONE, _("Sans code : la personne n’en veut pas")),
)


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
