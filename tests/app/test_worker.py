"""The worker: one clock and many ticks, a poison text, a locked database, and pages that go on."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from threading import Event

import numpy as np
import pytest
from apscheduler.triggers.cron import CronTrigger
from flask import Flask
from flask.testing import FlaskClient
from numpy.typing import NDArray
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app import jobs, mail, tasks, worker
from app.clock import due_at_start
from app.days import PARIS
from app.db import db
from app.mail import Mail, OutboxRow
from app.smtp import smtp_sender
from feedback.models import Feedback, Segment, Theme
from nlp.encode import HashingEncoder, Progress
from tests import factories
from tests.app.crowd import together
from tests.app.working import send_retours, work_off
from tests.conftest import NOON, settings, writing
from tests.fakes import CaughtMail, FakeRuntime, StandingClock
from tests.feedback import citizen, corpus

POISON = "Ce texte fait tomber la machine qui le lit."


class Choking(HashingEncoder):
    """An encoder that one text brings down."""

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        if any(POISON in text for text in texts):
            raise MemoryError
        return super().encode(texts, progress)


class Locked(HashingEncoder):
    """An encoder whose words come when somebody else holds the write lock."""

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        locked = sqlite3.OperationalError("database is locked")
        raise OperationalError("BEGIN IMMEDIATE", {}, locked)


@pytest.fixture
def models(app: Flask) -> FakeRuntime:
    """The models of the process, to be taken away."""
    found: FakeRuntime = app.extensions["boucle"]
    return found


@pytest.fixture
def post(app: Flask) -> CaughtMail:
    """The mail server's place."""
    caught = CaughtMail()
    app.extensions["boucle.send"] = caught
    return caught


def stored(session: Session) -> list[jobs.Job]:
    session.rollback()  # what was read before is an old picture
    rows = list(session.scalars(select(jobs.Job).order_by(jobs.Job.key)))
    session.expunge_all()
    session.rollback()
    return rows


