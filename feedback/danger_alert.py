"""Telling moderators by mail, at once, that a message speaks of danger; never what it says.

One mail an hour to each moderator at most: the queue holds the rest, danger first. Nothing waits
for the mail: it stands in the outbox.
"""

from datetime import timedelta

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from app import mail
from app.accounts import Account, Role
from app.days import now
from app.db import db
from feedback.models import Channel, Feedback

HOUR = timedelta(hours=1)


def alert(feedback: Feedback) -> None:
    """Put a mail to each moderator in the outbox; the caller holds the write lock and commits.

    What was imported was said long ago to somebody else: it waits in the queue, without a mail.
    """
    if feedback.channel == Channel.IMPORT:
        return
    moment = now()
    slot = int(moment.timestamp() // HOUR.total_seconds())
    for account in _moderators():
        mail.put(_mail(account, f"danger-{slot}-{account.id}"), moment)


def _moderators() -> list[Account]:
    active = db.session.scalars(select(Account).where(Account.active).order_by(Account.id))
    return [account for account in active if account.holds(Role.MODERATOR)]


def _mail(account: Account, key: str) -> mail.Mail:
    path = current_app.url_map.bind("").build("moderation.queue")  # the worker has no request
    queue = current_app.config["BASE_URL"].rstrip("/") + path
    with force_locale("fr"):
        subject = str(_("Un message attend une personne, maintenant"))
        text = _(
            "Un message parle peut-être d’un danger. Il attend dans la file de modération.\n\n"
            "Ouvrir la file : %(queue)s\n\n"
            "Son auteur a vu les numéros d’aide. Personne ne peut le rappeler. D’autres messages "
            "peuvent suivre : nous vous écrivons une fois par heure au plus.",
            queue=queue,
        )
    return mail.Mail(key, account.email, subject, str(text))
