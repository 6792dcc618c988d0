"""Two writings of one computation: an Edition for each audience and period, mailed exactly once.

What is counted is ``app/computation.py``; what leaves the team passes the floors here. The mail's
words stand in ``templates/mail``; sending them is ``app/mail.py``.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template, url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app import mail
from app.catalogue import Service, all_services
from app.computation import (
    Computation,
    announced_commitments,
    compute,
    open_commitments,
)
from app.days import paris_day
from app.db import db
from app.editions import Delivery, Edition
from app.floors import may_show
from app.mail import Mail
from app.periods import Period, last_complete, send_at
from app.subscriptions import Audience, Frequency, Subscription

FREQUENCIES = (Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY)
SOON_DAYS = 28  # a commitment due within four weeks is a decision of the team
MOST_THEMES = 5
PUBLIC_SIGNALS = ("confirmed", "measures", "closed")
NUMBERS = {1: "Une", 2: "Deux", 3: "Trois", 4: "Quatre", 5: "Cinq", 6: "Six"}


@dataclass(frozen=True)
class Wanted:
    """One edition to compose."""

    service: Service
    audience: Audience
    frequency: Frequency
    period: Period


def send_due(now: datetime) -> int:
    """Compose every edition that is due and put its mails in the outbox; return how many mails.

    Unique keys make a second run find everything done.
    """
    day = paris_day(now)
    queued = 0
    for wanted in _wanted(day):
        edition = edition_of(wanted) or compose(wanted, day)
        if not edition.skipped:
            queued += _queue(edition, wanted.frequency, now)
    return queued


def _wanted(day: date) -> list[Wanted]:
    """Return a weekly edition for each service and audience, and what subscribers asked beside."""
    asked = {
        (row.service_id, row.audience, row.frequency)
        for row in db.session.execute(
            select(Subscription.service_id, Subscription.audience, Subscription.frequency)
            .where(Subscription.confirmed)
            .distinct()
        )
    }
    return [
        Wanted(service, audience, frequency, last_complete(frequency, day))
        for service in all_services()
        for audience in Audience
        for frequency in FREQUENCIES
        if frequency == Frequency.WEEKLY or (service.id, audience, frequency) in asked
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


def compose(wanted: Wanted, day: date) -> Edition:
    """Return the edition for one audience and period; a skipped one says why."""
    computation = compute(wanted.service, wanted.period, day)
    with force_locale("fr"):
        if wanted.audience == Audience.TEAM:
            content, title, skipped = _team(computation, wanted.period, day)
        else:
            content, title, skipped = _public(computation, wanted.service)
    edition = Edition(
        audience=wanted.audience.value,
        service_id=wanted.service.id,
        frequency=wanted.frequency.value,
        start=wanted.period.start,
        end=wanted.period.end,
        composed=day,
        title=title,
        content=content,
        skipped=skipped,
    )
    db.session.add(edition)
    db.session.flush()
    return edition


def _team(found: Computation, period: Period, day: date) -> tuple[dict[str, Any], str, str]:
    """Decisions needed first, then what changed, the pains, the signals, the numbers."""
    due = [line for line in open_commitments(found) if _is_soon(line.due, day)]
    to_review = [line for line in found.signals if line.state in ("candidate", "under_review")]
    decisions = bool(found.late) + len(to_review) + len(due) + bool(found.contested)
    content = found.as_dict() | {
        "decisions": decisions,
        "due": [line.id for line in due],
        "to_review": [line.id for line in to_review],
    }
    number = NUMBERS.get(decisions, str(decisions))
    title = (
        ngettext(
            "%(number)s chose attend une décision",
            "%(number)s choses attendent une décision",
            decisions,
            number=number,
        )
        if decisions
        else _("Rien n’attend de décision")
    )
    empty = not decisions and not found.retours and not found.answers
    return content, title, _("aucun retour et aucune décision") if empty else ""


def _is_soon(due: str, day: date) -> bool:
    return (date.fromisoformat(due) - day).days <= SOON_DAYS


def _public(found: Computation, service: Service) -> tuple[dict[str, Any], str, str]:
    """What was said, what the team did, what is to be verified, what is still without answer."""
    floor = current_app.config["FLOOR"]
    said = [line for line in found.themes if line.retours and may_show(line.ever, floor)]
    content = {
        "retours": found.retours if may_show(found.retours, floor) else None,
        "answers": found.answers if may_show(found.answers, floor) else None,
        "themes": [
            {
                "id": line.id,
                "name": line.name,
                "retours": line.retours if may_show(line.retours, floor) else None,
                "ever": line.ever,
            }
            for line in said[:MOST_THEMES]
        ],
        "more_themes": max(0, len(said) - MOST_THEMES),
        "promised": [line.__dict__ for line in open_commitments(found)],
        "announced": [line.__dict__ for line in announced_commitments(found)],
        "confirmed": [line.__dict__ for line in found.commitments if line.state == "confirmed"],
        "signals": [
            {"id": line.id, "sentence": line.sentence}
            for line in found.signals
            if line.state in PUBLIC_SIGNALS
        ],
        "quotes": [line.__dict__ for line in found.quotes],
    }
    title = _("%(service)s : ce qui a été dit, ce qui a été fait", service=service.name)
    moved = bool(found.retours or found.answers)
    return content, title, "" if moved else _("rien de nouveau dans la période")


def _queue(edition: Edition, frequency: Frequency, now: datetime) -> int:
    readers = db.session.scalars(
        select(Subscription).where(
            Subscription.audience == edition.audience,
            Subscription.service_id == edition.service_id,
            Subscription.frequency == frequency,
            Subscription.confirmed,
        )
    )
    return sum(_queue_one(edition, reader, now) for reader in readers)


def _queue_one(edition: Edition, reader: Subscription, now: datetime) -> bool:
    """Put one mail in the outbox unless this reader has this edition; return whether it was put."""
    delivery = Delivery(
        edition_id=edition.id, subscription_id=reader.id, day=paris_day(now), delivered=False
    )
    try:
        with db.session.begin_nested():
            db.session.add(delivery)
    except IntegrityError:  # another run was faster, or it went out already
        return False
    due = send_at(Period(edition.start, edition.end), now)
    mail.put(digest_mail(edition, reader, delivery.id), due)
    return True


def unsubscribe_token(subscription: Subscription) -> str:
    """Return the sealed id of ``subscription`` for its one-click link."""
    seal = URLSafeSerializer(current_app.config["SECRET_KEY"], salt="unsubscribe")
    return str(seal.dumps(subscription.id))


def subscription_of(token: str) -> Subscription | None:
    """Return the subscription that ``token`` was sealed for, or None."""
    seal = URLSafeSerializer(current_app.config["SECRET_KEY"], salt="unsubscribe")
    try:
        return db.session.get(Subscription, str(seal.loads(token)))
    except BadSignature:
        return None


def absolute(endpoint: str, **values: Any) -> str:
    """Return the full address of a page, for a mail."""
    base = current_app.config["BASE_URL"].rstrip("/")
    with current_app.test_request_context(base_url=base):
        return base + url_for(endpoint, **values)


def digest_mail(edition: Edition, reader: Subscription, key: str) -> Mail:
    """Return one edition as a mail to one reader: a complete text part and an HTML part."""
    period = Period(edition.start, edition.end)
    context = {
        "edition": edition,
        "content": edition.content,
        "service": edition.service,
        "period": period.words(),
        "page": absolute("digests.edition", edition_id=edition.id),
        "unsubscribe": absolute("digests.unsubscribe", token=unsubscribe_token(reader)),
        "link": absolute,
    }
    name = f"mail/{edition.audience}"
    with force_locale("fr"):
        subject = render_template(f"{name}.subject.txt", **context).strip()
        text = render_template(f"{name}.txt", **context)
        html = render_template(f"{name}.html", **context)
    return Mail(key, reader.mail_address, subject, text, html, list_headers(context, edition))


def list_headers(context: dict[str, Any], edition: Edition) -> dict[str, str]:
    """Return the headers of a recurring mail (RFC 2369, 2919, 8058), one line each."""
    return {
        "List-Unsubscribe": f"<{context['unsubscribe']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<{edition.audience}-{edition.service.slug}.{_host()}>",
        "List-Help": f"<{absolute('pages.about')}>",
    }


def _host() -> str:
    return urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"


def mark_delivered(key: str) -> None:
    """Note that the mail of this delivery left; other mails have no delivery."""
    db.session.execute(update(Delivery).where(Delivery.id == key).values(delivered=True))
