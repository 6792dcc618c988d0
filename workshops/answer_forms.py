"""The form of the team's answer to a proposal."""

from collections.abc import Iterable
from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import DateField, Form, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, Optional

from workshops.forms import ReaderMeta
from workshops.models import ProposalState
from workshops.proposals import STATE_NAMES


class AnswerForm(Form):
    """The team's answer to a proposal."""

    Meta = ReaderMeta

    state = RadioField(_("Votre réponse"), choices=[], default="", validate_choice=False)
    words = TextAreaField(
        _("Expliquez en une ou deux phrases"),
        [
            DataRequired(_("Écrivez une phrase : les participants la liront.")),
            Length(max=2000, message=_("2 000 caractères au plus.")),
        ],
    )
    owner = StringField(_("Qui s’en charge"), [Length(max=80, message=_("80 caractères au plus."))])
    due = DateField(_("Pour quelle date"), [Optional()])

    def __init__(self, *args: object, today: date, states: Iterable[ProposalState]) -> None:
        super().__init__(*args)
        self.today = today
        self.state.choices = [(state.value, STATE_NAMES[state]) for state in states]

    def validate_state(self, field: RadioField) -> None:
        """Ask for one of the answers that may follow."""
        if field.data not in dict(field.choices):
            raise ValidationError(_("Choisissez une réponse."))

    def validate_owner(self, field: StringField) -> None:
        """Ask who carries an accepted proposal."""
        if self.state.data == ProposalState.ACCEPTED and not (field.data or "").strip():
            raise ValidationError(_("Dites qui s’en charge : une fonction suffit."))

    def validate_due(self, field: DateField) -> None:
        """Ask for a day to come when a proposal is accepted."""
        if self.state.data != ProposalState.ACCEPTED:
            return
        if field.data is None or field.data <= self.today:
            raise ValidationError(_("Donnez une date à venir."))
