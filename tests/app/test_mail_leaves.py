"""Leaving by a mail: offered where a mailbox is read for it, and what the one-click link does."""

import mailbox
import re
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from app import alerts, author_mails, holder_mails, tasks
from app.author_mails import AUTHORS
from app.config import BadSetting, check
from app.db import db, will_write
from app.digest_mails import unsubscribe_token
from app.holder_mails import HOLDERS
from app.mail import OutboxRow
from app.smtp import smtp_sender
from app.subscriptions import Audience, Subscription
from app.worker import turn
from feedback.models import AuthorMail
from tests import factories
from tests.app import digest_rows as rows
from tests.app.mail_server import mail_server
from tests.app.test_bounces import report
from tests.conftest import NOON, settings, writing
from tests.workshops.rooms import open_room
from tests.workshops.test_kept_codes import ask as keep
from workshops.around_models import HolderMail, KeptCode

LEAVE = "quitter@example.fr"
READER, OTHER = "fidele@example.org", "autre@example.org"
HEADER = re.compile(r"<(http://localhost/d/[us]/([\w.-]+))>, <(mailto:[^>]+)>")


@pytest.fixture
def box(app: Flask, tmp_path: Path) -> Path:
    """The mailbox that is read for those who leave, its address in the settings."""
    path = tmp_path / "retours"
    mailbox.Maildir(path).close()
    app.config.update(MAIL_LEAVE=LEAVE, MAIL_BOUNCES=str(path))
    return path


