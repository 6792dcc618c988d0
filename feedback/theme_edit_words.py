"""The words for who changed a theme or subject, for bonds, and for what happened to a subject."""

from flask_babel import lazy_gettext as _

from feedback.models import BondKind
from feedback.theme_story import EVENT_NAMES

BY_NAMES = {"machine": _("Analyse automatique")}
BOND_NAMES = {
    BondKind.TOGETHER.value: _("Toujours ensemble"),
    BondKind.APART.value: _("Jamais ensemble"),
}
SUBJECT_EVENTS = {
    **EVENT_NAMES,
    "born": _("Le sujet apparaît"),
    "ended": _("Le sujet s’arrête"),
}
