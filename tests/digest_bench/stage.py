"""A site with many services, messages and readers, written in bulk, for the bench of digests."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert

from app.accounts import Role
from app.catalogue import Service
from app.db import CROCKFORD, ID_LENGTH, db
from app.subscriptions import Subscription
from feedback import models as m
from tests import factories
from tests.conftest import writing

THEMES = 12  # of each service
WEEKS = 10  # over which the messages came in
DOMAINS = 60  # of the readers' addresses
TEXT = "Depuis la version {n}, mes mesures du matin ne partent plus vers mon médecin."
BATCH = 20_000
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Size:
    """How much there is."""

    services: int
    readers: int  # of all services
    messages: int


def fill(app: Flask, size: Size, day: date) -> None:
    """Write ``size`` of everything; readers of a service: a team of two, the others follow it."""
    draw = random.Random(8)
    with writing(app):
        services = [factories.service(slug=f"service-{n}") for n in range(size.services)]
        for service in services:
            factories.account(Role.PROMOTER, services=(service,))
            factories.account(Role.PROMOTER, services=(service,))
        followers = size.readers // size.services - 2
        _in_batches(
            Subscription, [_follower(s, n, day) for s in services for n in range(followers)]
        )
        each = size.messages // size.services
        for service in services:
            _messages(service, each, day, draw)


def _follower(service: Service, number: int, day: date) -> dict[str, Any]:
    address = f"lectrice{service.id}-{number}@domaine{number % DOMAINS}.example"
    about = {"audience": "public", "about": f"service-{service.id}", "service_id": service.id}
    days = {"created": day - timedelta(days=90)}
    return {
        "id": _id(random.Random(address)),
        "address": address,
        "confirmed": True,
        **about,
        **days,
    }


def _messages(service: Service, count: int, day: date, draw: random.Random) -> None:
    themes = [
        {"id": _id(draw), "service_id": service.id, "name": f"Thème {n}", "named_by_person": True}
        for n in range(THEMES)
    ]
    db.session.execute(insert(m.Theme), [{**theme, "born": day} for theme in themes])
    retours, segments, placements = [], [], []
    for _ in range(count):
        retour = _retour(service, day, draw)
        segment = {"id": _id(draw), "feedback_id": retour["id"], "start": 0, "end": 9}
        segments.append({**segment, "vector": b"", "model": "bench"})
        told = {"score": 0.8, "threshold": 0.5, "model": "bench", "placed": day}
        theme = draw.choice(themes)["id"]
        placements.append(
            {"segment_id": segment["id"], "theme_id": theme, "contested": False, **told}
        )
        retours.append(retour)
    for table, rows in ((m.Feedback, retours), (m.Segment, segments), (m.Placement, placements)):
        _in_batches(table, rows)


def _retour(service: Service, day: date, draw: random.Random) -> dict[str, Any]:
    came = day - timedelta(days=draw.randrange(1, 7 * WEEKS))
    waits = draw.random() < 0.2
    return {
        "id": _id(draw),
        "service_id": service.id,
        "day": came,
        "channel": "web",
        "face": draw.choice((0, 5, 10)),
        "text": TEXT.format(n=draw.randrange(90)),
        "state": "published" if draw.random() < 0.05 else "open",
        "wants_publication": True,
        "thread_state": "waiting" if waits else "answered",
        "waiting_since": came if waits else None,
        "reply_due": came + timedelta(days=14) if waits else None,
    }


def _id(draw: random.Random) -> str:
    return "".join(draw.choices(CROCKFORD, k=ID_LENGTH))


def _in_batches(table: type, rows: Rows) -> None:
    for start in range(0, len(rows), BATCH):
        db.session.execute(insert(table), rows[start : start + BATCH])
