"""The page of jobs: last end, next run, lateness, last error, asking for one; the desk's banner."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import job_runs, jobs, mail, tasks, worker
from app.accounts import Account, Role
from app.clock import CLOCK
from app.db import db, will_write
from app.job_names import JOB_NAMES
from app.mail import Mail
from tests import factories
from tests.conftest import NOON, writing
from tests.fakes import StandingClock
from tests.feedback.citizen import soup_of, words_of


def run(app: Flask, kind: str) -> None:
    with writing(app):
        jobs.enqueue(kind, "k", NOON)
    with app.app_context():
        worker.work_once(NOON)


def sign_in(app: Flask, client: FlaskClient, role: Role) -> None:
    with writing(app):
        services = (factories.service(),) if role is Role.PROMOTER else ()
        factories.account(role, services=services)
    with app.app_context():
        factories.sign_in(client, db.session.scalars(select(Account)).one())


def line(client: FlaskClient, kind: str) -> str:
    rows = soup_of(client.get("/equipe/etat")).select("tbody tr")
    name = str(JOB_NAMES[kind])
    return next(row.get_text(" ", strip=True) for row in rows if name in row.get_text())


def test_every_job_of_the_clock_has_a_name() -> None:
    assert set(JOB_NAMES) == set(CLOCK)


def test_the_page_says_when_a_job_ended_when_it_comes_next_and_how_late_it_is(
    app: Flask, client: FlaskClient, clock: StandingClock
) -> None:
    sign_in(app, client, Role.ADMINISTRATOR)
    assert "pas encore" in line(client, "digest")
    run(app, "digest")
    said = line(client, "digest")
    assert "23 novembre, 12:00" in said
    assert "23 novembre, 12:05" in said
    assert "à l’heure" in said
    clock.forward(minutes=30)
    assert "15 minutes" in line(client, "digest")


def test_a_job_that_fails_shows_its_error_until_it_succeeds(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(app, client, Role.ADMINISTRATOR)
    right = tasks.TASKS["recount"]
    monkeypatch.setitem(tasks.TASKS, "recount", lambda key, now: str(1 // 0))
    run(app, "recount")
    assert "ZeroDivisionError" in line(client, "recount")
    monkeypatch.setitem(tasks.TASKS, "recount", right)
    with app.app_context():
        worker.work_once(NOON + timedelta(hours=1))
    assert "ZeroDivisionError" not in line(client, "recount")


def test_an_administrator_asks_for_a_job_now(app: Flask, client: FlaskClient) -> None:
    sign_in(app, client, Role.ADMINISTRATOR)
    assert factories.post(client, "/equipe/etat/travaux/digest", {}).status_code == 303
    with app.app_context():
        assert (db.session.scalars(select(jobs.Job.kind)).all()) == ["digest"]
    assert factories.post(client, "/equipe/etat/travaux/analyse", {}).status_code == 404


def test_nothing_is_written_down_of_jobs_that_citizens_set_off(app: Flask) -> None:
    with writing(app):
        jobs.enqueue("read_reference", "1", NOON)
    with app.app_context():
        worker.work_once(NOON)
        assert db.session.scalars(select(job_runs.JobRun)).all() == []


@pytest.mark.parametrize("late", ["composing", "mail"])
def test_the_desk_says_when_a_digest_is_late_and_stops_saying_so(
    app: Flask, client: FlaskClient, clock: StandingClock, late: str
) -> None:
    sign_in(app, client, Role.PROMOTER)
    run(app, "digest")
    words = "Les synthèses ont du retard"
    assert words not in words_of(client.get("/equipe/syntheses"))
    if late == "composing":
        clock.forward(minutes=16)
    else:
        with writing(app):
            mail.put(Mail("k", "a@example.org", "s", "t"), NOON - timedelta(minutes=31))
    assert words in words_of(client.get("/equipe/syntheses"))
    with app.app_context():
        will_write()
        job_runs.note_success("digest", "", clock())
        db.session.execute(db.delete(mail.OutboxRow))
        db.session.commit()
    assert words not in words_of(client.get("/equipe/syntheses"))
