"""The forms of the settings pages: services, functionalities, releases, members, accounts."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Form,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    Optional,
    Regexp,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from app.accounts import Role
from app.matrix import CLASS_NAMES, RISK_NAMES
from app.passphrases import LONGEST, WeakPassphrase, check_passphrase
from nlp.redact import CHECKED, redact

ROLE_NAMES = {
    Role.PROMOTER: _("équipe d’un service : lit, répond, s’engage"),
    Role.MODERATOR: _("modération : publie, renvoie, refuse"),
    Role.EXPERT: _("expertise : qualifie les signaux"),
    Role.FACILITATOR: _("animation d’ateliers"),
    Role.MEDIATOR: _("médiation : écrit pour une personne"),
    Role.RELAY: _("relais de territoire : voit les indicateurs"),
    Role.ADMINISTRATOR: _("administration : comptes et réglages, aucun message"),
}
MOST_WORDS = 200  # that a service never masks
LONGEST_WORD = 60  # characters
READERS = {Role.PROMOTER, Role.MODERATOR, Role.EXPERT}  # who may read messages


def _stripped(value: str | None) -> str:
    return " ".join((value or "").split())


def _needed(most: int) -> list[Any]:
    return [
        DataRequired(_("Remplissez ce champ.")),
        Length(max=most, message=_("%(max)d caractères au plus.")),
    ]


def _choices(names: Mapping[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(key.value, name) for key, name in names.items()]


def _line(label: Any, most: int, **more: Any) -> StringField:
    return StringField(label, _needed(most), filters=[_stripped], **more)


class ServiceForm(Form):
    """What a service says of itself, with its human alternative."""

    name = _line(_("Nom du service"), 80)
    purpose = _line(_("À quoi il sert, en une phrase"), 300)
    territory_code = SelectField(_("Territoire"), [Optional()], coerce=lambda v: v or None)
    phone = StringField(
        _("Téléphone"),
        [
            *_needed(40),
            Regexp(r"^[0-9+ .()-]{2,}$", message=_("Écrivez un numéro : 04 00 00 00 00.")),
        ],
        filters=[_stripped],
    )
    place = _line(_("Lieu où une personne peut aider"), 200)
    hours = _line(_("Horaires"), 120)
    moderate_first = BooleanField(_("La modération lit chaque retour avant l’équipe"))
    quotes_in_mails = BooleanField(_("Les courriels de l’équipe citent les retours"))
    quick_exit = BooleanField(_("Un bouton « Quitter vite » sur chaque page du service"))
    allowed_words = TextAreaField(_("Mots à ne jamais masquer, un par ligne"), [Optional()])

    @property
    def words(self) -> list[str]:
        """The allowed words, one for each line that is not empty."""
        lines = (_stripped(line) for line in (self.allowed_words.data or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def validate_allowed_words(self, field: Any) -> None:
        """Refuse too many words, long ones, and what is an identifier: it is masked anyway."""
        if len(self.words) > MOST_WORDS:
            raise ValidationError(_("%(most)s mots au plus.", most=MOST_WORDS))
        for word in self.words:
            if len(word) > LONGEST_WORD:
                raise ValidationError(
                    _("« %(word)s… » est trop long : 60 caractères au plus.", word=word[:20])
                )
            if any(span.type in CHECKED for span in redact(word, None).spans):
                raise ValidationError(
                    _(
                        "« %(word)s » ressemble à un numéro, une adresse ou une date. "
                        "Le site le masque toujours : retirez-le de la liste.",
                        word=word,
                    )
                )


class NewServiceForm(ServiceForm):
    """The same, with the organisation that runs it."""

    organisation = _line(_("Organisation qui porte le service"), 120)


class FunctionalityForm(Form):
    """One thing that a service does, with its two risks."""

    number = IntegerField(validators=[Optional()], widget=HiddenInput())
    name = _line(_("Nom de la fonctionnalité"), 80)
    kind = SelectField(
        _("Classe"), choices=[SelectChoice(k.value, v) for k, v in CLASS_NAMES.items()]
    )
    individual_risk = SelectField(
        _("Risque pour une personne"),
        choices=_choices(RISK_NAMES),
    )
    collective_risk = SelectField(_("Risque pour tous"), choices=_choices(RISK_NAMES))
    confirmed = HiddenField()


class ReleaseForm(Form):
    """A dated change."""

    number = _line(_("Numéro"), 30)
    day = DateField(_("Jour de mise en service"), [InputRequired(_("Choisissez un jour."))])
    note = StringField(_("Ce qui change"), [Length(max=300)], filters=[_stripped])


class MemberForm(Form):
    """Somebody who joins a team."""

    email = EmailField(_("Adresse du compte"), _needed(254), filters=[_stripped, str.lower])


class AccountForm(Form):
    """A new member of staff."""

    email = EmailField(
        _("Adresse électronique"),
        [
            *_needed(254),
            Regexp(r"^[^@\s]+@[^@\s]+$", message=_("Écrivez une adresse : nom@exemple.fr.")),
        ],
        filters=[_stripped, str.lower],
    )
    name = _line(_("Nom"), 80)
    organisation = _line(_("Organisation"), 120)
    territory_code = SelectField(_("Territoire"), [Optional()], coerce=lambda v: v or None)
    roles = SelectMultipleField(
        _("Rôles"),
        [InputRequired(_("Choisissez au moins un rôle."))],
        choices=_choices(ROLE_NAMES),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    passphrase = PasswordField(
        _("Première phrase de passe"),
        [InputRequired(_("Remplissez ce champ.")), Length(max=LONGEST)],
    )

    def validate_roles(self, field: Any) -> None:
        """Refuse an administrator who could read messages (model.md §5)."""
        roles = {Role(value) for value in field.data or []}
        if Role.ADMINISTRATOR in roles and roles & READERS:
            raise ValidationError(
                _("Qui administre ne lit aucun message : donnez ces rôles à deux comptes.")
            )

    def validate_passphrase(self, field: Any) -> None:
        """Refuse a passphrase that can be guessed."""
        try:
            check_passphrase(field.data, self.email.data or "", self.name.data or "")
        except WeakPassphrase as weak:
            raise ValidationError(str(weak)) from weak
