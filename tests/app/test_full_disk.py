"""A disk without room, or read-only: SQLite itself refuses, and nothing that was promised is lost.

``max_page_count`` stands for the full disk; a trigger makes the one statement that is meant need a
page. ``query_only`` stands for the read-only one, with the same refusal.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select, text
from structlog.testing import capture_logs

from app import worker
from app.db import db
from app.editions import Delivery, Edition
from app.jobs import Job
from app.mail import OutboxRow
from tests.app import digest_rows as rows
from tests.conftest import writing
from tests.fakes import CaughtMail, StandingClock
from tests.feedback import citizen

PAGES = 4294967294  # as many as SQLite ever lets a file have
SPARE = 100  # pages: a claim finds room, the ballast does not
BALLAST = "BEGIN INSERT INTO ballast VALUES (zeroblob(1000000)); END"


Trouble = Callable[[Flask], AbstractContextManager[None]]


@contextmanager
def full_disk(app: Flask, spare: int = 0) -> Iterator[None]:
    """Let the database file grow by ``spare`` pages at most; afterwards there is room again."""
    with app.app_context():
        engine = db.engine
        most = int(db.session.scalar(text("PRAGMA page_count")) or 0) + spare

    with each_connection(engine, f"max_page_count={most}", f"max_page_count={PAGES}"):
        yield


@contextmanager
def read_only(app: Flask) -> Iterator[None]:
    """Let nothing be written into the database; afterwards all may again."""
    with app.app_context():
        engine = db.engine
    with each_connection(engine, "query_only=1", "query_only=0"):
        yield


@contextmanager
def each_connection(engine: Engine, meanwhile: str, afterwards: str) -> Iterator[None]:
    """Set a pragma on whatever connection is taken meanwhile, and another one afterwards."""

    def setting(pragma: str) -> Any:
        def set_pragma(connection: Any, *_more: object) -> None:
            connection.execute(f"PRAGMA {pragma}")

        return set_pragma

    trouble, none = setting(meanwhile), setting(afterwards)
    event.listen(engine, "checkout", trouble)
    try:
        yield
    finally:
        event.remove(engine, "checkout", trouble)
        event.listen(engine, "checkout", none)


def needs_room(app: Flask, statement: str) -> None:
    """Let ``statement`` on the outbox take pages, as a grown log on the disk does."""
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE ballast (bytes BLOB)"))
        connection.execute(text(f"CREATE TRIGGER swell BEFORE {statement} ON outbox {BALLAST}"))


def room_again(app: Flask) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER swell"))


@pytest.fixture
def post(app: Flask) -> CaughtMail:
    """The mail server."""
    server = CaughtMail()
    app.extensions["boucle.send"] = server
    return server


@pytest.fixture
def week(app: Flask) -> None:
    """A busy week that waits to be composed."""
    with writing(app):
        rows.busy_week()
    worker.tick(app, "digest")


def turns(app: Flask) -> None:
    """Let the worker do everything that it can do now."""
    for _ in range(20):
        if not worker.turn(app):
            return
    raise AssertionError("the worker never came to rest")


def count(app: Flask, table: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def ids(post: CaughtMail) -> list[str]:
    return [str(each["Message-ID"]) for each in post.messages]


def test_what_cannot_be_stored_is_composed_once_there_is_room(
    app: Flask, clock: StandingClock, post: CaughtMail, week: None
) -> None:
    with full_disk(app), capture_logs() as said:
        turns(app)
        assert [count(app, each) for each in (Edition, Delivery, OutboxRow)] == [0, 0, 0]
    assert post.messages == []
    with app.app_context():
        (job,) = db.session.scalars(select(Job))  # it waits, and no try is held against it
        assert (job.kind, job.tries, job.set_aside) == ("digest", 0, False)
    assert {each["event"] for each in said} == {"job_postponed"}
    clock.forward(minutes=2)
    turns(app)
    assert [count(app, each) for each in (Edition, Delivery, OutboxRow)] == [2, 2, 0]
    assert len(set(ids(post))) == len(post.messages) == 2


def test_a_mail_that_cannot_be_claimed_is_not_sent_and_waits(
    app: Flask, clock: StandingClock, post: CaughtMail, week: None
) -> None:
    composed_but_not_sent(app, post)
    needs_room(app, "UPDATE")
    with full_disk(app), capture_logs() as said:
        turns(app)
    assert post.messages == []
    assert count(app, OutboxRow) == 2
    assert {each["event"] for each in said} == {"worker_stumbled"}
    room_again(app)
    turns(app)
    assert len(set(ids(post))) == len(post.messages) == 2
    assert count(app, OutboxRow) == 0


def composed_but_not_sent(app: Flask, post: CaughtMail) -> None:
    """Compose the week while the mail server does not answer."""
    post.fault = OSError("no answer")
    turns(app)
    post.fault = None
    assert count(app, OutboxRow) == 2
    with writing(app):
        db.session.execute(text("UPDATE outbox SET due = '2026-11-23 10:00', tries = 0"))


def test_a_mail_whose_mark_cannot_be_written_leaves_again_under_the_same_name(
    app: Flask, clock: StandingClock, post: CaughtMail, week: None
) -> None:
    composed_but_not_sent(app, post)
    needs_room(app, "DELETE")
    with full_disk(app, SPARE), capture_logs() as said:
        turns(app)
        clock.forward(seconds=30)
        turns(app)
    assert len(post.messages) == 1  # the round ends at once: not the whole outbox leaves twice
    assert {each["event"] for each in said} == {"worker_stumbled"}
    assert count(app, OutboxRow) == 2
    room_again(app)
    clock.forward(minutes=3)
    turns(app)
    first, *others = ids(post)
    assert sorted(others) == sorted({first, *others})
    assert len(others) == 2
    assert count(app, OutboxRow) == 0
    with app.app_context():
        assert all(db.session.scalars(select(Delivery.delivered)))


@pytest.mark.parametrize("trouble", [full_disk, read_only])
def test_what_a_citizen_sends_is_answered_503_and_stays_in_its_field(
    app: Flask, client: FlaskClient, trouble: Trouble
) -> None:
    slug = citizen.open_service(app)
    key = citizen.form_key(client, slug)
    words = "Le partage ne marche plus. " * 180
    with trouble(app):
        answer = citizen.send(client, slug, key, text=words)
        assert answer.status_code == 503
        field = citizen.soup_of(answer).select_one("textarea[name=text]")
        assert field is not None
        assert field.get_text().strip() == words.strip()
    assert citizen.send(client, slug, key, text=words).status_code == 200


def test_read_only_pages_are_read_and_the_worker_waits_without_a_try(
    app: Flask, client: FlaskClient, clock: StandingClock, post: CaughtMail, week: None
) -> None:
    slug = citizen.open_service(app)
    with read_only(app), capture_logs() as said:
        for path in ("/", f"/s/{slug}", "/suivi", "/vos-donnees", "/healthz"):
            assert client.get(path).status_code == 200, path
        turns(app)
    assert post.messages == []
    assert {each["event"] for each in said} <= {"worker_stumbled", "job_postponed"}
    with app.app_context():
        (job,) = db.session.scalars(select(Job))
        assert (job.kind, job.tries, job.set_aside) == ("digest", 0, False)
    clock.forward(minutes=2)
    turns(app)
    assert len(set(ids(post))) == len(post.messages) == 2
