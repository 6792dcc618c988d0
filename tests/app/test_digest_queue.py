"""Mails of an edition: as few statements for many readers as for few, marked one by one."""

from flask import Flask
from sqlalchemy import func, select, text

from app import digests, edition_quotes, rounds
from app.accounts import Account
from app.catalogue import Service
from app.db import db, will_write
from app.digest_queue import mark_delivered
from app.editions import Delivery
from app.mail import OutboxRow
from app.posting import Hands
from app.subscriptions import ensure_team_subscriptions
from tests import factories
from tests.app import digest_rows as rows
from tests.conftest import NOON, writing
from tests.fakes import CaughtMail
from tests.statements import counted


def service_with(app: Flask, readers: int) -> int:
    """Return the id of a service with a week to tell, ``readers`` followers and as many members."""
    with writing(app):
        service = factories.service()
        rows.fill(service, rows.theme(service, "Connexion"), rows.IN_WEEK, 12)
        for n in range(readers):
            rows.follower(service, f"lectrice{n}@s{service.id}.example")
            rows.member(service)
        return service.id


def queue(app: Flask, service_id: int) -> list[str]:
    """Compose and queue as the job does; return the statements that it cost."""
    with app.app_context():
        will_write()
        service = db.session.get_one(Service, service_id)
        ensure_team_subscriptions(service, rows.WEEK.start)
        with counted(app) as said:
            digests.send_for(service, NOON)
            db.session.commit()
    return said


def test_composing_and_queueing_cost_as_many_statements_for_thirty_readers_as_for_three(
    app: Flask,
) -> None:
    few, many = service_with(app, 3), service_with(app, 30)
    asked = [len(queue(app, each)) for each in (few, many)]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(OutboxRow)) == 2 * 33
    assert asked[0] == asked[1] <= 70


def test_a_round_is_written_anew_by_as_many_statements_for_sixty_mails_as_for_six(
    app: Flask,
) -> None:
    asked = []
    for readers in (3, 30):
        queue(app, service_with(app, readers))
        with app.app_context():
            waiting = list(db.session.scalars(select(OutboxRow)))
            assert len(waiting) == 2 * readers
            db.session.expunge_all()
            with counted(app) as said:
                edition_quotes.renew(waiting)
            asked.append(len(said))
        send_all(app, CaughtMail())
    assert asked[0] == asked[1]


def send_all(app: Flask, post: CaughtMail) -> list[int]:
    """Walk one round; return how each mark waited for the disk, as SQLite says it."""
    levels: list[int] = []

    def mark(key: str) -> None:
        levels.append(db.session.scalar(text("PRAGMA synchronous")) or 0)
        mark_delivered(key)

    with app.app_context():
        will_write()
        hands = Hands("Boucle <boucle@example.fr>", post, mark)
        while rounds.walk(NOON, rounds.Postman(hands, edition_quotes.renew)):
            pass
        levels.append(db.session.scalar(text("PRAGMA synchronous")) or 0)
    return levels


def test_marks_alone_do_not_wait_for_the_disk(app: Flask) -> None:
    queue(app, service_with(app, 3))
    normal, full = 1, 2
    post = CaughtMail()
    assert send_all(app, post) == [*[normal] * 6, full]
    with app.app_context():
        assert all(db.session.scalars(select(Delivery.delivered)))
        members = set(db.session.scalars(select(Account.email)))
    assert members < {str(each["To"]) for each in post.messages}


def test_a_mail_is_marked_before_the_next_one_leaves(app: Flask) -> None:
    """So that a kill repeats one mail at most, however many a round holds."""
    queue(app, service_with(app, 3))
    left: list[int] = []

    def look(_message: object) -> None:
        open_ = select(func.count()).where(~Delivery.delivered)
        with app.app_context(), db.engine.connect() as apart:
            left.append(apart.scalar(open_) or 0)

    with app.app_context():
        will_write()
        hands = Hands("Boucle <boucle@example.fr>", look, mark_delivered)
        assert rounds.walk(NOON, rounds.Postman(hands, edition_quotes.renew)) == 6
    assert left == [6, 5, 4, 3, 2, 1]
