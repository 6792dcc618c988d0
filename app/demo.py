"""The demonstration's data: real answers of 2019 through ``receive()``, invented dates around them.

Everything is drawn with one seed. The growth that the signal page shows is planted: after
version 6.2 of one service, the answers about the health card come closer together.
"""

import csv
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from app import demo_catalogue, demo_relays, demo_voices, demo_workshops, form_keys
from app.catalogue import Service
from app.db import db
from app.demo_references import make_reference
from app.demo_story import tell
from app.territories import load_territories
from feedback.intake import Sent, Tools, receive
from feedback.models import Channel, Face
from feedback.publications import publish_all

ANSWERS = Path(__file__).parent / "data/demo/answers.csv"
SEED = 2019
SPREAD_DAYS = 420  # sixty weeks of invented dates
PLANTED = re.compile(r"carte vitale", re.IGNORECASE)
PLANTED_SERVICE = "mes-remboursements"
PLANTED_DAYS = 27  # the newest weeks, after the release
PLANTED_SHARE = 0.4  # of the matching answers; the others lie anywhere
FACES = (Face.BAD, Face.BAD, Face.MIDDLING, Face.MIDDLING, Face.GOOD)  # invented: nobody rated
COMMIT_EVERY = 100

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Answer:
    """One real answer with its invented day and face."""

    id: str
    text: str
    service: str
    day: date
    face: Face


def read_answers(today: date) -> list[Answer]:
    """Return the answers with their invented days and faces, oldest first."""
    home = {question: plan.slug for plan in demo_catalogue.PLANS for question in plan.questions}
    rng = random.Random(SEED)
    with ANSWERS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    answers = [
        Answer(
            row["id"],
            row["text"],
            home[row["question"]],
            _day(row["text"], home[row["question"]], today, rng),
            rng.choice(FACES),
        )
        for row in rows
    ]
    return sorted(answers, key=lambda answer: (answer.day, answer.id))


def _day(text: str, service: str, today: date, rng: random.Random) -> date:
    planted = service == PLANTED_SERVICE and PLANTED.search(text)
    if planted and rng.random() < PLANTED_SHARE:
        return today - timedelta(days=rng.randint(1, PLANTED_DAYS))
    return today - timedelta(days=rng.randint(1, SPREAD_DAYS))


def build(today: date, tools: Tools, secret: str, progress: Progress) -> dict[str, str]:
    """Fill an empty database; return what ``make run`` prints: the codes of the story."""
    load_territories()
    services = demo_catalogue.make_services(today)
    accounts = demo_catalogue.make_staff(services, today)
    demo_catalogue.make_followers(services, today)
    demo_voices.make_margins(today)
    make_reference(today)
    db.session.commit()
    for done, total in import_answers(services, today, tools, secret):
        progress(done, total)
    found = tell(services, accounts, today, tools, secret)
    by_slug = {service.slug: service for service in services}
    demo_workshops.hold(by_slug, accounts["animation"], today, tools.names)
    demo_relays.keep_log(by_slug, accounts, today)
    demo_relays.import_evaluations(today)
    publish_all(today)
    db.session.commit()
    return found


def import_answers(
    services: list[Service], today: date, tools: Tools, secret: str
) -> Iterator[tuple[int, int]]:
    """Receive every answer as any message is received; yield how many are in, of how many."""
    by_slug = {service.slug: service for service in services}
    answers = read_answers(today)
    rng, parts = random.Random(demo_voices.SEED), random.Random(demo_voices.SEED + 1)
    for number, answer in enumerate(answers, start=1):
        service = by_slug[answer.service]
        key = form_keys.issue(secret, service.slug, answer.day)
        sent = Sent(answer.face.value, answer.text, Channel.IMPORT)
        feedback = receive(sent, service, key, answer.day, tools).feedback
        feedback.channel = demo_voices.draw_channel(rng).value
        demo_voices.declare(feedback, rng)
        demo_voices.name_functionality(feedback, parts)
        if number % COMMIT_EVERY == 0 or number == len(answers):
            db.session.commit()
            yield number, len(answers)
