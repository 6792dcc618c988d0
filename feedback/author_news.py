"""What an author has not seen yet, told by a mark: the messages of the team, promises, decisions.

Rows keep days only, so "since the last visit" cannot be asked of them: the mark of what stood then
is compared with what stands now. What authors do themselves is no news to them. Mails are
``app/author_mails.py``.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import select

from app.db import db
from feedback.models import (
    AuthorMail,
    Commitment,
    CommitmentLink,
    Feedback,
    Message,
    PublicationRefusal,
)

P = ParamSpec("P")
R = TypeVar("R")


def marks(feedback_ids: Collection[str]) -> dict[str, str]:
    """Return the mark of what the author of each retour can read now."""
    parts: dict[str, list[str]] = defaultdict(list)
    for query in (_decisions(), _messages(), _promises(), _contests(), _unpublished()):
        for row in db.session.execute(query.where(Feedback.id.in_(feedback_ids))):
            parts[row[0]].append("|".join(map(str, row[1:])))
    return {
        each: hashlib.sha256("\n".join(lines).encode()).hexdigest() for each, lines in parts.items()
    }


def _decisions() -> Any:
    return select(Feedback.id, Feedback.state, Feedback.reason)


def _messages() -> Any:
    said = select(Feedback.id, Message.id).join(Message, Message.feedback_id == Feedback.id)
    return said.where(Message.sender == "team", ~Message.held).order_by(Message.position)


def _promises() -> Any:
    linked = select(Feedback.id, Commitment.id, Commitment.state)
    linked = linked.join(CommitmentLink, CommitmentLink.feedback_id == Feedback.id)
    return linked.join(Commitment, Commitment.id == CommitmentLink.commitment_id).order_by(
        Commitment.id
    )


def _contests() -> Any:
    """Return what was answered to who contests; who does not adds nothing to their mark."""
    query = select(CommitmentLink.feedback_id, CommitmentLink.id, CommitmentLink.answer)
    answered = query.join(Feedback, Feedback.id == CommitmentLink.feedback_id)
    return answered.where(CommitmentLink.answer != "").order_by(CommitmentLink.id)


def _unpublished() -> Any:
    """Return what was refused to be published, and by which decision."""
    refused = select(Feedback.id, PublicationRefusal.day, PublicationRefusal.reason)
    return refused.join(PublicationRefusal, PublicationRefusal.feedback_id == Feedback.id)


def note_seen(feedback: Feedback) -> bool:
    """Remember that the author opened the page; return whether there was anything to remember."""
    row = db.session.get(AuthorMail, feedback.id)
    if row is None or row.seen == (mark := marks([feedback.id])[feedback.id]):
        return False
    row.seen = mark
    return True


def no_news(act: Callable[P, R]) -> Callable[P, R]:
    """Make what an author does, an act on a retour, no news to this author.

    What the author had not seen before it stays to be told.
    """

    @wraps(act)
    def done(*args: P.args, **values: P.kwargs) -> R:
        feedback = next(each for each in (*args, *values.values()) if isinstance(each, Feedback))
        row = db.session.get(AuthorMail, feedback.id)
        had_seen = row is not None and row.seen == marks([feedback.id])[feedback.id]
        result = act(*args, **values)
        if row is not None and had_seen:
            db.session.flush()
            row.seen = marks([feedback.id])[feedback.id]
        return result

    return done
