"""Public followers of a service: double opt-in, one mail a day to an unconfirmed address, leaving.

The address of a follower says nothing of any retour: it stands apart from them (product.md §7).
"""

import hashlib
import secrets
from datetime import date, datetime

from email_validator import EmailNotValidError, validate_email
from flask import render_template
from flask_babel import gettext as _
from sqlalchemy import select

from app.catalogue import Service
from app.days import paris_day
from app.db import db
from app.digests import absolute
from app.mail import Mail, put
from app.subscriptions import Audience, Frequency, Subscription


class BadAddress(Exception):
    """The address cannot receive mail."""


def clean_address(typed: str) -> str:
    """Return ``typed`` normalised; raise ``BadAddress``. Never asks the network."""
    try:
        return validate_email(typed.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise BadAddress from error


def ask(service: Service, typed: str, now: datetime) -> None:
    """Send the opt-in link to ``typed``; a known address gets nothing new today."""
    address, day = clean_address(typed), paris_day(now)
    row = db.session.scalar(
        select(Subscription).where(
            Subscription.audience == Audience.PUBLIC,
            Subscription.service_id == service.id,
            Subscription.address == address,
        )
    )
    if row is None:
        row = Subscription(
            audience=Audience.PUBLIC.value,
            service_id=service.id,
            address=address,
            frequency=Frequency.WEEKLY.value,
            created=day,
        )
        db.session.add(row)
    elif row.confirmed or (row.token_hash and row.created == day):
        return
    token = secrets.token_urlsafe(24)
    row.token_hash, row.created = _hash(token), day
    db.session.flush()
    put(_optin_mail(address, token, row.id, day), now)


def confirm(token: str, day: date) -> Subscription | None:
    """Confirm the address behind ``token``, once and within a day, else return None."""
    row = db.session.scalar(select(Subscription).where(Subscription.token_hash == _hash(token)))
    if row is None or (day - row.created).days > 1:
        return None
    row.confirmed, row.token_hash = True, None
    db.session.flush()
    return row


def leave(row: Subscription) -> None:
    """End a subscription: a follower's address goes, a member of the team pauses."""
    if row.account_id is None:
        db.session.delete(row)
    else:
        row.frequency = Frequency.NEVER.value
    db.session.flush()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _optin_mail(address: str, token: str, row_id: str, day: date) -> Mail:
    text = render_template("mail/optin.txt", page=absolute("digests.confirm", token=token))
    return Mail(f"optin-{row_id}-{day:%Y%m%d}", address, _("Confirmez votre adresse"), text)
