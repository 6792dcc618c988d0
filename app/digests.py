"""Two editions of one computation for each service and period, each mailed to its readers once.

What is counted is ``app/computation.py``, what each audience may read ``app/writings.py``, the mail
``app/digest_mails.py``. Unique keys, not care, are what makes a second run send nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select, update

from app import mail
from app.accounts import team_of
from app.catalogue import Service
from app.computation import Computation, compute
from app.days import paris_day
from app.db import db
from app.digest_mails import digest_mail, title_of
from app.editions import Delivery, Edition
from app.periods import Period, last_complete, send_at
from app.subscriptions import Audience, Frequency, Subscription
from app.writings import for_public, for_team

__all__ = ["compose", "digest_mail", "mark_delivered", "send_for"]

# The public has one rhythm: a month beside its weeks would give small numbers by subtraction.
RHYTHMS = {
    Audience.TEAM: (Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY),
    Audience.PUBLIC: (Frequency.WEEKLY,),
}


@dataclass(frozen=True)
class Wanted:
    """One edition to compose."""

    service: Service
    audience: Audience
    frequency: Frequency
    period: Period


def send_for(service: Service, now: datetime) -> int:
    """Compose what is due for one service and queue its mails; return how many mails."""
    day = paris_day(now)
    computed: dict[Period, Computation] = {}  # both audiences are told from the same numbers
    queued = 0
    for wanted in _wanted(service, day):
        edition = edition_of(wanted)
        if edition is None:
            if wanted.period not in computed:
                computed[wanted.period] = compute(service, wanted.period, day)
            edition = compose(wanted, computed[wanted.period], day)
        if not edition.skipped:
            queued += _queue(edition, now)
    return queued


def _wanted(service: Service, day: date) -> list[Wanted]:
    """Return a weekly edition for each audience, and what members of the team asked beside."""
    query = select(Subscription.audience, Subscription.frequency).where(
        Subscription.service_id == service.id, Subscription.confirmed
    )
    asked = {(row.audience, row.frequency) for row in db.session.execute(query.distinct())}
    return [
        Wanted(service, audience, frequency, last_complete(frequency, day))
        for audience, rhythm in RHYTHMS.items()
        for frequency in rhythm
        if frequency == Frequency.WEEKLY or (audience, frequency) in asked
    ]


def edition_of(wanted: Wanted) -> Edition | None:
    """Return the edition that was composed for this audience and period, if any."""
    return db.session.scalar(
        select(Edition).where(
            Edition.audience == wanted.audience,
            Edition.service_id == wanted.service.id,
            Edition.frequency == wanted.frequency,
            Edition.start == wanted.period.start,
        )
    )


def compose(wanted: Wanted, found: Computation, day: date) -> Edition:
    """Return the edition of one audience from what was computed; a skipped one says why.

    Where two compose at the same moment, the key refuses the second: its job fails and, tried
    again, finds the edition of the first.
    """
    with force_locale("fr"):
        edition = _written(wanted, found, day)
    db.session.add(edition)
    db.session.flush()
    return edition


def _written(wanted: Wanted, found: Computation, day: date) -> Edition:
    if wanted.audience == Audience.TEAM:
        writing = for_team(found, day)
    else:
        writing = for_public(found, current_app.config["FLOOR"])
    edition = Edition(
        audience=wanted.audience.value,
        service=wanted.service,
        frequency=wanted.frequency.value,
        start=wanted.period.start,
        end=wanted.period.end,
        composed=day,
        content=writing.content,
        skipped=writing.skipped,
    )
    edition.title = title_of(edition)
    return edition


def _readers(edition: Edition) -> list[Subscription]:
    """Return who gets the edition: today's team, or confirmed followers where the law lets us."""
    query = select(Subscription).where(
        Subscription.audience == edition.audience,
        Subscription.service_id == edition.service_id,
        Subscription.frequency == edition.frequency,
        Subscription.confirmed,
    )
    if edition.audience == Audience.TEAM:
        members = [account.id for account in team_of(edition.service)]
        query = query.where(Subscription.account_id.in_(members))
    elif edition.service.anonymous_by_law:
        return []
    return list(db.session.scalars(query.order_by(Subscription.id)))


def _queue(edition: Edition, now: datetime) -> int:
    return sum(_queue_one(edition, reader, now) for reader in _readers(edition))


def _queue_one(edition: Edition, reader: Subscription, now: datetime) -> bool:
    """Put one mail in the outbox unless this reader has this edition; return whether it was put."""
    if reader.created > edition.composed:
        return False  # who comes later starts with the next one
    delivery = _delivery(edition, reader, paris_day(now))
    # A backup keeps deliveries but no outbox: what had not left is put there again.
    if delivery.delivered or mail.holds(delivery.id):
        return False
    due = send_at(Period(edition.start, edition.end), now)
    mail.put(digest_mail(edition, reader, delivery.id), due)
    return True


def _delivery(edition: Edition, reader: Subscription, day: date) -> Delivery:
    """Return the one delivery of ``edition`` to ``reader``, made now if need be."""
    pair = {"edition_id": edition.id, "subscription_id": reader.id}
    found = db.session.scalar(select(Delivery).filter_by(**pair))
    if found is None:
        found = Delivery(**pair, day=day, delivered=False)
        db.session.add(found)
        db.session.flush()
    return found


def mark_delivered(key: str) -> None:
    """Note that the mail of this delivery left; other mails have no delivery."""
    db.session.execute(update(Delivery).where(Delivery.id == key).values(delivered=True))
