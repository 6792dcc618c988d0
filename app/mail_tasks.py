"""What the worker does about mails: compose, remind, alert, and read what came back.

As in ``app/tasks.py``, each may run twice, commits, and returns one line that says what it did.
"""

from datetime import datetime
from pathlib import Path

from flask import current_app

from app import alerts, bounces, digests
from app.author_mails import AUTHORS
from app.catalogue import all_services
from app.days import paris_day
from app.db import db
from app.holder_mails import HOLDERS
from app.subscriptions import ensure_role_subscriptions, ensure_team_subscriptions
from feedback import moderation_reminder


def digest(_key: str, now: datetime) -> str:
    """Compose what is due and put it in the outbox, one service after the other."""
    queued = 0
    for service in all_services():
        ensure_team_subscriptions(service, paris_day(now))
        queued += digests.send_for(service, now)
        db.session.commit()  # the lock is held for one service, not for all
    ensure_role_subscriptions(paris_day(now))
    queued += digests.send_for_roles(now)
    db.session.commit()
    told = AUTHORS.tell(now) + HOLDERS.tell(now)
    db.session.commit()
    return f"{queued + told} mails put in the outbox"


def remind_of_waiting(_key: str, now: datetime) -> str:
    """Remind teams of what waits too long, once a week."""
    told = alerts.nag(now)
    db.session.commit()
    return f"{told} reminders put in the outbox"


def remind_moderators(_key: str, now: datetime) -> str:
    """Remind moderators of what waits longer than was promised, once a day."""
    told = moderation_reminder.remind(now)
    db.session.commit()
    return f"{told} reminders of moderation put in the outbox"


def alert_of_bursts(_key: str, now: datetime) -> str:
    """Tell of many retours in a short time, to who asked for it."""
    told = alerts.tell_bursts(now)
    db.session.commit()
    return f"{told} alerts put in the outbox"


def collect_bounces(_key: str, now: datetime) -> str:
    """Read the mailbox where refused mails come back, where the settings name one."""
    chosen = current_app.config["MAIL_BOUNCES"]
    if not chosen or not Path(chosen).exists():
        return "no mailbox of returned mails"
    found = bounces.collect(Path(chosen), paris_day(now))
    return (
        f"read {found.reports} reports of returned mails, {found.left} readers left by a mail, "
        f"{found.others} other messages removed"
    )
