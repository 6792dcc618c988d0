"""The words of signal pages: kinds and states."""

from flask_babel import lazy_gettext as _

from feedback.models import SignalKind, SignalState

KIND_NAMES = {
    SignalKind.GROWING: _("en hausse"),
    SignalKind.NEW: _("nouveau"),
    SignalKind.SERIOUS: _("dommage nommé"),
    SignalKind.DISPROPORTIONATE: _("disproportionné"),
    SignalKind.SILENCE: _("public peu entendu"),
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
