"""What the public reads moves for many retours at once, and never tells of one alone."""

import random
import re
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app import privacy
from app.catalogue import Service
from app.db import db
from app.floors import FLOOR, RATE_FLOOR
from app.record import board
from feedback.models import Answer, Feedback, PublishedFigures
from feedback.publications import publish_all, voices_published
from feedback.representativeness_words import public_panel
from feedback.standing import standing
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY
from tests.feedback.citizen import code_of, come_back, send

FIRST = date(2026, 11, 2)
PAGES = ("/s/essai", "/s/essai/ce-qui-change", "/s/essai/cadre")
AGES = ("18-24", "75-")


def speak(service: Service, day: date, face: int = 10, age: str = "", **values: object) -> Feedback:
    row = factories.retour(service, day=day, face=face, **values)
    if age:
        db.session.add(Answer(feedback_id=row.id, question="G7", status="given", value=age))
        db.session.flush()
    return row


@pytest.fixture
def slug(app: Flask) -> str:
    """A service heard by 40 in September, 12 of whom were answered, published in November."""
    with writing(app):
        service = factories.service(slug="essai")
        factories.functionality(service)
        for number in range(40):
            said = speak(service, date(2026, 9, 7), (0, 5, 5, 10)[number % 4], AGES[number % 2])
            said.first_answer_day = date(2026, 9, 9) if number < 24 else None
        publish_all(FIRST)
    return "essai"


def own(slug: str = "essai") -> Service:
    return db.session.scalars(select(Service).filter_by(slug=slug)).one()


def read(client: FlaskClient, page: str) -> str:
    """Return the words of a page, without the key of its form and its day."""
    soup = BeautifulSoup(client.get(page).text, "html.parser")
    return " ".join(soup.body.get_text(" ").split()) if soup.body else ""


