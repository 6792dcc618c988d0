"""The words of signal pages: kinds, states, and which door is the right one (model.md §9)."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from feedback.models import SignalKind, SignalState

KIND_NAMES = {
    SignalKind.GROWING: _("en hausse"),
    SignalKind.NEW: _("nouveau"),
    SignalKind.SERIOUS: _("dommage nommé"),
    SignalKind.DISPROPORTIONATE: _("disproportionné"),
}
STATE_NAMES = {
    SignalState.CANDIDATE: _("à examiner"),
    SignalState.UNDER_REVIEW: _("en cours d’examen"),
    SignalState.CONFIRMED: _("confirmé"),
    SignalState.REFUTED: _("écarté"),
    SignalState.KNOWN: _("effet connu"),
    SignalState.MERGED: _("réuni à un autre"),
    SignalState.MEASURES: _("mesures prises"),
    SignalState.CLOSED: _("clos"),
}


@dataclass(frozen=True)
class Route:
    """One door, who must use it, and when we last checked it."""

    what: LazyString
    door: LazyString
    checked: str = "2026-11-23"


ROUTES = (
    Route(
        _("Événement de santé indésirable, médicament, dispositif médical"),
        _(
            "Portail national signalement.social-sante.gouv.fr ; "
            "fabricants et professionnels doivent, les patients peuvent."
        ),
    ),
    Route(
        _("Incident de sécurité d’un système d’information de santé"),
        _("Le CERT Santé."),
    ),
    Route(
        _("Données personnelles"),
        _("Le délégué à la protection des données de l’exploitant, puis la CNIL."),
    ),
    Route(
        _("Refus d’un droit, discrimination, accès à un service public"),
        _("Le Défenseur des droits."),
    ),
    Route(_("Pratique commerciale"), _("SignalConso.")),
    Route(_("Qualité d’un séjour à l’hôpital"), _("La commission des usagers de cet hôpital.")),
    Route(_("Le reste"), _("L’équipe du service.")),
)
