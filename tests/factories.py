"""Small factories of rows, and signing in: a test names only what it is about.

Each adds and flushes; the test commits when it means to (``tests.conftest.writing``).
"""

import secrets
from datetime import date
from itertools import count
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from app.accounts import Account, Membership, Role
from app.catalogue import Functionality, Organisation, Release, Service
from app.db import db
from app.matrix import FunctionalityClass, Risk
from app.sign_in import grant
from feedback.models import Channel, Face, Feedback, State, ThreadState
from feedback.publications import publish_all

TODAY = date(2026, 11, 23)  # the day of the standing clock in conftest
_number = count(1)


TOKEN = "0" * 40  # what a form token is signed from


def _add(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row


def organisation(name: str = "") -> Organisation:
    """Return a new organisation."""
    row: Organisation = _add(Organisation(name=name or f"Réseau de santé {next(_number)}"))
    return row


def service(**values: Any) -> Service:
    """Return a new service with a human alternative and no functionality."""
    number = next(_number)
    defaults: dict[str, Any] = {
        "slug": f"suivi-tension-{number}",
        "name": f"Mon suivi tension {number}",
        "purpose": "Noter sa tension à la maison et la partager avec son médecin.",
        "created": date(2026, 1, 5),
        "phone": "04 00 00 00 00",
        "place": "Maison France Services, 2 place du Marché",
        "hours": "du lundi au vendredi, 9 h – 17 h",
        "allowed_words": [],
    }
    if "organisation" not in values and "organisation_id" not in values:
        defaults["organisation"] = organisation()
    row: Service = _add(Service(**{**defaults, **values}))
    return row


def functionality(service: Service, **values: Any) -> Functionality:
    """Return a new functionality of ``service``; by default one that asks for 10 working days."""
    defaults: dict[str, Any] = {
        "name": f"Partage {next(_number)}",
        "kind": FunctionalityClass.SELF_MONITORING.value,
        "individual_risk": Risk.MEDIUM.value,
        "collective_risk": Risk.LOW.value,
    }
    row: Functionality = _add(Functionality(service=service, **{**defaults, **values}))
    return row


def release(service: Service, number: str = "6.2", day: date = date(2026, 11, 2)) -> Release:
    """Return a new release of ``service``."""
    row: Release = _add(Release(service=service, number=number, day=day))
    return row


def account(*roles: Role, services: tuple[Service, ...] = (), **values: Any) -> Account:
    """Return a new account with ``roles`` and a seat in the teams of ``services``."""
    number = next(_number)
    defaults: dict[str, Any] = {
        "email": f"equipe{number}@example.fr",
        "name": f"Membre {number}",
        "fs_uniquifier": secrets.token_hex(16),
        "created": date(2026, 1, 5),
    }
    if "organisation" not in values and "organisation_id" not in values:
        defaults["organisation"] = services[0].organisation if services else organisation()
    row: Account = _add(Account(**{**defaults, **values}))
    grant(row, *roles)
    for served in services:
        row.memberships.append(Membership(service_id=served.id))
    db.session.flush()
    return row


def retour(service: Service, **values: Any) -> Feedback:
    """Return a stored retour that the team may read: middling, with text, waiting for an answer.

    It has no receipt code; ``feedback.intake.receive`` gives one.
    """
    defaults: dict[str, Any] = {
        "day": TODAY,
        "channel": Channel.WEB.value,
        "face": Face.MIDDLING.value,
        "text": "L’application ne transmet plus mes mesures.",
        "state": State.OPEN.value,
        "thread_state": ThreadState.WAITING.value,
        "waiting_since": values.get("day", TODAY),
    }
    row: Feedback = _add(Feedback(service=service, **{**defaults, **values}))
    return row


def publish(day: date = TODAY) -> None:
    """Publish what is due of every service, as the worker does each night."""
    publish_all(day)
    db.session.flush()


def sign_in(client: FlaskClient, account: Account) -> None:
    """Open a staff session for ``account`` on ``client``; commits, so that the site sees it."""
    if has_app_context():
        db.session.commit()
    with client.session_transaction() as session:
        session["_user_id"] = account.fs_uniquifier
        session["_fresh"] = False
        # As after a page or two: else the first page of each test would write the session.
        session["csrf_token"] = TOKEN
        session["began"] = session["seen"] = int(client.application.config["CLOCK"]().timestamp())


def csrf_token(client: FlaskClient) -> str:
    """Return the token that posts of ``client`` must carry as ``csrf_token`` in their form."""
    with client.session_transaction() as session:
        raw = session.setdefault("csrf_token", TOKEN)
    key = client.application.config["SECRET_KEY"]
    return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(raw))


def post(client: FlaskClient, url: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
    """Post a form of a page with a session: the token is added."""
    return client.post(url, data={**(data or {}), "csrf_token": csrf_token(client)}, **more)
