"""The forms of a process: itself, a session put into it, a trial with its diary."""

from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import DateField, Form, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from workshops import diaries
from workshops.forms import LONGEST_PROMPT, ReaderMeta

SHORT = Length(max=120, message=_("120 caractères au plus."))


class ProcessForm(Form):
    """A new process."""

    Meta = ReaderMeta

    title = StringField(_("Titre"), [DataRequired(_("Donnez un titre à ce processus.")), SHORT])
    subject = SelectField(_("Service"), coerce=int)
    aim = TextAreaField(
        _("Ce que vous cherchez"), [Length(max=1000, message=_("1 000 caractères au plus."))]
    )


class SeatForm(Form):
    """A session of one's own that joins the process."""

    Meta = ReaderMeta

    session = SelectField(_("Séance"))
    step = SelectField(_("Étape"))
    site = StringField(_("Lieu"), [Length(max=80, message=_("80 caractères au plus."))])


class TrialForm(Form):
    """A trial and the questions of its diary."""

    Meta = ReaderMeta

    title = StringField(
        _("Ce qui est essayé"), [DataRequired(_("Dites ce qui est essayé.")), SHORT]
    )
    starts = DateField(_("Du"), [DataRequired(_("Donnez le premier jour."))])
    ends = DateField(_("Au"), [DataRequired(_("Donnez le dernier jour."))])
    prompts = TextAreaField(
        _("Questions du carnet"), [DataRequired(_("Écrivez au moins une question."))]
    )

    def lines(self) -> list[str]:
        """Return the questions, one a line."""
        return [line.strip() for line in (self.prompts.data or "").splitlines() if line.strip()]

    def validate_ends(self, field: DateField) -> None:
        """Refuse a trial that ends before it starts, or that lasts for more than a year."""
        starts: date | None = self.starts.data
        if starts is None or field.data is None:
            return
        if field.data < starts:
            raise ValidationError(_("Le dernier jour ne peut pas précéder le premier."))
        if field.data - starts > diaries.LONGEST_TRIAL:
            raise ValidationError(_("Un essai dure un an au plus."))

    def validate_prompts(self, field: TextAreaField) -> None:
        """Refuse more questions than a phone shows, or longer ones."""
        if not 1 <= len(self.lines()) <= diaries.MOST_PROMPTS:
            raise ValidationError(_("Écrivez de 1 à 5 questions, une par ligne."))
        if any(len(line) > LONGEST_PROMPT for line in self.lines()):
            raise ValidationError(_("Chaque question tient en 200 caractères."))
