"""Everything that one address follows, on one page, behind a link that goes to that address alone.

A mail of one service may be passed on, and its links with it: they open that service and no other.
So the link to all is asked for, and sent. It holds the address sealed, and lasts a day.
"""

from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import limits, mail, sealed, suspended
from app.catalogue import Service
from app.days import paris_day
from app.db import db
from app.digest_mails import absolute, text_part, written
from app.mail_foot import Foot
from app.mail_reasons import all_mails_reason
from app.opt_in import VALID
from app.subscriptions import Audience, Subscription

PURPOSE, OWNER = "all mails", "followers"


def send_link(row: Subscription, now: datetime) -> None:
    """Send the follower of ``row`` the link to everything that they follow: one a day at most.

    Nothing goes to an account, whose mails are in the desk, nor to an address that refuses mails.
    """
    address, secret = row.address, current_app.config["SECRET_KEY"]
    if not address or suspended.since(address):
        return
    if limits.allow(PURPOSE, address, 1, VALID, now, secret):
        mail.put(_mail(row, token_of(address, now), now), now)


def token_of(address: str, now: datetime) -> str:
    """Return what opens the page of ``address`` until tomorrow.

    Mail programs leave an « = » out of the link that they make of an address: it is added back.
    """
    until = int((now + VALID).timestamp())
    return sealed.seal(f"{until} {address}", PURPOSE, OWNER).rstrip("=")


def rows_of(token: str, now: datetime) -> list[Subscription] | None:
    """Return what the address behind ``token`` follows; None when it opens nothing any more."""
    try:
        padded = token + "=" * (-len(token) % 4)
        until, _space, address = sealed.unseal(padded, PURPOSE, OWNER).partition(" ")
    except (sealed.Unsealable, ValueError):  # not ours, or cut by a mail program
        return None
    if int(until) < now.timestamp():
        return None
    query = (
        select(Subscription)
        .join(Service)
        .where(
            Subscription.audience == Audience.PUBLIC,
            Subscription.address == address,
            Subscription.confirmed,
            ~Service.anonymous_by_law,
        )
        .options(joinedload(Subscription.service))
        .order_by(Service.name, Subscription.id)
    )
    return list(db.session.scalars(query))


def _mail(row: Subscription, token: str, now: datetime) -> mail.Mail:
    with force_locale("fr"):
        context = {
            "page": absolute("digests.all_mails", token=token),
            "foot": Foot(all_mails_reason()),
        }
        text = text_part("mail/all_mails.txt", context)
        html = written("mail/all_mails.html", context)
        subject = str(_("Tout ce que vous recevez ici"))
    key = f"all-{row.id}-{paris_day(now):%Y%m%d}"
    return mail.Mail(key, row.mail_address, subject, text, html)
