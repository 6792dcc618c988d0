"""The citizen's forms. They read, check and keep what was typed; the verbs decide."""

from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Form, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from feedback.questions import FACES, G1, G2
from feedback.receipts import CODE_LENGTH, MalformedCode, normalise
from feedback.wording import LONGEST_TEXT, clean, is_too_long, visible_length

HINT = _(
    "Ce qui s’est passé, où, ce que vous auriez voulu. "
    "Inutile de donner des noms : nous les masquons."
)


def check_length(form: Form, field: Any) -> None:
    """Refuse a text that is too long, with how much must go."""
    text = clean(field.data or "")
    if is_too_long(text):
        over = max(1, visible_length(text) - LONGEST_TEXT)
        raise ValidationError(
            ngettext(
                "Votre texte dépasse 5 000 caractères : retirez-en %(num)s.",
                "Votre texte dépasse 5 000 caractères : retirez-en %(num)s.",
                over,
            )
        )


def check_words(form: Form, field: Any) -> None:
    """Refuse a text without a word, and one that is too long."""
    if not clean(field.data or ""):
        raise ValidationError(gettext("Écrivez quelques mots, puis envoyez."))
    check_length(form, field)


class SpeakForm(Form):
    """One page, one required field: a face or a text."""

    face = RadioField(
        G1.words,
        choices=[SelectChoice(value, words) for value, words in FACES],
        validate_choice=False,
    )
    text = TextAreaField(G2.words, [check_length], description=HINT)
    consent = BooleanField(
        _("J’accepte que l’équipe du service lise et analyse mon texte masqué."),
    )

    def __init__(self, *args: Any, needs_consent: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs_consent = needs_consent
        if not needs_consent:
            del self.consent

    def validate_face(self, field: Any) -> None:
        """Refuse an unknown face, and a form with neither face nor word."""
        if field.data and field.data not in dict(FACES):
            field.data = None
            raise ValidationError(gettext("Choisissez l’un des trois visages."))
        if not field.data and not clean(self.text.data or ""):
            raise ValidationError(gettext("Choisissez un visage ou écrivez quelques mots."))

    def validate_consent(self, field: Any) -> None:
        """Refuse to send without consent where it is the legal basis."""
        if self.needs_consent and not field.data:
            raise ValidationError(gettext("Cochez cette case pour que l’équipe puisse vous lire."))

    @property
    def chosen_face(self) -> int | None:
        """The score of the chosen face, if any."""
        return int(self.face.data) if self.face.data in dict(FACES) else None


class CorrectForm(Form):
    """New words for a retour, within the half hour."""

    text = TextAreaField(_("Mon texte"), [check_length], description=HINT)


class ResendForm(Form):
    """New words for a retour that a moderator returned."""

    text = TextAreaField(_("Mon texte corrigé"), [check_words], description=HINT)


class ReplyForm(Form):
    """The author's message in the exchange."""

    reply = TextAreaField(
        _("Répondre à l’équipe"),
        [check_words],
        description=_("Inutile de donner des noms : nous les masquons."),
    )


class AppealForm(Form):
    """Why a refused retour should be seen by another moderator."""

    appeal = TextAreaField(_("Ce que le modérateur doit savoir"), [check_length])


class CodeForm(Form):
    """A receipt code, however it is typed."""

    code = StringField(
        _("Votre code de suivi"),
        description=_("16 lettres et chiffres. Majuscules, espaces et tirets sont indifférents."),
    )

    def validate_code(self, field: Any) -> None:
        """Keep the code in ``self.read``, or tell what is wrong with what was typed."""
        self.read = ""
        try:
            self.read = normalise(field.data or "")
        except MalformedCode as error:
            raise ValidationError(_tell_malformed(error.count)) from error


def _tell_malformed(count: int) -> str:
    if count == 0:
        return str(gettext("Entrez votre code de suivi."))
    if count == CODE_LENGTH:
        return str(gettext("Un code n’a ni U ni signe : vérifiez chaque caractère."))
    said = ngettext(
        "Un code a 16 lettres et chiffres ; vous en avez tapé %(num)s.",
        "Un code a 16 lettres et chiffres ; vous en avez tapé %(num)s.",
        count,
    )
    return str(said)
