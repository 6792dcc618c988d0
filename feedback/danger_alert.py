"""Telling moderators by mail, at once, that a message speaks of danger; never what it says.

One mail an hour to each moderator at most: the queue holds the rest, danger first. Nothing waits
for the mail: it stands in the outbox.
"""

from datetime import timedelta

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from app import limits, mail
from app.accounts import Account, Role
from app.days import now
from app.db import db
from app.mail_foot import Foot
from feedback.models import Channel, Feedback

HOUR = timedelta(hours=1)


def alert(feedback: Feedback) -> None:
    """Put a mail to each moderator in the outbox; the caller holds the write lock and commits.

    What was imported was said long ago to somebody else: it waits in the queue, without a mail.
    """
    if feedback.channel == Channel.IMPORT:
        return
    moment = now()
    secret = current_app.config["SECRET_KEY"]
    slot = int(moment.timestamp() // HOUR.total_seconds())
    for account in moderators():
        # The outbox forgets a mail that has left: the hour is kept apart.
        if limits.allow("danger mail", str(account.id), 1, HOUR, moment, secret):
            mail.put(_mail(account, f"danger-{slot}-{account.id}"), moment)


def moderators() -> list[Account]:
    """Return every moderator who has an open account."""
    active = db.session.scalars(select(Account).where(Account.active).order_by(Account.id))
    return [account for account in active if account.holds(Role.MODERATOR)]


def queue_address() -> str:
    """Return the address of the moderators' queue."""
    path = current_app.url_map.bind("").build("moderation.queue")  # the worker has no request
    return str(current_app.config["BASE_URL"].rstrip("/") + path)


def _mail(account: Account, key: str) -> mail.Mail:
    with force_locale("fr"):
        subject = str(_("Un message attend une personne, maintenant"))
        text = _(
            "Un message parle peut-être d’un danger. Il attend dans la file de modération.\n\n"
            "Ouvrir la file : %(queue)s\n\n"
            "Son auteur a vu les numéros d’aide. Personne ne peut le rappeler. D’autres messages "
            "peuvent suivre : nous vous écrivons une fois par heure au plus.",
            queue=queue_address(),
        )
        foot = moderators_foot().text()
    return mail.Mail(key, account.email, subject, f"{text}\n\n{foot}\n")


def moderators_foot() -> Foot:
    """Return why a moderator gets a mail; only an administrator can change that."""
    return Foot(
        str(
            _(
                "Vous modérez les messages de ce site. "
                "La personne qui l’administre change les rôles."
            )
        )
    )
