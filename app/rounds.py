"""A round of the outbox: some mails claimed at once, written anew, sent over one connection.

Each is marked before the next one leaves, so that a killed worker repeats one mail at most. The
marks do not wait for the disk, the claims do: a power cut repeats one round at most. What is
claimed and not sent goes back: after ten seconds, so that a mail never says what was taken back
since; when the server does not answer; when the worker is asked to stop.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from app import limits, posting
from app.db import db, lightly
from app.mail import OutboxRow
from app.posting import Hands

MOST = 50  # mails of one round: a killed worker holds as many for two minutes
FRESH_SECONDS = 10.0  # how old the words of a mail may be when it leaves
MINUTE = timedelta(minutes=1)

Renew = Callable[[Sequence[OutboxRow]], None]


@dataclass(frozen=True)
class Postman:
    """What a round needs to know: hands that send, last words, and when to stop."""

    hands: Hands
    renew: Renew
    must_stop: Callable[[], bool] = lambda: False
    seconds: Callable[[], float] = time.monotonic


def walk(now: datetime, postman: Postman) -> int:
    """Deliver some due mails; return how many were attempted. Commits each claim and outcome."""
    rows = _within_pace(posting.claim(now, MOST), now)
    if not rows:
        return 0
    started = postman.seconds()
    postman.renew(rows)
    db.session.rollback()
    with lightly():
        return _send(rows, now, postman, started)


def _send(rows: list[OutboxRow], now: datetime, postman: Postman, started: float) -> int:
    """Send claimed mails until one is stale or the server is silent; return how many were tried."""
    for done, row in enumerate(rows):
        stale = postman.seconds() - started > FRESH_SECONDS
        if done and (stale or postman.must_stop()):
            posting.give_back(rows[done:], now)
            return done
        refusal = posting.deliver_one(row, now, postman.hands)
        if refusal and refusal.no_answer:
            posting.give_back(rows[done + 1 :], now + posting.FIRST_WAIT)
            return done + 1
    return len(rows)


def _within_pace(rows: list[OutboxRow], now: datetime) -> list[OutboxRow]:
    """Return the mails that the pace of their domain lets leave; the others wait a minute."""
    pace = current_app.config["MAIL_PER_DOMAIN_MINUTE"]
    if not pace or not rows:
        return rows
    by_domain: dict[str, list[OutboxRow]] = defaultdict(list)
    for row in rows:
        by_domain[row.to.rpartition("@")[2].lower()].append(row)
    secret = current_app.config["SECRET_KEY"]
    late: list[OutboxRow] = []
    for domain, those in by_domain.items():
        granted = limits.take("mail to", domain, len(those), pace, MINUTE, now, secret)
        late += those[granted:]
    db.session.commit()
    if late:
        posting.give_back(late, now + MINUTE)
    kept = {row.id for row in late}
    return [row for row in rows if row.id not in kept]
