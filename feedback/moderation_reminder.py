"""Reminding moderators by mail, once a working day, of what waits longer than was promised.

Counts alone: no word of anybody, no service. Nothing is released by it (model.md §4).
"""

from datetime import date, datetime, timedelta

from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from app import limits, mail
from app.accounts import Account
from app.days import is_working_day, paris_day, working_days_between
from feedback import content_notices, urgency
from feedback.danger_alert import moderators, moderators_foot, queue_address
from feedback.moderation_queue import Queue, queue
from feedback.urgency import READ_WITHIN, Level

DAY = timedelta(days=1)


def remind(now: datetime) -> int:
    """Put a mail to each moderator in the outbox while something is late; return how many mails.

    A second run on the same day puts none. The caller holds the write lock and commits.
    """
    day = paris_day(now)
    lines = _lines(day) if is_working_day(day) else []
    told = 0
    for account in moderators() if lines else []:
        secret = current_app.config["SECRET_KEY"]
        if limits.allow("moderation reminder", str(account.id), 1, DAY, now, secret):
            mail.put(_mail(account, lines, day), now)
            told += 1
    return told


def _lines(day: date) -> list[str]:
    """Return what is late, a sentence for each kind; none when nothing is."""
    found = queue(day)
    held = [item for item in found.held if item.is_late]
    urgent = sum(item.level is Level.URGENT for item in held)
    messages = _late_messages(found, day)
    reported = sum(each.is_late for each in content_notices.waiting(day))
    looks = sum(each.is_late for each in found.looks)
    appeals = sum(item.is_late for item in found.wishes)
    with force_locale("fr"):
        counted = (
            (len(held), _held(len(held), urgent)),
            (
                messages,
                ngettext("%(num)s message d’auteur", "%(num)s messages d’auteurs", messages),
            ),
            (reported, ngettext("%(num)s contenu signalé", "%(num)s contenus signalés", reported)),
            (looks, _looks(looks)),
            (appeals, _appeals(appeals)),
        )
    return [str(words) for count, words in counted if count]


def _late_messages(found: Queue, day: date) -> int:
    """Return how many held messages of authors wait longer than the level of their retour lets."""
    levels = urgency.levels(message.feedback for message in found.messages)
    return sum(
        working_days_between(message.day, day) > READ_WITHIN[levels[message.feedback_id]]
        for message in found.messages
    )


def _held(count: int, urgent: int) -> str:
    words = str(ngettext("%(num)s retour retenu", "%(num)s retours retenus", count))
    dont = ngettext("dont %(num)s urgent", "dont %(num)s urgents", urgent)
    return f"{words}, {dont}" if urgent else words


def _looks(count: int) -> str:
    return str(
        ngettext(
            "%(num)s réponse qui annonce un changement",
            "%(num)s réponses qui annoncent un changement",
            count,
        )
    )


def _appeals(count: int) -> str:
    return str(
        ngettext(
            "%(num)s recours contre un refus de publier",
            "%(num)s recours contre un refus de publier",
            count,
        )
    )


def _mail(account: Account, lines: list[str], day: date) -> mail.Mail:
    with force_locale("fr"):
        subject = str(_("Des choses attendent la modération depuis trop longtemps"))
        text = _(
            "Ceci attend depuis plus longtemps que promis :\n\n%(lines)s\n\n"
            "Ouvrir la file : %(queue)s\n\n"
            "Rien ne s’ouvre sans vous. Nous vous écrivons une fois par jour ouvré au plus.",
            lines="\n".join(f"- {line}" for line in lines),
            queue=queue_address(),
        )
        words = f"{text}\n\n{moderators_foot().text()}\n"
    return mail.Mail(f"held-{day:%Y%m%d}-{account.id}", account.email, subject, words)
