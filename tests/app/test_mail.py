"""The outbox: claimed once, tried again with patience, dead at once on a refusal for good."""

import re
import smtplib
from datetime import datetime, timedelta
from email.message import EmailMessage
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import mail, posting
from app.days import PARIS
from app.db import db, will_write
from app.mail import Mail, OutboxRow
from app.smtp import smtp_sender
from tests.app.crowd import patiently, together
from tests.app.mail_server import mail_server
from tests.conftest import NOON, settings, writing
from tests.fakes import CaughtMail

SENDER = "Boucle <boucle@example.fr>"


def put(app: Flask, key: str = "k1", **values: str) -> None:
    fields = {"to": "lecteur@example.org", "subject": "Bonjour", "text": "Un texte.\n", **values}
    with writing(app):
        mail.put(Mail(key=key, **fields), NOON)  # type: ignore[arg-type]


def deliver(app: Flask, send: posting.Send, minutes: float = 0) -> bool:
    with app.app_context():
        will_write()
        return posting.deliver(NOON + timedelta(minutes=minutes), SENDER, send, lambda key: None)


def rows(session: Session) -> list[OutboxRow]:
    session.rollback()  # what was read before is an old picture
    return list(session.scalars(select(OutboxRow)))


def refuse(code: int) -> CaughtMail:
    post = CaughtMail()
    post.fault = smtplib.SMTPDataError(code, b"no")
    return post


def test_a_taken_mail_leaves_no_row(app: Flask, committed: Session) -> None:
    put(app)
    post = CaughtMail()
    assert deliver(app, post)
    assert not deliver(app, post)
    assert [m["To"] for m in post.messages] == ["lecteur@example.org"]
    assert rows(committed) == []


def test_the_same_key_is_one_mail(app: Flask, committed: Session) -> None:
    put(app)
    put(app, subject="Autre")
    assert [row.subject for row in rows(committed)] == ["Bonjour"]


def test_a_temporary_refusal_is_tried_again_after_doubling_waits(
    app: Flask, committed: Session
) -> None:
    put(app)
    post, waits, elapsed = refuse(451), [], 0.0
    for _ in range(5):
        assert deliver(app, post, elapsed)
        minutes = (rows(committed)[0].due - NOON) / timedelta(minutes=1)
        waits.append(minutes - elapsed)
        elapsed = minutes
    assert waits == [1, 2, 4, 8, 16]
    assert rows(committed)[0].error == "answered 451"


def test_the_outbox_gives_up_after_about_two_days() -> None:
    waits = [
        min(posting.FIRST_WAIT * 2**n, posting.LONGEST_WAIT) for n in range(posting.MAX_TRIES - 1)
    ]
    assert timedelta(hours=40) < sum(waits, timedelta()) < timedelta(hours=50)


def test_a_refusal_for_good_is_dead_at_once_and_keeps_neither_words_nor_address(
    app: Flask, committed: Session
) -> None:
    put(app, html="<p>Un texte.</p>")
    post = refuse(550)
    assert deliver(app, post)
    assert not deliver(app, post, minutes=60 * 24)
    row = rows(committed)[0]
    assert (row.dead, row.tries, row.error) == (True, 1, "answered 550")
    assert (row.to, row.subject, row.text, row.html, row.headers) == ("", "", "", "", {})
    assert row.due == NOON.replace(hour=0)  # the day, no moment
    with writing(app):
        assert mail.purge(NOON + timedelta(days=20)) == 0
        assert mail.purge(NOON + timedelta(days=31)) == 1


@pytest.mark.parametrize(
    "fault",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        smtplib.SMTPServerDisconnected(),
        smtplib.SMTPAuthenticationError(535, b"our passphrase is wrong, not the mail"),
        smtplib.SMTPSenderRefused(530, b"sign in first", "boucle@example.fr"),
        smtplib.SMTPRecipientsRefused({"lecteur@example.org": (450, b"later")}),
    ],
)
def test_a_fault_that_is_not_the_mails_is_tried_again(
    app: Flask, committed: Session, fault: Exception
) -> None:
    put(app)
    post = CaughtMail()
    post.fault = fault
    assert deliver(app, post)
    assert not rows(committed)[0].dead
    post.fault = None
    assert deliver(app, post, minutes=2)
    assert len(post.messages) == 1


def test_a_refused_recipient_is_dead_at_once(app: Flask, committed: Session) -> None:
    put(app)
    post = CaughtMail()
    post.fault = smtplib.SMTPRecipientsRefused({"lecteur@example.org": (550, b"unknown")})
    deliver(app, post)
    assert rows(committed)[0].dead


def test_a_worker_killed_between_sending_and_marking_repeats_the_same_message_id(
    app: Flask,
) -> None:
    put(app)
    post = CaughtMail()

    def sent_then_killed(message: EmailMessage) -> None:
        post(message)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(app, sent_then_killed)
    assert not deliver(app, post, minutes=1)  # the lease still runs
    assert deliver(app, post, minutes=3)
    first, second = (m["Message-ID"] for m in post.messages)
    assert first == second == "<k1@example.fr>"


