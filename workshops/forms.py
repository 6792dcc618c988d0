"""The forms of sessions: joining, planning, answering a proposal. ``board.py`` checks the cards."""

from collections.abc import Iterable
from datetime import date

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    Form,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.meta import DefaultMeta
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from app.catalogue import Service
from app.said import attributes
from workshops.models import ProposalState
from workshops.proposals import STATE_NAMES

MOST_PROMPTS = 5
LONGEST_PROMPT = 200
MOST_SITES = 20
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
        """Let the session be about one of ``services`` or one of their functionalities."""
        self.subject.choices = {
            service.name: [
                (f"{service.id}", _("%(name)s, tout le service", name=service.name)),
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
