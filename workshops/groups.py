"""The groups that people make of a session's cards: gather, merge, name, lock, let go.

Every verb checks the phase first. Votes are ``ballot.py``; the cards themselves are ``board.py``.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.db import db
from workshops import ballot, threads
from workshops.board import LONGEST_TITLE, shown_cards, with_doubles
from workshops.models import Card, CardGroup, Phase, Proposal, Workshop
from workshops.phases import Act, check_act, rule_of


class NothingToGroup(Exception):
    """A group needs two cards, or a group to put one in."""


class GroupIsProposed(Exception):
    """The group became a proposal: its cards stay together."""


class GroupLocked(Exception):
    """The group is locked: no card goes in or out until somebody unlocks it."""


class NothingToMerge(Exception):
    """Merging needs two groups."""


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
        return len(self.cards) == 1 and not self.group.title and not self.group.locked

    @property
    def seal(self) -> str:
        """Name what the group holds: another name means that cards came or went."""
        held = " ".join(sorted(card.id for card in self.cards))
        return hashlib.sha256(held.encode()).hexdigest()[:8]


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

    Votes given to a group that this empties go along. Raises ``WrongPhase``, ``NothingToGroup``,
    ``GroupIsProposed`` or ``GroupLocked``.
    """
    check_act(workshop.phase, Act.ARRANGE)
    if not cards or (into is None and len(cards) < 2):
        raise NothingToGroup
    cards = with_doubles(cards)
    old = {card.group_id for card in cards if card.group_id}
    check_free(old | ({into.id} if into else set()))
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
    check_free({group.id})
    for card in members(group.id):
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


def set_locked(workshop: Workshop, group: CardGroup, locked: bool) -> None:
    """Lock a group, so that no card goes in or out, or unlock it."""
    check_act(workshop.phase, Act.ARRANGE)
    group.locked = locked
    workshop.version += 1


def merge(workshop: Workshop, found: Sequence[CardGroup], title: str = "") -> CardGroup:
    """Put all cards of the groups into the one that holds most; votes go along, within the cap.

    Raises ``NothingToMerge`` for fewer than two, and as ``gather``.
    """
    if len({group.id for group in found}) < 2:
        raise NothingToMerge
    into = largest(found)
    cards = [card for group in found if group is not into for card in members(group.id)]
    return gather(workshop, cards, into, title or into.title or _first_title(found))


def largest(found: Sequence[CardGroup]) -> CardGroup:
    """Return the group that holds most cards, the first of several."""
    return max(found, key=lambda group: len(members(group.id)))


def _first_title(found: Sequence[CardGroup]) -> str:
    return next((group.title for group in found if group.title), "")


def seat_singles(workshop: Workshop) -> None:
    """Make each card that stands alone a group of its own, so that it can be voted for."""
    for card in loose_cards(workshop):
        group = CardGroup(workshop_id=workshop.id)
        db.session.add(group)
        db.session.flush()
        for each in with_doubles([card]):
            each.group_id = group.id
    db.session.flush()


def seat_shown(workshop: Workshop) -> None:
    """Seat the cards that came back onto a board of groups, so that they can be voted for too."""
    if rule_of(workshop.phase).groups_shown and workshop.phase != Phase.GROUP:
        seat_singles(workshop)


def members(group_id: str) -> list[Card]:
    """Return every card of a group, hidden ones too."""
    return list(db.session.scalars(select(Card).where(Card.group_id == group_id)))


def check_free(group_ids: Iterable[str]) -> None:
    """Raise ``GroupIsProposed`` or ``GroupLocked`` if cards of one of the groups may not move."""
    group_ids = list(group_ids)
    query = select(Proposal.id).where(Proposal.group_id.in_(group_ids)).limit(1)
    if db.session.scalar(query):
        raise GroupIsProposed
    shut = select(CardGroup.id).where(CardGroup.id.in_(group_ids), CardGroup.locked)
    if db.session.scalar(shut.limit(1)):
        raise GroupLocked


def _drop_empty(workshop: Workshop, group_ids: Iterable[str], heir: CardGroup) -> None:
    for group_id in group_ids:
        if not members(group_id):
            ballot.carry_over(workshop, group_id, heir.id)
            threads.carry_over(group_id, heir.id)
            db.session.delete(db.session.get_one(CardGroup, group_id))
    db.session.flush()
