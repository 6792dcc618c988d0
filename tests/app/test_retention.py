"""The end of a retour's term: its words go, a proof stays, a restored backup does not undo it."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, select

from app import retention, tasks, traces
from app.db import db, will_write
from app.erasures import ERASED_LIST
from app.jobs import Job
from app.retention import RetentionProof, months_before
from app.traces import Actor
from feedback import search
from feedback.models import Feedback, Segment, State
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY
from tests.fakes import StandingClock

WORDS = ("zanzibar", "quetzalcoatl", "ornithorynque")


@pytest.fixture
def ids(app: Flask) -> list[str]:
    """Three retours of today: two of a service that keeps them for a year, one of another."""
    with writing(app):
        year = factories.service(name="Un an", kept_months=12)
        usual = factories.service(name="Trois ans")
        rows = [
            factories.retour(s, text=w) for s, w in zip((year, year, usual), WORDS, strict=True)
        ]
        for row in rows:
            search.index(row)
            db.session.add(Segment(feedback=row, start=0, end=5, vector=b"v", model="test"))
            traces.record("opened", Actor("promoter", "Réseau"), TODAY, row.id)
        return [row.id for row in rows]


def run(app: Flask, clock: StandingClock) -> str:
    with app.app_context():
        will_write()
        return tasks.retain("night", clock())


def stored(app: Flask) -> bytes:
    folder: Path = app.config["INSTANCE"]
    return b"".join(path.read_bytes() for path in folder.glob("boucle.db*"))


def standing(app: Flask) -> list[str]:
    with app.app_context():
        living = select(Feedback.text).where(Feedback.state != State.WITHDRAWN.value)
        return sorted(str(text) for text in db.session.scalars(living))


def test_after_thirteen_months_one_service_is_empty_and_after_thirty_seven_both(
    app: Flask, ids: list[str], clock: StandingClock
) -> None:
    clock.forward(days=360)
    assert run(app, clock) == "erased 0 retours whose term was over, 0 orphans"
    clock.forward(days=36)
    assert run(app, clock) == "erased 2 retours whose term was over, 0 orphans"
    assert standing(app) == ["ornithorynque"]
    assert b"zanzibar" not in stored(app)
    assert b"ornithorynque" in stored(app)
    clock.forward(days=730)
    assert run(app, clock) == "erased 1 retours whose term was over, 0 orphans"
    assert standing(app) == []
    assert not [word for word in WORDS if word.encode() in stored(app)]
    with app.app_context():
        proofs = [
            (p.service.name if p.service else "", p.months, p.count)
            for p in db.session.scalars(select(RetentionProof).order_by(RetentionProof.day))
        ]
        assert proofs == [("Un an", 12, 2), ("Trois ans", 36, 1)]
        assert traces.verify(), "the chain of the journal holds"
        assert db.session.scalars(select(Segment)).all() == []
    assert run(app, clock) == "erased 0 retours whose term was over, 0 orphans"


def test_what_a_term_erased_does_not_come_back_with_a_backup(
    app: Flask, ids: list[str], clock: StandingClock
) -> None:
    clock.forward(days=396)
    run(app, clock)
    listed = (app.config["INSTANCE"] / ERASED_LIST).read_text("ascii").split()
    assert sorted(listed) == sorted(ids[:2])


def test_what_speaks_of_no_retour_is_swept(
    app: Flask, ids: list[str], clock: StandingClock
) -> None:
    """An index entry, a job and a line of the journal of a retour that is not there."""
    lost = "Z" * 12
    with writing(app):
        row = {"feedback_id": lost, "service": "service1", "words": "hippocampe"}
        db.session.execute(insert(search.INDEX).values(row))
        db.session.add(Job(kind="analyse", key=lost, due=clock()))
        traces.record("opened", Actor("promoter", "Réseau"), TODAY, lost)
    assert run(app, clock).endswith("3 orphans")
    assert b"hippocampe" not in stored(app)
    assert lost.encode() not in stored(app)
    with app.app_context():
        assert traces.verify()
        swept = {p.what: p.count for p in db.session.scalars(select(RetentionProof))}
        assert swept == {"orphans: search index": 1, "orphans: job": 1, "orphans: trace": 1}
        assert len(search.find("zanzibar", Feedback.state == State.OPEN)) == 1, "others stay"


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 23), 36, date(2023, 11, 23)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2026, 1, 15), 13, date(2024, 12, 15)),
    ],
)
def test_months_are_those_of_the_calendar(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


def test_the_page_of_rights_says_the_terms_as_they_are_set(app: Flask, ids: list[str]) -> None:
    page = app.test_client().get("/vos-donnees").text
    assert "de 12 à 36 mois" in page
    assert retention.SHORTEST_MONTHS == 6
