"""The forms of a reader of a published message: an answer of their own, a notice."""

from flask_babel import lazy_gettext as _
from wtforms import Form, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from feedback.forms import check_length, check_words
from feedback.models import NoticeReason
from feedback.receipts import MalformedCode, normalise

NOTICE_REASONS = {
    NoticeReason.PERSONAL: _("On y reconnaît une personne"),
    NoticeReason.INSULT: _("Insulte ou haine"),
    NoticeReason.DANGER: _("Quelqu’un est en danger"),
    NoticeReason.WRONG: _("C’est faux ou trompeur"),
    NoticeReason.OTHER: _("Autre raison"),
}


class PeerForm(Form):
    """A reader's own words under somebody else's message."""

    answer = TextAreaField(
        _("Votre réponse"),
        [check_words],
        description=_("Un modérateur la lit avant qu’elle paraisse. Nous masquons les noms."),
    )


class NoticeForm(Form):
    """Why a public text should not stand; no contact is asked for."""

    reason = RadioField(
        _("Que signalez-vous ?"),
        [InputRequired(message=_("Choisissez une raison."))],
        choices=[SelectChoice(code.value, words) for code, words in NOTICE_REASONS.items()],
    )
    words = TextAreaField(
        _("Ce que le modérateur doit savoir"),
        [check_length],
        description=_("Inutile de donner votre nom. Nous masquons les noms."),
    )


class NoticeNumberForm(Form):
    """The number of a notice, however it is typed."""

    number = StringField(
        _("Numéro de votre signalement"),
        description=_("16 lettres et chiffres. Majuscules, espaces et tirets sont indifférents."),
    )

    def validate_number(self, field: StringField) -> None:
        """Keep the number in ``self.read``, or tell that it cannot be one."""
        self.read = ""
        try:
            self.read = normalise(field.data or "")
        except MalformedCode as error:
            raise ValidationError(
                _("Un numéro a 16 lettres et chiffres : vérifiez chaque caractère.")
            ) from error