def test_the_database_is_free_while_a_slow_server_is_spoken_to(app: Flask) -> None:
    put(app)
    written = []

    def post_meanwhile() -> None:
        put(app, "written meanwhile")  # raises after the busy timeout if the lock is held
        written.append(True)

    def slow(_message: EmailMessage) -> None:
        writer = Thread(target=post_meanwhile)
        writer.start()
        writer.join()

    assert deliver(app, slow)
    assert written


def test_eight_threads_send_each_mail_once(app: Flask) -> None:
    for n in range(12):
        put(app, f"k{n}")
    post = CaughtMail()

    def deliver_all() -> None:
        while patiently(lambda: deliver(app, post)):
            pass

    together(8, deliver_all)
    ids = [m["Message-ID"] for m in post.messages]
    assert len(ids) == len(set(ids)) == 12


@pytest.mark.parametrize("field", ["to", "subject"])
def test_a_line_break_never_becomes_a_header(app: Flask, committed: Session, field: str) -> None:
    put(app, **{field: "a@example.org\r\nBcc: tous@example.org"})
    post = CaughtMail()
    deliver(app, post)
    assert post.messages == []
    assert rows(committed)[0].dead


def test_a_real_server_that_says_451_twice_gets_the_mail_on_the_third_try(
    app: Flask, committed: Session
) -> None:
    put(app, html="<p>Été</p>", text="Été\n")
    with mail_server("451 later", "451 later") as server:
        send = smtp_sender(settings(SMTP_PORT=server.port))
        for minutes, left in ((0, 1), (1, 1), (3, 0)):
            assert deliver(app, send, minutes)
            assert len(rows(committed)) == left
    (message,) = server.messages
    assert message["Message-ID"] == "<k1@example.fr>"
    assert message["Auto-Submitted"] == "auto-generated"
    parts = [part.get_content_type() for part in message.iter_parts()]
    assert parts == ["text/plain", "text/html"]
    assert [part.get_content().strip() for part in message.iter_parts()] == ["Été", "<p>Été</p>"]


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (datetime(2026, 1, 5, 0, 30, tzinfo=PARIS), "Sun, 04 Jan 2026 23:30:00 +0000"),
        (datetime(2026, 7, 5, 1, 59, tzinfo=PARIS), "Sat, 04 Jul 2026 23:59:00 +0000"),
        (NOON, "Mon, 23 Nov 2026 11:00:00 +0000"),
    ],
    ids=["winter", "summer", "our clock"],
)
def test_the_date_of_a_mail_is_told_in_utc(app: Flask, moment: datetime, told: str) -> None:
    put(app)
    with app.app_context(), mail_server() as server:
        row = db.session.scalars(select(OutboxRow)).one()
        smtp_sender(settings(SMTP_PORT=server.port))(posting.message(row, SENDER, moment))
    (raw,) = server.taken
    assert re.findall(rb"^Date: (.+)\r$", raw, re.M) == [told.encode()]


def test_a_real_server_that_refuses_for_good_is_asked_once(app: Flask, committed: Session) -> None:
    put(app)
    with mail_server("550 no such reader") as server:
        send = smtp_sender(settings(SMTP_PORT=server.port))
        assert deliver(app, send)
        assert not deliver(app, send, minutes=60 * 24)
    assert server.taken == []
    assert rows(committed)[0].error == "answered 550"


def test_a_server_that_is_not_there_is_tried_again(app: Flask, committed: Session) -> None:
    put(app)
    deliver(app, smtp_sender(settings(SMTP_PORT=9)))
    row = rows(committed)[0]
    assert (row.dead, row.error) == (False, "ConnectionRefusedError")


@pytest.mark.parametrize(
    ("values", "leaves"),
    [
        ({"SMTP_USER": "boucle", "SMTP_PASSWORD": "sesame"}, True),
        ({"SMTP_USER": "boucle", "SMTP_PASSWORD": "wrong"}, False),
        ({"SMTP_TLS": True}, False),  # the server has none: never in clear instead
    ],
)
def test_a_mail_leaves_as_the_settings_say_or_waits(
    app: Flask, committed: Session, values: dict[str, object], leaves: bool
) -> None:
    put(app)
    with mail_server() as server:
        assert deliver(app, smtp_sender(settings(SMTP_PORT=server.port, **values)))
    assert [row.dead for row in rows(committed)] == ([] if leaves else [False])
    assert len(server.taken) == leaves


def test_outbox_counts_tell_waiting_from_dead(app: Flask) -> None:
    put(app, "waits")
    put(app, "dies")
    with writing(app):
        db.session.scalars(select(OutboxRow).where(OutboxRow.key == "dies")).one().dead = True
    with app.app_context():
        assert mail.outbox_counts() == (1, 1)
