"""The team's forms: an answer, a commitment, an announcement, a drop."""

from datetime import date
from typing import Any, Self

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    Form,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.forms import SpokenForm
from app.said import attributes
from feedback import wording
from feedback.answer_words import real_sentences
from feedback.forms import check_length
from feedback.threads import SHORTEST_ANSWER


def clean(value: str | None) -> str:
    """Return what was typed, safe to keep."""
    return wording.clean(value or "")


def _sentence(message: Any) -> list[Any]:
    """Return what a text that everybody will read must be: long enough, not too long, in words."""
    return [Length(min=SHORTEST_ANSWER, message=message), check_length, _has_words]


def _has_words(_form: Form, field: Any) -> None:
    if not real_sentences(field.data):
        raise ValidationError(_("Écrivez au moins une phrase, avec des mots."))


class DeskForm(SpokenForm):
    """A form of the desk."""


class AnswerForm(DeskForm):
    """An answer; the boxes appear when the first try deserved a question.

    A long sentence is told once: ``long_seen`` says that it was, and nothing is asked again.
    """

    text = TextAreaField(
        _("Votre réponse"),
        filters=[clean],
        validators=[
            Length(
                min=SHORTEST_ANSWER,
                message=_("Écrivez au moins une phrase sur ce retour : 20 caractères au moins."),
            ),
            check_length,
        ],
    )
    seen = HiddenField()  # the messages that stood on the page, by id
    long_seen = HiddenField()
    canned_anyway = BooleanField(_("Envoyer quand même, en disant que c’est une réponse type"))
    about_anyway = BooleanField(_("Une de mes phrases parle bien de ce retour"))


class CommitmentForm(DeskForm):
    """A dated promise."""

    text = TextAreaField(
        _("Nous nous engageons à"),
        filters=[clean],
        validators=_sentence(_("Dites ce qui va changer, en une phrase : 20 caractères au moins.")),
    )
    owner = StringField(
        _("Qui s’en charge"),
        filters=[clean],
        validators=[
            Length(min=2, max=80, message=_("Nommez l’équipe ou la fonction qui s’en charge."))
        ],
    )
    due = DateField(
        _("Pour le"), validators=[InputRequired(message=_("Donnez une date, après aujourd’hui."))]
    )
    whole_theme = BooleanField(validators=[Optional()])

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day

    def validate_due(self, field: DateField) -> None:
        """Refuse today and the past: what is promised lies ahead."""
        if field.data and field.data <= self.day:
            raise ValidationError(_("Donnez une date, après aujourd’hui."))


class FollowUpForm(DeskForm):
    """Who follows a commitment, its theme and the release that delivers it."""

    owner = StringField(
        _("Qui s’en charge"),
        filters=[clean],
        validators=[
            Length(min=2, max=80, message=_("Nommez l’équipe ou la fonction qui s’en charge."))
        ],
    )
    colleague = SelectField(_("Collègue qui reçoit les rappels"))
    theme = SelectField(_("Thème"))
    release = SelectField(_("Version qui apporte le changement"))

    def offer(self, colleagues: Any, themes: Any, releases: Any) -> Self:
        """Return the form with what may be chosen."""
        self.colleague.choices = [
            ("", _("toute l’équipe")),
            *((str(each.id), each.name) for each in colleagues),
        ]
        self.theme.choices = [
            ("", _("aucun")),
            *((each.id, each.name, attributes()) for each in themes),
        ]
        self.release.choices = [
            ("", _("pas encore")),
            *((str(each.id), each.number) for each in releases),
        ]
        return self


class EvidenceForm(DeskForm):
    """What shows that the change is made; a moderator reads it before the authors are asked."""

    evidence = TextAreaField(
        _("Ce qui a changé, et où le voir"),
        filters=[clean],
        validators=_sentence(_("Dites ce qui a changé et où le voir : 20 caractères au moins.")),
    )


class ReasonForm(DeskForm):
    """Why a promise is given up; shown in public."""

    reason = TextAreaField(
        _("Pourquoi vous abandonnez cet engagement"),
        filters=[clean],
        validators=_sentence(_("Expliquez pourquoi, en une phrase : 20 caractères au moins.")),
    )
