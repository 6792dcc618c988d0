"""A room for tests: a session, its facilitator, and phones that act through HTTP."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts import Role
from app.db import db
from tests.conftest import writing
from tests.factories import account, post, service, sign_in
from workshops.models import Participant, Phase, Workshop
from workshops.seats import join
from workshops.sessions import Plan, create

HTMX = {"HX-Request": "true"}


def kept(committed: Session, query: Select[Any]) -> list[Any]:
    """Return what was committed, and let go of the database so that others may write."""
    found = list(committed.scalars(query))
    committed.expunge_all()
    committed.rollback()
    return found


def workshop(phase: Phase = Phase.WRITE, **values: Any) -> Workshop:
    """Return a session in ``phase``, with one question."""
    runs = account(Role.FACILITATOR)
    plan = {"title": "Rappels", "service": service(), "prompts": ("Que changer ?",)}
    made = create(Plan(**{**plan, **values}), runs, runs.created)
    made.phase = phase.value
    return made


def seat(room: Workshop, token: str = "a") -> Participant:
    """Return a new participant of ``room``."""
    return join(room, f"token {token}")


@dataclass
class Phone:
    """A participant's browser."""

    client: FlaskClient
    code: str

    def join(self, name: str = "") -> TestResponse:
        """Enter the session; a browser without a session yet sends no token, as on the page."""
        form = {"code": self.code, "name": name}
        with self.client.session_transaction() as session:
            fresh = not session
        if fresh:
            return self.client.post("/atelier", data=form)
        answer: TestResponse = post(self.client, "/atelier", form)
        return answer

    def look(self) -> str:
        """Return the text of the room's page."""
        return self.client.get(f"/atelier/{self.code}").text

    def poll(self, **query: str) -> TestResponse:
        """Ask for what changed."""
        return self.client.get(f"/atelier/{self.code}/etat", query_string=query, headers=HTMX)

    def seen(self) -> str:
        """Return the state that the page shows, as its polling address carries it."""
        found = re.search(r"vu=([0-9a-f]+)", self.look())
        assert found
        return found[1]

    def write(self, text: str, **form: Any) -> TestResponse:
        """Send a card."""
        return self.send("idees", text=text, **form)

    def vote(self, group: str, sens: str = "plus") -> TestResponse:
        """Give a vote, or take one back."""
        return self.send("votes", **{sens: group})

    def send(self, what: str, **form: Any) -> TestResponse:
        """Post one of the room's forms."""
        answer: TestResponse = post(self.client, f"/atelier/{self.code}/{what}", form)
        return answer


@dataclass
class Room:
    """A running session with its facilitator's browser."""

    app: Flask
    id: str
    code: str
    service_id: int
    desk: FlaskClient

    def phone(self, name: str = "") -> Phone:
        """Return a phone that has joined."""
        phone = Phone(self.app.test_client(), self.code)
        assert phone.join(name).status_code == 303
        return phone

    def sign_in_again(self) -> None:
        """Let the facilitator come back after hours, when the desk has forgotten who it was."""
        with self.desk.session_transaction() as session:
            session.clear()
        with self.app.app_context():
            sign_in(self.desk, db.session.get_one(Workshop, self.id).facilitator)

    def press(self, what: str, **form: Any) -> TestResponse:
        """Press a button of the console."""
        answer: TestResponse = post(self.desk, f"/equipe/ateliers/{self.id}/{what}", form)
        return answer

    def move(self, seen: str, target: str) -> TestResponse:
        """Go from one phase to another."""
        return self.press("phase", de=seen, vers=target)

    def walk(self, *phases: str) -> None:
        """Go through ``phases``, each from the one before."""
        for seen, target in zip(phases, phases[1:], strict=False):
            assert self.move(seen, target).status_code == 303


def open_room(app: Flask, **values: Any) -> Room:
    """Return a session in its lobby, its facilitator signed in."""
    desk = app.test_client()
    with writing(app):
        made = workshop(Phase.LOBBY, **values)
        sign_in(desk, made.facilitator)
        return Room(app, made.id, made.code, made.service_id, desk)
