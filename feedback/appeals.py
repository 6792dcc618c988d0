"""An author's appeal against a refusal, and who may read it: another moderator than who refused.

A moderator refuses a text, which then nobody else reads, or only to publish what the team reads.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app import traces
from app.access import Verb, actor_of
from app.accounts import Account
from app.db import db
from app.traces import AUTHOR, Actor
from feedback import states
from feedback.author_news import no_news
from feedback.models import Feedback, PublicationRefusal, Refusal, State
from feedback.states import ForbiddenMove

APPEAL = "appel"  # the reason of a retour that its author appealed starts with this word


@dataclass(frozen=True)
class Moderator(Actor):
    """Who decides. The journal tells role and organisation; the account stays with a refusal."""

    account_id: int = 0


class SameModerator(Exception):
    """An appeal is read by somebody else than who refused (model.md §4)."""


def moderator_of(account: Account) -> Moderator:
    """Return ``account`` as the one who decides."""
    actor = actor_of(account, Verb.MODERATE)
    return Moderator(actor.role, actor.organisation, account.id)


def may_judge(feedback: Feedback, actor: Actor) -> bool:
    """Say whether ``actor`` may decide: an appeal is not for who refused, nor for an unknown."""
    refusal = _appealed(feedback)
    if refusal is None:
        return True
    return isinstance(actor, Moderator) and actor.account_id not in (0, refusal.account_id)


def _appealed(feedback: Feedback) -> Refusal | PublicationRefusal | None:
    """Return the refusal that the author of ``feedback`` appeals against, if any."""
    if feedback.state == State.HELD:
        return db.session.get(Refusal, feedback.id)
    row = publication_refusal(feedback)
    return row if row and row.appealed else None


def keep_refusal(feedback: Feedback, actor: Actor, day: date) -> None:
    """Remember who refused while the refusal stands, and forget it once another decision does."""
    if refusal := db.session.get(Refusal, feedback.id):
        db.session.delete(refusal)
        db.session.flush()
    if feedback.state == State.REFUSED and isinstance(actor, Moderator):
        account_id = actor.account_id
        db.session.add(Refusal(feedback_id=feedback.id, account_id=account_id, day=day))
        db.session.flush()


@no_news
def appeal(feedback: Feedback, words: str, day: date) -> None:
    """Put a refused retour before another moderator, because its author asks for it."""
    states.move(feedback, State.HELD, "author", f"{APPEAL} : {words}".strip(" :"))
    feedback.last_author_day = day
    traces.record("corrected", AUTHOR, day, feedback.id, APPEAL)


def publication_refusal(feedback: Feedback) -> PublicationRefusal | None:
    """Return why ``feedback`` was not published, while that stands."""
    return db.session.get(PublicationRefusal, feedback.id)


def refuse_publication(feedback: Feedback, reason: str, actor: Actor, day: date) -> None:
    """Let ``feedback`` stay with the team alone; its author reads ``reason`` and may appeal."""
    forget_publication_refusal(feedback)
    account_id = actor.account_id if isinstance(actor, Moderator) else None
    values = {"account_id": account_id, "day": day, "reason": reason, "words": ""}
    db.session.add(PublicationRefusal(feedback_id=feedback.id, **values))
    feedback.wants_publication = False
    db.session.flush()


def forget_publication_refusal(feedback: Feedback) -> None:
    """Drop the refusal: its words have changed, or another decision stands."""
    if row := publication_refusal(feedback):
        db.session.delete(row)
        db.session.flush()


def appeal_publication(feedback: Feedback, words: str, day: date) -> None:
    """Ask another moderator to publish; raise ``ForbiddenMove`` unless a refusal stands."""
    row = publication_refusal(feedback)
    if row is None or row.appealed or feedback.state not in (State.OPEN, State.HELD):
        raise ForbiddenMove("no refusal to publish stands against which to appeal")
    row.words, row.appealed = words, day
    feedback.wants_publication, feedback.last_author_day = True, day
    traces.record("asked publication", AUTHOR, day, feedback.id, APPEAL)
    db.session.flush()


def on_publication(feedback_ids: Collection[str]) -> set[str]:
    """Return which of these retours wait for another moderator's word on publishing them."""
    asked = PublicationRefusal.appealed.is_not(None)
    query = select(PublicationRefusal.feedback_id).where(asked)
    return set(db.session.scalars(query.where(PublicationRefusal.feedback_id.in_(feedback_ids))))


def on_publication_count() -> int:
    """Return how many appeals wait for another moderator's word on publishing."""
    query = select(func.count()).select_from(PublicationRefusal).join(Feedback)
    waits = PublicationRefusal.appealed.is_not(None), Feedback.state == State.OPEN
    return db.session.scalar(query.where(*waits, Feedback.wants_publication)) or 0
