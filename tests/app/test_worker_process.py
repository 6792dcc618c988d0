"""The worker as a process of its own: asked to stop it finishes, killed it loses nothing."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from app import mail, posting
from app.config import ROOT
from app.db import db, will_write
from app.mail import Mail, OutboxRow
from tests.app.mail_server import MailServer, mail_server
from tests.conftest import settings, writing
from tests.fakes import CaughtMail

LONG_AGO = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
Process = subprocess.Popen[bytes]
NAMED = ("BOUCLE_ENV", "SECRET_KEY", "RECEIPT_SECRET", "PASSWORD_SALT", "BASE_URL")


@contextmanager
def worker(app: Flask, server: MailServer) -> Iterator[Process]:
    """Run ``flask work`` on the test's database; both models are missing, which it survives."""
    chosen = {name: str(getattr(settings(), name)) for name in NAMED}
    chosen |= {"BOUCLE_INSTANCE": str(app.config["INSTANCE"]), "SMTP_PORT": str(server.port)}
    chosen |= {"ENCODER_MODEL": "absent", "NAMES_MODEL": "absent", "FLASK_APP": "wsgi"}
    command = [sys.executable, "-m", "flask", "work"]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **chosen}, stdout=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def end_with(app: Flask, server: MailServer, strike: Callable[[Process], object]) -> int:
    """Return how the worker ended that was struck with a mail half delivered."""
    with writing(app):
        mail.put(Mail("k1", "a@example.org", "Bonjour", "Un texte.\n"), LONG_AGO)
    with worker(app, server) as process:
        server.arrived = lambda: strike(process)
        return process.wait(timeout=120)


def kill(process: Process) -> None:
    process.kill()
    process.wait()  # the answer comes too late for it


def test_a_worker_asked_to_stop_finishes_the_mail_in_hand(app: Flask) -> None:
    with mail_server() as server:
        assert end_with(app, server, Process.terminate) == 0
    assert [message["To"] for message in server.messages] == ["a@example.org"]
    with app.app_context():
        assert db.session.scalars(select(OutboxRow)).all() == []


def test_a_killed_worker_loses_no_mail_and_repeats_its_message_id(app: Flask) -> None:
    with mail_server() as server:
        assert end_with(app, server, kill) == -signal.SIGKILL
    post = CaughtMail()
    with app.app_context():
        will_write()
        later = datetime.now(UTC) + posting.LEASE + timedelta(minutes=1)
        assert posting.deliver(later, settings().MAIL_FROM, post, lambda key: None)
    assert [post.messages[0]["Message-ID"]] == [each["Message-ID"] for each in server.messages]
