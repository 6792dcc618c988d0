"""What people did to a membership or a theme, as facts: when, what, who."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, or_, select

from app.db import db
from feedback.models import BondKind, PlacedBy, Placement, SegmentBond, Theme, ThemeEvent
from feedback.words import ROLE_NAMES

MOVED = _("Cette phrase a changé de thème")
EDIT_NAMES = {
    "renamed": _("Thème renommé"),
    "merged": _("Thèmes réunis"),
    "split": _("Thème séparé"),
    "locked": _("Thème verrouillé"),
    "unlocked": _("Thème déverrouillé"),
    "contested": _("Un auteur a retiré sa phrase"),
    "moved": _("Des messages déplacés vers un autre thème"),
    "received": _("Des messages reçus d’un autre thème"),
    "added": _("Des retours ajoutés au thème depuis la liste"),
    "taken out": _("Des messages sortis du thème"),
    "kept apart": _("À ne jamais réunir avec un autre thème"),
    "together": _("Des messages à garder ensemble"),
    "apart": _("Des messages à ne jamais réunir"),
    "freed": _("Une de ces règles levée"),
    "undone": _("Un changement annulé"),
}
BOND_NAMES = {
    BondKind.TOGETHER.value: _("Toujours avec une autre phrase, à la demande d’une personne"),
    BondKind.APART.value: _("Jamais avec une autre phrase, à la demande d’une personne"),
}


@dataclass(frozen=True)
class HumanEdit:
    """One thing that a person did; ``kind`` is its name in the tables."""

    day: date
    kind: str
    what: str
    who: str


def edits_of_placement(placement: Placement) -> tuple[HumanEdit, ...]:
    """Return what people did to a segment's membership and to its theme, oldest first."""
    found = [_moved(event) for event in _moves_of(placement)]
    found += [_bound(bond) for bond in bonds_of(placement.segment_id)]
    found += edits_of_theme(placement.theme)
    return tuple(sorted(found, key=lambda edit: edit.day))


def edits_of_theme(theme: Theme) -> tuple[HumanEdit, ...]:
    """Return what people did to ``theme`` and did not undo, oldest first."""
    events = db.session.scalars(_by_people().where(ThemeEvent.theme_id == theme.id))
    return tuple(
        HumanEdit(event.day, event.kind, str(EDIT_NAMES[event.kind]), _who(event.by))
        for event in events
        if event.kind in EDIT_NAMES
    )


def bonds_of(segment_id: str) -> list[SegmentBond]:
    """Return what people said of a segment and another one."""
    either = or_(SegmentBond.one_id == segment_id, SegmentBond.other_id == segment_id)
    return list(db.session.scalars(select(SegmentBond).where(either).order_by(SegmentBond.day)))


def _by_people() -> Select[ThemeEvent]:
    query = select(ThemeEvent).where(
        ThemeEvent.by != PlacedBy.MACHINE.value, ThemeEvent.undone.is_(None)
    )
    return query.order_by(ThemeEvent.id)


def _moves_of(placement: Placement) -> Iterable[ThemeEvent]:
    """Yield the edits whose record of values before names this placement."""
    themes = select(Theme.id).where(Theme.service_id == placement.theme.service_id)
    query = _by_people().where(ThemeEvent.theme_id.in_(themes), ThemeEvent.before.is_not(None))
    for event in db.session.scalars(query):
        changes = (event.before or {}).get("changes", [])
        if any(
            change["table"] == Placement.__tablename__ and [placement.segment_id] in change["keys"]
            for change in changes
        ):
            yield event


def _moved(event: ThemeEvent) -> HumanEdit:
    return HumanEdit(event.day, "membership", str(MOVED), _who(event.by))


def _bound(bond: SegmentBond) -> HumanEdit:
    return HumanEdit(bond.day, bond.kind, str(BOND_NAMES[bond.kind]), _who(bond.role))


def _who(role: str) -> str:
    return str(ROLE_NAMES.get(role, role))
