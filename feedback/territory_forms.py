"""The forms of a territory's relay: a visit or session, a lesson."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.catalogue import Service
from app.matrix import CLASS_NAMES
from app.said import as_said
from feedback.desk_forms import DeskForm, clean
from feedback.lessons import LONGEST_TAG, MOST_TAGS, read_tags
from feedback.visits import VISIT_KINDS

LONGEST_NOTE = 3_000  # characters
MOST_MET = 10_000  # people on one day
_VISIT_CHOICES = [SelectChoice(kind.value, words) for kind, words in VISIT_KINDS.items()]


def _line(label: Any, most: int, **more: Any) -> StringField:
    return StringField(
        label,
        [Length(2, most, _("Écrivez de %(min)d à %(max)d caractères."))],
        filters=[clean],
        **more,
    )


def _several(label: Any, coerce: Any = str, choices: Any = ()) -> SelectMultipleField:
    return SelectMultipleField(
        label,
        coerce=coerce,
        choices=list(choices),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


class _WithServices(DeskForm):
    services = _several(_("Services concernés"), int)

    def offer(self, services: list[Service]) -> None:
        """Let these services be chosen."""
        self.services.choices = [SelectChoice(each.id, as_said(each.name)) for each in services]


class VisitForm(_WithServices):
    """A visit or a session."""

    day = DateField(_("Jour"), [InputRequired(_("Choisissez un jour."))])
    kind = SelectField(_("Nature"), choices=_VISIT_CHOICES)
    place = _line(_("Lieu"), 160)
    met = IntegerField(
        _("Personnes rencontrées"),
        [
            InputRequired(_("Écrivez un nombre, 0 s’il n’y avait personne.")),
            NumberRange(0, MOST_MET, _("Écrivez un nombre entre %(min)d et %(max)d.")),
        ],
    )
    note = TextAreaField(
        _("Note"),
        [Length(max=LONGEST_NOTE, message=_("%(max)d caractères au plus."))],
        filters=[clean],
        description=_("Ce que vous avez vu ou entendu. Aucun nom de personne : ils sont masqués."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def validate_day(self, field: DateField) -> None:
        """Refuse a day to come: a log says what was done."""
        if field.data and field.data > self.today:
            raise ValidationError(_("Ce jour n’est pas encore venu."))


class LessonForm(_WithServices):
    """What was tried, what came of it, for whom."""

    title = _line(_("Titre"), 120)
    tried = TextAreaField(
        _("Ce que vous avez essayé"),
        [Length(20, LONGEST_NOTE, _("Écrivez de %(min)d à %(max)d caractères."))],
        filters=[clean],
        description=_("Aucun nom de personne : ils sont masqués."),
    )
    outcome = TextAreaField(
        _("Ce que cela a donné"),
        [Length(20, LONGEST_NOTE, _("Écrivez de %(min)d à %(max)d caractères."))],
        filters=[clean],
        description=_("Ce qui n’a pas marché est utile aussi."),
    )
    audience = _line(_("Pour qui"), 200)
    kinds = _several(
        _("Fonctionnalités"), choices=[SelectChoice(k.value, v) for k, v in CLASS_NAMES.items()]
    )
    tags = StringField(
        _("Mots-clés, avec des virgules"),
        filters=[clean],
        description=_("8 au plus, de 30 caractères au plus. Exemple : tablette, accueil"),
    )
    is_public = BooleanField(
        _("Publier cette leçon sur la page publique"),
        description=_("Sinon les équipes de toute la France la lisent, et elles seules."),
    )

    def validate_tags(self, field: StringField) -> None:
        """Refuse too many tags, and long ones."""
        found = read_tags(field.data or "")
        if len(found) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in found):
            raise ValidationError(_("8 mots-clés au plus, de 30 caractères au plus."))
