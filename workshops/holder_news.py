"""What the holder of a session's code has not read yet, and the address where they want to hear.

A mark of what stood then is compared with what stands now, as for authors of retours
(``feedback/author_news.py``). Mails are ``app/holder_mails.py``.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import delete, select, union

from app import mail
from app.db import db
from feedback.models import Commitment
from workshops import kept_codes
from workshops.around_models import HolderMail, KeptCode
from workshops.models import Participant, Proposal
from workshops.process_models import PanelSeat


def may_be_told(kept: KeptCode) -> bool:
    """Say whether an address may be kept for a code.

    Not where the law guarantees anonymity, nor once the words of all its sessions had to go.
    """
    if kept.workshop.service.anonymous_by_law:
        return False
    return any(room.emptied is None for room in kept_codes.sessions_of(kept))


def marks(code_ids: Collection[str]) -> dict[str, str]:
    """Return the mark of the answers that the holder of each code can read now."""
    rooms = union(
        select(KeptCode.id.label("code"), KeptCode.workshop_id.label("room")),
        select(PanelSeat.code_id, PanelSeat.workshop_id),
        select(Participant.code_id, Participant.workshop_id),
    ).subquery()
    query = (
        select(
            rooms.c.code,
            Proposal.id,
            Proposal.state,
            Proposal.answer,
            Proposal.answered,
            Commitment.state,
            Commitment.due,
        )
        .join(Proposal, Proposal.workshop_id == rooms.c.room)
        .outerjoin(Commitment, Commitment.id == Proposal.commitment_id)
        .where(rooms.c.code.in_(code_ids), Proposal.answered.is_not(None))
        .order_by(Proposal.id)
    )
    parts: dict[str, list[str]] = defaultdict(list)
    for code_id, *told in db.session.execute(query):
        parts[code_id].append("|".join(map(str, told)))
    return {each: hashlib.sha256("\n".join(parts[each]).encode()).hexdigest() for each in code_ids}


def note_seen(code_id: str) -> None:
    """Remember that the holder opened the page."""
    row = db.session.get(HolderMail, code_id)
    if row is not None:
        row.seen = marks([code_id])[code_id]
        db.session.flush()


def forget(code_ids: Collection[str]) -> None:
    """Forget the addresses of codes that are being erased, and take back the mails that wait."""
    mine = HolderMail.code_id.in_(code_ids)
    for key in db.session.scalars(select(HolderMail.mail_key).where(mine)):
        mail.take_back_named(key)
    db.session.execute(delete(HolderMail).where(mine))