def write(path: Path, subject: str, sender: str = READER) -> None:
    """Put into ``path`` what a mail program sends for the address in a header."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, LEAVE, subject
    letter.set_content("")
    mails = mailbox.Maildir(path, create=False)
    mails.add(letter)
    mails.close()


def collect(app: Flask) -> str:
    with app.app_context():
        will_write()
        return tasks.TASKS["bounces"]("k", NOON)


def headers_of(app: Flask) -> dict[str, str]:
    """Return the header of each mail that waits, by its reader."""
    with app.app_context():
        found = db.session.scalars(select(OutboxRow))
        return {row.to: row.headers["List-Unsubscribe"] for row in found}


def asked(header: str) -> str:
    """Return the subject that a mail program gives to the mail it offers."""
    told = HEADER.fullmatch(header)
    assert told, header
    to = urlsplit(told[3])
    assert (to.scheme, to.path) == ("mailto", LEAVE)
    assert told[2] in unquote(to.query)
    return unquote(to.query.removeprefix("subject="))


def follow(app: Flask) -> None:
    with writing(app):
        service = rows.busy_week()
        rows.follower(service, OTHER)
    with app.app_context():
        will_write()
        tasks.digest("k", NOON)


def readers(app: Flask) -> set[str | None]:
    with app.app_context():
        query = select(Subscription.address).where(Subscription.audience == Audience.PUBLIC)
        return set(db.session.scalars(query))


def test_a_follower_leaves_by_the_mail_that_the_header_offers(app: Flask, box: Path) -> None:
    follow(app)
    write(box, asked(headers_of(app)[READER]))
    assert collect(app) == (
        "read 0 reports of returned mails, 1 readers left by a mail, 0 other messages removed"
    )
    assert readers(app) == {OTHER}
    assert READER not in headers_of(app)  # the mail that waited is taken back
    assert OTHER in headers_of(app)
    assert collect(app).startswith("read 0 reports of returned mails, 0 readers")


def test_a_member_who_leaves_pauses_as_behind_the_link(app: Flask, box: Path) -> None:
    follow(app)
    found = headers_of(app)
    (member,) = set(found) - {READER, OTHER}
    write(box, f"Re: {asked(found[member])}", "quelquun@example.net")  # who writes is not asked
    collect(app)
    with app.app_context():
        row = db.session.scalars(select(Subscription).filter_by(audience="team")).one()
        assert row.frequency == "never"


def test_an_author_who_leaves_is_forgotten(app: Flask, box: Path) -> None:
    with writing(app):
        author_mails.ask(factories.retour(factories.service()), READER, NOON)
        row = db.session.scalars(select(AuthorMail)).one()
        row.confirmed = True
        db.session.query(OutboxRow).delete()
        offered = AUTHORS._news_mail(row, rows.MONDAY).headers["List-Unsubscribe"]
    write(box, asked(offered))
    collect(app)
    with app.app_context():
        assert db.session.scalars(select(AuthorMail)).all() == []


def test_the_holder_of_a_session_s_code_who_leaves_is_forgotten(app: Flask, box: Path) -> None:
    room = open_room(app)
    assert keep(room.phone())
    with writing(app):
        kept = db.session.scalars(select(KeptCode)).one()
        holder_mails.ask(kept, READER, NOON)
        row = db.session.scalars(select(HolderMail)).one()
        row.confirmed = True
        db.session.query(OutboxRow).delete()
        offered = HOLDERS._news_mail(row, rows.MONDAY).headers["List-Unsubscribe"]
    write(box, asked(offered))
    collect(app)
    with app.app_context():
        assert db.session.scalars(select(HolderMail)).all() == []


def test_an_alert_offers_it_too(app: Flask, box: Path) -> None:
    with writing(app):
        row = rows.follower(factories.service(), READER)
        mail = alerts._burst_mail(row, 7, NOON)
        assert unsubscribe_token(row) in asked(mail.headers["List-Unsubscribe"])


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "desabonner",
        "desabonner nothing.of-ours_123456789",
        "=?utf-8?b?w6k=?= =?x?q?a?=",
        "=?utf-8?q?" + "x" * 4000,
        "Out of office: Ce qui a été dit, ce qui a été fait",
    ],
)
def test_what_names_nothing_of_ours_ends_nothing_and_is_removed(
    app: Flask, box: Path, subject: str
) -> None:
    follow(app)
    mails = mailbox.Maildir(box, create=False)
    mails.add(b"From: x@example.org\nSubject: " + subject.encode() + b"\n\nBonjour\n")
    mails.add(b"\xff\x00 nothing")
    mails.close()
    assert collect(app).endswith("2 other messages removed")
    assert readers(app) == {READER, OTHER}
    assert len(mailbox.Maildir(box, create=False)) == 0


def test_an_encoded_subject_is_read(app: Flask, box: Path) -> None:
    follow(app)
    subject = asked(headers_of(app)[READER]).encode().hex(" ").upper().split()
    mails = mailbox.Maildir(box, create=False)
    encoded = "=?utf-8?q?" + "".join(f"={each}" for each in subject) + "?="
    mails.add(f"From: {READER}\nSubject: {encoded}\n\n".encode())
    mails.close()
    collect(app)
    assert readers(app) == {OTHER}


def test_a_report_that_quotes_the_header_ends_nothing(app: Flask, box: Path) -> None:
    follow(app)
    quoted = f"List-Unsubscribe: {headers_of(app)[READER]}\nSubject: Ce qui a"
    mails = mailbox.Maildir(box, create=False)
    mails.add(report("unknown").replace(b"Subject: Ce qui a", quoted.encode()))
    mails.close()
    assert collect(app).endswith("1 other messages removed")
    assert READER in readers(app)


def test_without_a_mailbox_the_link_stands_alone(app: Flask) -> None:
    follow(app)
    assert all(re.fullmatch(r"<[^<>]+>", header) for header in headers_of(app).values())


@pytest.mark.parametrize(
    "chosen",
    [
        {"MAIL_LEAVE": LEAVE},
        {"MAIL_LEAVE": "Boucle <a@b.fr>", "MAIL_BOUNCES": "box"},
        {"MAIL_LEAVE": "a@b.fr>\r\nBcc: x@y.z", "MAIL_BOUNCES": "box"},
    ],
)
def test_an_address_that_nobody_reads_or_that_is_none_is_refused(chosen: dict[str, str]) -> None:
    with pytest.raises(BadSetting, match="MAIL_LEAVE"):
        check(settings(**chosen))


def test_the_header_leaves_in_one_line(app: Flask, box: Path) -> None:
    follow(app)
    with mail_server() as server:
        app.extensions["boucle.send"] = smtp_sender(settings(SMTP_PORT=server.port))
        while turn(app):
            pass
    assert len(server.taken) == 3
    for raw in server.taken:  # signers break on folded headers
        line = re.search(rb"^List-Unsubscribe: (<[^\r\n]+>)\r\n\S", raw, re.M)
        assert line
        assert asked(line[1].decode())
