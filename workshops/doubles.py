"""Duplicates: several cards that say the same show as one, with how many they are.

Their authors keep their own card; a card that its author changes shows again (``board.edit``).
"""

from collections.abc import Sequence

from app.db import db
from workshops import groups
from workshops.board import part, with_doubles
from workshops.models import Card, CardGroup, Duplicate, Workshop
from workshops.phases import Act, check_act


class NothingToFold(Exception):
    """Duplicates are two cards or more."""


def fold(workshop: Workshop, cards: Sequence[Card]) -> None:
    """Show the first of ``cards`` for all of them, where it stands; votes go along.

    Raises ``NothingToFold``, or as ``groups.gather``.
    """
    check_act(workshop.phase, Act.ARRANGE)
    if len(cards) < 2:
        raise NothingToFold
    shown, *others = sorted(cards, key=lambda card: card.group_id is None)
    if shown.group_id:
        groups.gather(workshop, others, db.session.get_one(CardGroup, shown.group_id))
    folded = with_doubles(others)
    for card in others:
        part(card)
    db.session.add_all([Duplicate(card_id=card.id, of_id=shown.id) for card in folded])
    db.session.flush()
    workshop.version += 1


def unfold(workshop: Workshop, card: Card) -> None:
    """Let all the cards that ``card`` stands for show again, where it stands."""
    check_act(workshop.phase, Act.ARRANGE)
    part(card)
    workshop.version += 1
