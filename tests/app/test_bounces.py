"""Mails that come back: read from a mailbox, believed by their Message-ID, recorded once."""

import mailbox
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import bounces, suspended, tasks
from app.bounces import Collected
from app.db import db, will_write
from app.digest_queue import mark_delivered
from app.editions import Delivery
from app.mail import OutboxRow
from app.posting import deliver
from app.subscriptions import Subscription
from tests import factories
from tests.app import digest_rows as rows
from tests.conftest import NOON, writing
from tests.fakes import CaughtMail

READER = "fidele@example.org"
REPORT = """\
From: MAILER-DAEMON@example.org
To: boucle@example.fr
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

This is the mail system at host mx.example.org. I am sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {claimed}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no such user

--b
Content-Type: {kind}

Message-ID: <{key}@example.fr>
Subject: Ce qui a
--b--
"""


@pytest.fixture
def key(app: Flask) -> str:
    """The key of a digest that left for a follower."""
    with writing(app):
        rows.busy_week()
    with app.app_context():
        will_write()
        tasks.digest("k", NOON)
        while deliver(NOON, "Boucle <boucle@example.fr>", CaughtMail(), mark_delivered):
            pass
        query = select(Delivery.id).join(Subscription).where(Subscription.address == READER)
        found: str = db.session.scalars(query).one()
    return found


def report(key: str, **changes: str) -> bytes:
    values = {"claimed": READER, "action": "failed", "status": "5.1.1", "kind": "message/rfc822"}
    return REPORT.format(key=key, **{**values, **changes}).encode()


def collect(app: Flask, path: Path) -> Collected:
    with app.app_context():
        will_write()
        return bounces.collect(path, factories.TODAY)


def is_suspended(app: Flask) -> bool:
    with app.app_context():
        return suspended.since(READER) is not None


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
@pytest.mark.parametrize("form", ["mbox", "Maildir"])
def test_a_report_of_a_mail_of_ours_suspends_its_reader_and_leaves_the_mailbox(
    app: Flask, key: str, tmp_path: Path, kind: str, form: str
) -> None:
    path = tmp_path / "retours"
    box = mailbox.mbox(path) if form == "mbox" else mailbox.Maildir(path)
    box.add(report(key, kind=kind))
    letter = EmailMessage()
    letter["Subject"], letter["From"] = "Absence", "quelquun@example.org"
    letter.set_content("Je suis en congé.")
    box.add(letter)
    box.close()
    assert collect(app, path) == Collected(reports=1, others=1)
    assert is_suspended(app)
    assert collect(app, path) == Collected()


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "4.2.2"},
        {"action": "delayed", "status": "4.4.1"},
        {"action": "delivered", "status": "2.0.0"},
    ],
)
def test_a_passing_trouble_suspends_nobody(
    app: Flask, key: str, tmp_path: Path, changes: dict[str, str]
) -> None:
    box = mailbox.mbox(tmp_path / "m")
    box.add(report(key, **changes))
    box.close()
    collect(app, tmp_path / "m")
    assert not is_suspended(app)


@pytest.mark.parametrize("named", ["inconnu", "", "../../etc", "news-x-20261123"])
def test_a_report_that_names_no_mail_of_ours_is_not_believed(
    app: Flask, key: str, tmp_path: Path, named: str
) -> None:
    box = mailbox.mbox(tmp_path / "m")
    box.add(report(named))
    box.close()
    assert collect(app, tmp_path / "m") == Collected(others=1)
    assert not is_suspended(app)


@pytest.mark.parametrize("raw", [b"", b"\x00\xff\n\n\xff", b"Content-Type: multipart/report\n\nx"])
def test_what_is_no_mail_is_read_without_harm(raw: bytes) -> None:
    assert bounces.read(raw) is None


def test_no_digest_is_queued_for_a_suspended_address_until_it_is_lifted(
    app: Flask, key: str
) -> None:
    with writing(app):
        suspended.suspend(READER, factories.TODAY, "bounced 5.1.1")
        db.session.query(Delivery).update({"delivered": False})
    with app.app_context():
        will_write()
        tasks.digest("k", NOON)
        assert READER not in db.session.scalars(select(OutboxRow.to)).all()
        suspended.lift(READER)
        tasks.digest("k", NOON)
        assert READER in db.session.scalars(select(OutboxRow.to)).all()
