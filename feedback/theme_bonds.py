"""Two themes that are never to be made one, and the bonds of a theme as its page lists them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from app.db import db
from app.traces import Actor
from feedback.models import BondKind, Feedback, Placement, Segment, SegmentBond, Theme, ThemeBond
from feedback.theme_edits import standing
from feedback.theme_ledger import Ledger
from feedback.theme_refusals import Reason, Refused
from feedback.themes import heir_of


@dataclass(frozen=True)
class Pair:
    """Two retours that a person tied or parted."""

    kind: BondKind
    one: Feedback
    other: Feedback


def kept_by(theme: Theme) -> list[Theme]:
    """Return the themes that ``theme`` may never be made one with, as they stand now."""
    return [found for _bond, found in _kept(theme)]


def _kept(theme: Theme) -> list[tuple[ThemeBond, Theme]]:
    """Return each bond of ``theme``, or of what was merged into it, with the theme it bars."""
    mine = {theme.id, *_merged_into(theme)}
    either = or_(ThemeBond.one_id.in_(mine), ThemeBond.other_id.in_(mine))
    found: dict[str, tuple[ThemeBond, Theme]] = {}
    for bond in db.session.scalars(select(ThemeBond).where(either)):
        far = lasting(bond.other_id if bond.one_id in mine else bond.one_id)
        if far is not None and far.id not in mine:
            found[far.id] = (bond, far)
    return sorted(found.values(), key=lambda pair: (pair[1].name, pair[1].id))


def _merged_into(theme: Theme) -> set[str]:
    """Return the ids of the themes that people merged into ``theme``, directly or by another."""
    found: set[str] = set()
    fresh = {theme.id}
    while fresh:
        query = select(Theme.id).where(Theme.merged_into.in_(fresh))
        fresh = set(db.session.scalars(query)) - found
        found |= fresh
    return found


def lasting(theme_id: str | None) -> Theme | None:
    """Return the theme that ``theme_id`` is today: itself, or what it was merged into."""
    found = db.session.get(Theme, theme_id) if theme_id else None
    return heir_of(found) if found else None


def keep_themes_apart(theme: Theme, other: Theme, actor: Actor, day: date) -> bool:
    """Bar every run from making the two one. False: they were kept apart already."""
    standing(theme, other)
    if theme.id == other.id:
        raise Refused(Reason.ITSELF)
    if other in kept_by(theme):
        return False
    one, last = sorted((theme.id, other.id))
    ledger = Ledger()
    ledger.add(ThemeBond(one_id=one, other_id=last, day=day, role=actor.role))
    ledger.close(theme, "kept apart", actor, day, f"{theme.name} → {other.name}")
    return True


def free_themes(theme: Theme, other: Theme, actor: Actor, day: date) -> bool:
    """Take back that the two may never be one. False: nothing kept them apart."""
    bonds = [bond for bond, found in _kept(theme) if found.id == other.id]
    if not bonds:
        return False
    ledger = Ledger()
    for bond in bonds:
        ledger.remove(bond)
    ledger.close(theme, "freed", actor, day, f"{theme.name} → {other.name}")
    return True


def pairs_in(theme: Theme) -> list[Pair]:
    """Return the bonds between retours of which one at least stands in ``theme``."""
    found = {
        (bond.kind, *sorted((one.id, other.id))): Pair(BondKind(bond.kind), one, other)
        for bond, one, other in _bonds_in(theme)
        if one.id != other.id
    }
    return [found[each] for each in sorted(found)]


def _bonds_in(theme: Theme) -> list[tuple[SegmentBond, Feedback, Feedback]]:
    inside = select(Placement.segment_id).where(
        Placement.theme_id == theme.id, ~Placement.contested
    )
    either = or_(SegmentBond.one_id.in_(inside), SegmentBond.other_id.in_(inside))
    bonds = list(db.session.scalars(select(SegmentBond).where(either)))
    retours = _retours(end for bond in bonds for end in (bond.one_id, bond.other_id))
    return [(bond, retours[bond.one_id], retours[bond.other_id]) for bond in bonds]


def _retours(segment_ids: Iterable[str]) -> dict[str, Feedback]:
    query = select(Segment.id, Feedback).join(Feedback)
    return dict(db.session.execute(query.where(Segment.id.in_(set(segment_ids)))).all())


def free_messages(theme: Theme, ids: Iterable[str], actor: Actor, day: date) -> bool:
    """Take back every bond between two retours. False: there was none."""
    wanted = set(ids)
    bonds = [bond for bond, one, other in _bonds_in(theme) if {one.id, other.id} == wanted]
    if not bonds:
        return False
    ledger = Ledger()
    for bond in bonds:
        ledger.remove(bond)
    ledger.close(theme, "freed", actor, day)
    return True
