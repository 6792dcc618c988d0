"""The moderator's forms: a decision with its rule and words, and the check of what is announced."""

from enum import Enum
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import Label, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from feedback.desk_forms import DeskForm, clean
from feedback.hold_windows import LENGTHS, USUAL
from feedback.moderation import NEEDS_REASON, Decision
from feedback.rules import RULES
from feedback.urgency_words import LEVEL_NAMES
from feedback.words import DECISION_NAMES

LONGEST_REASON = 1000  # characters


class DecisionForm(DeskForm):
    """One decision about one retour, among those that its state allows."""

    decision = RadioField(
        _("Votre décision"), validators=[InputRequired(message=_("Choisissez une décision."))]
    )
    rule = SelectField(_("Règle en cause"), default="")
    words = TextAreaField(
        _("Vos mots à l’auteur"),
        filters=[clean],
        validators=[Length(max=LONGEST_REASON, message=_("1 000 caractères au plus."))],
    )

    length = SelectField(_("Temps laissé"), coerce=int, default=USUAL)

    def __init__(self, *args: Any, allowed: list[Decision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.length.choices = [(n, str(_("%(num)s jours ouvrés", num=n))) for n in LENGTHS]
        self.decision.choices = [(d.value, DECISION_NAMES[d]) for d in allowed]
        self.rule.choices = [("", _("Aucune")), *((rule.code, rule.name) for rule in RULES)]

    def validate_rule(self, field: SelectField) -> None:
        """Ask for the rule where the author must be told one."""
        if self.decision.data in NEEDS_REASON and not field.data:
            raise ValidationError(_("Choisissez la règle : l’auteur a le droit de la connaître."))


class LevelForm(DeskForm):
    """The level of urgency that a person decides, and why."""

    level = RadioField(
        _("Niveau d’urgence"),
        validators=[InputRequired(message=_("Choisissez un niveau."))],
        choices=[SelectChoice(level.value, name) for level, name in LEVEL_NAMES.items()],
    )
    reason = TextAreaField(
        _("Pourquoi ce niveau"),
        filters=[clean],
        validators=[
            InputRequired(message=_("Dites pourquoi : l’auteur le lit.")),
            Length(max=LONGEST_REASON, message=_("1 000 caractères au plus.")),
        ],
    )


_BACK = ("back", _("Rendre à l’équipe"))


class Checked(Enum):
    """What is checked, with the decisions that it is open to."""

    CLAIM = (("accept", _("Les preuves tiennent : annoncer aux auteurs")), _BACK)
    CONTEST = (
        ("reopen", _("Rouvrir : le changement ne tient pas")),
        ("uphold", _("Le changement tient : répondre à qui le conteste")),
    )
    ANSWER = (("accept", _("Envoyer : le changement est vérifié")), _BACK)


class CheckForm(DeskForm):
    """Whether what a team says to be done holds, or whether a contested change is reopened."""

    decision = RadioField(
        _("Votre décision"), validators=[InputRequired(message=_("Choisissez une décision."))]
    )
    words = TextAreaField(
        _("Vos mots à l’équipe"),
        filters=[clean],
        validators=[Length(max=LONGEST_REASON, message=_("1 000 caractères au plus."))],
    )

    def __init__(self, *args: Any, checked: Checked, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decision.choices = list(checked.value)
        if checked is Checked.CONTEST:
            words = _("Vos mots : à l’équipe si vous rouvrez, aux auteurs qui contestent sinon")
            self.words.label = Label(self.words.id, words)

    def validate_words(self, field: TextAreaField) -> None:
        """Ask for words where the team, or who contests, must be told why."""
        if self.decision.data in ("back", "reopen") and not field.data:
            raise ValidationError(_("Dites à l’équipe pourquoi."))
        if self.decision.data == "uphold" and not field.data:
            raise ValidationError(_("Dites pourquoi à qui conteste : ces mots sont votre réponse."))
