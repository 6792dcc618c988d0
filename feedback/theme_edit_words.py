"""The words for what happened to a theme, as its history tells it."""

from flask_babel import lazy_gettext as _

from feedback.models import BondKind

EVENT_NAMES = {
    "born": _("Apparu"),
    "renamed": _("Renommé"),
    "locked": _("Verrouillé"),
    "unlocked": _("Déverrouillé"),
    "merged": _("Réuni"),
    "split": _("Un nouveau thème en est sorti"),
    "moved": _("Messages déplacés"),
    "received": _("Messages reçus d’un autre thème"),
    "taken out": _("Messages sortis"),
    "together": _("Deux messages toujours ensemble"),
    "apart": _("Deux messages jamais ensemble"),
    "kept apart": _("Jamais réuni avec un autre thème"),
    "freed": _("Lien retiré"),
    "contested": _("Un auteur a dit que ce n’est pas son sujet"),
    "undone": _("Annulation"),
    "ended": _("Terminé"),
    "revived": _("Revenu"),
}
BY_NAMES = {"machine": _("L’analyse"), "author": _("Un auteur")}
BOND_NAMES = {
    BondKind.TOGETHER.value: _("Toujours ensemble"),
    BondKind.APART.value: _("Jamais ensemble"),
}
