"""Editions of one computation for each subject and period, each mailed to its readers once.

What is counted is ``app/computation.py``, what each audience may read ``app/writings.py`` and
``app/role_editions.py``, who gets it ``app/digest_queue.py``. Unique keys, not care, are what makes
a second run send nothing.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

import structlog
from flask_babel import force_locale
from sqlalchemy import func, select

from app.catalogue import Service
from app.clock import CLOCK
from app.computation import Computation, compute
from app.days import paris_day
from app.db import db, random_id
from app.digest_queue import queue
from app.edition_news import edition_before
from app.edition_words import title_of
from app.editions import Edition
from app.job_runs import late_minutes
from app.periods import Period, after
from app.public_editions import public_writing
from app.role_editions import role_writing
from app.subscriptions import ROLE_AUDIENCES, Audience, Frequency, Subscription
from app.team_editions import team_writing
from app.writings import Writing

log = structlog.get_logger()

ALL_RHYTHMS = (Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY)
# Where floors hold there is one rhythm: a month beside its weeks would give small numbers.
RHYTHMS = {
    Audience.TEAM: ALL_RHYTHMS,
    Audience.PUBLIC: (Frequency.WEEKLY,),
    Audience.EXPERT: ALL_RHYTHMS,
    Audience.FACILITATOR: ALL_RHYTHMS,
    Audience.TERRITORY: (Frequency.WEEKLY,),
}
OF_SERVICES = (Audience.TEAM, Audience.PUBLIC)


@dataclass(frozen=True)
class Subject:
    """Whom an edition is for and what it is about; of a service or of what a role looks at."""

    audience: Audience
    about: str
    service: Service | None = None


@dataclass(frozen=True)
class Wanted:
    """One edition to compose."""

    subject: Subject
    frequency: Frequency
    period: Period
    late: dict[str, int] = field(default_factory=dict)  # minutes, by what is late on the site


def of_service(service: Service, audience: Audience) -> Subject:
    """Return the subject of a service's editions for ``audience``."""
    return Subject(audience, f"service-{service.id}", service)


def send_for(service: Service, now: datetime) -> int:
    """Compose what is due for one service and queue its mails; return how many mails."""
    computed: dict[Period, Computation] = {}  # both audiences are told from the same numbers
    subjects = [of_service(service, audience) for audience in OF_SERVICES]
    return sum(_send(each, now, computed) for each in subjects)


def send_for_roles(now: datetime) -> int:
    """The same for what experts, facilitators and relays read."""
    query = select(Subscription.audience, Subscription.about).distinct()
    query = query.where(Subscription.audience.in_(ROLE_AUDIENCES)).order_by(Subscription.about)
    found = [Subject(Audience(row.audience), row.about) for row in db.session.execute(query)]
    return sum(_send(each, now, {}) for each in found)


def _send(subject: Subject, now: datetime, computed: dict[Period, Computation]) -> int:
    """Compose every period that is missing, in order; the newest alone goes by mail.

    After a stop of days, nobody gets a heap of mails: the older ones are read on the site.
    """
    day, queued = paris_day(now), 0
    for frequency in _rhythms(subject):
        edition = None
        for period in after(_last_end(subject, frequency), frequency, day):
            wanted = Wanted(subject, frequency, period)
            edition = edition_of(wanted) or compose(_told_late(wanted, now), day, computed)
        if edition is not None and not edition.skipped:
            queued += queue(edition, now)
    return queued


def _told_late(wanted: Wanted, now: datetime) -> Wanted:
    """Return ``wanted`` with what is late on the site at ``now``."""
    return replace(wanted, late=late_minutes(CLOCK, now))


def _rhythms(subject: Subject) -> list[Frequency]:
    """Return a weekly edition, and what readers asked beside."""
    query = select(Subscription.frequency).where(
        Subscription.audience == subject.audience,
        Subscription.about == subject.about,
        Subscription.confirmed,
    )
    asked = set(db.session.scalars(query.distinct()))
    rhythms = RHYTHMS[subject.audience]
    return [each for each in rhythms if each == Frequency.WEEKLY or each in asked]


def _last_end(subject: Subject, frequency: Frequency) -> date | None:
    """Return where the newest edition of this rhythm ends; none asked for a daily one before."""
    known = select(func.max(Edition.end)).where(
        Edition.audience == subject.audience,
        Edition.about == subject.about,
        Edition.frequency == frequency,
    )
    return db.session.scalar(known)


def edition_of(wanted: Wanted) -> Edition | None:
    """Return the edition that was composed for this audience and period, if any."""
    return db.session.scalar(
        select(Edition).where(
            Edition.audience == wanted.subject.audience,
            Edition.about == wanted.subject.about,
            Edition.frequency == wanted.frequency,
            Edition.start == wanted.period.start,
        )
    )


def compose(
    wanted: Wanted, day: date, computed: dict[Period, Computation] | None = None
) -> Edition:
    """Return the edition of one audience, stored; a skipped one says why.

    Where two compose at the same moment, the key refuses the second: its job fails and, tried
    again, finds the edition of the first.
    """
    edition = written(wanted, day, computed if computed is not None else {})
    db.session.add(edition)
    db.session.flush()
    if edition.skipped:
        subject = wanted.subject
        log.info(
            "edition_skipped",
            audience=subject.audience.value,
            about=subject.about,
            start=wanted.period.start.isoformat(),
            reason=edition.skipped,
        )
    return edition


def written(wanted: Wanted, day: date, computed: dict[Period, Computation]) -> Edition:
    """Return the edition of ``wanted`` as it would stand on ``day``, not stored: a preview."""
    subject, period = wanted.subject, wanted.period
    with force_locale("fr"):
        writing = _writing(wanted, day, computed)
        edition = Edition(
            id=random_id(),
            audience=subject.audience.value,
            about=subject.about,
            service=subject.service,
            frequency=wanted.frequency.value,
            start=period.start,
            end=period.end,
            composed=day,
            content=writing.content,
            skipped=writing.skipped,
        )
        edition.title = title_of(edition)
    return edition


def _writing(wanted: Wanted, day: date, computed: dict[Period, Computation]) -> Writing:
    subject, period = wanted.subject, wanted.period
    if subject.service is None:
        return role_writing(subject.audience, subject.about, period, day)
    if period not in computed:
        computed[period] = compute(subject.service, period, day)
    if subject.audience == Audience.TEAM:
        before = edition_before(subject.service, wanted.frequency, period)
        return team_writing(computed[period], subject.service, day, wanted.late, before)
    return public_writing(computed[period], subject.service, day)
