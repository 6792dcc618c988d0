"""The history of a theme in words, oldest first."""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from app.db import db
from app.said import as_said
from feedback.models import PlacedBy, Theme, ThemeEvent
from feedback.words import ROLE_NAMES

EVENT_NAMES = {
    "born": _("Le thème apparaît"),
    "renamed": _("Renommé"),
    "merged": _("Réuni"),
    "split": _("Séparé"),
    "ended": _("Le thème s’arrête"),
    "contested": _("Un auteur retire sa phrase : ce n’est pas ce qu’il voulait dire"),
    "taken back": _("Un auteur remet sa phrase dans le thème"),
    "moved": _("Des messages changent de thème"),
    "received": _("Des messages arrivent d’un autre thème"),
    "added": _("Des retours ajoutés depuis la liste"),
    "taken out": _("Des messages sortent de tout thème"),
    "together": _("Deux messages restent toujours ensemble"),
    "apart": _("Deux messages ne sont plus jamais ensemble"),
    "kept apart": _("Jamais réuni avec un autre thème"),
    "freed": _("Un lien est retiré"),
    "locked": _("Verrouillé"),
    "unlocked": _("Déverrouillé"),
    "answered": _("Une réponse part à tout le thème"),
    "undone": _("Un changement est annulé"),
}
WORDLESS = {"born", "contested", "taken back"}  # their detail is a first title or a number
MACHINE = _("Analyse automatique")


@dataclass(frozen=True)
class Happening:
    """One event: when, what, with which names, by whom."""

    day: date
    what: str
    detail: str
    who: str
    undone: date | None


def story_of(theme: Theme) -> tuple[Happening, ...]:
    """Return what happened to ``theme``, in the order it happened."""
    query = select(ThemeEvent).where(ThemeEvent.theme_id == theme.id)
    return tuple(_told(event) for event in db.session.scalars(query.order_by(ThemeEvent.id)))


def _told(event: ThemeEvent) -> Happening:
    is_machine = event.by == PlacedBy.MACHINE.value
    return Happening(
        event.day,
        str(EVENT_NAMES.get(event.kind, _("Modifié"))),
        _detail(event),
        str(MACHINE if is_machine else ROLE_NAMES.get(event.by, event.by)),
        event.undone,
    )


def _detail(event: ThemeEvent) -> str:
    if event.kind == "answered" and event.detail.isdigit():
        return str(ngettext("%(num)d retour", "%(num)d retours", int(event.detail)))
    if event.kind == "undone":
        return str(EVENT_NAMES.get(event.detail, ""))
    return "" if event.kind in WORDLESS else as_said(event.detail)
