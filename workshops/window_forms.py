"""The forms of hours: of a new session that stays open for days, of a phase of one that runs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateTimeLocalField, SelectField
from wtforms.validators import DataRequired, Optional

from app.days import PARIS
from app.forms import SpokenForm
from workshops.models import Phase
from workshops.phases import RULES
from workshops.windows import Hours

WRITTEN = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]  # as browsers send it


def moment_field(label: Any, *validators: Any) -> DateTimeLocalField:
    """Return a field for a moment, as people in Paris write it."""
    return DateTimeLocalField(label, list(validators or (Optional(),)), format=WRITTEN)


def in_paris(typed: datetime | None) -> datetime | None:
    """Return what was typed as a moment."""
    return typed.replace(tzinfo=PARIS) if typed else None


class WindowForm(SpokenForm):
    """From when to when a phase stays open, and what follows."""

    phase = SelectField(_("Étape"), choices=[])
    opens = moment_field(_("Ouvre le"))
    closes = moment_field(_("Ferme le"), DataRequired(_("Donnez un jour et une heure.")))
    following = SelectField(_("Ensuite"), choices=[])

    def offer(self, phases: Iterable[Phase]) -> None:
        """Let the form be about one of ``phases``."""
        named: list[tuple[str, Any]] = [(each.value, RULES[each].name) for each in phases]
        self.phase.choices = named
        later = [each for each in named if each[0] != Phase.LOBBY]
        self.following.choices = [("", _("attendre la personne qui anime")), *later]

    def hours(self) -> Hours:
        """Return what was asked for."""
        closes = in_paris(self.closes.data)
        assert closes is not None, "the form is valid"
        following = Phase(self.following.data) if self.following.data else None
        return Hours(Phase(self.phase.data), closes, in_paris(self.opens.data), following)
