"""The words of signal pages: kinds and states."""

from typing import Any

from flask_babel import lazy_gettext as _

from feedback.models import SignalKind, SignalLink, SignalState, Tone
from feedback.signal_queue import Part

Names = dict[str, Any]  # of a code, as rows keep it
KIND_NAMES: Names = {
    SignalKind.GROWING: _("en hausse"),
    SignalKind.NEW: _("nouveau"),
    SignalKind.SERIOUS: _("dommage nommé"),
    SignalKind.DISPROPORTIONATE: _("disproportionné"),
    SignalKind.SILENCE: _("public peu entendu"),
}
STATE_NAMES: Names = {
    SignalState.CANDIDATE: _("à examiner"),
    SignalState.UNDER_REVIEW: _("en cours d’examen"),
    SignalState.CONFIRMED: _("confirmé"),
    SignalState.REFUTED: _("écarté"),
    SignalState.KNOWN: _("effet connu"),
    SignalState.MERGED: _("réuni à un autre"),
    SignalState.MEASURES: _("mesures prises"),
    SignalState.CLOSED: _("clos"),
}
PUBLIC_STATE_NAMES: Names = {
    SignalState.CONFIRMED: _("Confirmé"),
    SignalState.MEASURES: _("Mesures prises"),
    SignalState.CLOSED: _("Clos"),
}
TONE_NAMES: Names = {
    Tone.GOOD: _("plutôt contents"),
    Tone.BAD: _("plutôt mécontents"),
    Tone.MIXED: _("partagés"),
}
LINK_NAMES: Names = {
    SignalLink.UNCLEAR: _("on ne peut pas le dire"),
    SignalLink.UNLIKELY: _("peu plausible"),
    SignalLink.POSSIBLE: _("possible"),
    SignalLink.PROBABLE: _("probable"),
}
EFFECT_NAMES: Names = {
    "unknown": _("je ne sais pas encore"),
    "harmful": _("nuisible"),
    "beneficial": _("bénéfique"),
}
PART_NAMES = {
    Part.EXAMINE: _("À examiner"),
    Part.SERIOUS: _("Un seul retour suffit"),
    Part.GOOD: _("Bonnes surprises"),
    Part.QUALIFIED: _("Déjà qualifiés"),
}
UNEXPECTED_NAMES: Names = {
    "unknown": _("je ne sais pas"),
    "yes": _("oui"),
    "no": _("non"),
}
