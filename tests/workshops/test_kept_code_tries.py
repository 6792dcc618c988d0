"""Guessing a participant's code costs no slow hash; who holds one gets in; asking is capped."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.db import db
from feedback import code_tries, receipts
from feedback.code_tries import SAME_CODE, UNHINTED, Door, TooManyGuesses, try_code
from tests.conftest import writing
from tests.fakes import StandingClock
from tests.feedback.guessing import GUESSED, count_hashes, guesses, wait_for_no_disk
from tests.workshops.rooms import Phone, Room, kept, open_room
from tests.workshops.test_kept_codes import ask
from workshops import kept_codes
from workshops.around_models import KeptCode
from workshops.kept_codes import ASKED_BY_SEAT, CODES, GUESSES
from workshops.models import Workshop
from workshops.process_models import Process

SUIVI = "/atelier/suivi"


@pytest.fixture
def room(app: Flask) -> Room:
    """A session of a process, so that codes may come back to it."""
    made = open_room(app)
    with writing(app):
        row = db.session.get_one(Workshop, made.id)
        process = Process(
            service=row.service, keeper=row.facilitator, title="Rappels", made=row.day
        )
        db.session.add(process)
        db.session.flush()
        row.process_id = process.id
    return made


@pytest.fixture
def code(room: Room) -> str:
    """The code that a phone of the room asked for."""
    return ask(room.phone())


@pytest.fixture
def hashes(code: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes that the slow hash was computed for, once the code was given."""
    return count_hashes(monkeypatch)


def enter(client: FlaskClient, code: str, address: str = "127.0.0.1") -> int:
    """Return the status of entering ``code`` from ``address``."""
    from_there = {"REMOTE_ADDR": address}
    return client.post(SUIVI, data={"code": code}, environ_base=from_there).status_code


def _guess(app: Flask, clock: StandingClock, networks: int) -> int:
    """Guess ten thousand times from so many networks; return how often it was told to wait."""
    secrets = app.config["SECRET_KEY"], app.config["RECEIPT_SECRET"]
    told_to_wait = 0
    for n, guess in enumerate(guesses(GUESSED)):
        try:
            assert (
                try_code(CODES, guess, Door(f"10.0.{n % networks}.0/24", clock(), *secrets)) is None
            )
        except TooManyGuesses:
            told_to_wait += 1
    return told_to_wait


@pytest.mark.parametrize("networks", [1, 100])
def test_ten_thousand_guesses_are_not_evaluated_and_the_holder_gets_in(
    app: Flask, code: str, hashes: list[str], clock: StandingClock, networks: int
) -> None:
    with app.app_context():
        wait_for_no_disk()
        assert _guess(app, clock, networks) == GUESSED - networks * GUESSES
    assert hashes == []
    assert enter(app.test_client(), code, "203.0.113.9") == 303
    assert enter(app.test_client(), code, "10.0.0.77") == 303  # from the network that guesses
    assert len(hashes) == 2


