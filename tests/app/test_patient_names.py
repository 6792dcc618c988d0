"""A name finder that hangs or fails: the post is answered, patterns mask, a person must look."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import jobs, patience, runtime
from app.patience import ModelHangs, PatientNames
from app.runtime import Runtime
from feedback.first_state import HELD_FOR_NAMES
from feedback.models import Feedback, State
from tests.app.working import work_off
from tests.conftest import NOON, settings, writing
from tests.fakes import CapitalNames, StandingClock
from tests.feedback import citizen

TEXT = "Je crois que Lemaire se trompe. Mon numéro : 06 12 34 56 78."


class Hanging(CapitalNames):
    """A finder that never comes back until the test lets it."""

    def __init__(self) -> None:
        self.let_go = Event()
        self.asked = 0

    def find(self, text: str) -> list[tuple[int, int]]:
        self.asked += 1
        self.let_go.wait()
        return super().find(text)


@pytest.fixture
def hanging(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hanging]:
    """The finder of the process; its patience is a tenth of a second."""
    monkeypatch.setattr(patience, "NAMES_PATIENCE", 0.1)
    finder = Hanging()
    app.extensions["boucle"].name_finder = PatientNames(finder)
    yield finder
    finder.let_go.set()
    for thread in list(patience._names_left):
        thread.join(timeout=10)
    assert patience._alive(patience._names_left) == []


@dataclass(frozen=True)
class Stored:
    """What was committed of the one retour."""

    text: str
    state: str
    reason: str | None
    names_masked: bool


def stored(session: Session) -> Stored:
    row = session.scalars(select(Feedback)).one()
    found = Stored(row.text or "", row.state, row.reason, row.names_masked)
    session.expunge_all()
    session.rollback()
    return found


def test_a_finder_that_hangs_is_given_up_and_the_post_is_answered(
    app: Flask, client: FlaskClient, hanging: Hanging, committed: Session, clock: StandingClock
) -> None:
    receipt = citizen.send(client, citizen.open_service(app), text=TEXT)
    assert receipt.status_code == 200
    row = stored(committed)
    assert (row.state, row.reason, row.names_masked) == (State.HELD, HELD_FOR_NAMES, False)
    assert "Lemaire" in row.text  # only a moderator reads it before the worker looked again
    assert "06 12 34 56 78" not in row.text
    hanging.let_go.set()
    with writing(app):
        jobs.enqueue("mask_names", "soon", NOON)
    work_off(app, clock)
    row = stored(committed)
    assert (row.state, row.names_masked) == (State.OPEN, True)
    assert "Lemaire" not in row.text


def test_a_finder_that_fails_is_no_different(
    app: Flask, client: FlaskClient, committed: Session
) -> None:
    class Failing(CapitalNames):
        """A finder that raises."""

        def find(self, text: str) -> list[tuple[int, int]]:
            raise MemoryError

    app.extensions["boucle"].name_finder = PatientNames(Failing())
    receipt = citizen.send(client, citizen.open_service(app), text=TEXT)
    assert receipt.status_code == 200
    row = stored(committed)
    assert (row.state, row.reason, row.names_masked) == (State.HELD, HELD_FOR_NAMES, False)
    assert "06 12 34 56 78" not in row.text


def test_while_one_hangs_nobody_else_waits_and_it_is_asked_when_it_comes_back(
    app: Flask, client: FlaskClient, hanging: Hanging
) -> None:
    slug = citizen.open_service(app)
    for number in range(5):
        assert citizen.send(client, slug, text=f"{TEXT} Fois {number}.").status_code == 200
    assert hanging.asked == patience.MOST_NAMES_LEFT
    with pytest.raises(ModelHangs):
        app.extensions["boucle"].name_finder.find(TEXT)
    hanging.let_go.set()
    for thread in list(patience._names_left):
        thread.join(timeout=10)
    assert app.extensions["boucle"].name_finder.find("Lemaire") == [(0, 7)]


def test_each_process_gives_up_its_finder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "load_name_finder", lambda _model: CapitalNames())
    finder = Runtime(settings(), tmp_path).name_finder
    assert isinstance(finder, PatientNames)
    assert finder.find("Je remercie Fatou.") == [(12, 17)]
    assert finder.pipeline is None
