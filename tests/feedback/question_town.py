"""Services with functionalities of each risk, and local questions, for tests of the questions."""

from datetime import date
from typing import Any

from flask import Flask

from app.catalogue import Service
from app.db import db
from app.matrix import Risk
from feedback.local_question_edits import Draft, add
from feedback.models import LocalQuestion
from feedback.question_shapes import Kind
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY

WORDS = "La notice papier vous a-t-elle servi ?"


def service_with(*risks: Risk, **values: Any) -> Service:
    """Return a service with one functionality of each of ``risks``, named after it."""
    service = factories.service(**values)
    for risk in risks:
        factories.functionality(service, name=f"Partie {risk.value}", individual_risk=risk.value)
    db.session.refresh(service)
    return service


def slug_with(app: Flask, *risks: Risk, **values: Any) -> str:
    """Return the address of such a service, committed."""
    with writing(app):
        slug: str = service_with(*risks, **values).slug
    return slug


def local(
    service: Service, kind: Kind = Kind.TEXT, day: date = TODAY, **more: Any
) -> LocalQuestion:
    """Return a local question of ``service``."""
    choices = ("Oui", "Non", "En partie") if kind in (Kind.ONE, Kind.SEVERAL) else ()
    return add(service, Draft(**{"words": WORDS, "kind": kind, "choices": choices, **more}), day)
