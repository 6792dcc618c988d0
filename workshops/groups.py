"""The groups that people make of a session's cards: gather, name, let go, seat for the vote.

Every verb checks the phase first. Votes are ``ballot.py``; the cards themselves are ``board.py``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.db import db
from workshops import ballot
from workshops.board import LONGEST_TITLE, shown_cards
from workshops.models import Card, CardGroup, Proposal, Workshop
from workshops.phases import Act, check_act


class NothingToGroup(Exception):
    """A group needs two cards, or a group to put one in."""


class GroupIsProposed(Exception):
    """The group became a proposal: its cards stay together."""


@dataclass(frozen=True)
class Row:
    """A group with the cards that the room may read."""

    group: CardGroup
    cards: tuple[Card, ...]

    @property
    def title(self) -> str:
        """The name that people gave, else the words of its first card."""
        return self.group.title or self.cards[0].text

    @property
    def is_single(self) -> bool:
        """Say whether this is a card that stands alone."""
        return len(self.cards) == 1 and not self.group.title


def group_of(workshop: Workshop, group_id: str) -> CardGroup | None:
    """Return the session's group, or None."""
    group = db.session.get(CardGroup, group_id)
    return group if group and group.workshop_id == workshop.id else None


def rows(workshop: Workshop) -> list[Row]:
    """Return the groups that hold a card to read: the largest first, singles last."""
    found: dict[str, list[Card]] = {}
    for card in shown_cards(workshop):
        if card.group_id:
            found.setdefault(card.group_id, []).append(card)
    query = select(CardGroup).where(CardGroup.workshop_id == workshop.id)
    groups = {group.id: group for group in db.session.scalars(query)}
    made = [Row(groups[key], tuple(cards)) for key, cards in found.items()]
    return sorted(made, key=lambda row: (row.is_single, -len(row.cards), row.group.id))


def loose_cards(workshop: Workshop) -> list[Card]:
    """Return the cards to read that stand in no group."""
    return [card for card in shown_cards(workshop) if card.group_id is None]


def gather(
    workshop: Workshop, cards: Sequence[Card], into: CardGroup | None = None, title: str = ""
) -> CardGroup:
    """Put ``cards`` together in a new group, or ``into`` one that exists.

    Votes given to a group that this empties go along. Raises ``WrongPhase``, ``NothingToGroup`` or
    ``GroupIsProposed``.
    """
    check_act(workshop.phase, Act.ARRANGE)
    if not cards or (into is None and len(cards) < 2):
        raise NothingToGroup
    old = {card.group_id for card in cards if card.group_id}
    _check_free(old | ({into.id} if into else set()))
    if into is None:
        into = CardGroup(workshop_id=workshop.id)
        db.session.add(into)
        db.session.flush()
    into.title = title.strip()[:LONGEST_TITLE] or into.title
    for card in cards:
        card.group_id = into.id
    db.session.flush()
    _drop_empty(workshop, old - {into.id}, into)
    workshop.version += 1
    return into


def ungroup(workshop: Workshop, group: CardGroup) -> None:
    """Let the cards of ``group`` stand alone again; votes on it go back to their owners."""
    check_act(workshop.phase, Act.ARRANGE)
    _check_free({group.id})
    for card in _members(group.id):
        card.group_id = None
    db.session.flush()
    db.session.delete(group)
    workshop.version += 1
    db.session.flush()


def rename(workshop: Workshop, group: CardGroup, title: str) -> None:
    """Name a group; an empty name lets its first card speak for it."""
    check_act(workshop.phase, Act.ARRANGE)
    group.title = title.strip()[:LONGEST_TITLE]
    workshop.version += 1


def seat_singles(workshop: Workshop) -> None:
    """Make each card that stands alone a group of its own, so that it can be voted for."""
    for card in loose_cards(workshop):
        group = CardGroup(workshop_id=workshop.id)
        db.session.add(group)
        db.session.flush()
        card.group_id = group.id
    db.session.flush()


def _members(group_id: str) -> list[Card]:
    return list(db.session.scalars(select(Card).where(Card.group_id == group_id)))


def _check_free(group_ids: Iterable[str]) -> None:
    query = select(Proposal.id).where(Proposal.group_id.in_(list(group_ids))).limit(1)
    if db.session.scalar(query):
        raise GroupIsProposed


def _drop_empty(workshop: Workshop, group_ids: Iterable[str], heir: CardGroup) -> None:
    for group_id in group_ids:
        if not _members(group_id):
            ballot.carry_over(workshop, group_id, heir.id)
            db.session.delete(db.session.get_one(CardGroup, group_id))
    db.session.flush()
