"""The counts of evaluations are made at once, or each night where retours are many."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from app.accounts import Role
from app.db import db
from app.tasks import count_figures
from feedback.evaluations import own_rows
from feedback.kept_evaluations import count, current
from feedback.kept_figures import MOST_LIVE
from feedback.models import Feedback, KeptEvaluations
from tests import factories
from tests.conftest import NOON, writing
from tests.factories import TODAY, sign_in
from tests.feedback.test_evaluations import SPRING, town
from tests.statements import counted, worked

PATH = "/equipe/evaluations"


def add(how_many: int) -> None:
    """Add retours like the first one."""
    first = db.session.scalars(select(Feedback).order_by(Feedback.id)).first()
    assert first
    same = {c.key: getattr(first, c.key) for c in Feedback.__table__.columns if c.key != "id"}
    known = len(list(db.session.scalars(select(Feedback.id))))
    alike = [same | {"id": f"copy{known + n:08}"} for n in range(how_many)]
    db.session.execute(insert(Feedback), alike)


@pytest.mark.usefixtures("in_app")
def test_few_retours_are_counted_at_once() -> None:
    town()
    assert not count(TODAY, 11)
    found = current(TODAY, 11)
    assert (found.rows, found.day) == (own_rows(TODAY), TODAY)
    assert found.rows[0].n == 47


@pytest.mark.usefixtures("in_app")
def test_many_are_read_as_the_night_counted_them() -> None:
    town()
    add(MOST_LIVE)
    night = TODAY - timedelta(days=1)
    assert count(night, 11)
    then = own_rows(night)
    factories.retour(db.session.scalars(select(Feedback)).first().service, day=SPRING)
    found = current(TODAY, 11)
    assert (found.rows, found.day) == (then, night)


@pytest.mark.usefixtures("in_app")
def test_what_was_kept_for_another_floor_or_long_ago_is_not_read() -> None:
    town()
    add(MOST_LIVE)
    count(TODAY, 11)
    assert current(TODAY, 60).day == TODAY
    assert current(TODAY, 60).rows == own_rows(TODAY, 60)
    for day in (TODAY - timedelta(days=3), TODAY + timedelta(days=1)):
        count(day, 11)
        assert current(TODAY, 11).day == TODAY


@pytest.mark.usefixtures("in_app")
def test_the_night_s_job_keeps_and_drops() -> None:
    town()
    add(MOST_LIVE)
    count_figures("", NOON)
    count_figures("", NOON)
    assert len(list(db.session.scalars(select(KeptEvaluations)))) == 1
    for row in db.session.scalars(select(Feedback).limit(60)):
        db.session.delete(row)
    db.session.flush()
    count_figures("", NOON)
    assert not list(db.session.scalars(select(KeptEvaluations)))


def test_the_page_works_as_much_for_12_000_retours_as_for_1_200(
    app: Flask, client: FlaskClient
) -> None:
    with writing(app):
        sign_in(client, factories.account(Role.PROMOTER, services=(town(),)))
    cost = []
    for more in (1_200, 10_800):
        with writing(app):
            add(more)
            count_figures("", NOON)
        client.get(PATH)
        with counted(app) as said, worked(app) as steps:
            page = client.get(PATH)
        assert "suivi par soi-même" in page.text.lower()
        cost.append((len(said), steps[0]))
    (few_queries, few_steps), (many_queries, many_steps) = cost
    assert many_queries <= few_queries
    assert few_steps > 0
    assert many_steps <= 1.1 * few_steps
