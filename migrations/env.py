"""Runs the migrations inside the application, in batches because SQLite cannot alter a column."""

from typing import Any

from alembic import context
from flask import current_app

from app.db import Moment, will_write

target = current_app.extensions["migrate"].db
SEARCH_INDEX = "feedback_search"  # a virtual table with its shadows: no model stands behind them


def include(_object: Any, name: str | None, kind: str, _reflected: bool, _against: Any) -> bool:
    """Leave the search index out of the comparison with the models."""
    return not (kind == "table" and (name or "").startswith(SEARCH_INDEX))


def render_item(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Write our moment type as the plain type that the database sees."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, Moment) else False


def run() -> None:
    """Run each migration in one transaction that holds the write lock."""
    will_write()
    with target.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=target.metadata,
            render_as_batch=True,
            include_object=include,
            render_item=render_item,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
