"""Retours of people who say their age, and the public that a service declares, for tests of use."""

from datetime import date

from app.catalogue import Service
from app.db import db
from feedback.declared_publics import declare
from feedback.models import Answer, AnswerStatus, Feedback
from tests import factories

SPRING, SUMMER = date(2026, 5, 4), date(2026, 8, 3)  # in the two quarters before November
YOUNG, OLD = "30-44", "75-"


def say(service: Service, day: date, count: int, age: str = "", face: int = 5) -> list[Feedback]:
    """Store ``count`` retours of ``day`` whose authors say their age, if any."""
    rows = []
    for _each in range(count):
        row = factories.retour(service, day=day, face=face)
        if age:
            given = AnswerStatus.GIVEN.value
            db.session.add(Answer(feedback_id=row.id, question="G7", status=given, value=age))
        rows.append(row)
    db.session.flush()
    return rows


def uneven(young: int = 38, old: int = 2) -> Service:
    """Return a service whose oldest users are hardly heard, two quarters in a row."""
    service = factories.service(created=date(2025, 1, 6))
    people = {"": {"": 3000}, "G7": {YOUNG: 1000, OLD: 1000, "-18": 4}}
    declare(service, people, date(2026, 1, 5))
    for day in (SPRING, SUMMER):
        say(service, day, young, YOUNG)
        say(service, day, old, OLD)
    db.session.flush()
    return service
