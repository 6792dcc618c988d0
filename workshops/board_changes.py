"""What a gesture on the board changed, card by card: kept so that it can be taken back exactly.

A state of the board is ``{kind: {key: values}}``; a change holds, for each key that differs, what
was there before and after, None for nothing. Which gestures are listed is ``board_acts.py``.
"""

from typing import Any

from sqlalchemy import select

from app.db import Moment, db
from workshops import groups
from workshops.models import Card, CardGroup, Duplicate, Vote, Workshop

State = dict[str, dict[str, Any]]
_KEPT = tuple(  # columns of a group that a gesture may change; clocks run on
    column.name
    for column in CardGroup.__table__.columns
    if column.name not in ("id", "workshop_id") and not isinstance(column.type, Moment)
)


class TouchedSince(Exception):
    """Somebody has since changed what the gesture had changed: it cannot be taken back."""


def state_of(workshop: Workshop) -> State:
    """Return how the board stands: cards, groups, votes and duplicates."""
    cards = select(Card).where(Card.workshop_id == workshop.id)
    own_groups = select(CardGroup).where(CardGroup.workshop_id == workshop.id)
    votes = select(Vote).where(Vote.workshop_id == workshop.id)
    folded = select(Duplicate).join(Card, Card.id == Duplicate.card_id)
    return {
        "cards": {c.id: [c.group_id, c.hidden_reason] for c in db.session.scalars(cards)},
        "groups": {
            g.id: {name: getattr(g, name) for name in _KEPT} for g in db.session.scalars(own_groups)
        },
        "votes": {f"{v.participant_id} {v.group_id}": v.dots for v in db.session.scalars(votes)},
        "doubles": {
            each.card_id: each.of_id
            for each in db.session.scalars(folded.where(Card.workshop_id == workshop.id))
        },
    }


def difference(before: State, after: State) -> dict[str, dict[str, list[Any]]]:
    """Return what differs, as [before, after] by key; empty when nothing does."""
    found = {}
    for kind, old in before.items():
        new = after[kind]
        keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
        if keys:
            found[kind] = {key: [old.get(key), new.get(key)] for key in keys}
    return found


def take_back(workshop: Workshop, change: dict[str, dict[str, list[Any]]]) -> None:
    """Bring back what the change had replaced.

    Raises ``TouchedSince`` unless the board still stands as the change left it, and as
    ``groups.check_free`` for groups that are locked or proposed.
    """
    _check_untouched(workshop, change)
    moved = change.get("cards", {})
    around = {
        place for states in moved.values() for state in states if state for place in state[:1]
    }
    relocked = {key for key, (old, new) in change.get("groups", {}).items() if _is_lock(old, new)}
    groups.check_free({place for place in around if place} - relocked)
    _bring_groups(workshop, change.get("groups", {}))
    for key, (old, _new) in moved.items():
        card = db.session.get_one(Card, key)
        card.group_id, card.hidden_reason = old
    db.session.flush()
    _bring_doubles(change.get("doubles", {}))
    _bring_votes(workshop, change.get("votes", {}))
    _drop_groups(change.get("groups", {}))
    _check_filled(around)


def _check_untouched(workshop: Workshop, change: dict[str, dict[str, list[Any]]]) -> None:
    state = state_of(workshop)
    for kind, found in change.items():
        for key, (_old, new) in found.items():
            if state[kind].get(key) != new:
                raise TouchedSince(key)


def _is_lock(old: dict[str, Any] | None, new: dict[str, Any] | None) -> bool:
    return bool(old and new and old["locked"] != new["locked"])


def _bring_groups(workshop: Workshop, found: dict[str, list[Any]]) -> None:
    for key, (old, _new) in found.items():
        if old is None:
            continue
        group = db.session.get(CardGroup, key)
        if group is None:
            group = CardGroup(id=key, workshop_id=workshop.id)
            db.session.add(group)
        for name, value in old.items():
            setattr(group, name, value)
    db.session.flush()


def _bring_doubles(found: dict[str, list[Any]]) -> None:
    for key, (old, _new) in found.items():
        row = db.session.get(Duplicate, key)
        if row is not None:
            db.session.delete(row)
            db.session.flush()
        if old is not None:
            db.session.add(Duplicate(card_id=key, of_id=old))
    db.session.flush()


def _bring_votes(workshop: Workshop, found: dict[str, list[Any]]) -> None:
    """Give votes back to who had given them; nobody passes the budget or the cap by it."""
    for key, (old, _new) in found.items():
        person, group_id = key.split(" ")
        mine = Vote.participant_id == person, Vote.group_id == group_id
        row = db.session.scalar(select(Vote).where(*mine))
        if row is None:
            row = Vote(workshop_id=workshop.id, participant_id=person, group_id=group_id, dots=0)
            db.session.add(row)
        row.dots = old or 0
        if not old:
            db.session.delete(row)
        db.session.flush()
    if found:
        _check_budget(workshop, {key.split(" ")[0] for key in found})


def _check_budget(workshop: Workshop, people: set[str]) -> None:
    for person in people:
        dots = list(db.session.scalars(select(Vote.dots).where(Vote.participant_id == person)))
        if sum(dots) > workshop.votes_each or max(dots, default=0) > workshop.votes_per_group:
            raise TouchedSince(person)


def _drop_groups(found: dict[str, list[Any]]) -> None:
    """Drop what the gesture had made, if nothing came into it since."""
    for key, (old, _new) in found.items():
        if old is None:
            if groups.members(key) or db.session.scalar(select(Vote).where(Vote.group_id == key)):
                raise TouchedSince(key)
            db.session.delete(db.session.get_one(CardGroup, key))
    db.session.flush()


def _check_filled(around: set[str]) -> None:
    """Refuse to leave a group empty: somebody took its other cards out since."""
    left = select(CardGroup.id).where(CardGroup.id.in_([key for key in around if key]))
    for key in db.session.scalars(left):
        if not groups.members(key):
            raise TouchedSince(key)