def _give_up_at_once(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA busy_timeout=0")


@contextmanager
def locked(app: Flask) -> Iterator[sqlite3.Connection]:
    """Hold the write lock from outside, as another process may; give who holds it."""
    with app.app_context():
        engine = db.engine
    engine.dispose()
    event.listen(engine, "connect", _give_up_at_once)
    with closing(sqlite3.connect(app.config["INSTANCE"] / "boucle.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other
        other.rollback()
    event.remove(engine, "connect", _give_up_at_once)
    engine.dispose()


def test_a_poison_text_is_found_and_set_aside_and_the_others_are_done(
    app: Flask, post: CaughtMail, models: FakeRuntime, clock: StandingClock, committed: Session
) -> None:
    models.encoder = Choking(64)
    ids = send_retours(app, *corpus.sentences("carte")[:9], POISON)
    work_off(app, clock)
    (left,) = [job for job in stored(committed) if job.kind == "analyse"]
    assert (left.key, left.set_aside, left.error) == (ids[-1], True, "MemoryError")
    read = set(committed.scalars(select(Feedback.id).where(Feedback.analysed)))
    assert read == set(ids[:-1])


def test_the_bad_one_costs_the_others_one_try(
    app: Flask, post: CaughtMail, models: FakeRuntime, committed: Session
) -> None:
    models.encoder = Choking(64)
    send_retours(app, *corpus.sentences("carte")[:4], POISON)
    worker.turn(app)
    assert [(job.tries, job.alone) for job in stored(committed)] == [(1, True)] * 5


def test_without_a_model_retours_wait_untried_and_together(
    app: Flask, post: CaughtMail, models: FakeRuntime, clock: StandingClock, committed: Session
) -> None:
    models.encoder = None
    ids = send_retours(app, *corpus.sentences("carte")[:4])
    work_off(app, clock)
    waiting = stored(committed)
    assert [job.tries for job in waiting] == [0] * 4
    assert not any(job.alone or job.set_aside for job in waiting)
    assert {job.error for job in waiting} == {"the sentence encoder is not available"}
    models.encoder = HashingEncoder(64)
    work_off(app, clock)
    committed.rollback()
    assert set(committed.scalars(select(Feedback.id).where(Feedback.analysed))) == set(ids)


def test_a_locked_database_is_survived_and_costs_no_job_a_try(
    app: Flask, post: CaughtMail, committed: Session
) -> None:
    ids = send_retours(app, *corpus.sentences("carte")[:3])
    with locked(app):
        assert not worker.turn(app)
    assert [job.tries for job in stored(committed)] == [0] * 3
    assert worker.turn(app)
    committed.rollback()
    assert set(committed.scalars(select(Feedback.id).where(Feedback.analysed))) == set(ids)


def test_a_job_that_meets_a_locked_database_is_put_off_untried(
    app: Flask, post: CaughtMail, models: FakeRuntime, committed: Session
) -> None:
    models.encoder = Locked(64)
    send_retours(app, *corpus.sentences("carte")[:3])
    worker.turn(app)
    found = [(job.tries, job.alone, job.error) for job in stored(committed)]
    assert found == [(0, False, "the database did not answer")] * 3


def test_a_tick_waits_for_the_lock_and_puts_one_job(app: Flask, committed: Session) -> None:
    with locked(app):
        worker.tick(app, "purge")
    assert stored(committed) == []
    worker.tick(app, "purge")
    worker.tick(app, "purge")
    assert [(job.kind, job.key) for job in stored(committed)] == [("purge", "2026-11-23 11:00")]


def test_four_clocks_put_one_job_for_each_minute(app: Flask, committed: Session) -> None:
    together(4, lambda: worker.tick(app, "digest"))
    assert len(stored(committed)) == 1


@pytest.mark.parametrize("night", [date(2026, 10, 25), date(2027, 3, 28)])
@pytest.mark.parametrize("kind", sorted(worker.CLOCK))
def test_the_nights_of_the_clock_change_neither_skip_nor_repeat(kind: str, night: date) -> None:
    trigger = CronTrigger(timezone=PARIS, **worker.CLOCK[kind])
    ordinary = fired(trigger, night - timedelta(days=7))
    assert fired(trigger, night) == ordinary
    assert len(set(ordinary)) == len(ordinary)
    assert ordinary or "day" in worker.CLOCK[kind]  # a monthly job has its own night


def fired(trigger: CronTrigger, day: date) -> list[str]:
    """Return the times on the wall at which ``trigger`` fires on ``day``."""
    moment = datetime.combine(day, time(), PARIS).astimezone(UTC)
    found, previous = [], None
    while (fire := trigger.get_next_fire_time(previous, moment)) is not None:
        local = fire.astimezone(PARIS)
        if local.date() != day:
            return found
        found.append(f"{local:%H:%M}")
        previous, moment = fire, fire.astimezone(UTC) + timedelta(seconds=1)
    return found


def test_the_clock_of_a_running_worker_holds_every_kind(app: Flask) -> None:
    scheduler = worker.start_clock(app)
    try:
        assert {job.id for job in scheduler.get_jobs()} == set(worker.CLOCK)
    finally:
        scheduler.shutdown()
    # By what people do, or by a refresh that meets other vectors: never by the clock.
    asked_for = {"reencode", "read_reference", "suggest"}
    assert set(worker.CLOCK) | asked_for == set(tasks.TASKS)


def test_what_a_stopped_worker_missed_is_asked_for_at_the_start(
    app: Flask, committed: Session
) -> None:
    with writing(app):  # its job was lost, as after a restore
        lost = factories.retour(factories.service(), text="Ma carte Vitale n’est plus lue.").id
        due_at_start(NOON)
        due_at_start(NOON)
    found = {(job.kind, job.key) for job in stored(committed)}
    assert ("analyse", lost) in found
    assert {kind for kind, _ in found} == {"analyse", *tasks.TASKS} - {
        "refresh",
        "reencode",
        "check_watch",
        "silence",
        "watch_releases",
        "recount",
        "read_reference",
        "bounces",
        "recognise",
        "nags",
        "remind_moderators",
        "bursts",
        "suggest",
    }
    assert len(found) == 9


class Stopping(CaughtMail):
    """A mail server's place; the first mail is also the moment when the worker is asked to stop."""

    def __init__(self, stop: Event) -> None:
        super().__init__()
        self.stop = stop

    def __call__(self, message: EmailMessage) -> None:
        self.stop.set()
        super().__call__(message)


def put_two(app: Flask) -> None:
    with writing(app):
        for key in ("k1", "k2"):
            mail.put(Mail(key, "a@example.org", "Bonjour", "Un texte."), NOON)


def test_a_worker_asked_to_stop_finishes_what_it_holds(app: Flask, committed: Session) -> None:
    put_two(app)
    stop = Event()
    app.extensions["boucle.send"] = last = Stopping(stop)
    worker.work(app, stop)
    assert len(last.messages) == 1
    assert not [job for job in stored(committed) if job.leased_until]
    assert [row.key for row in committed.scalars(select(OutboxRow))] == ["k2"]


def test_a_worker_that_starts_on_a_locked_database_waits_for_it(
    app: Flask, committed: Session
) -> None:
    put_two(app)
    with locked(app) as other:

        class Patience(Event):
            """Where the worker waits; meanwhile whoever held the lock gives it back."""

            def wait(self, timeout: float | None = None) -> bool:
                other.rollback()
                return super().wait(0)

        stop = Patience()
        app.extensions["boucle.send"] = last = Stopping(stop)
        worker.work(app, stop)
    assert len(last.messages) == 1
    assert "digest" in {job.kind for job in stored(committed)}


def test_working_once_reads_retours_and_makes_themes(
    app: Flask, post: CaughtMail, committed: Session, today: date
) -> None:
    with writing(app):
        corpus.fill(factories.service(), today)
    done = app.test_cli_runner().invoke(args=["work", "--once"])
    assert done.exit_code == 0, done.output
    assert stored(committed) == []
    assert committed.scalar(select(func.count()).where(~Feedback.analysed)) == 0
    words = {word for theme in committed.scalars(select(Theme)) for word, _ in theme.words}
    assert all(any(told in word for word in words) for told in ("carte", "rappel", "export"))
    themes = committed.scalar(select(func.count()).select_from(Theme))
    committed.rollback()
    assert app.test_cli_runner().invoke(args=["work", "--once"]).exit_code == 0
    assert committed.scalar(select(func.count()).select_from(Theme)) == themes


def test_a_few_retours_have_no_structure_and_no_theme(
    app: Flask, post: CaughtMail, committed: Session
) -> None:
    send_retours(app, *corpus.sentences("carte")[:5])
    app.test_cli_runner().invoke(args=["work", "--once"])
    assert committed.scalar(select(func.count()).select_from(Segment)) == 5
    assert committed.scalar(select(func.count()).select_from(Theme)) == 0


def test_pages_and_posts_go_on_without_worker_model_and_mail_server(
    app: Flask, client: FlaskClient, models: FakeRuntime, clock: StandingClock, committed: Session
) -> None:
    slug = citizen.open_service(app)
    models.encoder = None
    app.extensions["boucle.send"] = smtp_sender(settings(SMTP_PORT=9))
    assert client.post(f"/s/{slug}/suivre", data={"address": "a@example.org"}).status_code == 200
    receipt = citizen.send(client, slug)
    assert receipt.status_code in (200, 201)
    work_off(app, clock)
    with app.app_context():
        waiting = db.session.scalars(select(OutboxRow)).one()
        assert (waiting.dead, waiting.error) == (False, "ConnectionRefusedError")
    assert [job.set_aside for job in stored(committed)] == [False]
    for address in ("/", f"/s/{slug}", f"/s/{slug}/syntheses", f"/s/{slug}/suivre"):
        assert client.get(address).status_code == 200, address
    assert citizen.come_back(client, citizen.code_of(receipt)).status_code == 200
