"""The last gestures on a session's board: what each one was, and taking any of them back.

Live state: it goes when the session closes (``live_state.py``). What a change is made of is
``board_changes.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from sqlalchemy import delete, select

from app.accounts import Account
from app.db import db
from workshops.board_changes import difference, state_of, take_back
from workshops.console_models import BoardAct
from workshops.models import CardGroup, Workshop
from workshops.phases import Act, check_act, rule_of

MOST_KEPT = 10  # gestures that can be taken back


class Kind(StrEnum):
    """The gestures that are listed."""

    GATHER = "gather"
    MERGE = "merge"
    SEPARATE = "separate"
    RENAME = "rename"
    LOCK = "lock"
    UNLOCK = "unlock"
    ACCEPT = "accept"
    HIDE = "hide"
    SHOW = "show"
    DOUBLE = "double"
    APART = "apart"


_HIDING = frozenset({Kind.HIDE, Kind.SHOW})
_OF_GROUPS = {
    Kind.MERGE: _("Groupes fusionnés"),
    Kind.RENAME: _("Groupe renommé"),
    Kind.LOCK: _("Groupe verrouillé"),
    Kind.UNLOCK: _("Groupe déverrouillé"),
}


class ActGone(Exception):
    """The gesture was taken back already, or ten others came after it."""


@dataclass(frozen=True)
class Listed:
    """A gesture as the console lists it."""

    id: str
    words: str
    name: str  # of the group, as people called it
    by: str  # who else did it; empty for who reads
    may_undo: bool


def recorded(
    workshop: Workshop, by: Account, kind: Kind, do: Callable[[], CardGroup | None]
) -> None:
    """Do a gesture and keep what it changed; one that changed nothing is not listed."""
    before = state_of(workshop)
    group = do()
    db.session.flush()
    change = difference(before, state_of(workshop))
    if not change:
        return
    workshop.acts += 1
    db.session.add(
        BoardAct(
            workshop_id=workshop.id,
            account_id=by.id,
            number=workshop.acts,
            kind=kind.value,
            count=len(change.get("doubles") or change.get("cards", {})),
            name=group.title if group else "",
            change=change,
        )
    )
    _drop_oldest(workshop)


def _drop_oldest(workshop: Workshop) -> None:
    db.session.flush()
    old = [act.id for act in _acts(workshop)[MOST_KEPT:]]
    db.session.execute(delete(BoardAct).where(BoardAct.id.in_(old)))


def _acts(workshop: Workshop) -> list[BoardAct]:
    query = select(BoardAct).where(BoardAct.workshop_id == workshop.id)
    return list(db.session.scalars(query.order_by(BoardAct.number.desc())))


def undo(workshop: Workshop, act_id: str) -> None:
    """Take a gesture back.

    Raises ``ActGone``, ``WrongPhase``, or as ``board_changes.take_back``.
    """
    act = db.session.get(BoardAct, act_id)
    if act is None or act.workshop_id != workshop.id:
        raise ActGone(act_id)
    check_act(workshop.phase, _needs(Kind(act.kind)))
    take_back(workshop, act.change)
    db.session.delete(act)
    workshop.acts += 1
    workshop.version += 1
    db.session.flush()


def _needs(kind: Kind) -> Act:
    return Act.HIDE if kind in _HIDING else Act.ARRANGE


def listed(workshop: Workshop, reader: Account) -> list[Listed]:
    """Return the last ten gestures, the newest first."""
    accepts = rule_of(workshop.phase).accepts
    return [
        Listed(
            act.id,
            _words(Kind(act.kind), act.count),
            act.name,
            act.account.name if act.account and act.account_id != reader.id else "",
            _needs(Kind(act.kind)) in accepts,
        )
        for act in _acts(workshop)
    ]


def _words(kind: Kind, count: int) -> str:
    if kind in _OF_GROUPS:
        return str(_OF_GROUPS[kind])
    told: dict[Kind, Callable[[], str]] = {
        Kind.GATHER: lambda: ngettext("%(num)d idée regroupée", "%(num)d idées regroupées", count),
        Kind.ACCEPT: lambda: ngettext(
            "Proposition acceptée : %(num)d idée", "Proposition acceptée : %(num)d idées", count
        ),
        Kind.SEPARATE: lambda: ngettext("%(num)d idée séparée", "%(num)d idées séparées", count),
        Kind.HIDE: lambda: ngettext("%(num)d idée masquée", "%(num)d idées masquées", count),
        Kind.SHOW: lambda: ngettext("%(num)d idée remise", "%(num)d idées remises", count),
        Kind.DOUBLE: lambda: ngettext("%(num)d doublon réuni", "%(num)d doublons réunis", count),
        Kind.APART: lambda: ngettext("%(num)d doublon séparé", "%(num)d doublons séparés", count),
    }
    return told[kind]()
