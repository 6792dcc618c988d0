"""What did not happen in time, a clock that errs, a disk and a database that take nothing more.

Each fault is made as it happens; the doctor names it, and monitors hear of those that stop posting.
"""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import checkup, jobs, overdue, readiness, tasks, traces, worker
from app.commands import backup, doctor
from app.db import db
from app.mail import Mail, put
from app.smtp import smtp_sender
from app.traces import AUTHOR
from tests import factories
from tests.conftest import NOON, settings, writing
from tests.factories import TODAY
from tests.fakes import StandingClock

WRITE_VERSION = 18  # the byte of SQLite's header that says who may write: above 2, nobody


def told(app: Flask, clock: StandingClock) -> list[str]:
    with app.app_context():
        return overdue.find(clock())


def run_digest(app: Flask) -> None:
    with writing(app):
        jobs.enqueue("digest", "k", NOON)
    with app.app_context():
        worker.work_once(NOON)


def forbid_writing(app: Flask, version: int = 3) -> None:
    """Have SQLite itself take the file for one that may only be read, whoever runs the test."""
    with app.app_context():
        db.engine.dispose()
    with (app.config["INSTANCE"] / "boucle.db").open("r+b") as file:
        file.seek(WRITE_VERSION)
        file.write(bytes([version]))


def test_a_backup_that_was_never_made_or_is_old_is_a_fault(
    app: Flask, clock: StandingClock, tmp_path: Path
) -> None:
    with writing(app):
        factories.retour(factories.service(), day=TODAY - timedelta(days=2))
    assert told(app, clock) == []  # the first day's timer is yet to come
    clock.forward(days=1)
    assert told(app, clock) == [
        "no backup was ever made, and retours are kept since 2026-11-21: run flask backup"
    ]
    made = app.test_cli_runner().invoke(backup, [str(tmp_path / "copy")])
    assert made.exit_code == 0, made.output
    assert told(app, clock) == []
    clock.forward(days=3)
    assert told(app, clock) == [
        "the last backup is of 2026-11-24, 3 days ago: is its timer running?"
    ]


def test_a_backup_is_made_though_its_day_cannot_be_noted(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(app):
        factories.retour(factories.service())
    monkeypatch.setattr("app.db.BUSY_SECONDS", 0)
    with app.app_context():
        db.engine.dispose()
    with closing(sqlite3.connect(app.config["INSTANCE"] / "boucle.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        made = app.test_cli_runner().invoke(backup, [str(tmp_path / "copy")])
    assert made.exit_code == 0, made.output
    assert "1 retours copied" in made.output
    assert "its day could not be noted" in made.output


def test_digests_that_stand_still_or_fail_are_a_fault(
    app: Flask, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_digest(app)
    assert told(app, clock) == []
    clock.forward(hours=2)
    assert told(app, clock) == [
        "digests were last composed on 2026-11-23 11:00 UTC: is the worker running?"
    ]

    def stumble(_key: str, _now: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setitem(tasks.TASKS, "digest", stumble)
    with writing(app):
        jobs.enqueue("digest", "k", clock())
    with app.app_context():
        worker.work_once(clock())
    assert "digests could not be composed (ZeroDivisionError)" in told(app, clock)[0]


def test_a_mail_that_nobody_sends_is_a_fault(app: Flask, clock: StandingClock) -> None:
    with writing(app):
        put(Mail(key="k", to="a@example.fr", subject="s", text="t"), NOON)
    clock.forward(minutes=30)
    assert told(app, clock) == []
    clock.forward(minutes=10)
    assert "the oldest mail should have left 40 minutes ago" in told(app, clock)[0]


def test_a_mail_server_that_does_not_answer_is_a_fault_before_any_mail_is_given_up(
    app: Flask, clock: StandingClock
) -> None:
    app.extensions["boucle.send"] = smtp_sender(settings(SMTP_PORT=9))
    with writing(app):
        put(Mail(key="k", to="a@example.fr", subject="s", text="t"), NOON)
    for _ in range(20):
        with app.app_context():
            worker.work_once(clock())
        clock.forward(minutes=1)
    assert told(app, clock) == [
        "1 mails were tried 4 times or more and still wait (ConnectionRefusedError): "
        "does the mail server answer?"
    ]


def test_a_clock_behind_what_was_written_is_a_fault(app: Flask, clock: StandingClock) -> None:
    clock.forward(days=1)
    with writing(app):
        factories.retour(factories.service(), day=clock().date())
        traces.record("sent", AUTHOR, clock().date())
    clock.forward(days=-1)
    run_digest(app)
    clock.forward(hours=-1)
    faults = told(app, clock)
    stands = "the clock stands at 2026-11-23 10:00 UTC, but"
    assert faults == [
        f"{stands} the newest retour is of 2026-11-24: set the clock right",
        f"{stands} the journal goes up to 2026-11-24: set the clock right",
        f"{stands} the worker ended a job on 2026-11-23 11:00 UTC: set the clock right",
    ]


def test_what_is_overdue_makes_the_doctor_exit_with_an_error(
    app: Flask, clock: StandingClock
) -> None:
    with writing(app):
        put(Mail(key="k", to="a@example.fr", subject="s", text="t"), NOON)
    clock.forward(hours=1)
    done = app.test_cli_runner().invoke(doctor)
    assert done.exit_code == 1
    assert "FAULT  the oldest mail should have left 60 minutes ago" in done.output


def test_a_database_that_takes_no_write_is_named_and_not_ready(
    app: Flask, client: FlaskClient
) -> None:
    forbid_writing(app)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text.strip()) == (
        503,
        "la base de données refuse l’écriture",
    )
    assert client.get("/healthz").status_code == 200
    told_by_doctor = app.test_cli_runner().invoke(doctor)
    assert told_by_doctor.exit_code == 1
    assert "FAULT  the database cannot be written to" in told_by_doctor.output
    forbid_writing(app, 2)
    assert client.get("/readyz").status_code == 200


def test_a_disk_that_is_nearly_full_is_named_and_not_ready(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "LEAST_TO_SERVE", 2**62)  # no disk has as much left
    monkeypatch.setattr(checkup, "LEAST_DISK", 2**62)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text.strip()) == (503, "le disque est presque plein")
    told_by_doctor = app.test_cli_runner().invoke(doctor)
    assert told_by_doctor.exit_code == 1
    assert "left on the disk of" in told_by_doctor.output


def test_a_database_that_somebody_writes_to_is_ready(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        raw = db.engine.raw_connection()
        raw.cursor().execute("BEGIN IMMEDIATE")
        try:
            assert client.get("/readyz").status_code == 200
        finally:
            raw.rollback()
            raw.close()
