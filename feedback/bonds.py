"""What people say of two messages: always together, never together; two themes: theme_bonds.py.

The word is kept as rows that every run honours, and is acted upon at once.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import product
from statistics import mean

from sqlalchemy import or_, select

from app.db import db
from app.traces import Actor
from feedback.models import BondKind, Placement, SegmentBond, Theme
from feedback.theme_centres import describe
from feedback.theme_edits import standing
from feedback.theme_ledger import Ledger, record_moved
from feedback.theme_refusals import Reason, Refused

Side = Sequence[Placement]  # one retour in the theme: one sentence of it or several


def _bonds_of(ids: Iterable[str], kind: BondKind) -> list[SegmentBond]:
    known = list(ids)
    either = or_(SegmentBond.one_id.in_(known), SegmentBond.other_id.in_(known))
    return list(db.session.scalars(select(SegmentBond).where(either, SegmentBond.kind == kind)))


def is_any(ids: Iterable[str]) -> bool:
    """Say whether people said anything of one of ``ids`` and another segment."""
    known = list(ids)
    either = or_(SegmentBond.one_id.in_(known), SegmentBond.other_id.in_(known))
    return db.session.scalar(select(SegmentBond.one_id).where(either).limit(1)) is not None


def together_with(ids: Iterable[str]) -> set[str]:
    """Return ``ids`` and every segment that is tied to them, directly or by a third."""
    found, fresh = set(ids), set(ids)
    while fresh:
        ends = {end for bond in _bonds_of(fresh, BondKind.TOGETHER) for end in _ends(bond)}
        fresh = ends - found
        found |= fresh
    return found


def apart_from(ids: Iterable[str]) -> set[str]:
    """Return every segment that may not stand with one of ``ids`` or what is tied to them."""
    tied = together_with(ids)
    foes = {end for bond in _bonds_of(tied, BondKind.APART) for end in _ends(bond)} - tied
    return together_with(foes)


def _ends(bond: SegmentBond) -> tuple[str, str]:
    return bond.one_id, bond.other_id


def _inside(ids: Iterable[str], theme: Theme) -> list[Placement]:
    query = select(Placement).where(
        Placement.segment_id.in_(list(ids)), Placement.theme_id == theme.id, ~Placement.contested
    )
    return list(db.session.scalars(query.order_by(Placement.segment_id)))


def foes_in(ids: Iterable[str], theme: Theme) -> set[str]:
    """Return the segments of ``theme`` that may not stand with ``ids``."""
    return {each.segment_id for each in _inside(apart_from(ids), theme)}


def left_behind(ids: set[str], target: Theme | None) -> set[str]:
    """Return what is tied to ``ids`` and would stand elsewhere once they are in ``target``."""
    tied = together_with(ids) - ids
    query = select(Placement).where(Placement.segment_id.in_(tied), ~Placement.contested)
    return {
        each.segment_id
        for each in db.session.scalars(query)
        if target is None or each.theme_id != target.id
    }


def quarrel(theme: Theme, other: Theme) -> bool:
    """Say whether a segment of one theme may never stand with a segment of the other."""
    query = select(Placement.segment_id).where(Placement.theme_id == theme.id, ~Placement.contested)
    ids = set(db.session.scalars(query))
    foes = {end for bond in _of_service(theme.service_id) for end in _ends(bond)} & ids
    return bool(foes and foes_in(foes, other))


def _of_service(service_id: int) -> list[SegmentBond]:
    return list(db.session.scalars(select(SegmentBond).where(SegmentBond.service_id == service_id)))


def keep_together(one: Side, other: Side, actor: Actor, day: date) -> bool:
    """Tie two retours for good; the second joins the first's theme. False: they were tied."""
    theme = one[0].theme
    standing(theme, other[0].theme)
    first, second = _ids(one), _ids(other)
    if apart_from(first) & together_with(second):
        raise Refused(Reason.CONTRADICTS)
    if foes_in(second, theme):
        raise Refused(Reason.APART_THERE)
    ledger = Ledger()
    pairs = [(one[0].segment_id, each) for each in sorted((first | second) - {one[0].segment_id})]
    if not _bind(ledger, pairs, BondKind.TOGETHER, theme, (actor, day)):
        return False
    joining = _elsewhere(together_with(second), theme)
    left = {each.theme for each in joining}
    for placement in joining:
        ledger.place(placement, theme)
    describe(ledger, theme, *left)
    ledger.close(theme, "together", actor, day)
    record_moved(joining, actor, day)
    return True


def _elsewhere(ids: Iterable[str], theme: Theme) -> list[Placement]:
    query = select(Placement).where(
        Placement.segment_id.in_(list(ids)), Placement.theme_id != theme.id, ~Placement.contested
    )
    return list(db.session.scalars(query))


def keep_apart(one: Side, other: Side, actor: Actor, day: date) -> bool:
    """Part two retours for good; the less typical leaves a theme they share. False: it was so.

    It goes to its second choice when that is a theme of the service where nothing forbids it, else
    out of every theme, with what is tied to it.
    """
    theme = one[0].theme
    standing(theme, other[0].theme)
    first, second = _ids(one), _ids(other)
    if together_with(first) & together_with(second):
        raise Refused(Reason.CONTRADICTS)
    ledger = Ledger()
    if not _bind(ledger, list(product(first, second)), BondKind.APART, theme, (actor, day)):
        return False
    leaving: list[Placement] = []
    if other[0].theme_id == theme.id:
        leaver = min(one, other, key=lambda side: mean(each.score for each in side))
        leaving = _inside(together_with(_ids(leaver)), theme)
        _leave(ledger, leaving, _second_choice(leaver, theme))
    goal = [each.theme for each in leaving[:1] if not each.contested]
    describe(ledger, theme, *goal)
    ledger.close(theme, "apart", actor, day)
    record_moved(leaving, actor, day)
    return True


def _ids(side: Side) -> set[str]:
    return {each.segment_id for each in side}


def _leave(ledger: Ledger, leaving: Sequence[Placement], goal: Theme | None) -> None:
    for placement in leaving:
        if goal is None:
            ledger.take_out(placement)
        else:
            ledger.place(placement, goal)
    db.session.flush()
    for placement in leaving:
        db.session.refresh(placement)


def _second_choice(side: Side, theme: Theme) -> Theme | None:
    for placement in side:
        found = db.session.get(Theme, placement.runner_up) if placement.runner_up else None
        if found is None or found.ended or found.id == theme.id:
            continue
        if found.service_id == theme.service_id and not foes_in(_ids(side), found):
            return found
    return None


def _bind(
    ledger: Ledger,
    pairs: Iterable[tuple[str, str]],
    kind: BondKind,
    theme: Theme,
    told: tuple[Actor, date],
) -> bool:
    """Add the bonds that are not there yet; say whether there was one to add."""
    actor, day = told
    common = {"service_id": theme.service_id, "kind": kind.value, "day": day, "role": actor.role}
    added = False
    for one, other in sorted({(min(pair), max(pair)) for pair in pairs}):
        if one != other and db.session.get(SegmentBond, (one, other)) is None:
            ledger.add(SegmentBond(one_id=one, other_id=other, **common))
            added = True
    return added
