"""Public followers of a service: double opt-in and leaving.

The address of a follower says nothing of any retour: it stands apart from them (product.md §7).
"""

from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select

from app import opt_in, suspended
from app.catalogue import Service
from app.days import paris_day
from app.db import db
from app.digest_mails import absolute, text_part, written
from app.editions import Delivery
from app.mail import Mail, put, take_back
from app.mail_foot import Foot
from app.mail_reasons import opt_in_reason
from app.subscriptions import Audience, Frequency, Subscription


class NotHere(Exception):
    """Nobody follows a service whose anonymity the law guarantees."""


def ask(service: Service, typed: str, now: datetime) -> None:
    """Send the opt-in link to ``typed``, unless it went there less than a day ago or is confirmed.

    Raises ``BadAddress``, and ``NotHere`` where the law guarantees anonymity.
    """
    if service.anonymous_by_law:
        raise NotHere
    address, day = opt_in.clean_address(typed), paris_day(now)
    row = _row(service, address)
    if row is None:
        row = Subscription(
            audience=Audience.PUBLIC.value,
            service_id=service.id,
            address=address,
            frequency=Frequency.WEEKLY.value,
            created=day,
        )
        db.session.add(row)
    elif row.confirmed or opt_in.is_quiet(row.created, day):
        return
    token = opt_in.new_token(now)
    row.token_hash, row.created = opt_in.token_hash(token), day
    db.session.flush()
    put(_optin_mail(address, token, row.id, day), now)


def _row(service: Service, address: str) -> Subscription | None:
    return db.session.scalar(
        select(Subscription).where(
            Subscription.audience == Audience.PUBLIC,
            Subscription.service_id == service.id,
            Subscription.address == address,
        )
    )


def row_of(token: str, now: datetime) -> Subscription | None:
    """Return the row that ``token`` was sent for, confirmed or not, while the token lasts: a day.

    Its end stands in it and is sealed with it: the row keeps a hash of both.
    """
    row = db.session.scalar(
        select(Subscription).where(Subscription.token_hash == opt_in.token_hash(token))
    )
    if row is None or row.service.anonymous_by_law:
        return None
    return row if opt_in.lasts(token, now) else None


def confirm(token: str, now: datetime) -> Subscription | None:
    """Confirm the address behind ``token`` within a day, else return None.

    The token acts once; a second tap finds what the first one did and changes nothing.
    """
    row = row_of(token, now)
    if row is not None and not row.confirmed:
        row.confirmed, row.created = True, paris_day(now)
        suspended.lift(row.mail_address)  # the link came through
        db.session.flush()
    return row


def leave(row: Subscription) -> None:
    """End a subscription and take back its waiting mails.

    A follower's address goes; a member of the team pauses.
    """
    query = select(Delivery.id).where(Delivery.subscription_id == row.id, ~Delivery.delivered)
    take_back(list(db.session.scalars(query)))
    if row.account_id is None:
        db.session.delete(row)
    else:
        row.frequency = Frequency.NEVER.value
    db.session.flush()


def purge(now: datetime) -> int:
    """Forget the addresses that nobody confirmed in time; return how many."""
    old = paris_day(now) - timedelta(days=opt_in.QUIET_DAYS)
    dropped = delete(Subscription).where(
        Subscription.account_id.is_(None), ~Subscription.confirmed, Subscription.created < old
    )
    return int(db.session.execute(dropped).rowcount)  # type: ignore[attr-defined]


def _optin_mail(address: str, token: str, row_id: str, day: date) -> Mail:
    page, foot = absolute("digests.confirm", token=token), Foot(opt_in_reason())
    context = {"page": page, "foot": foot}
    text, html = text_part("mail/optin.txt", context), written("mail/optin.html", context)
    return Mail(f"optin-{row_id}-{day:%Y%m%d}", address, _("Confirmez votre adresse"), text, html)
