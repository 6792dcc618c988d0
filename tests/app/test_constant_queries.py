"""Each page of citizens asks the database as often for 300 messages about a service as for 40.

Under 30 retours a page shows no rate and may ask less, never more.
"""

from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import tasks
from app.catalogue import Service
from app.db import db
from app.editions import Edition
from app.subscriptions import Audience
from app.territories import load_territories
from feedback import models as m
from tests import factories
from tests.conftest import NOON, writing
from tests.factories import TODAY
from tests.feedback import watched
from tests.feedback.citizen import open_service
from tests.statements import counted

SLUG = "suivi"
PAGES = {
    "home": "/",
    "search": "/?mots=suivi&ou=42",
    "territory": "/territoires/42",
    "service": f"/s/{SLUG}",
    "board": f"/s/{SLUG}/ce-qui-change",
    "signals": f"/s/{SLUG}/signaux",
    "messages": f"/s/{SLUG}/messages",
    "message": f"/s/{SLUG}/messages/",  # and its id
    "about": f"/s/{SLUG}/a-propos",
    "editions": f"/s/{SLUG}/syntheses",
    "edition": "/syntheses/",  # and its id
    "feed": f"/s/{SLUG}/flux.atom",
    "author": "/suivi/retour",
    "data": "/suivi/mes-donnees",
}
FEWEST, FEW, MANY = 10, 40, 300


class Filled:
    """A service with one author at the door, and more and more messages about it."""

    def __init__(self, app: Flask, client: FlaskClient) -> None:
        self.app, self.client, self.paths = app, client, dict(PAGES)
        self.states = iter(count())
        with writing(app):
            load_territories()
        open_service(app, slug=SLUG, name="Mon suivi", territory_code="42")
        with writing(app):
            self.theme_id = watched.theme(self.service, named_by_person=True).id
            self.mine = self.retour().id
        self.paths["message"] += self.mine

    @property
    def service(self) -> Service:
        """The service, in the session at hand."""
        return db.session.scalars(select(Service)).one()

    def retour(self) -> m.Feedback:
        """Return a published message with an answer, in the theme."""
        day = TODAY - timedelta(days=1 + next(self.states) % 20)
        published = m.State.PUBLISHED.value
        row = factories.retour(
            self.service, state=published, day=day, wants_publication=True, first_answer_day=TODAY
        )
        text = row.text or ""
        cut = m.Segment(feedback=row, start=0, end=len(text), vector=b"\0\0", model="test")
        placed = {"score": 0.8, "threshold": 0.5, "model": "test", "placed": TODAY}
        said = {"position": 1, "sender": "team", "text": "Nous corrigeons.", "day": TODAY}
        given = {"question": "G6", "status": "given", "value": "user"}
        db.session.add_all(
            [
                m.Placement(segment=cut, theme_id=self.theme_id, **placed),
                m.Message(feedback=row, **said),
                m.Answer(feedback=row, **given),
            ]
        )
        db.session.flush()
        return row

    def fill(self, messages: int) -> None:
        """Add ``messages``, and a promise, a signal and a release for every fifth."""
        with writing(self.app):
            for number in range(messages):
                row = self.retour()
                if number % 5 == 0:
                    self.promise(row)
                    self.signal()

    def promise(self, row: m.Feedback) -> None:
        """Answer a message, and the author's, with a promise; each in another state."""
        states = list(m.CommitmentState)
        number = next(self.states)
        made = m.Commitment(
            service=self.service,
            theme_id=self.theme_id,
            text="Réparer l’envoi.",
            owner="Équipe",
            made=TODAY,
            due=TODAY + timedelta(days=9),
            announced=TODAY,
            state=states[number % len(states)].value,
        )
        linked = [row.id] if number % 2 else [row.id, self.mine]
        links = [m.CommitmentLink(commitment=made, feedback_id=each) for each in linked]
        db.session.add_all([made, *links])

    def signal(self) -> None:
        """Tell the public of a signal since a release of its own."""
        number = next(self.states)
        release = factories.release(self.service, f"6.{number}", TODAY - timedelta(days=number))
        told = {"state": "confirmed", "sentence": "Le rappel sonne la nuit.", "release": release}
        row = watched.signal(self.service, theme_id=self.theme_id, theme=None, **told)
        note = {
            "from_state": "under_review",
            "to_state": "confirmed",
            "day": TODAY,
            "answers": {"done": "Corrigé."},
        }
        db.session.add(m.SignalNote(signal_id=row.id, role="expert", **note))

    def compose(self) -> None:
        """Write the public edition of the last week."""
        with writing(self.app):
            tasks.digest("first", NOON)
            query = select(Edition.id).where(Edition.audience == Audience.PUBLIC)
            self.paths["edition"] = "/syntheses/" + db.session.scalars(query).one()

    def queries(self, page: str) -> list[str]:
        """Return the statements behind a page, as its author asks for it."""
        until = int(NOON.timestamp()) + 60
        with self.client.session_transaction() as session:
            session["author"] = {"feedback": self.mine, "until": until}
        with counted(self.app) as said:
            answer = self.client.get(self.paths[page])
            assert answer.status_code == 200
        return said


@pytest.fixture
def filled(app: Flask, client: FlaskClient) -> Filled:
    return Filled(app, client)


def test_every_page_of_citizens_takes_a_constant_number_of_queries(filled: Filled) -> None:
    filled.fill(FEWEST)
    filled.compose()
    fewest = {page: len(filled.queries(page)) for page in PAGES}
    filled.fill(FEW - FEWEST)
    few = {page: filled.queries(page) for page in PAGES}
    filled.fill(MANY - FEW)
    many = {page: filled.queries(page) for page in PAGES}
    grown = {
        page: (len(few[page]), len(many[page]), sorted({*many[page]} - {*few[page]})[:3])
        for page in PAGES
        if len(many[page]) != len(few[page])
    }
    assert grown == {}
    # The author's ring looks at the answers only while no verdict settles it: one query.
    assert [page for page in PAGES if fewest[page] > len(many[page]) + 1] == []
    assert {page: len(said) for page, said in many.items() if len(said) > 45} == {}