@pytest.mark.parametrize("networks", [1, 100])
def test_while_codes_of_before_are_left_so_many_guesses_are_evaluated(
    app: Flask,
    room: Room,
    code: str,
    hashes: list[str],
    clock: StandingClock,
    networks: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(code_tries, "UNHINTED", 30)  # each takes 47 ms
    ask(room.phone())
    hashes.clear()
    with writing(app):  # the other code is of before the hints
        others = update(KeptCode).where(KeptCode.code_hint != _hint(app, code))
        db.session.execute(others.values(code_hint=None))
    with app.app_context():
        wait_for_no_disk()
        assert _guess(app, clock, networks) >= GUESSED - 30 - networks * GUESSES
    assert 0 < len(hashes) <= 30 < UNHINTED
    assert enter(app.test_client(), code, "10.0.0.77") == 303


def _hint(app: Flask, code: str) -> str:
    return receipts.hint(app.config["RECEIPT_SECRET"], code)


def test_a_guesser_is_told_to_wait_and_a_right_code_opens_from_there(
    app: Flask, code: str, clock: StandingClock
) -> None:
    guesser = app.test_client()
    for guess in guesses(GUESSES):
        assert enter(guesser, guess) == 404
    answer = guesser.post(SUIVI, data={"code": "0" * 16})
    assert answer.status_code == 429
    assert "Un code juste passe toujours" in answer.text
    assert 'value="0000000000000000"' in answer.text
    assert enter(guesser, code) == 303
    clock.forward(minutes=10)
    assert enter(app.test_client(), "0" * 16) == 404


def test_who_hammers_their_own_code_holds_up_nobody_else(
    app: Flask, room: Room, code: str, hashes: list[str]
) -> None:
    other = ask(room.phone())
    hashes.clear()
    statuses = [enter(app.test_client(), code) for _n in range(SAME_CODE + 5)]
    assert statuses == [303] * SAME_CODE + [429] * 5
    assert len(hashes) == SAME_CODE
    assert enter(app.test_client(), other) == 303


def test_a_code_of_before_the_hints_opens_once_and_is_known_from_then_on(
    app: Flask, code: str, hashes: list[str], committed: Session
) -> None:
    with writing(app):
        db.session.execute(update(KeptCode).values(code_hint=None))
    assert enter(app.test_client(), "0" * 16) == 404
    assert enter(app.test_client(), code) == 303
    assert kept(committed, select(KeptCode.code_hint)) == [_hint(app, code)]
    hashes.clear()
    assert enter(app.test_client(), "0" * 16) == 404
    assert hashes == []


def test_a_hint_met_by_chance_opens_nothing(app: Flask, code: str) -> None:
    other = guesses(1)[0]
    with writing(app):
        db.session.execute(update(KeptCode).values(code_hint=_hint(app, other)))
    assert enter(app.test_client(), other) == 404


def test_who_has_no_seat_tries_no_code_in_a_room(
    app: Flask, room: Room, code: str, hashes: list[str], committed: Session
) -> None:
    stranger = Phone(app.test_client(), room.code)
    assert (
        stranger.client.post(f"/atelier/{room.code}/revenir", data={"kept_code": code}).status_code
        == 303
    )
    assert hashes == []


def test_guesses_in_a_room_are_held_off_and_the_holder_comes_back(
    room: Room, code: str, hashes: list[str]
) -> None:
    guesser, holder = room.phone(), room.phone()
    for guess in guesses(GUESSES):
        assert guesser.send("revenir", kept_code=guess).status_code == 422
    answer = guesser.send("revenir", kept_code="0" * 16)
    assert answer.status_code == 429
    assert "Un code juste passe toujours" in answer.text
    assert hashes == []
    assert holder.send("revenir", kept_code=code).status_code == 303
    assert hashes == [code]


def test_a_room_outside_a_process_tries_no_code(app: Flask, code: str, hashes: list[str]) -> None:
    phone = open_room(app).phone()
    assert phone.send("revenir", kept_code=code).status_code == 422
    assert hashes == []


def test_a_phone_asks_for_so_many_codes_and_keeps_the_last_one(
    app: Flask, room: Room, hashes: list[str], committed: Session, clock: StandingClock
) -> None:
    phone, other = room.phone(), room.phone()
    given = [ask(phone, f"key {n}") for n in range(ASKED_BY_SEAT)]
    refused = phone.send("garder", key="one more")
    assert refused.status_code == 429
    assert "Attendez dix minutes" in refused.text
    assert len(hashes) == ASKED_BY_SEAT
    assert enter(app.test_client(), given[-1]) == 303
    assert ask(other)  # a neighbour on the same network
    clock.forward(minutes=10)
    assert ask(phone, "one more")


def test_joining_again_and_again_asks_for_no_more_codes_than_a_room_may(
    room: Room, hashes: list[str], committed: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_codes, "ASKED_IN_ROOM", 3)
    statuses = [room.phone().send("garder", key="x").status_code for _n in range(5)]
    assert statuses == [200, 200, 429, 429, 429]  # the fixture asked for the first one
    assert len(hashes) == 2
    assert kept(committed, select(func.count(KeptCode.id))) == [3]
