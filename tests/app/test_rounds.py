"""Rounds of the outbox: one connection for many, one outcome for each, and every way to fail."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import mail, posting, rounds, suspended
from app.db import db, will_write
from app.mail import Mail, OutboxRow
from app.posting import Hands
from app.smtp import smtp_line
from tests.app.crowd import patiently, together
from tests.app.mail_server import DROPPED, SLOW, MailServer, mail_server
from tests.conftest import NOON, settings, writing
from tests.fakes import CaughtMail

SENDER = "Boucle <boucle@example.fr>"
Stop = Callable[[], bool]


def put(app: Flask, number: int, domain: str = "example.org", **headers: str) -> None:
    with writing(app):
        for n in range(number):
            to = f"r{n}@{domain}"
            mail.put(Mail(f"{domain}-{n:03}", to, "Bonjour", "Un texte.\n", headers=headers), NOON)


def walk(
    app: Flask, send: posting.Send, minutes: float = 0, must_stop: Stop = lambda: False
) -> int:
    with app.app_context():
        will_write()
        hands = Hands(SENDER, send, lambda key: None)
        postman = rounds.Postman(hands, lambda rows: None, must_stop)
        return rounds.walk(NOON + timedelta(minutes=minutes), postman)


def over_smtp(app: Flask, server: MailServer, minutes: float = 0) -> int:
    with smtp_line(settings(SMTP_PORT=server.port, SMTP_SECONDS=1)) as line:
        return walk(app, line, minutes)


def rows(session: Session) -> list[OutboxRow]:
    session.rollback()
    return list(session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


def test_a_round_sends_many_over_one_connection(app: Flask, committed: Session) -> None:
    put(app, rounds.MOST + 3)
    with mail_server() as server:
        assert over_smtp(app, server) == rounds.MOST
        assert server.calls == 1
        assert over_smtp(app, server) == 3
        assert over_smtp(app, server) == 0
    ids = [each["Message-ID"] for each in server.messages]
    assert len(set(ids)) == len(ids) == rounds.MOST + 3
    assert rows(committed) == []


@pytest.mark.parametrize(
    ("answer", "left", "error"),
    [
        ("451 later", 1, "answered 451"),
        ("550 no such reader", 1, "answered 550"),
        (SLOW, 3, "SMTPServerDisconnected"),
        (DROPPED, 3, "SMTPServerDisconnected"),
    ],
)
def test_one_bad_answer_spoils_its_own_mail_at_most(
    app: Flask, committed: Session, answer: str, left: int, error: str
) -> None:
    """The server that spoke goes on with the others; one that says nothing is left in peace."""
    put(app, 4)
    with mail_server("250 kept", answer) as server:
        over_smtp(app, server)
        waiting = rows(committed)
        assert len(waiting) == left
        assert waiting[0].error == error
        assert [each.tries for each in waiting] == [1] + [0] * (left - 1)
        assert {each.leased_until for each in waiting} == {None}
        while over_smtp(app, server, minutes=2):
            pass
    kept = [each for each in rows(committed) if not each.dead]
    assert kept == []
    assert len({each["Message-ID"] for each in server.messages}) == (3 if "550" in answer else 4)


def test_a_server_that_hangs_up_between_two_mails_is_called_again(
    app: Flask, committed: Session
) -> None:
    put(app, 3)
    with mail_server() as server:
        line_settings = settings(SMTP_PORT=server.port)
        with smtp_line(line_settings) as line:
            once = iter([True])

            def cut(message: posting.EmailMessage) -> None:
                line(message)
                if next(once, False):
                    line.server.sock.shutdown(2)  # type: ignore[attr-defined]

            assert walk(app, cut) == 3
    assert len(server.taken) == 3
    assert server.calls == 2
    assert rows(committed) == []


def test_a_dead_server_costs_one_try_of_one_mail(app: Flask, committed: Session) -> None:
    put(app, 3)
    with smtp_line(settings(SMTP_PORT=9)) as line:
        assert walk(app, line) == 1
        assert walk(app, line) == 0  # the others wait too
    assert [each.tries for each in rows(committed)] == [1, 0, 0]
    post = CaughtMail()
    assert walk(app, post, minutes=2) == 3


def test_a_domain_gets_as_many_mails_a_minute_as_the_settings_say(
    app: Flask, committed: Session
) -> None:
    app.config["MAIL_PER_DOMAIN_MINUTE"] = 2
    put(app, 5, "lent.example")
    put(app, 3, "autre.example")
    sent: list[list[str]] = []
    for minutes in range(4):
        post = CaughtMail()
        while walk(app, post, minutes):
            pass
        sent.append([each["To"].partition("@")[2] for each in post.messages])
    assert sent[0] == ["lent.example"] * 2 + ["autre.example"] * 2
    assert sent[1] == ["lent.example"] * 2 + ["autre.example"]
    assert (sent[2], sent[3]) == (["lent.example"], [])


def test_asked_to_stop_a_round_ends_with_the_mail_in_hand(app: Flask, committed: Session) -> None:
    put(app, 3)
    post = CaughtMail()
    assert walk(app, post, must_stop=lambda: True) == 1
    assert [each.tries for each in rows(committed)] == [0, 0]
    assert walk(app, post) == 2


def test_words_older_than_ten_seconds_do_not_leave(app: Flask, committed: Session) -> None:
    put(app, 3)
    moments = iter([0.0, 0.0, rounds.FRESH_SECONDS, rounds.FRESH_SECONDS + 1])
    with app.app_context():
        will_write()
        hands = Hands(SENDER, CaughtMail(), lambda key: None)
        seconds = moments.__next__
        postman = rounds.Postman(hands, lambda rows: None, lambda: False, seconds)
        assert rounds.walk(NOON, postman) == 2
    assert [each.leased_until for each in rows(committed)] == [None]


def test_a_worker_killed_in_a_round_repeats_one_mail_and_loses_none(
    app: Flask, committed: Session
) -> None:
    put(app, 6)
    post = CaughtMail()

    def killed_with_the_third(message: posting.EmailMessage) -> None:
        post(message)
        if len(post.messages) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        walk(app, killed_with_the_third)
    assert walk(app, post, minutes=1) == 0  # the lease still runs
    assert walk(app, post, minutes=3) == 4
    ids = [each["Message-ID"] for each in post.messages]
    assert (len(ids), len(set(ids))) == (7, 6)
    assert rows(committed) == []


def test_four_workers_send_each_mail_once(app: Flask) -> None:
    put(app, 30)
    post = CaughtMail()

    def work() -> None:
        while patiently(lambda: walk(app, post)):
            pass

    together(4, work)
    ids = [each["Message-ID"] for each in post.messages]
    assert len(ids) == len(set(ids)) == 30


@pytest.mark.parametrize(
    ("answer", "refuses"), [("550 no such user", True), ("554 smells of spam", False)]
)
def test_an_address_that_refuses_gets_no_recurring_mail_until_its_reader_says_so(
    app: Flask, committed: Session, answer: str, refuses: bool
) -> None:
    way_out = {"List-Unsubscribe": "<http://localhost/d/u/x>"}
    put(app, 1, **way_out)
    with mail_server(answer) as server:
        over_smtp(app, server)
    (dead,) = rows(committed)
    assert (dead.dead, dead.to) == (True, "")
    with writing(app):
        db.session.execute(update(OutboxRow).values(key="older"))
    put(app, 1, **way_out)
    assert len(rows(committed)) == (1 if refuses else 2)
    put(app, 1)  # a link that somebody asks for just now is tried again
    assert "r0@example.org" in [each.to for each in rows(committed)]
    with writing(app):
        kept = db.session.scalars(select(suspended.SuspendedAddress)).all()
        assert len(kept) == refuses
        assert not [each for each in kept if "r0" in each.digest]
        suspended.lift("R0@example.org")
        assert suspended.since("r0@example.org") is None
