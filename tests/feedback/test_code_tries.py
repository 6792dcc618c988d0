"""Ten thousand guesses cost no slow hash, and the real author gets in all the while."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import privacy
from app.db import db
from feedback import code_tries, receipts
from feedback.code_tries import GUESSES, SAME_CODE, Door, TooManyGuesses, open_code
from feedback.models import Feedback
from tests.conftest import writing
from tests.fakes import StandingClock
from tests.feedback.citizen import code_of, open_service, send, words_of
from tests.feedback.guessing import GUESSED, count_hashes, guesses, wait_for_no_disk


@pytest.fixture
def code(app: Flask, client: FlaskClient) -> str:
    """The code of a sent retour."""
    return code_of(send(client, open_service(app)))


@pytest.fixture
def hashes(code: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes that the slow hash was computed for, from here on."""
    return count_hashes(monkeypatch)


def door(app: Flask, clock: StandingClock, network: str) -> Door:
    return Door(network, clock(), app.config["SECRET_KEY"], app.config["RECEIPT_SECRET"])


def enter(client: FlaskClient, code: str, address: str = "127.0.0.1") -> int:
    """Return the status of entering ``code`` from ``address``."""
    from_there = {"REMOTE_ADDR": address}
    return client.post("/suivi", data={"code": code}, environ_base=from_there).status_code


@pytest.mark.parametrize("networks", [1, 100])
def test_ten_thousand_guesses_are_not_evaluated_and_the_author_gets_in(
    app: Flask,
    client: FlaskClient,
    code: str,
    hashes: list[str],
    clock: StandingClock,
    networks: int,
) -> None:
    told_to_wait = 0
    with app.app_context():
        wait_for_no_disk()
        for n, guess in enumerate(guesses(GUESSED)):
            network = f"10.0.{n % networks}.0/24"
            try:
                assert open_code(guess, door(app, clock, network)) is None
            except TooManyGuesses:
                told_to_wait += 1
    assert told_to_wait == GUESSED - networks * GUESSES
    assert hashes == []
    assert enter(client, code, "203.0.113.9") == 303
    assert enter(client, code, "10.0.0.77") == 303  # from the network that guesses
    assert len(hashes) == 2


def test_a_guesser_is_told_to_wait_and_a_right_code_opens_from_there(
    client: FlaskClient, code: str, clock: StandingClock
) -> None:
    for guess in guesses(GUESSES):
        assert enter(client, guess) == 404
    answer = client.post("/suivi", data={"code": "0" * 16})
    assert answer.status_code == 429
    assert "Un code juste ouvre toujours votre page" in words_of(answer)
    assert enter(client, code) == 303
    clock.forward(minutes=10)
    assert enter(client, "0" * 16) == 404


def test_who_hammers_their_own_code_holds_up_nobody_else(
    app: Flask, client: FlaskClient, code: str, hashes: list[str]
) -> None:
    other = code_of(send(app.test_client(), open_service(app, slug="autre")))
    hashes.clear()
    statuses = [enter(client, code) for _n in range(SAME_CODE + 5)]
    assert statuses == [303] * SAME_CODE + [429] * 5
    assert len(hashes) == SAME_CODE
    assert enter(client, other) == 303


def test_unknown_erased_and_malformed_codes_are_refused_without_a_slow_hash(
    app: Flask, code: str, hashes: list[str], clock: StandingClock
) -> None:
    with writing(app):
        privacy.erase(db.session.scalars(select(Feedback)).one(), clock().date())
    hashes.clear()
    stranger = app.test_client()
    erased = stranger.post("/suivi", data={"code": code})
    unknown = stranger.post("/suivi", data={"code": "0" * 16})
    assert (erased.status_code, unknown.status_code) == (404, 404)
    assert words_of(erased) == words_of(unknown)
    assert enter(stranger, "7K2M") == 422
    assert hashes == []


def test_a_hint_met_by_chance_opens_nothing(
    app: Flask, client: FlaskClient, code: str, committed: Session
) -> None:
    other = guesses(1)[0]
    met = receipts.hint(app.config["RECEIPT_SECRET"], other)
    committed.execute(update(Feedback).values(code_hint=met))
    committed.commit()
    assert enter(client, other) == 404


def test_a_code_of_before_the_hints_opens_once_and_is_known_from_then_on(
    app: Flask, client: FlaskClient, code: str, committed: Session, hashes: list[str]
) -> None:
    committed.execute(update(Feedback).values(code_hint=None))
    committed.commit()
    assert enter(client, "0" * 16) == 404
    assert enter(client, code) == 303
    hint = receipts.hint(app.config["RECEIPT_SECRET"], code)
    assert committed.scalars(select(Feedback.code_hint)).one() == hint
    hashes.clear()
    assert enter(client, "0" * 16) == 404
    assert hashes == []


def test_codes_of_before_the_hints_are_tried_within_limits(
    app: Flask,
    client: FlaskClient,
    code: str,
    hashes: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with writing(app):
        db.session.execute(update(Feedback).values(code_hint=None))
    monkeypatch.setattr(code_tries, "UNHINTED", 3)
    statuses = [enter(client, guess, f"10.0.{n}.1") for n, guess in enumerate(guesses(5))]
    assert statuses == [404] * 3 + [429] * 2
    assert len(hashes) == 3
