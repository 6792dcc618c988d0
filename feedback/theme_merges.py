"""Two themes made one, and a part taken out of a theme to stand alone."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select

from app.db import db
from app.traces import Actor
from feedback import bonds, theme_bonds
from feedback.models import Placement, Theme
from feedback.theme_centres import describe
from feedback.theme_edits import standing
from feedback.theme_ledger import Ledger, note, record_moved
from feedback.theme_moves import chosen_in
from feedback.theme_refusals import Reason, Refused, checked_name


def merge(theme: Theme, into: Theme, actor: Actor, day: date) -> int:
    """Make ``theme`` a part of ``into``, which keeps its name; return how many sentences moved.

    Every run follows. Raise ``Refused`` for a theme itself, of another service or ended, or when
    a person said that the two, or a message of each, may never stand together.
    """
    standing(theme, into)
    if theme.id == into.id:
        raise Refused(Reason.ITSELF)
    if into in theme_bonds.kept_by(theme):
        raise Refused(Reason.KEPT_APART)
    if bonds.quarrel(theme, into):
        raise Refused(Reason.APART_THERE)
    ledger = Ledger()
    ledger.put(theme, ended=day, merged_into=into.id)
    moved = list(db.session.scalars(select(Placement).where(Placement.theme_id == theme.id)))
    for placement in moved:
        if placement.runner_up == into.id:
            ledger.put(placement, theme_id=into.id, runner_up=None, runner_up_score=None)
        else:
            ledger.put(placement, theme_id=into.id)
    describe(ledger, into)
    ledger.close(into, "merged", actor, day, f"{theme.name} → {into.name}")
    note(theme, day, "merged", actor.role, f"{theme.name} → {into.name}")
    return len(moved)


def split(theme: Theme, feedback_ids: Iterable[str], name: str, actor: Actor, day: date) -> Theme:
    """Take the chosen retours out of ``theme`` into a new theme called ``name``; return it.

    The next messages of ``theme`` choose between the two. Raise ``Refused`` when all or nothing is
    chosen, the name is blank, or a bond would be broken.
    """
    standing(theme)
    chosen = chosen_in(theme, feedback_ids)
    if len(chosen) == _size(theme):
        raise Refused(Reason.EVERYTHING)
    if bonds.left_behind({each.segment_id for each in chosen}, None):
        raise Refused(Reason.TIED)
    part = _part(theme, checked_name(name), [each.segment.text for each in chosen], day)
    ledger = Ledger()
    db.session.add(part)
    db.session.flush()
    # Undone, the part has ended and is merged back: what came in since goes where it came from.
    ledger.write(part, {"ended": day.isoformat(), "merged_into": theme.id}, _STANDS)
    for placement in chosen:
        ledger.place(placement, part)
    describe(ledger, theme, part)
    ledger.close(theme, "split", actor, day, f"{theme.name} → {part.name}")
    note(part, day, "born", actor.role, part.name)
    record_moved(chosen, actor, day)
    return part


_STANDS = {"ended": None, "merged_into": None}


def _size(theme: Theme) -> int:
    query = select(func.count()).where(Placement.theme_id == theme.id, ~Placement.contested)
    return db.session.scalar(query.select_from(Placement)) or 0


def _part(theme: Theme, name: str, texts: list[str], day: date) -> Theme:
    """Return the new theme, with those words of the old one that its messages say."""
    said = " ".join(texts).lower()
    return Theme(
        service_id=theme.service_id,
        name=name,
        named_by_person=True,
        born=day,
        split_from=theme.id,
        threshold=theme.threshold,
        words=[pair for pair in theme.words if str(pair[0]).lower() in said],
    )
