"""The fixtures that every test shares: an application on a migrated database of its own, a clock
that stands still, three readers, and an independent session that sees only what was committed.
"""

import gc
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import db
from app.factory import create_app
from nlp.encode import HashingEncoder
from tests.fakes import FakeRuntime, StandingClock
from tests.quick_apps import share_rules, share_statements, share_templates

# How fast a text is drawn says how busy the machine is, not whether we are right.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # a Monday, noon in Paris


def settings(**changes: object) -> Settings:
    """Return settings fit for tests, with ``changes``."""
    values: dict[str, object] = {
        "BOUCLE_ENV": "test",
        "SECRET_KEY": "a key for tests only",
        "RECEIPT_SECRET": "another key for tests only",
        "PASSWORD_SALT": "a salt for tests only",
        "BASE_URL": "http://localhost",
    }
    return Settings(**{**values, **changes})  # type: ignore[arg-type]


def pytest_collection_finish() -> None:
    """Collect garbage less often: it took a sixth of the time of tests."""
    gc.collect()
    gc.freeze()  # what was imported stays
    gc.set_threshold(20_000, 10, 10)
    share_rules()
    share_statements()


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of an empty database at the newest migration, made once."""
    folder = tmp_path_factory.mktemp("template")
    app = create_app(settings(), folder, runtime=FakeRuntime())
    with app.app_context():
        upgrade()
        db.engine.dispose()
    return folder / "boucle.db"


@pytest.fixture
def clock() -> StandingClock:
    """A clock that stands at noon on a Monday until a test moves it."""
    return StandingClock(NOON)


@pytest.fixture
def today(clock: StandingClock) -> date:
    """The day on the standing clock."""
    return clock().date()


@pytest.fixture
def app(tmp_path: Path, migrated_database: Path, clock: StandingClock) -> Iterator[Flask]:
    """The application on a fresh copy of the migrated database, with fake models."""
    shutil.copy(migrated_database, tmp_path / "boucle.db")
    runtime = FakeRuntime(tmp_path, encoder=HashingEncoder(64))
    app = share_templates(create_app(settings(), tmp_path, clock, runtime))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Keep pytest-flask from holding one request open during each test.

    Its fixture of this name makes the test and its requests share one session, so that a view
    without its commit passes. See docs/architecture.md.
    """


@pytest.fixture
def committed(app: Flask) -> Iterator[Session]:
    """An independent session: it sees what was committed and nothing else."""
    with app.app_context():
        engine = db.engine
    with Session(engine) as session:
        yield session


@pytest.fixture
def in_app(app: Flask) -> Iterator[None]:
    """An application context for tests of verbs; the test commits when it means to."""
    with app.app_context():
        yield


@contextmanager
def writing(app: Flask) -> Iterator[None]:
    """An application context whose changes are committed at the end."""
    with app.app_context():
        yield
        db.session.commit()
