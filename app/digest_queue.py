"""Who gets an edition, and putting its mails in the outbox: once each, whoever asks again.

A number of queries that does not grow with the readers; the letter is written once for all.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import joinedload

from app import mail, suspended
from app.accounts import team_of
from app.days import paris_day
from app.db import db
from app.digest_mails import letter_of
from app.editions import Delivery, Edition
from app.mail import OutboxRow
from app.periods import Period, send_at
from app.subscriptions import Audience, Subscription


def readers_of(edition: Edition) -> list[Subscription]:
    """Return who gets the edition: today's team, or confirmed followers where the law lets us.

    Who comes after it was composed starts with the next one.
    """
    query = select(Subscription).where(
        Subscription.audience == edition.audience,
        Subscription.about == edition.about,
        Subscription.frequency == edition.frequency,
        Subscription.confirmed,
        Subscription.created <= edition.composed,
    )
    if edition.audience == Audience.TEAM:
        members = [account.id for account in team_of(edition.service)]
        query = query.where(Subscription.account_id.in_(members))
    elif edition.audience == Audience.PUBLIC and edition.service.anonymous_by_law:
        return []
    query = query.options(joinedload(Subscription.account)).order_by(Subscription.id)
    found = db.session.scalars(query)
    return [each for each in found if each.account is None or each.account.active]


def queue(edition: Edition, now: datetime) -> int:
    """Put the mails of ``edition`` in the outbox; return how many were not there yet."""
    readers = readers_of(edition)
    refused = suspended.among(reader.mail_address for reader in readers)
    wanted = [reader for reader in readers if reader.mail_address not in refused]
    deliveries = _deliveries(edition, wanted, paris_day(now))
    # A backup keeps deliveries but no outbox: what had not left is put there again.
    open_ = {id_: row for id_, row in deliveries.items() if not row.delivered}
    held = _held(edition)
    missing = [reader for reader in wanted if _waits(open_, reader, held)]
    if not missing:
        return 0
    letter = letter_of(edition)
    period = Period(edition.start, edition.end)
    mail.put_new(
        [
            (letter.to(each, open_[each.id].id), send_at(period, now, each.weekday, each.hour))
            for each in missing
        ]
    )
    return len(missing)


def _held(edition: Edition) -> set[str]:
    """Return the mails of ``edition`` that wait or were refused for good."""
    here = select(OutboxRow.key).join(Delivery, Delivery.id == OutboxRow.key)
    return set(db.session.scalars(here.where(Delivery.edition_id == edition.id)))


def _waits(open_: dict[str, Delivery], reader: Subscription, held: set[str]) -> bool:
    return reader.id in open_ and open_[reader.id].id not in held


def _deliveries(
    edition: Edition, readers: Sequence[Subscription], day: date
) -> dict[str, Delivery]:
    """Return the one delivery of ``edition`` to each reader, by subscription, made if need be."""
    own = Delivery.edition_id == edition.id
    known = set(db.session.scalars(select(Delivery.subscription_id).where(own)))
    shared = {"edition_id": edition.id, "day": day, "delivered": False}
    new = [{**shared, "subscription_id": each.id} for each in readers if each.id not in known]
    if new:
        db.session.execute(insert(Delivery), new)
    found = {row.subscription_id: row for row in db.session.scalars(select(Delivery).where(own))}
    return {each.id: found[each.id] for each in readers}


def mark_delivered(key: str) -> None:
    """Note that the mail of this delivery left; other mails have no delivery."""
    db.session.execute(update(Delivery).where(Delivery.id == key).values(delivered=True))
