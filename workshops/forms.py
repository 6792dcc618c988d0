"""The forms of sessions: joining and planning; ``board.py`` checks the cards.

What a team answers to a proposal is ``answer_forms.py``.
"""

from collections.abc import Iterable

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import (
    DateTimeLocalField,
    Form,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.meta import DefaultMeta
from wtforms.validators import DataRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from app.catalogue import Service
from app.said import attributes
from workshops.identity import CHOICES, Identity
from workshops.models import Phase
from workshops.phases import OPTIONAL, RULES
from workshops.window_forms import in_paris, moment_field
from workshops.windows import Schedule

MOST_PROMPTS = 5
LONGEST_PROMPT = 200
MOST_SITES = 20
LONGEST_CONSENT = 300
LONGEST_SITE = 40  # it joins the title of its session


class ReaderMeta(DefaultMeta):
    """Lets WTForms' own messages speak the reader's language."""

    @property
    def locales(self) -> list[str]:
        """The language of this request."""
        return [str(get_locale())]


class JoinForm(Form):
    """The door: a code, and a name for who wants one."""

    code = StringField(
        _("Code de la séance"), [DataRequired(_("Tapez le code affiché dans la salle."))]
    )
    name = StringField(_("Prénom ou surnom"), [Length(max=40, message=_("40 caractères au plus."))])


class PlanForm(Form):
    """A new session, on one page."""

    Meta = ReaderMeta

    title = StringField(
        _("Titre"),
        [
            DataRequired(_("Donnez un titre : les participants le liront.")),
            Length(max=120, message=_("120 caractères au plus.")),
        ],
    )
    subject = SelectField(_("Sur quoi"))
    prompts = TextAreaField(_("Questions"), [DataRequired(_("Écrivez au moins une question."))])
    identity = RadioField(
        _("Les noms"),
        choices=[],
        default=Identity.OPTIONAL.value,
        validate_choice=False,
    )
    left_out = SelectMultipleField(
        _("Étapes à sauter"),
        choices=[(each.value, RULES[each].name) for each in OPTIONAL],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    consent = TextAreaField(
        _("Vos mots avant d’entrer"),
        [Length(max=LONGEST_CONSENT, message=_("300 caractères au plus."))],
    )
    opens = moment_field(_("Écrire à partir de"))
    closes = moment_field(_("Écrire jusqu’à"))
    votes_close = moment_field(_("Puis voter jusqu’à"))
    sites = TextAreaField(_("Lieux"))  # of the template for several sites alone
    votes_each = IntegerField(
        _("Votes par personne"),
        [NumberRange(1, 20, _("Entre 1 et 20 votes."))],
        default=5,
    )
    votes_per_group = IntegerField(
        _("Au plus, sur un même groupe"),
        [NumberRange(1, 20, _("Entre 1 et 20 votes."))],
        default=3,
    )

    def offer(self, services: Iterable[Service]) -> None:
        """Let the session be about one of ``services`` or one of their functionalities, and names
        be given as one of the rules says."""
        self.identity.choices = [(each.value, name) for each, name in CHOICES.items()]
        self.subject.choices = {
            service.name: [
                (f"{service.id}", str(_("%(name)s, tout le service", name=service.name))),
                *(
                    (f"{service.id}-{part.id}", part.name, attributes())
                    for part in service.functionalities
                ),
            ]
            for service in services
        }

    def lines(self) -> tuple[str, ...]:
        """Return the questions, one a line."""
        return tuple(
            line.strip() for line in (self.prompts.data or "").splitlines() if line.strip()
        )

    def places(self) -> list[str]:
        """Return the sites, one a line, each once."""
        typed = [" ".join(line.split()) for line in (self.sites.data or "").splitlines()]
        return list(dict.fromkeys(line for line in typed if line))

    def validate_identity(self, field: RadioField) -> None:
        """Ask for one of the rules."""
        if field.data not in dict(field.choices):
            raise ValidationError(_("Choisissez une règle pour les noms."))

    def schedule(self) -> Schedule | None:
        """Return the hours of a session that stays open for days, None for one led live."""
        closes = in_paris(self.closes.data)
        if closes is None:
            return None
        return Schedule(closes, in_paris(self.opens.data), in_paris(self.votes_close.data))

    def refuse_hours(self) -> None:
        """Say that the session cannot keep the hours that were asked for."""
        self.closes.errors = [
            _("La fin vient après le début et après maintenant, dans 60 jours au plus.")
        ]

    def validate_votes_close(self, field: DateTimeLocalField) -> None:
        """Refuse a vote or an opening without an end of the writing."""
        if (field.data or self.opens.data) and not self.closes.data:
            raise ValidationError(_("Dites d’abord jusqu’à quand on écrit."))
        if field.data and Phase.VOTE in (self.left_out.data or []):
            raise ValidationError(_("Cette séance saute le vote : laissez cette heure vide."))

    def validate_sites(self, field: TextAreaField) -> None:
        """Refuse more sites than one prepares at once, or longer names."""
        if self.places() and not 2 <= len(self.places()) <= MOST_SITES:
            raise ValidationError(_("Écrivez de 2 à 20 lieux, un par ligne, ou aucun."))
        if any(len(place) > LONGEST_SITE for place in self.places()):
            raise ValidationError(_("Le nom d’un lieu tient en 40 caractères."))

    def validate_prompts(self, field: TextAreaField) -> None:
        """Refuse more questions than a phone shows, or longer ones."""
        if not 1 <= len(self.lines()) <= MOST_PROMPTS:
            raise ValidationError(_("Écrivez de 1 à 5 questions, une par ligne."))
        if any(len(line) > LONGEST_PROMPT for line in self.lines()):
            raise ValidationError(_("Chaque question tient en 200 caractères."))

    def validate_votes_per_group(self, field: IntegerField) -> None:
        """Refuse a cap that nobody could reach."""
        if field.data and self.votes_each.data and field.data > self.votes_each.data:
            raise ValidationError(_("Pas plus que le nombre de votes par personne."))
