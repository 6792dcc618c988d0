"""The demonstration's relays: their log, their lessons, and evaluations of an invented instance."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from app.accounts import Account
from app.catalogue import Service
from app.demo_relay_words import ELSEWHERE, LESSONS, TRIPS
from app.matrix import FunctionalityClass as K
from feedback import evaluation_imports, evaluations, lessons, visits
from feedback.questions import G1, NOW

HALF_YEARS = 3  # that the other instance tells of
COUNTS = {  # by class: faces of one half-year, of paper and web
    K.ADMINISTRATION: ((31, 44, 38), (24, 89)),
    K.RIGHTS: ((22, 41, 57), (18, 102)),
    K.INFORMATION: ((17, 39, 71), (33, 94)),
}


def keep_log(services: Mapping[str, Service], accounts: Mapping[str, Account], today: date) -> None:
    """Log the relay's visits and sessions, write every relay's lessons. Adds and flushes."""
    for trip in reversed(TRIPS):
        day = today - timedelta(days=trip.ago)
        about = tuple(services[slug].id for slug in trip.slugs)
        values = visits.VisitValues(day, trip.kind.value, trip.place, trip.met, trip.note, about)
        visits.save(None, values, accounts["relais"])
    for told in sorted(LESSONS, key=lambda each: -each.ago):
        lesson = lessons.LessonValues(
            told.title,
            told.tried,
            told.outcome,
            told.audience,
            tuple(kind.value for kind in told.kinds),
            told.tags,
            tuple(services[slug].id for slug in told.slugs),
            told.is_public,
        )
        day = today - timedelta(days=told.ago)
        lessons.save(None, lesson, accounts[told.relay], day)


def import_evaluations(today: date) -> None:
    """Take and keep the file of another, invented instance. Adds and flushes."""
    file = evaluation_imports.begin(json.dumps(_document(today)).encode(), today)
    evaluation_imports.keep(file)


def _document(today: date) -> dict[str, Any]:
    held = {
        "schema": evaluations.SCHEMA,
        "instance": {"id": hashlib.sha256(ELSEWHERE.encode()).hexdigest()[:32], "name": ELSEWHERE},
        "made": today.isoformat(),
        "floor": evaluations.FLOOR,
        "rows": _rows(today),
    }
    return {**held, "seal": evaluations.seal_of(held)}


def _rows(today: date) -> list[dict[str, Any]]:
    first = today - timedelta(days=366 * HALF_YEARS // 2)
    periods = list(evaluations.whole_half_years(first, today))
    return [_row(kind, period.name) for kind in COUNTS for period in periods]


def _row(kind: K, period: str) -> dict[str, Any]:
    faces, channels = COUNTS[kind]
    codes = evaluations.choices_of(G1.code, NOW[G1.code].version)
    return {
        "service": f"rhone-{kind.value}",
        "service_name": "Services inventés du Rhône",
        "kind": kind.value,
        "question": G1.code,
        "version": NOW[G1.code].version,
        "period": period,
        "n": sum(faces),
        "answers": dict(zip(codes, faces, strict=True)),
        "channels": dict(zip(("paper", "web"), channels, strict=True)),
    }
