"""The levels of urgency in words: the published criteria, and what an author's page says of one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from app.days import add_working_days
from feedback import urgency
from feedback.models import Feedback, Urgency
from feedback.urgency import READ_WITHIN, Level

LEVEL_NAMES = {
    Level.URGENT: lazy_gettext("Urgent"),
    Level.SERIOUS: lazy_gettext("Grave"),
    Level.ORDINARY: lazy_gettext("Ordinaire"),
}
CRITERIA = {
    Level.URGENT: lazy_gettext(
        "Le message parle d’un danger : une vie menacée, une violence, un enfant ou un adulte "
        "maltraité."
    ),
    Level.SERIOUS: lazy_gettext(
        "Le message parle d’un tort subi. Une chute, un soin raté, une erreur de dossier, par "
        "exemple. Ou bien de l’argent ou un droit perdu."
    ),
    Level.ORDINARY: lazy_gettext("Tous les autres messages."),
}
_NOTHING_FOUND = lazy_gettext("Vos mots ne parlent ni d’un danger, ni d’un tort subi.")
WHAT_FOLLOWS = {
    Level.URGENT: lazy_gettext(
        "Les modérateurs reçoivent un courriel. Ils lisent avant l’équipe. Les numéros d’aide "
        "s’affichent tout de suite."
    ),
    Level.SERIOUS: lazy_gettext("Un expert le lit aussi, même s’il est seul à en parler."),
    Level.ORDINARY: lazy_gettext("L’équipe peut le lire dès l’envoi, sauf demande du service."),
}


@dataclass(frozen=True)
class Told:
    """What an author's page says of the level of a retour."""

    name: Any
    because: str
    decided: date | None  # by a person, with a reason
    reason: str
    wanted: Any  # the level that the author asks for; empty: none
    due: date | None  # by when a person decides about it
    choices: tuple[tuple[str, Any], ...]  # the other levels
    words: str = ""


def told_level(feedback: Feedback) -> Told | None:
    """Return what is said of the level of ``feedback``; None for a rating without text."""
    if not feedback.text or feedback.is_peer:
        return None
    row = urgency.urgency_of(feedback)
    level = urgency.level_of(feedback, row)
    by_person = row is not None and bool(row.level)
    return Told(
        LEVEL_NAMES[level],
        str(_("Une personne l’a décidé.") if by_person else _because(level)),
        row.decided if row and by_person else None,
        row.reason if row and by_person else "",
        LEVEL_NAMES[Level(row.wanted)] if row and row.wanted else "",
        _due(row),
        tuple((each.value, name) for each, name in LEVEL_NAMES.items() if each is not level),
    )


def _because(level: Level) -> Any:
    return _NOTHING_FOUND if level is Level.ORDINARY else CRITERIA[level]


def _due(row: Urgency | None) -> date | None:
    if row is None or not row.wanted or row.asked is None:
        return None
    return add_working_days(row.asked, READ_WITHIN[Level.ORDINARY])


def pressing_name(feedback: Feedback) -> Any:
    """Return the name of the level of ``feedback``, or nothing where it is ordinary."""
    level = urgency.level_of(feedback, urgency.urgency_of(feedback))
    return "" if level is Level.ORDINARY else LEVEL_NAMES[level]


def read_within(level: Level) -> str:
    """Return within how many working days a moderator reads a held message of ``level``."""
    days = READ_WITHIN[level]
    return ngettext(
        "Retenu, il est lu en %(num)s jour ouvré au plus.",
        "Retenu, il est lu en %(num)s jours ouvrés au plus.",
        days,
    )
