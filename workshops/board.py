"""The cards of a session: write, change, take back, hide, and which of them the room may read.

Every verb checks the phase first. Texts are masked before they are kept. What people make of the
cards is ``groups.py``.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, func, select

from app.db import CROCKFORD, ID_LENGTH, db
from nlp.redact import NameFinder, redact
from workshops.card_names import FoundNames
from workshops.models import UNREAD, Card, Duplicate, Participant, Workshop
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


class NothingTicked(Exception):
    """The gesture is about ticked cards, and none is."""


class TooManyCards(Exception):
    """This phone has written as many cards as a session takes from one person."""


@dataclass(frozen=True)
class Draft:
    """A card as it was typed; ``key`` comes with the form, so that a double tap writes once."""

    text: str
    prompt: int = 0
    key: str = ""
    may_show: bool = False  # in the service's public record; no by default


def looked_for(text: str, names: NameFinder | None) -> NameFinder | None:
    """Return ``names`` having looked at ``text``: that takes longer than all the rest of writing.

    Done before anything is asked of the database, it keeps no other phone waiting.
    """
    if names is None or len(text) > LONGEST_CARD:
        return names
    found = FoundNames(names)
    redact(_flat(text), found)
    return found


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
    masked = redact(text, names, workshop.service.allowed_words)
    card = Card(
        id=identity,
        workshop_id=workshop.id,
        participant_id=participant.id,
        prompt=draft.prompt if draft.prompt in range(len(workshop.prompts)) else 0,
        text=masked.text,
        may_show=draft.may_show,
        names_masked=masked.names_masked,
        hidden_reason="" if masked.names_masked else UNREAD,
    )
    db.session.add(card)
    db.session.flush()
    return card


def _flat(text: str) -> str:
    return " ".join(text.replace("\0", " ").split())


def _checked(text: str) -> str:
    text = _flat(text)
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
    masked = redact(_checked(text), names, workshop.service.allowed_words)
    card.text, card.names_masked = masked.text, masked.names_masked
    if not card.hidden_reason or card.awaits_reading:
        card.hidden_reason = "" if masked.names_masked else UNREAD
    part(card, also_from=True)


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
    """Return the cards that the room may read once revealed, by prompt; duplicates show as one."""
    return [card for card in _cards(workshop) if not card.hidden_reason]


def hidden_cards(workshop: Workshop) -> list[Card]:
    """Return the cards that the facilitator took off the board."""
    return [card for card in _cards(workshop) if card.hidden_reason]


def _cards(workshop: Workshop) -> list[Card]:
    own = Card.workshop_id == workshop.id
    folded = select(Duplicate.card_id).join(Card, Card.id == Duplicate.card_id).where(own)
    query = select(Card).where(own, Card.id.not_in(folded)).order_by(Card.prompt, Card.id)
    return list(db.session.scalars(query))


def with_doubles(cards: Iterable[Card]) -> list[Card]:
    """Return the cards and those that they stand for."""
    shown = list(cards)
    under = select(Duplicate.card_id).where(Duplicate.of_id.in_([card.id for card in shown]))
    return shown + list(db.session.scalars(select(Card).where(Card.id.in_(under))))


def part(card: Card, also_from: bool = False) -> None:
    """Let the cards that ``card`` stands for show again; ``also_from`` the one that hides it."""
    mine = Duplicate.of_id == card.id
    if also_from:
        mine |= Duplicate.card_id == card.id
    db.session.execute(delete(Duplicate).where(mine))


def hide(workshop: Workshop, card: Card, reason: str) -> None:
    """Take a card off the board; its authors read the reason. An empty reason puts it back."""
    check_act(workshop.phase, Act.HIDE)
    for each in with_doubles([card]):
        each.hidden_reason = reason.strip()[:LONGEST_TITLE]
    workshop.version += 1


def card_of(workshop: Workshop, card_id: str) -> Card | None:
    """Return the session's card, or None."""
    card = db.session.get(Card, card_id)
    return card if card and card.workshop_id == workshop.id else None
