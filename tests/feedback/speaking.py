"""A mediator's gestures over HTTP, for tests: sign in, fill in the form, print sheets."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Role
from app.catalogue import Organisation, service_by_slug
from app.db import db
from app.traces import Actor
from feedback import receipts, sheets
from feedback.models import Feedback
from feedback.sheets import Printed
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post
from tests.fakes import StandingClock
from tests.feedback import citizen

ORGANISATION = "Maison de quartier des Lilas"
ADMINISTRATION = Actor("administrator", "Centre")


def mediator(app: Flask) -> FlaskClient:
    """Return a browser where a mediator is signed in."""
    client = app.test_client()
    with writing(app):
        known = db.session.scalar(db.select(Organisation).filter_by(name=ORGANISATION))
        seat = known or factories.organisation(ORGANISATION)
        account = factories.account(Role.MEDIATOR, organisation=seat)
        factories.sign_in(client, account)
    return client


def another_day(client: FlaskClient, clock: StandingClock, days: int = 1) -> None:
    """Let ``days`` pass; the mediator of ``client`` signs in again."""
    with client.session_transaction() as session:
        who = session["_user_id"]
    clock.forward(days=days)
    with client.session_transaction() as session:
        session.clear()
        session["_user_id"] = who
        session["_fresh"] = True


def form_key(client: FlaskClient, path: str) -> str:
    """Return the key of a fresh form at ``path``."""
    return citizen.hidden(client.get(path), path)["key"]


def speak_for(client: FlaskClient, slug: str, key: str | None = None, **fields: Any) -> Any:
    """Send the mediator's form, as a right one but for ``fields``."""
    path = f"/equipe/saisir/{slug}"
    values = {"face": "5", "text": citizen.TEXT, "consent": "y", "handover": "none", **fields}
    return post(client, path, {"key": key or form_key(client, path), **values})


def type_sheet(client: FlaskClient, slug: str, key: str | None = None, **fields: Any) -> Any:
    """Send a typed sheet of paper, as a right one but for ``fields``."""
    path = f"/equipe/papier/{slug}"
    values = {"face": "2", "text": citizen.TEXT, **fields}
    return post(client, path, {"key": key or form_key(client, path), **values})


def print_sheets(app: Flask, count: int = 1, slug: str = "") -> list[Printed]:
    """Return printed sheets, as an administrator has them in hand."""
    with writing(app):
        drawn = sheets.draw(count, receipts.system_salt(), app.config["RECEIPT_SECRET"])
        sheets.keep(drawn, service_by_slug(slug), TODAY, ADMINISTRATION)
    return drawn


def only_retour(app: Flask) -> Feedback:
    """Return the one stored retour."""
    with app.app_context():
        row: Feedback = db.session.scalars(db.select(Feedback)).one()
        db.session.refresh(row, ["answers", "service"])
        return row
