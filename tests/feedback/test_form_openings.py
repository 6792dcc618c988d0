"""Openings of the form: counted beside the citizen's way, written in batches, never in the way."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import db, will_write
from feedback import form_openings
from feedback.form_openings import BATCH, PATIENCE, Openings, openings_of, write
from feedback.models import FormViews
from tests import factories
from tests.conftest import NOON, writing
from tests.fakes import StandingClock


@pytest.fixture
def slug(app: Flask) -> str:
    with writing(app):
        return factories.service().slug


def views(session: Session) -> list[int]:
    rows = list(session.scalars(select(FormViews.views)))
    session.rollback()
    return rows


def test_a_batch_is_written_once_it_is_full(
    app: Flask, client: FlaskClient, committed: Session, slug: str
) -> None:
    for _each in range(BATCH - 1):
        client.get(f"/s/{slug}").close()
    assert views(committed) == []
    client.get(f"/s/{slug}").close()
    assert views(committed) == [BATCH]
    for _each in range(BATCH):
        client.get(f"/s/{slug}").close()
    assert views(committed) == [2 * BATCH]


def test_a_few_are_written_when_they_have_waited(
    app: Flask, client: FlaskClient, committed: Session, clock: StandingClock, slug: str
) -> None:
    client.get(f"/s/{slug}").close()
    clock.moment += PATIENCE
    client.get(f"/s/{slug}").close()
    assert views(committed) == [2]


@pytest.mark.parametrize(
    ("method", "headers"),
    [("HEAD", {}), ("GET", {"HX-Request": "true"}), ("GET", {"Sec-Purpose": "prefetch"})],
)
def test_what_is_no_opening_is_not_counted(
    app: Flask, client: FlaskClient, slug: str, method: str, headers: dict[str, str]
) -> None:
    answer = client.open(f"/s/{slug}", method=method, headers=headers)
    assert answer.status_code == 200
    assert not openings_of(app).waiting


def test_sending_the_form_is_not_an_opening(app: Flask, client: FlaskClient, slug: str) -> None:
    client.post(f"/s/{slug}", data={"face": "5"})
    assert not openings_of(app).waiting


def test_an_error_never_reaches_the_reader_and_loses_nothing(
    app: Flask,
    client: FlaskClient,
    committed: Session,
    slug: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_counts: form_openings.Counts) -> None:
        raise RuntimeError("the database is away")

    with monkeypatch.context() as patched:
        patched.setattr(form_openings, "write", broken)
        for _each in range(BATCH):
            answer = client.get(f"/s/{slug}")
            assert answer.status_code == 200
            answer.close()
    assert views(committed) == []
    assert openings_of(app).waiting.total() == BATCH
    client.get(f"/s/{slug}").close()
    assert views(committed) == [BATCH + 1]


def test_days_are_those_of_paris_and_taken_once() -> None:
    counter = Openings()
    counter.add(1, NOON)
    counter.add(1, NOON.replace(hour=23, minute=30))  # past midnight in Paris
    taken = counter.take()
    assert taken == {(1, date(2026, 11, 23)): 1, (1, date(2026, 11, 24)): 1}
    assert not counter.take()


def test_counts_are_added_to_what_is_stored(app: Flask, in_app: None, today: date) -> None:
    will_write()
    service = factories.service()
    write({(service.id, today): 3})
    write({(service.id, today): 2, (service.id, today - timedelta(days=8)): 1})
    db.session.commit()
    week = form_openings.openings_between(service.id, today - timedelta(days=7), today)
    assert week == {}
    every = form_openings.openings_between(
        service.id, today - timedelta(days=8), today + timedelta(days=1)
    )
    assert every == {today: 5, today - timedelta(days=8): 1}
