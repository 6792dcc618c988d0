"""Gathers the statements that are sent to the database, so that a test can count them."""

from collections.abc import Iterator
from contextlib import contextmanager

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
