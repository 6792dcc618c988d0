"""A code for the participants who want one: with it they read later what became of their ideas.

Without a code, nothing links an idea to anybody once the session is closed. Votes never are.
Codes are tried as those of retours are (feedback/code_tries.py).
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from app.db import db
from feedback import receipts
from feedback.code_tries import Codes, Door
from workshops import decisions
from workshops.around_models import KeptCode
from workshops.models import Card, CardGroup, Participant, Proposal, Workshop
from workshops.process_models import PanelSeat
from workshops.seats import MOST_PARTICIPANTS

GUESSES = 60  # by one network in ten minutes: a whole room shares one; right codes are free
ASKED_BY_SEAT = 5  # codes in ten minutes: each costs a slow hash
ASKED_IN_ROOM = 2 * MOST_PARTICIPANTS  # in ten minutes, however often one phone joins again


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


def may_ask(workshop_id: str, participant_id: str, door: Door) -> bool:
    """Say whether a phone may be given a code now; counts, and commits at once."""
    if not door.allows("session code asked", participant_id, ASKED_BY_SEAT):
        return False
    return door.allows("session codes asked", workshop_id, ASKED_IN_ROOM)


def give(participant: Participant, code_hash: str, code_hint: str) -> KeptCode:
    """Keep the hash of a participant's code; an earlier code of theirs then opens nothing."""
    kept = db.session.get(KeptCode, participant.code_id) if participant.code_id else None
    if kept is None:
        kept = KeptCode(workshop_id=participant.workshop_id, code_hash=code_hash)
        db.session.add(kept)
        db.session.flush()
        participant.code_id = kept.id
    kept.code_hash, kept.code_hint = code_hash, code_hint
    db.session.flush()
    return kept


def find(code: str) -> KeptCode | None:
    """Return the row of a code as ``receipts.normalise`` gives it, or None; a slow hash."""
    hashed = receipts.hash_code(code, receipts.system_salt())
    return db.session.scalar(select(KeptCode).where(KeptCode.code_hash == hashed))


CODES = Codes(
    "session code",
    find,
    KeptCode.id,
    KeptCode.code_hint,
    KeptCode.code_hash,
    guesses=GUESSES,
)


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
    fates = tuple(_fate(card, by_group) for card in cards_of(kept))
    mine = {fate.proposal.id for fate in fates if fate.proposal}
    news = {each.id for each in proposals if each.answered and _is_new(each.answered, since)}
    ordered = sorted(proposals, key=lambda each: each.id not in mine)
    return Told(kept.workshop, fates, tuple(ordered), frozenset(news))


def sessions_of(kept: KeptCode) -> list[Workshop]:
    """Return the sessions that the code's holder took part in, in the order of their days."""
    query = select(Workshop).where(Workshop.id.in_(_rooms(kept)))
    return list(db.session.scalars(query.order_by(Workshop.day, Workshop.title)))


def _rooms(kept: KeptCode) -> set[str]:
    """Return the ids of the sessions that the code's holder took part in."""
    past = select(PanelSeat.workshop_id).where(PanelSeat.code_id == kept.id)
    now = select(Participant.workshop_id).where(Participant.code_id == kept.id)
    return {kept.workshop_id, *db.session.scalars(past), *db.session.scalars(now)}


def _is_new(answered: date, seen: date | None) -> bool:
    return seen is None or answered >= seen


def cards_of(kept: KeptCode) -> list[Card]:
    """Return the cards of the code's holder: through their phone until the close, then the code."""
    seats = select(Participant.id).where(Participant.code_id == kept.id)
    own = (Card.code_id == kept.id) | Card.participant_id.in_(seats)
    return list(db.session.scalars(select(Card).where(own).order_by(Card.prompt, Card.id)))


def _fate(card: Card, by_group: dict[str, Proposal]) -> Fate:
    group = card.group if card.group_id else None
    return Fate(card, group, by_group.get(decisions.proposed_as(group)))


def holders_wait(proposal: Proposal) -> bool:
    """Say whether somebody holds a code in the proposal's session, and will read the answer."""
    taken = select(KeptCode.id).where(KeptCode.workshop_id == proposal.workshop_id)
    brought = select(PanelSeat.code_id).where(PanelSeat.workshop_id == proposal.workshop_id)
    return db.session.scalar(taken.union(brought).limit(1)) is not None
