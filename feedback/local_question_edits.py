"""Adding, changing and ending local questions, inside the minute that they may take.

An answered question is ended, never deleted; new words are a new version, so that what was answered
stays readable.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.catalogue import Service, Territory
from app.db import db
from app.matrix import Risk
from feedback.local_questions import is_open, of_service
from feedback.models import Answer, LocalQuestion, LocalWording
from feedback.question_shapes import Kind

MOST_OPEN = 5  # for one service, those of its territory counted
FEWEST_CHOICES, MOST_CHOICES = 2, 8
CHOSEN = (Kind.ONE, Kind.SEVERAL)


class TooManyQuestions(Exception):
    """``service`` already asks as many local questions as a minute holds."""

    def __init__(self, service: Service) -> None:
        super().__init__(f"{service.slug} asks {MOST_OPEN} local questions already")
        self.service = service


@dataclass(frozen=True)
class Draft:
    """What the form of a local question holds."""

    words: str
    kind: Kind
    choices: tuple[str, ...] = ()
    from_risk: Risk = Risk.LOW
    functionality_id: int | None = None
    position: int = 1
    ended: date | None = None
    territory_code: str | None = None  # None: of the service alone


def services_of(row_territory: str) -> list[Service]:
    """Return the services of a territory: a region holds those of its départements."""
    inside = select(Territory.code).where(Territory.region_code == row_territory)
    where = (Service.territory_code == row_territory) | Service.territory_code.in_(inside)
    return list(db.session.scalars(select(Service).where(where).order_by(Service.name)))


def concerned(service: Service, territory_code: str | None) -> list[Service]:
    """Return the services that would ask a question of ``service`` or of its territory."""
    return services_of(territory_code) if territory_code else [service]


def _refuse_a_sixth(services: Iterable[Service], day: date, but: LocalQuestion | None) -> None:
    for service in services:
        asked = [row for row in of_service(service) if is_open(row, day) and row is not but]
        if len(asked) >= MOST_OPEN:
            raise TooManyQuestions(service)


def add(service: Service, draft: Draft, day: date) -> LocalQuestion:
    """Return a new question; raise ``TooManyQuestions`` when a minute would not hold it."""
    if draft.ended is None or day < draft.ended:
        _refuse_a_sixth(concerned(service, draft.territory_code), day, None)
    row = LocalQuestion(kind=draft.kind.value, territory_code=draft.territory_code)
    row.service_id = None if draft.territory_code else service.id
    _place(row, draft)
    row.wordings.append(_wording(draft, 1, day))
    db.session.add(row)
    db.session.flush()
    return row


def change(service: Service, row: LocalQuestion, draft: Draft, day: date) -> None:
    """Give ``row`` what ``draft`` says; other words or choices are a new version."""
    if draft.ended is None or day < draft.ended:
        _refuse_a_sixth(concerned(service, row.territory_code), day, row)
    _place(row, draft)
    now = row.wording
    if (now.words, tuple(now.choices)) != (draft.words, draft.choices):
        row.wordings.append(_wording(draft, now.version + 1, day))
    db.session.flush()


def _place(row: LocalQuestion, draft: Draft) -> None:
    row.from_risk, row.position = draft.from_risk.value, draft.position
    row.functionality_id = None if row.territory_code else draft.functionality_id
    row.ended = draft.ended


def _wording(draft: Draft, version: int, day: date) -> LocalWording:
    return LocalWording(version=version, words=draft.words, choices=[*draft.choices], since=day)


def is_answered(row: LocalQuestion) -> bool:
    """Say whether somebody answered ``row``, in any version."""
    found = select(func.count()).select_from(Answer).where(Answer.question == row.code)
    return bool(db.session.scalar(found))


def withdraw(row: LocalQuestion, day: date) -> bool:
    """End ``row`` today, or delete it when nobody answered; return whether it was deleted."""
    if is_answered(row):
        row.ended = min(row.ended or day, day)
        db.session.flush()
        return False
    db.session.delete(row)
    db.session.flush()
    return True
