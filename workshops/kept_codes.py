"""A code for the participants who want one: with it they read later what became of their ideas.

Without a code, nothing links an idea to anybody once the session is closed. Votes never are.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from app.db import db
from feedback import receipts
from workshops.around_models import KeptCode
from workshops.models import Card, CardGroup, Participant, Proposal, Workshop
from workshops.process_models import PanelSeat


@dataclass(frozen=True)
class Fate:
    """One idea of a code's holder, and what became of it."""

    card: Card
    group: CardGroup | None
    proposal: Proposal | None


@dataclass(frozen=True)
class Told:
    """What a code opens: own ideas, the session's proposals, and those that moved since."""

    workshop: Workshop
    fates: tuple[Fate, ...]
    proposals: tuple[Proposal, ...]
    news: frozenset[str]  # ids of the proposals answered since the last visit


def derive(secret: str, participant: Participant, form_key: str) -> str:
    """Return the code of a form that a participant sent: the same form gives the same code."""
    return receipts.code_from_key(secret, f"session:{participant.id}:{form_key}")


def give(participant: Participant, code_hash: str) -> KeptCode:
    """Keep the hash of a participant's code; an earlier code of theirs then opens nothing."""
    kept = db.session.get(KeptCode, participant.code_id) if participant.code_id else None
    if kept is None:
        kept = KeptCode(workshop_id=participant.workshop_id, code_hash=code_hash)
        db.session.add(kept)
        db.session.flush()
        participant.code_id = kept.id
    kept.code_hash = code_hash
    db.session.flush()
    return kept


def find(code_hash: str) -> KeptCode | None:
    """Return the code whose hash this is, or None."""
    return db.session.scalar(select(KeptCode).where(KeptCode.code_hash == code_hash))


def hand_over_cards(workshop: Workshop) -> None:
    """Give each card of a session that closes to its author's code, or to nobody."""
    holder = select(Participant.code_id).where(Participant.id == Card.participant_id)
    mine = update(Card).where(Card.workshop_id == workshop.id, Card.participant_id.is_not(None))
    db.session.execute(mine.values(code_id=holder.scalar_subquery()))
    here = Participant.workshop_id == workshop.id
    codes = select(Participant.code_id).where(here, Participant.code_id.is_not(None))
    for code_id in set(db.session.scalars(codes)):  # two phones may hold one code
        db.session.add(PanelSeat(workshop_id=workshop.id, code_id=code_id))
    db.session.flush()


def bring(participant: Participant, workshop: Workshop, kept_id: str) -> bool:
    """Let a phone use the code of another session of the same process; say whether it may."""
    kept = db.session.get(KeptCode, kept_id)
    if kept is None or workshop.process_id is None:
        return False
    if kept.workshop.process_id != workshop.process_id:
        return False
    participant.code_id = kept.id
    db.session.flush()
    return True


def see(kept_id: str, day: date) -> None:
    """Note the day on which a code's holder read."""
    db.session.get_one(KeptCode, kept_id).seen = day
    db.session.flush()


def told(kept: KeptCode, since: date | None) -> Told:
    """Return what the code opens, what touches its own ideas first; ``since`` is the last visit."""
    query = select(Proposal).where(Proposal.workshop_id.in_(_rooms(kept)))
    proposals = list(db.session.scalars(query.order_by(Proposal.title)))
    by_group = {each.group_id: each for each in proposals if each.group_id}
    fates = tuple(_fate(card, by_group) for card in _cards(kept))
    mine = {fate.proposal.id for fate in fates if fate.proposal}
    news = {each.id for each in proposals if each.answered and _is_new(each.answered, since)}
    ordered = sorted(proposals, key=lambda each: each.id not in mine)
    return Told(kept.workshop, fates, tuple(ordered), frozenset(news))


def _rooms(kept: KeptCode) -> set[str]:
    """Return the ids of the sessions that the code's holder took part in."""
    past = select(PanelSeat.workshop_id).where(PanelSeat.code_id == kept.id)
    now = select(Participant.workshop_id).where(Participant.code_id == kept.id)
    return {kept.workshop_id, *db.session.scalars(past), *db.session.scalars(now)}


def _is_new(answered: date, seen: date | None) -> bool:
    return seen is None or answered >= seen


def _cards(kept: KeptCode) -> list[Card]:
    """Return the cards of the code's holder: through their phone until the close, then the code."""
    seats = select(Participant.id).where(Participant.code_id == kept.id)
    own = (Card.code_id == kept.id) | Card.participant_id.in_(seats)
    return list(db.session.scalars(select(Card).where(own).order_by(Card.prompt, Card.id)))


def _fate(card: Card, by_group: dict[str, Proposal]) -> Fate:
    group = card.group if card.group_id else None
    return Fate(card, group, by_group.get(card.group_id or ""))


def holders_wait(proposal: Proposal) -> bool:
    """Say whether somebody holds a code in the proposal's session, and will read the answer."""
    taken = select(KeptCode.id).where(KeptCode.workshop_id == proposal.workshop_id)
    brought = select(PanelSeat.code_id).where(PanelSeat.workshop_id == proposal.workshop_id)
    return db.session.scalar(taken.union(brought).limit(1)) is not None


def erase(kept: KeptCode) -> None:
    """Erase the ideas of the code's holder, then the code (model.md §7).

    A proposal keeps their wording only if another card of it says the same.
    """
    for card in _cards(kept):
        _take_out(card)
        db.session.delete(card)
    db.session.flush()
    seats = update(Participant).where(Participant.code_id == kept.id)
    db.session.execute(seats.values(code_id=None))
    db.session.delete(kept)
    db.session.flush()


def _take_out(card: Card) -> None:
    query = select(Proposal).where(Proposal.group_id == card.group_id)
    proposal = db.session.scalar(query) if card.group_id else None
    if proposal is None or _said_by_another(card):
        return
    left = [line for line in proposal.text.splitlines() if line != card.text]
    proposal.text = "\n".join(left)
    if proposal.title == card.text[: len(proposal.title)]:
        named = card.group.title if card.group else ""
        proposal.title = named or (left[0] if left else proposal.workshop.title)[:120]
    db.session.flush()


def _said_by_another(card: Card) -> bool:
    same = (Card.group_id == card.group_id) & (Card.text == card.text) & (Card.id != card.id)
    return db.session.scalar(select(Card.id).where(same).limit(1)) is not None
