"""Mails beside the digests that a team may ask for: a burst of retours, what waits too long.

Both speak in numbers and links alone. A pause ends them too, and so does leaving in one click.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from app import bursts, mail
from app.catalogue import Service
from app.days import paris_day
from app.db import db
from app.desk_filters import View
from app.digest_counts import waits
from app.digest_mails import absolute, foot_of, list_headers, text_part, unsubscribe_token, written
from app.mail_reasons import burst_reason, nag_reason
from app.subscriptions import Audience, Frequency, Subscription
from workshops.models import Phase, Proposal, Workshop

EVERY = timedelta(days=7)  # one reminder of a service a week, at most
PATIENCE = timedelta(days=14)  # after a session, before its results are asked for
THURSDAY, FRIDAY = 3, 4


def tell_bursts(now: datetime) -> int:
    """Queue the alerts of bursts that are over; return how many mails."""
    told = 0
    for service_id, count in bursts.take_due(now).items():
        wanting = select(Subscription).where(*_team(service_id), Subscription.bursts)
        for row in db.session.scalars(wanting):
            mail.put(_burst_mail(row, count, now), now)
            told += 1
    return told


def _team(service_id: int) -> tuple[Any, ...]:
    return (
        Subscription.audience == Audience.TEAM,
        Subscription.service_id == service_id,
        Subscription.confirmed,
        Subscription.frequency != Frequency.NEVER,
    )


def nag(now: datetime) -> int:
    """Queue the reminders of the week; return how many.

    On Thursdays, or on Fridays for those whose digest comes on Thursday: one mail a day at most. A
    daily digest says the same each day, so that its readers get none.
    """
    day, told = paris_day(now), 0
    if day.weekday() not in (THURSDAY, FRIDAY):
        return 0
    for service in db.session.scalars(select(Service).order_by(Service.id)):
        rows = [row for row in _nagged_of(service) if _is_due(row, day)]
        lines = _lines(service, day) if rows else []
        for row in rows if lines else []:
            row.nagged = day
            mail.put(_nag_mail(row, lines, day), now)
            told += 1
    db.session.flush()
    return told


def _nagged_of(service: Service) -> Sequence[Subscription]:
    query = select(Subscription).where(
        *_team(service.id), Subscription.nags, Subscription.frequency != Frequency.DAILY
    )
    return db.session.scalars(query.options(joinedload(Subscription.account))).all()


def _is_due(row: Subscription, day: date) -> bool:
    own_day = FRIDAY if row.weekday == THURSDAY else THURSDAY
    return day.weekday() == own_day and (row.nagged is None or day - row.nagged >= EVERY)


def _lines(service: Service, day: date) -> list[tuple[str, str]]:
    """Return what waits too long, each with where to do something about it."""
    found = []
    if late := waits(service, day).late:
        words = ngettext(
            "%(num)d retour attend une réponse au-delà du délai.",
            "%(num)d retours attendent une réponse au-delà du délai.",
            late,
        )
        link = {"vue": View.LATE.value, "service": service.slug}
        found.append((words, absolute("desk.inbox", **link)))
    if unpublished := _unpublished(service, day):
        words = ngettext(
            "%(num)d atelier est fini, et rien n’en est public.",
            "%(num)d ateliers sont finis, et rien n’en est public.",
            unpublished,
        )
        found.append((words, absolute("workshops_desk.proposals")))
    return found


def _unpublished(service: Service, day: date) -> int:
    """Return how many sessions ended two weeks ago with proposals of which none is public."""
    made = exists().where(Proposal.workshop_id == Workshop.id)
    query = select(func.count()).where(
        Workshop.service_id == service.id,
        Workshop.phase == Phase.CLOSED,
        Workshop.closed <= day - PATIENCE,
        made,
        ~made.where(Proposal.shown_since.is_not(None)),
    )
    return db.session.scalar(query) or 0


def _burst_mail(row: Subscription, count: int, now: datetime) -> mail.Mail:
    with force_locale("fr"):
        words = ngettext(
            "%(num)d retour est arrivé en peu de temps.",
            "%(num)d retours sont arrivés en peu de temps.",
            count,
        )
        subject = str(_("Beaucoup de retours en peu de temps"))
        lines = [(words, absolute("desk.inbox", service=row.service.slug))]
        key = f"burst-{row.id}-{now:%Y%m%d%H%M}"
        return _mail(row, key, subject, lines, burst_reason(row))


def _nag_mail(row: Subscription, lines: list[tuple[str, str]], day: date) -> mail.Mail:
    with force_locale("fr"):
        subject = str(_("Des choses attendent depuis trop longtemps"))
        return _mail(row, f"nag-{row.id}-{day:%Y%m%d}", subject, lines, nag_reason(row))


def _mail(
    row: Subscription, key: str, subject: str, lines: list[tuple[str, str]], reason: str
) -> mail.Mail:
    token = unsubscribe_token(row)
    foot = foot_of(row, token, reason)
    context = {
        "title": subject,
        "lines": lines,
        "service": row.service,
        "foot": foot,
    }
    text = text_part("mail/alert.txt", context)
    html = written("mail/alert.html", context)
    headers = list_headers(foot.leave, token, f"alert-{row.service_id}")
    return mail.Mail(key, row.mail_address, subject, text, html, headers)
