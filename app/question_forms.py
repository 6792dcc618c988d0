"""The form of a local question: its words, its choices, when it is asked and until when."""

from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from app.catalogue import Service
from app.forms import SpokenForm
from app.matrix import Risk
from app.said import attributes
from feedback.local_question_edits import CHOSEN, FEWEST_CHOICES, MOST_CHOICES, Draft
from feedback.local_question_rules import refusal
from feedback.models import LocalQuestion
from feedback.question_shapes import Kind
from feedback.wording import clean

LONGEST_WORDS, LONGEST_CHOICE = 120, 60
KIND_NAMES = {
    Kind.ONE: _("Un seul choix"),
    Kind.SEVERAL: _("Plusieurs choix"),
    Kind.SCALE: _("Une note de 1 à 5"),
    Kind.TEXT: _("Une réponse écrite"),
}
RISK_WORDS = {
    Risk.LOW: _("toujours"),
    Risk.MEDIUM: _("à partir du risque moyen"),
    Risk.HIGH: _("pour le risque élevé"),
}


def _one_line(value: str | None) -> str:
    return " ".join(clean(value or "").split())


class LocalQuestionForm(SpokenForm):
    """A question that a service adds; its kind and reach are settled when it is made."""

    words = StringField(
        _("Votre question"),
        [
            DataRequired(_("Écrivez la question.")),
            Length(max=LONGEST_WORDS, message=_("%(max)d caractères au plus.")),
        ],
        filters=[_one_line],
        description=_("Une phrase courte, avec « vous ». 120 caractères au plus."),
    )
    kind = SelectField(
        _("Type de réponse"), choices=[SelectChoice(k.value, w) for k, w in KIND_NAMES.items()]
    )
    choices = TextAreaField(
        _("Choix, un par ligne"),
        [Optional()],
        description=_("De 2 à 8 choix. Pour une note : les mots du 1 et du 5, ou rien."),
    )
    from_risk = SelectField(
        _("Posée"), choices=[SelectChoice(k.value, w) for k, w in RISK_WORDS.items()]
    )
    functionality = SelectField(_("À propos de"), coerce=lambda value: value or "")
    position = IntegerField(
        _("Rang"),
        [
            InputRequired(_("Écrivez un nombre de 1 à 99.")),
            NumberRange(1, 99, _("Écrivez un nombre de 1 à 99.")),
        ],
        default=1,
    )
    ended = DateField(_("Ne plus la poser à partir du"), [Optional()])
    reach = SelectField(_("Posée par"), coerce=lambda value: value or "")

    def __init__(self, *args: Any, service: Service, reaches: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = SelectChoice("", _("toutes les fonctionnalités"))
        names = [SelectChoice(str(f.id), f.name, attributes()) for f in service.functionalities]
        self.functionality.choices = [every, *names]
        self.reach.choices = [SelectChoice("", _("ce service")), *reaches]
        self.anonymous = service.anonymous_by_law

    @property
    def lines(self) -> tuple[str, ...]:
        """The choices, one for each line that is not empty."""
        every = (_one_line(line) for line in (self.choices.data or "").splitlines())
        return tuple(dict.fromkeys(line for line in every if line))

    def validate_words(self, field: Any) -> None:
        """Refuse a question that asks who the person is, with the reason."""
        if reason := refusal(field.data, self.lines, self.anonymous):
            raise ValidationError(reason)

    def validate_choices(self, field: Any) -> None:
        """Refuse too few or too many choices, or long ones."""
        if message := _fault_of(self.kind.data, self.lines):
            raise ValidationError(message)

    def validate_reach(self, field: Any) -> None:
        """Refuse a question of a territory about a functionality of one service."""
        if field.data and self.functionality.data:
            raise ValidationError(
                gettext("Une question de territoire ne vise pas la fonctionnalité d’un service.")
            )

    @property
    def draft(self) -> Draft:
        """What was typed, once it is valid."""
        return Draft(
            words=self.words.data,
            kind=Kind(self.kind.data),
            choices=() if self.kind.data == Kind.TEXT else self.lines,
            from_risk=Risk(self.from_risk.data),
            functionality_id=int(self.functionality.data) if self.functionality.data else None,
            position=self.position.data,
            ended=self.ended.data,
            territory_code=self.reach.data or None,
        )


def _fault_of(kind: str, lines: tuple[str, ...]) -> str:
    if kind in CHOSEN and not FEWEST_CHOICES <= len(lines) <= MOST_CHOICES:
        return str(gettext("Écrivez de 2 à 8 choix, un par ligne."))
    if kind == Kind.SCALE and len(lines) not in (0, 2):
        return str(gettext("Pour une note, écrivez deux lignes : le 1, puis le 5. Ou rien."))
    long = [line for line in lines if len(line) > LONGEST_CHOICE]
    if long and kind != Kind.TEXT:
        said = ngettext(
            "Un choix a 60 caractères au plus : « %(start)s… » est trop long.",
            "Un choix a 60 caractères au plus : « %(start)s… » est trop long.",
            len(long),
            start=long[0][:20],
        )
        return str(said)
    return ""


def filled_from(row: LocalQuestion) -> dict[str, Any]:
    """Return the values of the form for a question that exists."""
    return {
        "words": row.wording.words,
        "kind": row.kind,
        "choices": "\n".join(row.wording.choices),
        "from_risk": row.from_risk,
        "functionality": str(row.functionality_id or ""),
        "position": row.position,
        "ended": row.ended,
        "reach": row.territory_code or "",
    }
