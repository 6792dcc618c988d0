"""A service with one busy week behind it, for tests of editions: every count is set by hand.

The week is 16–22 November 2026; the standing clock shows Monday the 23rd.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

from app.accounts import Account, Role
from app.catalogue import Service
from app.db import db
from app.periods import Period
from app.subscriptions import Audience, Subscription
from feedback.models import (
    Commitment,
    CommitmentLink,
    Feedback,
    Message,
    Placement,
    Segment,
    Signal,
    State,
    Theme,
    ThreadState,
)
from tests import factories

MONDAY = date(2026, 11, 23)
WEEK = Period(date(2026, 11, 16), MONDAY)
IN_WEEK, BEFORE = date(2026, 11, 18), date(2026, 11, 11)
_number: Iterator[int] = count(1)


def theme(service: Service, name: str, **values: object) -> Theme:
    """Return a new theme; by default one that a person named."""
    row = Theme(
        service_id=service.id,
        name=name,
        **{"named_by_person": True, "born": date(2026, 1, 5), **values},
    )
    db.session.add(row)
    db.session.flush()
    return row


def place(feedback: Feedback, theme: Theme, contested: bool = False) -> None:
    """Put the first words of ``feedback`` into ``theme``."""
    segment = Segment(feedback_id=feedback.id, start=0, end=9, vector=b"", model="fake")
    db.session.add(segment)
    db.session.flush()
    values = {"score": 0.9, "threshold": 0.5, "model": "fake", "placed": feedback.day}
    row = Placement(segment_id=segment.id, theme_id=theme.id, contested=contested, **values)
    db.session.add(row)
    db.session.flush()


def fill(service: Service, theme: Theme | None, day: date, number: int, **values: object) -> None:
    """Add ``number`` retours of one day, answered unless told otherwise, to ``theme``."""
    for _ in range(number):
        settled = {"thread_state": ThreadState.ANSWERED.value, "waiting_since": None}
        row = factories.retour(service, day=day, **{**settled, **values})
        if theme is not None:
            place(row, theme)


def promise(service: Service, text: str, due: date, **values: object) -> Commitment:
    """Return a new commitment of ``service``."""
    defaults = {"owner": "Équipe", "made": IN_WEEK, "state": "promised"}
    row = Commitment(service=service, text=text, due=due, **{**defaults, **values})
    db.session.add(row)
    db.session.flush()
    return row


def judge(commitment: Commitment, verdict: str, number: int, day: date = IN_WEEK) -> None:
    """Let ``number`` new authors say ``verdict`` of ``commitment``."""
    for _ in range(number):
        retour = factories.retour(
            commitment.service,
            day=date(2026, 9, 1),
            thread_state=ThreadState.ANSWERED.value,
            waiting_since=None,
        )
        link = CommitmentLink(commitment=commitment, feedback=retour, verdict=verdict)
        link.verdict_day = day
        db.session.add(link)
    db.session.flush()


def signal(service: Service, theme: Theme | None = None, **values: object) -> Signal:
    """Return a new signal: 12 retours in 3 weeks where 3 were expected."""
    defaults = {
        "kind": "growing",
        "title": "Rappels la nuit",
        "raised": IN_WEEK,
        "last_look": IN_WEEK,
        "observed": 12,
        "expected": 3.0,
        "weeks": 3,
        "e_value": 60.0,
        "threshold": 48.0,
    }
    row = Signal(service=service, theme=theme, **{**defaults, **values})
    db.session.add(row)
    db.session.flush()
    return row


def answer(feedback: Feedback, day: date = IN_WEEK) -> None:
    """Add one message of the team to the exchange on ``feedback``."""
    row = Message(
        feedback=feedback, position=next(_number), sender="team", text="Merci, c’est vu.", day=day
    )
    db.session.add(row)
    db.session.flush()


def publish(service: Service, text: str, day: date = IN_WEEK) -> Feedback:
    """Return a retour that its author and a moderator let the public read."""
    return factories.retour(
        service,
        day=day,
        text=text,
        state=State.PUBLISHED.value,
        wants_publication=True,
        thread_state=ThreadState.ANSWERED.value,
        waiting_since=None,
    )


def follower(service: Service, address: str, **values: object) -> Subscription:
    """Return a confirmed public follower of ``service``."""
    defaults = {"frequency": "weekly", "confirmed": True, "created": date(2026, 1, 5)}
    row = Subscription(
        audience=Audience.PUBLIC.value,
        service_id=service.id,
        address=address,
        **{**defaults, **values},
    )
    db.session.add(row)
    db.session.flush()
    return row


def member(service: Service, **values: object) -> Account:
    """Return a promoter in the team of ``service``."""
    return factories.account(Role.PROMOTER, services=(service,), **values)


def busy_week() -> Service:
    """Return a service where everything that an edition may say has happened."""
    service = factories.service(name="Mon suivi tension")
    release = factories.release(service)
    sharing = theme(service, "Partage avec le médecin")
    login = theme(service, "Connexion")
    large = theme(service, "Affichage en gros caractères")
    rare = theme(service, "Export vers le tableur")
    fill(service, sharing, BEFORE, 12)
    fill(service, sharing, IN_WEEK, 24, face=0)
    fill(service, login, BEFORE, 22)
    fill(service, login, IN_WEEK, 13)
    fill(service, rare, IN_WEEK, 3)
    late = {"thread_state": "waiting", "waiting_since": date(2026, 10, 30)}
    fill(service, large, date(2026, 10, 30), 18, reply_due=date(2026, 11, 30), **late)
    late_ones = {"reply_due": date(2026, 11, 13), **late}
    fill(service, None, date(2026, 10, 30), 4, **late_ones)
    signal(service, sharing, release=release)
    signal(
        service,
        state="confirmed",
        sentence="Des rappels sonnent la nuit depuis la version 6.2. L’éditeur corrige.",
    )
    promise(service, "Version 6.3, qui envoie de nouveau les mesures.", date(2026, 12, 10))
    export = promise(
        service,
        "L’export en PDF, annoncé en octobre.",
        date(2026, 10, 20),
        state="announced",
        made=date(2026, 9, 1),
        announced=date(2026, 10, 18),
    )
    judge(export, "confirmed", 5)
    judge(export, "not", 1)
    told = publish(service, "Le docteur [PERSONNE] ne reçoit plus mes mesures depuis l’été.")
    answer(told)
    member(service)
    follower(service, "fidele@example.org")
    return service


def days_from(start: date, number: int) -> Iterator[date]:
    """Yield ``number`` days from ``start`` on."""
    return (start + timedelta(days=n) for n in range(number))
