"""What stored editions and the mails that wait keep of retours, and taking it out again.

The words of a quote are read from the retour itself when a page is shown; only its id is stored. A
mail holds its words until it leaves, and is written anew before: an author may have changed theirs.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.catalogue import Service
from app.db import db
from app.digest_mails import Letter, letter_of
from app.editions import Delivery, Edition
from app.mail import OutboxRow
from app.subscriptions import Audience, Subscription
from feedback.models import Feedback, Theme
from feedback.theme_words import UNNAMED, is_opening

LABELS = ("name", "title")  # of a theme and of a signal, as an edition keeps them


def quoting(feedback_id: str) -> list[Edition]:
    """Return the editions that name the retour."""
    stored = db.session.scalars(select(Edition))
    return [edition for edition in stored if _mentions(edition.content, feedback_id)]


def _mentions(content: Any, feedback_id: str) -> bool:
    if isinstance(content, dict):
        return any(_mentions(value, feedback_id) for value in content.values())
    if isinstance(content, list):
        return any(_mentions(value, feedback_id) for value in content)
    return bool(content == feedback_id)


def forget(feedback: Feedback) -> None:
    """Take ``feedback`` out of the stored editions, and write their waiting mails anew."""
    named = Theme.service_id == feedback.service_id, Theme.named_by_person
    kept = frozenset(db.session.scalars(select(Theme.name).where(*named)))
    own = select(Edition).where(
        or_(Edition.service_id == feedback.service_id, Edition.service_id.is_(None))
    )
    for edition in list(db.session.scalars(own)):
        without = _unquoted(_without(edition.content, feedback.id), feedback.text or "", kept)
        if without != edition.content:
            edition.content = without
            db.session.flush()
            _write_anew(Edition.id == edition.id)


def _without(content: Any, feedback_id: str) -> Any:
    """Return ``content`` without any item of a list that names the retour."""
    if isinstance(content, dict):
        return {key: _without(value, feedback_id) for key, value in content.items()}
    if isinstance(content, list):
        kept = [v for v in content if v != feedback_id and not _is_about(v, feedback_id)]
        return [_without(value, feedback_id) for value in kept]
    return content


def _is_about(value: Any, feedback_id: str) -> bool:
    return isinstance(value, dict) and feedback_id in value.values()


def _unquoted(content: Any, text: str, kept: frozenset[str]) -> Any:
    """Return ``content`` without titles that are words of ``text``; those of people are kept."""
    if isinstance(content, list):
        return [_unquoted(value, text, kept) for value in content]
    if not isinstance(content, dict):
        return content
    return {
        key: UNNAMED
        if key in LABELS and value not in kept and is_opening(str(value), text)
        else _unquoted(value, text, kept)
        for key, value in content.items()
    }


def write_mails_of(*services: Service) -> None:
    """Write the waiting mails of ``services`` anew, as these let them be now."""
    _write_anew(_about(services))


def write_mails_of_sessions(*services: Service) -> None:
    """Write the waiting mails that may name a proposal to ``services`` anew, by today's titles."""
    _write_anew(or_(_about(services), Edition.audience == Audience.FACILITATOR))


def _about(services: Iterable[Service]) -> ColumnElement[bool]:
    return Edition.service_id.in_([service.id for service in services])


def _write_anew(which: ColumnElement[bool]) -> None:
    here = select(OutboxRow).join(Delivery, Delivery.id == OutboxRow.key).join(Delivery.edition)
    renew(db.session.scalars(here.where(which, ~OutboxRow.dead)).all())


def renew(rows: Sequence[OutboxRow]) -> None:
    """Write mails anew from their editions: without what is no longer published, or quoted."""
    by_key = {row.key: row for row in rows}
    query = select(Delivery).where(Delivery.id.in_(by_key))
    reader = joinedload(Delivery.subscription).joinedload(Subscription.account)
    query = query.options(selectinload(Delivery.edition), reader)  # each edition is read once
    letters: dict[str, Letter] = {}
    for delivery in db.session.scalars(query):
        edition, row = delivery.edition, by_key[delivery.id]
        letter = letters.get(edition.id) or letters.setdefault(edition.id, letter_of(edition))
        mail = letter.to(delivery.subscription, delivery.id)
        row.subject, row.text, row.html = mail.subject, mail.text, mail.html
