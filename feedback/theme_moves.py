"""The messages of a theme as people choose among them, and moving some to another theme or out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.db import db
from app.traces import Actor
from feedback import bonds
from feedback.models import Feedback, Placement, Segment, Theme
from feedback.theme_centres import describe
from feedback.theme_counts import READABLE
from feedback.theme_edits import standing
from feedback.theme_ledger import Ledger, note, record_moved
from feedback.theme_refusals import Reason, Refused


@dataclass(frozen=True)
class Message:
    """A retour with what it says in one theme; other sentences of it may stand elsewhere."""

    feedback: Feedback
    words: str


def messages_in(theme: Theme, limit: int, offset: int = 0) -> list[Message]:
    """Return the readable retours of ``theme``, newest first, with their sentences in it."""
    query = _retours(theme).order_by(Feedback.day.desc(), Feedback.id).limit(limit).offset(offset)
    return _told(theme, list(db.session.scalars(query)))


def chosen_messages(theme: Theme, feedback_ids: Iterable[str]) -> list[Message]:
    """Return those of ``feedback_ids`` that are in ``theme``, as ``messages_in`` does."""
    query = _retours(theme).where(Feedback.id.in_(list(feedback_ids)))
    return _told(theme, list(db.session.scalars(query.order_by(Feedback.id))))


def count_in(theme: Theme) -> int:
    """Return how many retours ``messages_in`` has in all."""
    return db.session.scalar(select(func.count()).select_from(_retours(theme).subquery())) or 0


def _retours(theme: Theme) -> Select[Feedback]:
    inside = (
        select(Segment.feedback_id)
        .join(Placement)
        .where(Placement.theme_id == theme.id, ~Placement.contested)
    )
    return select(Feedback).where(Feedback.id.in_(inside), Feedback.state.in_(READABLE))


def _told(theme: Theme, retours: list[Feedback]) -> list[Message]:
    words: dict[str, list[str]] = {}
    for placement in _placements(theme, [each.id for each in retours]):
        said = words.setdefault(placement.segment.feedback_id, [])
        said.append(placement.segment.text)
    return [Message(each, " … ".join(words[each.id])) for each in retours]


def _placements(theme: Theme, feedback_ids: list[str]) -> list[Placement]:
    query = (
        select(Placement)
        .join(Segment)
        .where(
            Placement.theme_id == theme.id,
            ~Placement.contested,
            Segment.feedback_id.in_(feedback_ids),
        )
        .order_by(Segment.feedback_id, Segment.start)
        .options(joinedload(Placement.segment).joinedload(Segment.feedback))
    )
    return list(db.session.scalars(query))


def chosen_in(theme: Theme, feedback_ids: Iterable[str]) -> list[Placement]:
    """Return the placements of the chosen retours in ``theme``.

    Raise ``Refused`` when nothing is chosen or one of them is not in it.
    """
    wanted = sorted(set(feedback_ids))
    if not wanted:
        raise Refused(Reason.NOTHING)
    found = _placements(theme, wanted)
    if {each.segment.feedback_id for each in found} != set(wanted):
        raise Refused(Reason.NOT_IN_THEME)
    return found


def move(
    theme: Theme, feedback_ids: Iterable[str], target: Theme | None, actor: Actor, day: date
) -> int:
    """Move retours from ``theme`` to ``target``, or out of every theme; return how many.

    Raise ``Refused`` when a bond forbids it, or a message or theme is not where it should be.
    """
    standing(theme, *([target] if target else []))
    if target is theme:
        raise Refused(Reason.ITSELF)
    chosen = chosen_in(theme, feedback_ids)
    may_go({each.segment_id for each in chosen}, target)
    ledger = Ledger()
    for placement in chosen:
        if target is None:
            ledger.take_out(placement)
        else:
            ledger.place(placement, target)
    describe(ledger, theme, *([target] if target else []))
    _close(ledger, theme, target, actor, day)
    return record_moved(chosen, actor, day)


def _close(ledger: Ledger, theme: Theme, target: Theme | None, actor: Actor, day: date) -> None:
    if target is None:
        ledger.close(theme, "taken out", actor, day)
        return
    ledger.close(theme, "moved", actor, day, f"{theme.name} → {target.name}")
    note(target, day, "received", actor.role, f"{theme.name} → {target.name}")


def may_go(ids: set[str], target: Theme | None) -> None:
    """Raise ``Refused`` when a bond keeps these segments from ``target``, or from leaving."""
    if bonds.left_behind(ids, target):
        raise Refused(Reason.TIED)
    if target and bonds.foes_in(ids, target):
        raise Refused(Reason.APART_THERE)
