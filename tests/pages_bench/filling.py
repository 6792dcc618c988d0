"""One service with as many messages as asked for, written in bulk: years of a busy service.

Texts, faces, answers, exchanges, themes, promises and published words stand in shares like those of
a living service, whatever the number, so that two sizes differ in nothing else.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert

from app.catalogue import Service
from app.db import CROCKFORD, ID_LENGTH, db
from app.editions import Edition
from app.subscriptions import Audience
from app.territories import load_territories
from feedback import models as m
from feedback.intake import Sent, Tools, receive
from tests import factories
from tests.conftest import writing
from tests.fakes import CapitalNames

SLUG = "service-plein"
DAYS = 700  # over which the messages came in
THEMES, PROMISES, LINKED = 40, 30, 8
BATCH = 20_000  # rows written at once
CHANNELS = ("web", "web", "web", "web", "link", "poster", "paper", "mediator")
TEXT = "Depuis la version {n}, l’application ne garde plus mes mesures du {day}. Je les note."
LETTER = "Mes mesures ne partent plus vers mon médecin depuis la mise à jour."
TRAITS = {  # what half of the people say of themselves
    "G10.age": ("18-24", "25-39", "40-59", "60-74", "75+"),
    "G10.help": ("with-help", "alone"),
    "G3": ("patient", "carer", "professional"),
}
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Filled:
    """What addresses may name of a filled service."""

    slug: str
    code: str  # opens the page of one of its authors
    edition: str


def fill(app: Flask, messages: int, day: date) -> Filled:
    """Write ``messages`` messages about one service and return how to open its pages."""
    draw = random.Random(messages)
    with writing(app):
        load_territories()
        service = factories.service(slug=SLUG, name="Mon suivi tension", territory_code="42")
        factories.functionality(service)
        factories.release(service, day=day - timedelta(days=30))
        themes = _themes(service, day, draw)
        for start in range(0, messages, BATCH):
            count = min(BATCH, messages - start)
            _write(_retours(service, count, day, draw), themes, draw)
        code, feedback = _author(app, service, day)
        _place(feedback, themes[0], day)
        _promise(service, feedback, day)
        edition = _edition(service, day)
    return Filled(SLUG, code, edition)


def _ids(draw: random.Random, count: int) -> list[str]:
    return ["".join(draw.choices(CROCKFORD, k=ID_LENGTH)) for _ in range(count)]


def _retours(service: Service, count: int, day: date, draw: random.Random) -> Rows:
    return [_retour(each, service, day, draw) for each in _ids(draw, count)]


def _retour(feedback_id: str, service: Service, day: date, draw: random.Random) -> dict[str, Any]:
    came = day - timedelta(days=draw.randrange(DAYS))
    answered = draw.random() < 0.6
    return {
        "id": feedback_id,
        "service_id": service.id,
        "day": came,
        "channel": draw.choice(CHANNELS),
        "face": draw.choice((0, 5, 10, 10)),
        "text": TEXT.format(n=draw.randrange(1_000), day=came) if draw.random() < 0.8 else None,
        "state": "published" if draw.random() < 0.05 else "open",
        "thread_state": "answered" if answered else "waiting",
        "waiting_since": None if answered else came,
        "first_answer_day": min(day, came + timedelta(days=3)) if answered else None,
        "analysed": True,
    }


def _write(retours: Rows, themes: list[str], draw: random.Random) -> None:
    segments = list(_segments(retours))
    for model, rows in (
        (m.Feedback, retours),
        (m.Answer, _answers(retours, draw)),
        (m.Message, _messages(retours, draw)),
        (m.Segment, segments),
        (m.Placement, _placements(segments, themes, draw)),
    ):
        db.session.execute(insert(model), list(rows))


def _answers(retours: Rows, draw: random.Random) -> Iterator[dict[str, Any]]:
    for retour in retours:
        if draw.random() < 0.5:
            for question, values in TRAITS.items():
                row = {"question": question, "status": "given", "value": draw.choice(values)}
                yield {"id": _ids(draw, 1)[0], "feedback_id": retour["id"], **row}


def _messages(retours: Rows, draw: random.Random) -> Iterator[dict[str, Any]]:
    for retour in retours:
        if retour["first_answer_day"]:
            words = f"Nous corrigeons cela. Dossier {draw.randrange(10_000)}."
            row = {"position": 1, "sender": "team", "text": words, "canned": draw.random() < 0.1}
            sent = {"day": retour["first_answer_day"], "feedback_id": retour["id"]}
            yield {"id": _ids(draw, 1)[0], **sent, **row}


def _segments(retours: Rows) -> Iterator[dict[str, Any]]:
    for number, retour in enumerate(retours):
        if retour["text"]:
            end = retour["text"].index(".") + 1
            row = {"start": 0, "end": end, "vector": bytes(128), "model": "bench"}
            yield {"id": f"S{retour['id'][1:]}", "feedback_id": retour["id"], **row}
        assert number < BATCH


def _placements(
    segments: Iterable[dict[str, Any]], themes: list[str], draw: random.Random
) -> Iterator[dict[str, Any]]:
    placed = {"score": 0.8, "threshold": 0.5, "model": "bench", "placed": factories.TODAY}
    for segment in segments:
        if draw.random() < 0.8:
            yield {"segment_id": segment["id"], "theme_id": draw.choice(themes), **placed}


def _themes(service: Service, day: date, draw: random.Random) -> list[str]:
    born = day - timedelta(days=DAYS)
    rows = [
        m.Theme(service=service, name=f"Mesures perdues {n}", named_by_person=True, born=born)
        for n in range(THEMES)
    ]
    db.session.add_all(rows)
    db.session.flush()
    return [row.id for row in rows]


def _author(app: Flask, service: Service, day: date) -> tuple[str, m.Feedback]:
    tools = Tools(CapitalNames(), app.config["RECEIPT_SECRET"])
    key = f"bench-{service.id}"
    receipt = receive(Sent(m.Face.MIDDLING.value, LETTER), service, key, day, tools)
    assert receipt.code
    return receipt.code, receipt.feedback


def _place(feedback: m.Feedback, theme: str, day: date) -> None:
    """Put the author's words into a theme and answer them: every part of the page is filled."""
    segment = m.Segment(feedback=feedback, start=0, end=30, vector=bytes(128), model="bench")
    db.session.add(segment)
    db.session.flush()
    placed = {"score": 0.8, "threshold": 0.5, "model": "bench", "placed": day}
    db.session.add(m.Placement(segment_id=segment.id, theme_id=theme, **placed))
    words = "Nous regardons."
    db.session.add(m.Message(feedback=feedback, position=1, sender="team", text=words, day=day))
    feedback.analysed = True
    db.session.flush()


