"""Gathers the statements that are sent to the database, so that a test can count them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from app.db import db


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Gather the statements that are sent meanwhile."""
    said: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


@contextmanager
def worked(app: Flask) -> Iterator[list[int]]:
    """Count what SQLite does meanwhile, in hundreds of its steps: the same on every machine."""
    done = [0]
    with app.app_context():
        engine = db.engine

    def note() -> None:
        done[0] += 1

    def listen(connection: Any, *_more: object) -> None:
        connection.set_progress_handler(note, 100)

    event.listen(engine, "checkout", listen)
    yield done
    event.remove(engine, "checkout", listen)
