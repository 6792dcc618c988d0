"""The seats that give way in a full room: nothing was done from them, and their phone asks no more.

One Wi-Fi is not one person, so no limit goes by network: a flood of joinings fills the room for a
minute at most. Only in a crowded room is it written down when a phone last asked; that moment goes
with the seat at the close, and stands in no backup (model.md §2).
"""

from datetime import datetime, timedelta

from sqlalchemy import or_, select

from app.db import db
from workshops.models import Card, Participant, Vote, Workshop
from workshops.talk_models import Remark

IDLE_AFTER = timedelta(minutes=1)  # a phone in the room asks every 3 s
NOTED_EVERY = timedelta(seconds=20)  # sooner than this after the last time writes no row
CROWDED_SHARE = 0.8  # of the seats taken; below, nothing is noted


def is_to_note(workshop: Workshop, participant: Participant, now: datetime) -> bool:
    """Say whether it must be written down that the participant's phone asked."""
    if not workshop.crowded:
        return False
    return participant.seen is None or now - participant.seen >= NOTED_EVERY


def give_way(workshop: Workshop, now: datetime) -> bool:
    """Take away the seat that has been idle for longest; say whether there was one.

    Never one that wrote, voted, spoke, finished or holds a code, nor one whose phone asks.
    """
    own = Participant.workshop_id == workshop.id
    phones = own & Participant.paper.is_(False) & Participant.pretend.is_(False)
    silent = or_(Participant.seen.is_(None), Participant.seen <= now - IDLE_AFTER)
    bare = phones & silent & Participant.finished.is_(False) & Participant.code_id.is_(None)
    query = select(Participant).where(bare)
    for table in (Card, Vote, Remark):
        acted = select(table.participant_id).where(table.workshop_id == workshop.id)
        query = query.where(Participant.id.not_in(acted.where(table.participant_id.is_not(None))))
    oldest = query.order_by(Participant.seen.nulls_first()).limit(1)
    seat = db.session.scalar(oldest)
    if seat is None:
        return False
    db.session.delete(seat)
    db.session.flush()
    return True
