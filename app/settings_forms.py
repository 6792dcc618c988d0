"""The forms of the settings pages: services, functionalities, releases, members."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)
from wtforms.widgets import HiddenInput

from app.catalogue_edits import FunctionalityValues
from app.forms import SpokenForm
from app.matrix import CLASS_NAMES, RISK_NAMES, FunctionalityClass, Risk, demands
from app.retention import LONGEST_MONTHS, SHORTEST_MONTHS
from app.web import written_day
from nlp.redact import CHECKED, redact

MOST_WORDS = 200  # that a service never masks
LONGEST_WORD = 60  # characters
OLDEST_RELEASE = date(1990, 1, 1)
YEAR = timedelta(days=366)


def stripped(value: str | None) -> str:
    """Return what was typed without blanks at its ends and in a row."""
    return " ".join((value or "").split())


def needed(most: int) -> list[Any]:
    """Return what a field must be: filled, with ``most`` characters at most."""
    return [
        DataRequired(_("Remplissez ce champ.")),
        Length(max=most, message=_("%(max)d caractères au plus.")),
    ]


def choices(names: Mapping[Any, Any]) -> list[SelectChoice]:
    """Return the options that ``names`` name."""
    return [SelectChoice(key.value, name) for key, name in names.items()]


def line(label: Any, most: int, **more: Any) -> StringField:
    """Return a field of one line that must be filled."""
    return StringField(label, needed(most), filters=[stripped], **more)


class ServiceForm(SpokenForm):
    """What a service says of itself, with its human alternative."""

    name = line(_("Nom du service"), 80)
    purpose = line(_("À quoi il sert, en une phrase"), 300)
    territory_code = SelectField(_("Territoire"), [Optional()], coerce=lambda v: v or None)
    phone = StringField(
        _("Téléphone"),
        [
            *needed(40),
            Regexp(r"^[0-9+ .()-]{2,}$", message=_("Écrivez un numéro : 04 00 00 00 00.")),
        ],
        filters=[stripped],
    )
    place = line(_("Lieu où une personne peut aider"), 200)
    hours = line(_("Horaires"), 120)
    moderate_first = BooleanField(_("La modération lit chaque retour avant l’équipe"))
    quotes_in_mails = BooleanField(_("Les courriels de l’équipe citent les retours"))
    quick_exit = BooleanField(_("Un bouton « Quitter vite » sur chaque page du service"))
    kept_months = IntegerField(
        _("Mois de conservation d’un retour"),
        [
            Optional(),
            NumberRange(SHORTEST_MONTHS, LONGEST_MONTHS, _("Choisissez entre 6 et 120 mois.")),
        ],
        filters=[lambda months: 36 if months is None else months],
        default=36,
    )
    allowed_words = TextAreaField(_("Mots à ne jamais masquer, un par ligne"), [Optional()])

    @property
    def words(self) -> list[str]:
        """The allowed words, one for each line that is not empty."""
        words = (stripped(word) for word in (self.allowed_words.data or "").splitlines())
        return list(dict.fromkeys(word for word in words if word))

    def validate_allowed_words(self, field: Any) -> None:
        """Refuse too many words, long ones, and what is an identifier: it is masked anyway."""
        if len(self.words) > MOST_WORDS:
            raise ValidationError(str(_("%(most)s mots au plus.", most=MOST_WORDS)))
        for word in self.words:
            if len(word) > LONGEST_WORD:
                raise ValidationError(
                    str(_("« %(word)s… » est trop long : 60 caractères au plus.", word=word[:20]))
                )
            if any(span.type in CHECKED for span in redact(word, None).spans):
                raise ValidationError(
                    str(
                        _(
                            "« %(word)s » ressemble à un numéro, une adresse ou une date. "
                            "Le site le masque toujours : retirez-le de la liste.",
                            word=word,
                        )
                    )
                )


class NewServiceForm(ServiceForm):
    """The same, with the organisation that runs it."""

    organisation = line(_("Organisation qui porte le service"), 120)


class FunctionalityForm(SpokenForm):
    """One thing that a service does, with its two risks and perhaps a clock of its own."""

    number = IntegerField(validators=[Optional()], widget=HiddenInput())
    name = line(_("Nom de la fonctionnalité"), 80)
    kind = SelectField(
        _("Classe"), choices=[SelectChoice(k.value, v) for k, v in CLASS_NAMES.items()]
    )
    individual_risk = SelectField(
        _("Risque pour une personne"),
        choices=choices(RISK_NAMES),
    )
    collective_risk = SelectField(_("Risque pour tous"), choices=choices(RISK_NAMES))
    own_reply_days = IntegerField(
        _("Délai de réponse plus court, en jours ouvrés"),
        [Optional(), NumberRange(1, message=_("Un jour au moins."))],
    )
    confirmed = HiddenField()

    def validate_own_reply_days(self, field: Any) -> None:
        """Refuse a clock that is longer than the matrix: a service may only be stricter."""
        try:
            asked = demands(Risk(self.individual_risk.data), Risk(self.collective_risk.data))
        except ValueError:  # the risk has its own error
            return
        if field.data and field.data > asked.reply_days:
            most = asked.reply_days
            raise ValidationError(
                str(_("Ces risques demandent %(days)s jours au plus.", days=most))
            )

    @property
    def values(self) -> FunctionalityValues:
        """What a valid form holds."""
        return FunctionalityValues(
            self.name.data or "",
            FunctionalityClass(self.kind.data),
            Risk(self.individual_risk.data),
            Risk(self.collective_risk.data),
            self.own_reply_days.data,
        )


class ReleaseForm(SpokenForm):
    """A dated change."""

    number = line(_("Numéro"), 30)
    day = DateField(_("Jour de mise en service"), [InputRequired(_("Choisissez un jour."))])
    note = StringField(
        _("Ce qui change"),
        [Length(max=300, message=_("%(max)d caractères au plus."))],
        filters=[stripped],
    )

    def __init__(self, *args: Any, today: date, **values: Any) -> None:
        super().__init__(*args, **values)
        self.today = today

    def validate_day(self, field: Any) -> None:
        """Refuse a day that is a slip of the hand: before the web, or more than a year ahead."""
        last = self.today + YEAR
        if field.data and not OLDEST_RELEASE <= field.data <= last:
            raise ValidationError(
                str(_("Choisissez un jour entre 1990 et le %(last)s.", last=written_day(last)))
            )


class MemberForm(SpokenForm):
    """Somebody who joins a team."""

    email = EmailField(_("Adresse du compte"), needed(254), filters=[stripped, str.lower])
