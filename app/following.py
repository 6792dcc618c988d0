"""Public followers of a service: double opt-in and leaving.

The address of a follower says nothing of any retour: it stands apart from them (product.md §7).
"""

import hashlib
import secrets
from datetime import date, datetime, timedelta

from email_validator import EmailNotValidError, validate_email
from flask import render_template
from flask_babel import gettext as _
from sqlalchemy import delete, select

from app.catalogue import Service
from app.days import paris_day
from app.db import db
from app.digest_mails import absolute
from app.editions import Delivery
from app.mail import Mail, put, take_back
from app.subscriptions import Audience, Frequency, Subscription

VALID = timedelta(hours=24)
QUIET_DAYS = 2  # rows keep days only: two of them are never less than 24 hours


class NotHere(Exception):
    """Nobody follows a service whose anonymity the law guarantees."""


class BadAddress(Exception):
    """The address cannot receive mail."""


def clean_address(typed: str) -> str:
    """Return ``typed`` normalised; raise ``BadAddress``. Never asks the network."""
    try:
        return validate_email(typed.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise BadAddress from error


def ask(service: Service, typed: str, now: datetime) -> None:
    """Send the opt-in link to ``typed``, unless it went there less than a day ago or is confirmed.

    Raises ``BadAddress``, and ``NotHere`` where the law guarantees anonymity.
    """
    if service.anonymous_by_law:
        raise NotHere
    address, day = clean_address(typed), paris_day(now)
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
    elif row.confirmed or (day - row.created).days < QUIET_DAYS:
        return
    token = f"{secrets.token_urlsafe(24)}-{int((now + VALID).timestamp()):x}"
    row.token_hash, row.created = _hash(token), day
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
    row = db.session.scalar(select(Subscription).where(Subscription.token_hash == _hash(token)))
    if row is None or row.service.anonymous_by_law:
        return None
    return row if int(token.rpartition("-")[2], 16) >= now.timestamp() else None


def confirm(token: str, now: datetime) -> Subscription | None:
    """Confirm the address behind ``token`` within a day, else return None.

    The token acts once; a second tap finds what the first one did and changes nothing.
    """
    row = row_of(token, now)
    if row is not None and not row.confirmed:
        row.confirmed, row.created = True, paris_day(now)
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
    old = paris_day(now) - timedelta(days=QUIET_DAYS)
    dropped = delete(Subscription).where(
        Subscription.account_id.is_(None), ~Subscription.confirmed, Subscription.created < old
    )
    return int(db.session.execute(dropped).rowcount)  # type: ignore[attr-defined]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _optin_mail(address: str, token: str, row_id: str, day: date) -> Mail:
    text = render_template("mail/optin.txt", page=absolute("digests.confirm", token=token))
    return Mail(f"optin-{row_id}-{day:%Y%m%d}", address, _("Confirmez votre adresse"), text)