def test_no_public_page_moves_for_one_retour_nor_for_one_erasure(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    before = [read(client, page) for page in PAGES]
    assert all("pour 40 retours" in page for page in before)
    assert "40 retours : site 100 %" in before[0]
    assert "Retours qui ont une réponse 60 %" in before[1]
    with writing(app):
        speak(own(), TODAY - timedelta(days=1), 0, "75-", first_answer_day=TODAY)
        publish_all(TODAY)
    assert [read(client, page) for page in PAGES] == before
    with writing(app):
        for gone in db.session.scalars(select(Feedback).limit(2)):
            _erase(gone.id)
        publish_all(TODAY + timedelta(days=1))
    assert [read(client, page) for page in PAGES] == before


def test_eleven_more_are_published_together_and_the_day_is_said(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    assert "pour 40 retours. Chiffres du 2 novembre." in read(client, "/s/essai")
    for number in range(FLOOR):
        assert "pour 40 retours" in read(client, "/s/essai")
        with writing(app):
            speak(own(), FIRST + timedelta(days=1 + number), 0)
            publish_all(FIRST + timedelta(days=2 + number))
    assert "pour 51 retours. Chiffres du 14 novembre." in read(client, "/s/essai")
    assert "pour 51 retours" in read(client, "/s/essai/cadre")


def test_a_receipt_reads_the_published_figures_too(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    answer = send(client, slug, face="0", text="Rien ne marche.")
    page = come_back(client, code_of(answer)).text
    assert "pour 40 retours" in page
    assert "41 retours" not in page


def test_what_is_too_small_again_is_taken_back_once_eleven_are_gone(in_app: None) -> None:
    service = factories.service()
    rows = [speak(service, FIRST) for _ in range(RATE_FLOOR)]
    publish_all(FIRST)
    for number, row in enumerate(rows[:FLOOR], 1):
        _erase(row.id)
        publish_all(TODAY)
        found = standing(service).score
        assert (found is not None and found.n == RATE_FLOOR) is (number < FLOOR)
    # Taken back is remembered: 11 come before anything is told again.
    for _ in range(FLOOR):
        assert standing(service).score is None
        speak(service, TODAY + timedelta(days=1))
        publish_all(TODAY + timedelta(days=2))
    found = standing(service).score
    assert found is not None
    assert found.n == RATE_FLOOR


def test_a_month_of_few_enters_no_public_table_alone(in_app: None) -> None:
    service = factories.service()
    for _ in range(40):
        speak(service, date(2026, 9, 7))
    publish_all(date(2026, 10, 1))
    few = [speak(service, date(2026, 10, 7), age="75-") for _ in range(FLOOR - 1)]
    publish_all(date(2026, 11, 1))
    panel = public_panel(service, FLOOR)
    assert (panel.summary[:10], panel.until) == ("40 retours", "septembre 2026")
    speak(service, date(2026, 11, 7))
    publish_all(date(2026, 12, 1))
    panel = public_panel(service, FLOOR)
    assert (panel.summary[:10], panel.until) == (f"{len(few) + 41} retours", "novembre 2026")


def test_a_table_of_twelve_months_is_not_told_a_year_later(in_app: None) -> None:
    service = factories.service()
    for _ in range(40):
        speak(service, date(2026, 9, 7), first_answer_day=date(2026, 9, 9), face=0)
    publish_all(date(2026, 10, 1))
    shown = board(service, TODAY, FLOOR).figures
    assert shown is not None
    assert (public_panel(service, FLOOR).until, shown.median_days) == ("septembre 2026", 2)
    publish_all(date(2027, 10, 1))
    shown = board(service, date(2027, 10, 1), FLOOR).figures
    assert shown is not None
    assert (public_panel(service, FLOOR).tables, shown.median_days) == ((), None)


def test_publishing_twice_changes_nothing(in_app: None) -> None:
    service = factories.service()
    for number in range(60):
        speak(service, date(2026, 9, 7) + timedelta(days=number % 20), (0, 10)[number % 2])
    assert publish_all(FIRST) == 4
    kept = {row.kind: (row.day, row.counts) for row in db.session.scalars(select(PublishedFigures))}
    assert publish_all(FIRST) == 0
    assert publish_all(FIRST + timedelta(days=1)) == 0
    db.session.expire_all()
    again = db.session.scalars(select(PublishedFigures))
    assert {row.kind: (row.day, row.counts) for row in again} == kept


# One step of a life: so many speak with this face and age, so many erase, then nights pass.
steps = st.lists(
    st.tuples(
        st.integers(0, 14),
        st.sampled_from([0, 5, 10]),
        st.sampled_from(["", *AGES]),
        st.integers(0, 13),
        st.integers(1, 40),
    ),
    min_size=2,
    max_size=7,
)


@dataclass
class Reader:
    """Reads everything of one service, and keeps which retours stood behind each new figure."""

    service: Service
    standing: dict[str, date] = field(default_factory=dict)  # retours now, with their day
    faces: list[tuple[object, frozenset[str] | None]] = field(default_factory=list)
    voices: list[tuple[object, frozenset[str] | None]] = field(default_factory=list)

    def read(self, after_a_night: bool) -> None:
        """Keep what changed; what is new may only be read after a night."""
        told = standing(self.service)
        # No score is no figure: it says that too few spoke, of no one among them.
        of_faces = frozenset(self.standing) if told.score else None
        self._keep(self.faces, (told.score, told.day), of_faces, after_a_night)
        spoke = voices_published(self.service)
        of_months = {
            each
            for each, day in self.standing.items()
            if spoke and spoke.end.replace(year=spoke.end.year - 1) <= day < spoke.end
        }
        panel = public_panel(self.service, FLOOR)
        self._keep(self.voices, panel, frozenset(of_months), after_a_night)

    @staticmethod
    def _keep(
        found: list[tuple[object, frozenset[str] | None]],
        told: object,
        of: frozenset[str] | None,
        after_a_night: bool,
    ) -> None:
        if not found or found[-1][0] != told:
            assert after_a_night, "a page moved by day"
            found.append((told, of))


@example(26, [(7, 0, "", 0, 35), (0, 0, "", 0, 37)], random.Random(1))
@given(st.integers(20, 45), steps, st.randoms(use_true_random=False))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.usefixtures("in_app")
def test_no_two_readings_differ_by_fewer_than_eleven_retours(
    start: int, life: list[tuple[int, int, str, int, int]], chance: random.Random
) -> None:
    """Whoever reads everything, in any life of a service, isolates nobody.

    Any two readings, near or far apart, are of sets of retours that differ by at least eleven; and
    nothing moves by day, when one retour comes or goes.
    """
    nested = db.session.begin_nested()
    day = date(2026, 3, 2)
    reader = Reader(factories.service())
    for _ in range(start):
        reader.standing[speak(reader.service, day, chance.choice([0, 5, 10])).id] = day
    for speaking, face, age, erasing, nights in [(0, 0, "", 0, 1), *life]:
        for _ in range(speaking):
            reader.standing[speak(reader.service, day, face, age).id] = day
            reader.read(after_a_night=not reader.faces)
        for gone in chance.sample(sorted(reader.standing), min(erasing, len(reader.standing))):
            _erase(gone)
            del reader.standing[gone]
            reader.read(after_a_night=False)
        for _ in range(nights):
            day += timedelta(days=1)
            publish_all(day)
        reader.read(after_a_night=True)
    for found in (reader.faces, reader.voices):
        for number, (one, of_one) in enumerate(found):
            for other, of_other in found[number + 1 :]:
                if of_one is not None and of_other is not None and one != other:
                    assert len(of_one ^ of_other) >= FLOOR
    nested.rollback()


def _erase(feedback_id: str) -> None:
    privacy.erase(db.session.get_one(Feedback, feedback_id), TODAY)


def test_pages_give_no_exact_count_of_what_moves(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    """Counts that are of today are multiples of the floor: two readings tell of none or of many."""
    for page in PAGES:
        for least in re.findall(r"(\d+)(?: autres)?(?: retours)? au moins", read(client, page)):
            assert int(least) % FLOOR == 0
