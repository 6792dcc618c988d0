"""The database handle, the types that columns use, and how a transaction starts on SQLite.

Leaves the tables to the features. Models stay portable: nothing here but the pragmas knows SQLite.
"""

import re
import secrets
import sqlite3
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import g, has_app_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Connection,
    DateTime,
    Engine,
    MetaData,
    Pool,
    String,
    TypeDecorator,
    event,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: nothing to misread
ID_LENGTH = 12  # 60 random bits: ids say nothing of order or number
ACCENTS = re.compile("[\u0300-\u036f]")  # the marks that a letter is taken apart into
BUSY_SECONDS = 5  # a locked database answers 503 after this long, never hangs

# The writers of one process queue here. Left to SQLite, each sleeps up to a tenth of a second and
# tries again: among sixteen threads some lose for seconds while the lock is free half of the time.
_turn = threading.Lock()


class Base(DeclarativeBase):
    """The base of every table, with names for constraints so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base  # Flask-SQLAlchemy builds its class at run time, out of sight of the type checker
else:
    Model = db.Model

# Without a hidden row number, a dump shows no order inside a day.
UNORDERED: dict[str, Any] = {"sqlite_with_rowid": False}


def random_id() -> str:
    """Return a random id of 60 bits, fit for an address and silent about order."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(ID_LENGTH))


def id_column() -> Mapped[str]:
    """Return a primary key column that holds a random id."""
    return mapped_column(String(ID_LENGTH), primary_key=True, default=random_id)


def folded(text: str) -> str:
    """Return ``text`` as it is searched: « Cœur » is « coeur », without case, accent or ligature.

    Queries know it as ``func.folded``; another database gets a function of that name.
    """
    plain = ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return plain.replace("œ", "oe").replace("æ", "ae")


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: naive in the database, aware in Python. For operational tables only."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Return ``value`` as naive UTC; raise ``ValueError`` when it carries no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone, got {value!r}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Return ``value`` as aware UTC."""
        return value.replace(tzinfo=UTC) if value else None


def will_write(yes: bool = True) -> None:
    """Say whether the transactions of this application context will write from here on.

    One that reads first and writes later fails on SQLite when somebody wrote in between, so whoever
    will write takes the lock at once. The word lives as long as the session does: no longer.
    """
    g.will_write = yes


def _writes() -> bool:
    return has_app_context() and bool(g.get("will_write"))


def start_writing() -> None:
    """End the reading transaction and take the write lock with the next statement."""
    db.session.rollback()
    will_write()


def start_reading() -> None:
    """End the transaction; from here on only read, so that long work holds no lock."""
    db.session.rollback()
    will_write(False)


@contextmanager
def apart(writes: bool) -> Iterator[Connection]:
    """Yield a connection of its own, under the write lock where it ``writes``; commits at the end.

    To write, the session's own transaction must be over, or the two wait for each other.
    """
    before = _writes()
    will_write(writes)
    try:
        with db.engine.begin() as connection:
            yield connection
    finally:
        will_write(before)


@contextmanager
def lightly() -> Iterator[None]:
    """Let the transactions begun inside commit without waiting for the disk.

    A killed process keeps them. A power cut takes back those since the last one that waited: only
    for what may be done again.
    """
    g.lightly = True
    try:
        yield
    finally:
        g.lightly = False


def measure_tables() -> None:
    """Let the database learn how its tables are filled: it picks the wrong index without.

    It keeps counts alone, no value of any row.
    """
    is_sqlite = db.engine.dialect.name == "sqlite"
    db.session.execute(text("PRAGMA optimize=0x10002" if is_sqlite else "ANALYZE"))


@event.listens_for(Engine, "connect")
def _set_pragmas(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # we say BEGIN ourselves, below
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # an acknowledged message survives a crash
        "secure_delete=ON",  # erased text is overwritten
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("folded", 1, folded, deterministic=True)


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    if connection.dialect.name == "sqlite":
        if _writes() and not connection.info.get("turn"):
            connection.info["turn"] = _turn.acquire(timeout=BUSY_SECONDS)
        patience = "NORMAL" if has_app_context() and g.get("lightly") else "FULL"
        if connection.info.get("patience", "FULL") != patience:
            connection.exec_driver_sql(f"PRAGMA synchronous={patience}")
            connection.info["patience"] = patience
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes() else "BEGIN")


@event.listens_for(Pool, "checkin")
def _leave_turn(_connection: Any, record: Any) -> None:
    if record.info.pop("turn", False):
        _turn.release()
