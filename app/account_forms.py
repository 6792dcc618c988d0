"""The form that opens an account for a member of staff."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import EmailField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts import Role
from app.forms import SpokenForm
from app.settings_forms import choices, line, needed, stripped

ROLE_NAMES = {
    Role.PROMOTER: _("équipe d’un service : lit, répond, s’engage"),
    Role.MODERATOR: _("modération : publie, renvoie, refuse"),
    Role.EXPERT: _("expertise : qualifie les signaux"),
    Role.FACILITATOR: _("animation d’ateliers"),
    Role.MEDIATOR: _("médiation : écrit pour une personne"),
    Role.RELAY: _("relais de territoire : voit les indicateurs"),
    Role.ADMINISTRATOR: _("administration : comptes et réglages, aucun message"),
}
READERS = {Role.PROMOTER, Role.MODERATOR, Role.EXPERT}  # who may read messages


class AccountForm(SpokenForm):
    """A new member of staff."""

    email = EmailField(
        _("Adresse électronique"),
        [
            *needed(254),
            Regexp(r"^[^@\s]+@[^@\s]+$", message=_("Écrivez une adresse : nom@exemple.fr.")),
        ],
        filters=[stripped, str.lower],
    )
    name = line(_("Nom"), 80)
    organisation = line(_("Organisation"), 120)
    territory_code = SelectField(_("Territoire"), [Optional()], coerce=lambda v: v or None)
    roles = SelectMultipleField(
        _("Rôles"),
        [InputRequired(_("Choisissez au moins un rôle."))],
        choices=choices(ROLE_NAMES),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def validate_roles(self, field: Any) -> None:
        """Refuse an administrator who could read messages (model.md §5)."""
        roles = {Role(value) for value in field.data or []}
        if Role.ADMINISTRATOR in roles and roles & READERS:
            raise ValidationError(
                _("Qui administre ne lit aucun message : donnez ces rôles à deux comptes.")
            )
