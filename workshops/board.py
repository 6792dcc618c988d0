"""The cards of a session: write, change, take back, hide, and which of them the room may read.

Every verb checks the phase first. Texts are masked before they are kept. What people make of the
cards is ``groups.py``.
"""

import hashlib
from dataclasses import dataclass
from functools import cache

from sqlalchemy import func, select

from app.db import CROCKFORD, ID_LENGTH, db
from nlp.redact import NameFinder, redact
from workshops.models import Card, Participant, Workshop
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


@dataclass(frozen=True)
class Draft:
    """A card as it was typed; ``key`` comes with the form, so that a double tap writes once."""

    text: str
    prompt: int = 0
    key: str = ""
    may_show: bool = False  # in the service's public record; no by default


class FoundNames:
    """A name finder that remembers what it found, so that it can be asked before the lock."""

    def __init__(self, finder: NameFinder) -> None:
        self.find = cache(finder.find)


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
    card = Card(
        id=identity,
        workshop_id=workshop.id,
        participant_id=participant.id,
        prompt=draft.prompt if draft.prompt in range(len(workshop.prompts)) else 0,
        text=redact(text, names, workshop.service.allowed_words).text,
        may_show=draft.may_show,
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
