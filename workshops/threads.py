"""The short thread of each group while the room discusses it: write, read, hide.

Masked and checked as cards are, read in the order of writing, without names unless the session
shows them, unlinked from the phones at the close.
"""

import hashlib

from sqlalchemy import func, select, update

from app.db import CROCKFORD, ID_LENGTH, db
from nlp.redact import NameFinder, redact
from workshops.board import LONGEST_TITLE, EmptyCard
from workshops.identity import Identity
from workshops.models import UNREAD, CardGroup, Participant, Workshop
from workshops.phases import Act, check_act
from workshops.talk_models import Remark

LONGEST_REMARK = 200  # characters as typed: an answer, not an essay
MOST_REMARKS_EACH = 40  # of one phone in one session


class RemarkTooLong(Exception):
    """The message holds more characters than a thread takes."""

    def __init__(self, count: int) -> None:
        super().__init__(f"a remark holds at most {LONGEST_REMARK} characters, got {count}")
        self.count = count


class TooManyRemarks(Exception):
    """This phone has written as many messages as a session takes from one person."""


def write(
    workshop: Workshop,
    participant: Participant,
    group: CardGroup,
    typed: tuple[str, str],
    names: NameFinder | None,
) -> Remark:
    """Keep a message in the group's thread, masked; the same form sent twice gives the same one.

    ``typed`` are the words and the key of the form. Raises ``WrongPhase``, ``EmptyCard``,
    ``RemarkTooLong`` or ``TooManyRemarks``.
    """
    check_act(workshop.phase, Act.TALK)
    text = " ".join(typed[0].replace("\0", " ").split())
    if not text:
        raise EmptyCard
    if len(text) > LONGEST_REMARK:
        raise RemarkTooLong(len(text))
    identity = _identity(participant, group, *typed)
    if known := db.session.get(Remark, identity):
        return known
    if _count(Remark.participant_id == participant.id) >= MOST_REMARKS_EACH:
        raise TooManyRemarks
    masked = redact(text, names, workshop.service.allowed_words)
    remark = Remark(
        id=identity,
        workshop_id=workshop.id,
        group_id=group.id,
        participant_id=participant.id,
        position=_count(Remark.workshop_id == workshop.id) + 1,
        text=masked.text,
        names_masked=masked.names_masked,
        hidden_reason="" if masked.names_masked else UNREAD,
    )
    db.session.add(remark)
    workshop.version += 1
    db.session.flush()
    return remark


def _identity(participant: Participant, group: CardGroup, text: str, key: str) -> str:
    body = f"{participant.id}|{group.id}|{key}|{text}"
    digest = hashlib.sha256(body.encode("utf-8", "surrogatepass")).digest()
    return "".join(CROCKFORD[byte % 32] for byte in digest[:ID_LENGTH])


def _count(condition: object) -> int:
    query = select(func.count()).select_from(Remark).where(condition)  # type: ignore[arg-type]
    return db.session.scalar(query) or 0


def threads_of(workshop: Workshop) -> dict[str | None, list[Remark]]:
    """Return the messages that the room may read, by group; under None those of undone groups."""
    found: dict[str | None, list[Remark]] = {}
    query = select(Remark).where(Remark.workshop_id == workshop.id, Remark.hidden_reason == "")
    for remark in db.session.scalars(query.order_by(Remark.position, Remark.id)):
        found.setdefault(remark.group_id, []).append(remark)
    return found


def hidden_of(workshop: Workshop) -> list[Remark]:
    """Return the messages that were taken out of the threads."""
    query = select(Remark).where(Remark.workshop_id == workshop.id, Remark.hidden_reason != "")
    return list(db.session.scalars(query.order_by(Remark.position, Remark.id)))


def hidden_own(participant: Participant, group: CardGroup) -> list[Remark]:
    """Return the participant's own messages that were taken out of the group's thread."""
    mine = (Remark.participant_id == participant.id) & (Remark.group_id == group.id)
    query = select(Remark).where(mine, Remark.hidden_reason != "")
    return list(db.session.scalars(query.order_by(Remark.position)))


def remark_of(workshop: Workshop, remark_id: str) -> Remark | None:
    """Return the session's message, or None."""
    remark = db.session.get(Remark, remark_id)
    return remark if remark and remark.workshop_id == workshop.id else None


def hide(workshop: Workshop, remark: Remark, reason: str) -> None:
    """Take a message out of its thread; its author reads the reason. An empty one puts it back."""
    check_act(workshop.phase, Act.HIDE)
    remark.hidden_reason = reason.strip()[:LONGEST_TITLE]
    workshop.version += 1


def names_of(workshop: Workshop) -> dict[str, str]:
    """Return the name to write under each message, where the session shows names."""
    if workshop.identity != Identity.SHOWN:
        return {}
    query = select(Remark.id, Participant.name).join(
        Participant, Participant.id == Remark.participant_id
    )
    return dict(db.session.execute(query.where(Remark.workshop_id == workshop.id)).all())


def carry_over(group_id: str, heir_id: str) -> None:
    """Move the thread of a group that goes into another."""
    theirs = update(Remark).where(Remark.group_id == group_id)
    db.session.execute(theirs.values(group_id=heir_id))


def unlink(workshop: Workshop) -> None:
    """Cut the messages from the phones that wrote them."""
    mine = update(Remark).where(Remark.workshop_id == workshop.id)
    db.session.execute(mine.values(participant_id=None))