def _promise(service: Service, feedback: m.Feedback, day: date) -> None:
    """Write the promises, each with a few linked retours, the author's in the first of them."""
    linked = list(
        db.session.query(m.Feedback.id)
        .where(m.Feedback.service_id == service.id, m.Feedback.id != feedback.id)
        .limit(PROMISES * LINKED)
    )
    for number in range(PROMISES):
        made = m.Commitment(
            service=service,
            text=f"Corriger la mesure {number}.",
            owner="Produit",
            made=day - timedelta(days=number),
            due=day + timedelta(days=30),
            state="announced" if number % 2 == 0 else "promised",
            announced=day if number % 2 == 0 else None,
        )
        ids = [row.id for row in linked[number::PROMISES]]
        ids += [feedback.id] if number == 0 else []
        made.links = [m.CommitmentLink(feedback_id=each) for each in ids]
        db.session.add(made)
    db.session.flush()


def _edition(service: Service, day: date) -> str:
    content = {
        "retours": 20,
        "themes": [],
        "promised": [],
        "confirmed": [],
        "announced": [],
        "unanswered": [],
        "signals": [],
        "answers": 3,
        "quotes": [],
    }
    row = Edition(
        audience=Audience.PUBLIC.value,
        service=service,
        frequency="monthly",
        start=day - timedelta(days=30),
        end=day,
        composed=day,
        title="Synthèse",
        content=content,
    )
    db.session.add(row)
    db.session.flush()
    return str(row.id)
