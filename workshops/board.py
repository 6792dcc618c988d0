"""The cards of a session and the groups that people make of them.

Every verb checks the phase first. Texts are masked before they are kept; votes are ``ballot.py``.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.db import CROCKFORD, ID_LENGTH, db
from nlp.redact import NameFinder, redact
from workshops import ballot
from workshops.models import Card, CardGroup, Participant, Proposal, Workshop
from workshops.phases import Act, check_act

LONGEST_CARD = 300  # characters as typed; one idea
LONGEST_TITLE = 120  # characters, as the column
MOST_CARDS_EACH = 50  # more than anybody writes by hand in one session


class EmptyCard(Exception):
    """There is nothing on the card."""


class CardTooLong(Exception):
    """The card holds more than one idea's worth of characters."""

    def __init__(self, count: int) -> None:
        super().__init__(f"a card holds at most {LONGEST_CARD} characters, got {count}")
        self.count = count


class TooManyCards(Exception):
    """This phone has written as many cards as a session takes from one person."""


class NothingToGroup(Exception):
    """A group needs two cards, or a group to put one in."""


class GroupIsProposed(Exception):
    """The group became a proposal: its cards stay together."""


@dataclass(frozen=True)
class Draft:
    """A card as it was typed; ``key`` comes with the form, so that a double tap writes once."""

    text: str
    prompt: int = 0
    key: str = ""


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


def write(
    workshop: Workshop, participant: Participant, draft: Draft, names: NameFinder | None
) -> Card:
    """Keep a card, masked; the same form sent twice gives the same card.

    Raises ``WrongPhase``, ``EmptyCard``, ``CardTooLong`` or ``TooManyCards``.
    """
    check_act(workshop.phase, Act.WRITE)
    text = _checked(draft.text)
    identity = _card_id(participant, draft)
    if known := db.session.get(Card, identity):
        return known
    if len(own_cards(participant)) >= MOST_CARDS_EACH:
        raise TooManyCards
    card = Card(
        id=identity,
        workshop_id=workshop.id,
        participant_id=participant.id,
        prompt=draft.prompt if draft.prompt in range(len(workshop.prompts)) else 0,
        text=redact(text, names, workshop.service.allowed_words).text,
    )
    db.session.add(card)
    db.session.flush()
    return card


def _checked(text: str) -> str:
    text = " ".join(text.replace("\0", " ").split())
    if not text:
        raise EmptyCard
    if len(text) > LONGEST_CARD:
        raise CardTooLong(len(text))
    return text


def _card_id(participant: Participant, draft: Draft) -> str:
    body = f"{participant.id}|{draft.key}|{draft.prompt}|{draft.text}"
    digest = hashlib.sha256(body.encode("utf-8", "surrogatepass")).digest()
    return "".join(CROCKFORD[byte % 32] for byte in digest[:ID_LENGTH])


def own_card(participant: Participant, card_id: str) -> Card | None:
    """Return the participant's own card, or None."""
    card = db.session.get(Card, card_id)
    return card if card and card.participant_id == participant.id else None


def edit(workshop: Workshop, card: Card, text: str, names: NameFinder | None) -> None:
    """Change the words of a card; raises as ``write`` does."""
    check_act(workshop.phase, Act.WRITE)
    card.text = redact(_checked(text), names, workshop.service.allowed_words).text


def remove(workshop: Workshop, card: Card) -> None:
    """Take a card back. Raises ``WrongPhase`` once it was revealed."""
    check_act(workshop.phase, Act.WRITE)
    db.session.delete(card)
    db.session.flush()


def own_cards(participant: Participant) -> list[Card]:
    """Return the participant's cards, hidden ones too."""
    query = select(Card).where(Card.participant_id == participant.id).order_by(Card.prompt, Card.id)
    return list(db.session.scalars(query))


def count_cards(workshop: Workshop) -> int:
    """Return how many cards lie on the board."""
    query = select(func.count()).select_from(Card).where(Card.workshop_id == workshop.id)
    return db.session.scalar(query) or 0


def shown_cards(workshop: Workshop) -> list[Card]:
    """Return the cards that the room may read once revealed, by prompt."""
    return [card for card in _cards(workshop) if not card.hidden_reason]


def hidden_cards(workshop: Workshop) -> list[Card]:
    """Return the cards that the facilitator took off the board."""
    return [card for card in _cards(workshop) if card.hidden_reason]


def _cards(workshop: Workshop) -> list[Card]:
    query = select(Card).where(Card.workshop_id == workshop.id).order_by(Card.prompt, Card.id)
    return list(db.session.scalars(query))


def hide(workshop: Workshop, card: Card, reason: str) -> None:
    """Take a card off the board; its author reads the reason. An empty reason puts it back."""
    check_act(workshop.phase, Act.HIDE)
    card.hidden_reason = reason.strip()[:LONGEST_TITLE]
    workshop.version += 1


def card_of(workshop: Workshop, card_id: str) -> Card | None:
    """Return the session's card, or None."""
    card = db.session.get(Card, card_id)
    return card if card and card.workshop_id == workshop.id else None


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
