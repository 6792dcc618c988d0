"""A model that hangs: what it hangs on is set aside, everything else goes on, posting above all."""

from collections.abc import Iterator, Sequence
from threading import Event, Thread

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import jobs, mail, patience, worker
from app.mail import Mail
from app.patience import PatientEncoder
from feedback.models import Feedback
from nlp.encode import HashingEncoder, Progress
from tests.app.working import send_retours, work_off
from tests.conftest import NOON, writing
from tests.fakes import CaughtMail, StandingClock
from tests.feedback import citizen, corpus

POISON = "Ce texte arrête pour toujours la machine qui le lit."
WIDTH = 64


class Hanging(HashingEncoder):
    """An encoder that never comes back from one text, until the test lets it."""

    def __init__(self) -> None:
        super().__init__(WIDTH)
        self.entered, self.let_go = Event(), Event()

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        if any(POISON in text for text in texts):
            self.entered.set()
            self.let_go.wait()
        return super().encode(texts, progress)


@pytest.fixture
def hanging(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hanging]:
    """The model of the process; the worker's patience is a third of a second."""
    monkeypatch.setattr(patience, "PATIENCE", 0.3)
    app.extensions["boucle"].encoder = model = Hanging()
    app.extensions["boucle.send"] = CaughtMail()
    yield model
    model.let_go.set()
    for thread in list(patience._left_behind):
        thread.join(timeout=10)
    assert not patience.is_worn()


def waiting(session: Session) -> list[tuple[str, int, bool, str]]:
    session.rollback()
    query = select(jobs.Job.key, jobs.Job.tries, jobs.Job.set_aside, jobs.Job.error)
    return [tuple(row) for row in session.execute(query.where(jobs.Job.kind == "analyse"))]


def read(session: Session) -> set[str]:
    session.rollback()
    return set(session.scalars(select(Feedback.id).where(Feedback.analysed)))


def test_what_the_model_hangs_on_is_set_aside_after_three_tries_and_the_rest_is_done(
    app: Flask, hanging: Hanging, clock: StandingClock, committed: Session
) -> None:
    ids = send_retours(app, *corpus.sentences("carte")[:9], POISON)
    with writing(app):
        mail.put(Mail("k", "a@example.org", "Bonjour", "Un texte."), NOON)
    work_off(app, clock)
    assert waiting(committed) == [(ids[-1], jobs.MAX_TRIES, True, "ModelHangs")]
    assert read(committed) == set(ids[:-1])
    assert [each["To"] for each in app.extensions["boucle.send"].messages] == ["a@example.org"]


def test_posting_goes_on_while_the_model_hangs(
    app: Flask,
    client: FlaskClient,
    hanging: Hanging,
    committed: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 60)
    slug = citizen.open_service(app)
    ids = send_retours(app, POISON)
    at_work = Thread(target=worker.turn, args=[app])
    at_work.start()
    assert hanging.entered.wait(30)
    receipt = citizen.send(client, slug)
    assert receipt.status_code == 200
    assert citizen.come_back(client, citizen.code_of(receipt)).status_code == 200
    assert at_work.is_alive()
    hanging.let_go.set()
    at_work.join(30)
    assert not at_work.is_alive()
    assert ids[0] in read(committed)  # it was slow, not lost


def test_a_model_that_hangs_again_and_again_is_asked_no_more_and_nothing_loses_a_try(
    app: Flask,
    hanging: Hanging,
    clock: StandingClock,
    committed: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "MOST_LEFT_BEHIND", 1)
    bad = send_retours(app, POISON)[0]
    assert worker.turn(app)
    good = send_retours(app, *corpus.sentences("carte")[:3])
    work_off(app, clock)
    said = "the sentence encoder hangs: restart the worker"
    assert {(tries, aside, error) for key, tries, aside, error in waiting(committed)} == {
        (1, False, said),
        (0, False, said),
    }
    hanging.let_go.set()
    for thread in list(patience._left_behind):
        thread.join(timeout=10)
    work_off(app, clock)
    assert waiting(committed) == []
    assert read(committed) == {bad, *good}


def test_faults_and_steps_of_the_model_come_through() -> None:
    class Stepping(HashingEncoder):
        """Tells of its first text; one word brings it down."""

        def encode(
            self, texts: Sequence[str], progress: Progress | None = None
        ) -> NDArray[np.float32]:
            if progress:
                progress(1, len(texts))
            if "bas" in texts:
                raise MemoryError
            return super().encode(texts, progress)

    model, steps = Stepping(WIDTH), []
    patient = PatientEncoder(model)
    rows = patient.encode(["un", "deux"], lambda done, total: steps.append((done, total)))
    assert np.array_equal(rows, model.encode(["un", "deux"]))
    assert steps[0] == (1, 2)
    assert (patient.name, patient.model_hash) == (model.name, model.model_hash)
    with pytest.raises(MemoryError):
        patient.encode(["bas"])
