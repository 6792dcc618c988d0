"""The nightly watch computes without the write lock: a citizen's post never waits for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app import model_tasks, tasks
from app.db import db, will_write
from app.runtime import runtime
from feedback import signals
from feedback.models import (
    Feedback,
    KnownEffect,
    KnownEffectExample,
    Signal,
    SignalEvidence,
    State,
    WatchCheck,
)
from nlp.encode import HashingEncoder
from tests import factories
from tests.conftest import NOON, writing
from tests.factories import TODAY
from tests.fakes import FakeRuntime
from tests.feedback import watched_town

HEAVY = ("FROM placement", "JOIN placement", "JOIN segment")  # what reading a service asks for


@contextmanager
def statements(app: Flask) -> Iterator[list[tuple[bool, str]]]:
    """Gather what is sent meanwhile, and whether the write lock was held."""
    said: list[tuple[bool, str]] = []
    locked = False

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        nonlocal locked
        if statement.startswith("BEGIN"):
            locked = "IMMEDIATE" in statement
        said.append((locked, statement))

    with app.app_context():
        engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        yield said
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def town(app: Flask) -> None:
    with writing(app):
        themes = watched_town.themes_of(factories.service(), TODAY)
        watched_town.burst(themes["carte"], TODAY)


@pytest.mark.parametrize("job", [tasks.look, tasks.check_watch])
def test_a_job_reads_and_computes_without_the_lock(
    app: Flask, committed: Session, town: None, job: Callable[..., str]
) -> None:
    with statements(app) as said:
        will_write()
        job("night", NOON)
    heavy = [locked for locked, statement in said if any(part in statement for part in HEAVY)]
    assert heavy
    assert not any(heavy)
    table = Signal if job is tasks.look else WatchCheck
    assert committed.scalar(select(func.count()).select_from(table)) == 1


def test_a_retour_erased_while_the_look_computes_is_not_tied_to_the_signal(
    app: Flask, committed: Session, town: None
) -> None:
    with writing(app):
        found = signals.find(TODAY)
        gone = found[0].entries[0].feedback_id
        row = db.session.get_one(Feedback, gone)
        row.state = State.WITHDRAWN.value
        db.session.flush()
        signals.write(found, TODAY)
        linked = set(db.session.scalars(select(SignalEvidence.feedback_id)))
    assert linked
    assert gone not in linked


def test_effects_are_encoded_without_the_lock(app: Flask) -> None:
    with writing(app):
        effect = KnownEffect(
            service=factories.service(), name="Lenteur", added=TODAY - timedelta(9)
        )
        effect.examples.append(KnownEffectExample(text="Le matin, l’écran est lent."))
        db.session.add(effect)
    seen: list[bool] = []
    with statements(app) as said:
        will_write()
        encoder = runtime().encoder
        assert encoder is not None
        plain = encoder.encode

        def encode(texts: list[str], *more: object) -> np.ndarray:
            seen.append(said[-1][0])
            return plain(texts)

        encoder.encode = encode  # type: ignore[method-assign, assignment]
        model_tasks.encode_effects("night", NOON)
    assert seen == [False]


class Slow(FakeRuntime):
    """The models of a process that has just started: the encoder loads when it is asked for."""

    in_transaction: list[bool]

    def __init__(self) -> None:
        super().__init__()
        self.in_transaction = []

    @property
    def encoder(self) -> HashingEncoder:  # type: ignore[override]
        """The encoder, once it is known whether a transaction was open while it loaded."""
        self.in_transaction.append(db.session().in_transaction())
        return HashingEncoder(64)

    @encoder.setter
    def encoder(self, _none: None) -> None:
        pass


@pytest.mark.parametrize(
    "job",
    [
        model_tasks.encode_effects,
        model_tasks.reencode,
        model_tasks.refresh,
        lambda _key, now: model_tasks.analyse([], now),
    ],
)
def test_no_transaction_is_open_while_a_model_loads(app: Flask, job: Callable[..., str]) -> None:
    with writing(app):
        effect = KnownEffect(service=factories.service(), name="Lenteur", added=TODAY)
        effect.examples.append(KnownEffectExample(text="Le matin, l’écran est lent."))
        db.session.add(effect)
    app.extensions["boucle"] = models = Slow()
    with app.app_context():
        will_write()
        db.session.execute(select(func.count()).select_from(KnownEffect))  # what came before
        job("night", NOON)
    assert models.in_transaction
    assert not any(models.in_transaction)
