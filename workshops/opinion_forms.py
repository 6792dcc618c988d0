"""The forms after a session: what participants thought of it, the facilitator's notes."""

from flask_babel import lazy_gettext as _
from wtforms import Form, RadioField, TextAreaField, ValidationError
from wtforms.validators import Length

from workshops.opinions import CHOICES, LONGEST_WORDS, QUESTIONS, WORDS_QUESTION, Given

LONGEST_NOTES = 10_000  # characters


class OpinionForm(Form):
    """Three questions; each may be left out, not all of them."""

    spoke = RadioField(QUESTIONS["spoke"], choices=[], default="", validate_choice=False)
    knows = RadioField(QUESTIONS["knows"], choices=[], default="", validate_choice=False)
    words = TextAreaField(
        WORDS_QUESTION,
        [Length(max=LONGEST_WORDS, message=_("500 caractères au plus."))],
    )

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        self.spoke.choices = self.knows.choices = list(CHOICES.items())

    def read(self) -> Given:
        """Return what was answered; a choice that does not exist is none."""
        spoke, knows = (
            field.data if field.data in CHOICES else "" for field in (self.spoke, self.knows)
        )
        return Given(spoke, knows, (self.words.data or "").strip())

    def validate_words(self, field: TextAreaField) -> None:
        """Refuse a form without any answer."""
        if self.read() == Given():
            raise ValidationError(_("Répondez à une question au moins."))


class NotesForm(Form):
    """What the facilitator wants to keep of the session."""

    notes = TextAreaField(
        _("Vos notes"), [Length(max=LONGEST_NOTES, message=_("10 000 caractères au plus."))]
    )
