"""How long each citizen page computes, and how many queries it asks, by size of service."""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event, select

from app import days, tasks
from app.catalogue import Service
from app.db import db
from app.factory import create_app
from feedback.models import Feedback, State
from tests.conftest import NOON, settings
from tests.fakes import FakeRuntime, StandingClock
from tests.pages_bench.addresses import citizen_paths
from tests.pages_bench.filling import Filled, fill

PAGE = ("text/html", "application/atom+xml")


@dataclass
class Full:
    """One application with its filled service, and a browser that holds an author's code."""

    app: Flask
    filled: Filled
    client: FlaskClient


@dataclass(frozen=True)
class Cost:
    """What one page costs."""

    seconds: float
    queries: int


@contextmanager
def filled_site(folder: Path, messages: int) -> Iterator[Full]:
    """Yield an application whose service has ``messages`` messages."""
    folder.mkdir(parents=True, exist_ok=True)
    app = create_app(settings(), folder, StandingClock(NOON), FakeRuntime(folder))
    with app.app_context():
        upgrade()
    filled = fill(app, messages, days.paris_day(NOON))
    with app.app_context():
        tasks.count_figures("", NOON)  # as every night
    client = app.test_client()
    assert client.post("/suivi", data={"code": filled.code}).status_code == 303
    yield Full(app, filled, client)
    with app.app_context():
        db.engine.dispose()


def names_of(site: Full) -> dict[str, str]:
    """Return what addresses may name."""
    published = select(Feedback.id).where(Feedback.state == State.PUBLISHED.value)
    with site.app.app_context():
        service = db.session.scalars(select(Service).filter_by(slug=site.filled.slug)).one()
        return {
            "slug": site.filled.slug,
            "edition_id": site.filled.edition,
            "public_id": db.session.scalars(published.limit(1)).one(),
            "territory_code": service.territory_code or "",
        }


def open_paths(site: Full) -> dict[str, str]:
    """Return the address of each citizen page that opens, by endpoint."""
    paths = citizen_paths(site.app, names_of(site))
    return {name: path for name, path in paths.items() if _is(site, path)}


def _is(site: Full, path: str) -> bool:
    answer = site.client.get(path)
    answer.close()
    return answer.status_code == 200 and answer.mimetype in PAGE


def seconds(site: Full, path: str) -> float:
    """Return the processor seconds of one rendering of ``path``; SQLite computes in here too."""
    start = time.process_time()
    site.client.get(path).close()
    return time.process_time() - start


def count_queries(site: Full, path: str) -> int:
    """Return how many statements one rendering of ``path`` sends to the database."""
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    with site.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        site.client.get(path).close()
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    return sum(not each.startswith("BEGIN") for each in said)


def compare(small: Full, large: Full, times: int) -> list[tuple[str, Cost, Cost]]:
    """Return the address and both costs of each page, the largest growth first.

    The two sizes take turns, so that other work on the machine falls on both.
    """
    rows = []
    others = open_paths(large)
    for endpoint, path in open_paths(small).items():
        sides = ((small, path), (large, others[endpoint]))
        queries = [count_queries(*side) for side in sides]
        taken = [[seconds(*side) for side in sides] for _ in range(times)]
        medians = [statistics.median(column) for column in zip(*taken, strict=True)]
        costs = [Cost(*pair) for pair in zip(medians, queries, strict=True)]
        rows.append((path, costs[0], costs[1]))
    return sorted(rows, key=lambda row: row[1].seconds / row[2].seconds)
