"""Views of the inbox that an account keeps under names of its own; nobody else sees them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from app.accounts import Account
from app.db import db
from app.desk_filters import PARAMETERS, View
from feedback.models import SavedView

LONGEST_NAME = 60  # characters
MOST_VIEWS = 20  # of one account: more are no help
KEPT = ("vue", *PARAMETERS.values())


class BadName(Exception):
    """The name is empty or too long."""


class NameTaken(Exception):
    """Another view of the account has that name."""


class TooManyViews(Exception):
    """The account keeps as many views as it may."""


def views_of(account: Account) -> list[SavedView]:
    """Return the views that ``account`` keeps, by name."""
    query = select(SavedView).where(SavedView.account_id == account.id)
    return list(db.session.scalars(query.order_by(func.folded(SavedView.name))))


def view_of(account: Account, view_id: str) -> SavedView | None:
    """Return a view of ``account`` itself, or None."""
    found = db.session.get(SavedView, view_id)
    return found if found and found.account_id == account.id else None


def keep_view(account: Account, name: str, asked: Mapping[str, str]) -> SavedView:
    """Keep what ``asked`` narrows under ``name``; the same again is one view.

    Raises ``BadName``, ``NameTaken`` or ``TooManyViews``.
    """
    name, query = _named(name), _query(asked)
    present = views_of(account)
    for each in present:
        if each.name == name and each.query == query:
            return each
    _refuse_twins(present, name)
    if len(present) >= MOST_VIEWS:
        raise TooManyViews(len(present))
    view = SavedView(account_id=account.id, name=name, query=query)
    db.session.add(view)
    db.session.flush()
    return view


def rename_view(account: Account, view: SavedView, name: str) -> None:
    """Give ``view`` another name; raise ``BadName`` or ``NameTaken``."""
    name = _named(name)
    _refuse_twins([each for each in views_of(account) if each.id != view.id], name)
    view.name = name
    db.session.flush()


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise BadName(name)
    return name


def _refuse_twins(present: list[SavedView], name: str) -> None:
    if any(each.name.casefold() == name.casefold() for each in present):
        raise NameTaken(name)


def _query(asked: Mapping[str, str]) -> dict[str, Any]:
    found = {each: asked.get(each, "").strip()[:100] for each in KEPT}
    if found["vue"] not in set(View):
        found["vue"] = View.ALL.value
    return {name: value for name, value in found.items() if value}
