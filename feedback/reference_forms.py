"""The form by which an administrator says what a reference table is."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import DateField, DecimalField, FileField, Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from app.matrix import CLASS_NAMES
from feedback.csv_files import read_number
from feedback.models import Scale

SCALE_NAMES = {
    Scale.MEAN: lazy_gettext("Même question, note moyenne sur 10"),
    Scale.SHARE: lazy_gettext("Même question, part de « Très bien » en pour cent"),
    Scale.FACES: lazy_gettext("Même question, nombre de chaque visage"),
    Scale.OTHER: lazy_gettext("Autre question : montrée à côté, jamais mêlée"),
}


def _stripped(value: str | None) -> str:
    return " ".join((value or "").split())


def _needed(most: int) -> list[Any]:
    return [
        DataRequired(lazy_gettext("Remplissez ce champ.")),
        Length(max=most, message=lazy_gettext("%(max)d caractères au plus.")),
    ]


class _Number(DecimalField):
    """A number with a decimal comma or point."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed. Raises ValueError when it is no number."""
        typed = valuelist[0] if valuelist else ""
        if not typed.strip():
            self.data = None
            return
        found = read_number(typed)
        if found != found:
            raise ValueError(gettext("Écrivez un nombre, comme 100."))
        self.data = found


class ReferenceForm(Form):
    """What a file is about; its columns are named on the next page."""

    file = FileField(
        lazy_gettext("Fichier CSV"),
        description=lazy_gettext("UTF-8 ou Windows-1252, cellules séparées par « ; » ou « , »."),
    )
    label = StringField(lazy_gettext("Nom de la table"), _needed(120), filters=[_stripped])
    source = StringField(
        lazy_gettext("Source"),
        _needed(200),
        filters=[_stripped],
        description=lazy_gettext("Qui a publié ces chiffres. Elle est montrée à côté d’eux."),
    )
    day = DateField(
        lazy_gettext("Date des chiffres"),
        [InputRequired(lazy_gettext("Donnez la date des chiffres."))],
    )
    kind = SelectField(
        lazy_gettext("Nature des services"),
        choices=[SelectChoice(key.value, name) for key, name in CLASS_NAMES.items()],
    )
    scale = SelectField(
        lazy_gettext("Question et échelle"),
        choices=[SelectChoice(key.value, name) for key, name in SCALE_NAMES.items()],
        description=lazy_gettext("Même question : « De façon générale, comment ça s’est passé ? »"),
    )
    words = StringField(
        lazy_gettext("Texte de l’autre question"),
        [Optional(), Length(max=200, message=lazy_gettext("%(max)d caractères au plus."))],
        filters=[_stripped],
    )
    top = _Number(lazy_gettext("Valeur la plus haute de l’autre question"), [Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate, with what another question must say even where its fields are left empty."""
        is_valid = super().validate(extra_validators)
        if self.scale.data != Scale.OTHER:
            return is_valid
        if not self.words.data:
            self.words.errors = [gettext("Écrivez l’autre question telle qu’elle est posée.")]
        if self.top.data is None and not self.top.errors:
            self.top.errors = [gettext("Dites jusqu’où va son échelle, comme 100.")]
        return is_valid and not self.words.errors and not self.top.errors

    def validate_top(self, field: _Number) -> None:
        """Ask for a scale that has a top."""
        if field.data is not None and not 0 < float(field.data) <= 1_000_000:
            raise ValidationError(gettext("Écrivez un nombre plus grand que zéro."))
