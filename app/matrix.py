"""The evaluation matrix (model.md §6): classes of functionalities, risks, and what they ask for."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _


class Risk(StrEnum):
    """How much harm a functionality can do, to one person or to all."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


RISK_NAMES = {Risk.LOW: _("faible"), Risk.MEDIUM: _("moyen"), Risk.HIGH: _("élevé")}


class FunctionalityClass(StrEnum):
    """The classes of the evaluation matrix (model.md §6); comparisons stay inside one class."""

    INFORMATION = "information"
    APPOINTMENT = "appointment"
    ADMINISTRATION = "administration"
    COMMUNICATION = "communication"
    SELF_MONITORING = "self_monitoring"
    VAULT = "vault"
    RIGHTS = "rights"
    DECISION_SUPPORT = "decision_support"
    DIAGNOSIS = "diagnosis"
    THERAPY = "therapy"
    EMERGENCY = "emergency"
    ALLOCATION = "allocation"


CLASS_NAMES = {
    FunctionalityClass.INFORMATION: _("information"),
    FunctionalityClass.APPOINTMENT: _("rendez-vous"),
    FunctionalityClass.ADMINISTRATION: _("démarche administrative"),
    FunctionalityClass.COMMUNICATION: _("communication"),
    FunctionalityClass.SELF_MONITORING: _("suivi par soi-même"),
    FunctionalityClass.VAULT: _("coffre de documents"),
    FunctionalityClass.RIGHTS: _("accès aux droits"),
    FunctionalityClass.DECISION_SUPPORT: _("aide à la décision"),
    FunctionalityClass.DIAGNOSIS: _("diagnostic"),
    FunctionalityClass.THERAPY: _("soin"),
    FunctionalityClass.EMERGENCY: _("urgence"),
    FunctionalityClass.ALLOCATION: _("attribution d’aides"),
}


# What people say of these may be taken for a judgement on care, whatever risk was entered.
NEAR_CARE = (
    FunctionalityClass.DECISION_SUPPORT,
    FunctionalityClass.DIAGNOSIS,
    FunctionalityClass.THERAPY,
)


@dataclass(frozen=True)
class MatrixRow:
    """What a risk asks for: working days to answer, weeks promised between false alarms."""

    reply_days: int
    run_length_weeks: int


MATRIX = {
    Risk.LOW: MatrixRow(15, 520),
    Risk.MEDIUM: MatrixRow(10, 260),
    Risk.HIGH: MatrixRow(5, 104),
}
_RAISED = {Risk.LOW: Risk.MEDIUM, Risk.MEDIUM: Risk.HIGH, Risk.HIGH: Risk.HIGH}


def demands(individual: Risk, collective: Risk) -> MatrixRow:
    """Return what the two risks ask for (model.md §6).

    A raised collective risk halves the clock and moves the run length one row down.
    """
    base = MATRIX[individual]
    if collective is Risk.LOW:
        return base
    return MatrixRow(max(1, base.reply_days // 2), MATRIX[_RAISED[individual]].run_length_weeks)
