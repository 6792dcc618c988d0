"""A flood of joinings: idle seats give way, whoever acted or whose phone asks keeps their seat."""

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.db import db
from tests.conftest import writing
from tests.fakes import StandingClock
from tests.workshops.rooms import Phone, Room, kept, open_room
from workshops import seats
from workshops.models import Card, CardGroup, Participant, Workshop

ROOM = 30  # seats, in these tests


@pytest.fixture(autouse=True)
def small_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seats, "MOST_PARTICIPANTS", ROOM)


def flood(room: Room, times: int) -> list[int]:
    """Join so many times from one network, without a cookie; return the statuses."""
    return [
        room.app.test_client().post("/atelier", data={"code": room.code}).status_code
        for _n in range(times)
    ]


def seat_of(phone: Phone) -> bool:
    """Say whether the phone still has its seat."""
    return phone.client.get(f"/atelier/{phone.code}").status_code == 200


def test_after_a_flood_the_room_is_full_for_a_minute_and_then_lets_people_in(
    app: Flask, clock: StandingClock, committed: Session
) -> None:
    room = open_room(app)
    assert set(flood(room, ROOM)) == {303}
    late = Phone(app.test_client(), room.code)
    refused = late.join()
    assert refused.status_code == 409
    assert "Essayez encore dans une minute" in refused.text
    clock.forward(minutes=1)
    people = [room.phone() for _n in range(ROOM)]
    assert kept(committed, select(func.count(Participant.id))) == [ROOM]
    assert all(seat_of(phone) for phone in people)
    assert flood(room, 3) == [409] * 3, "they have only just come"


def test_who_acted_or_asks_keeps_the_seat_and_the_oldest_idle_one_goes_first(
    app: Flask, clock: StandingClock, committed: Session
) -> None:
    room = open_room(app)
    phones = {name: room.phone() for name in ("wrote", "voted", "holds", "finished", "asks")}
    room.walk("lobby", "write")
    phones["wrote"].write("Un rappel la veille")
    phones["finished"].send("fini", fini="1", de="write")
    phones["holds"].send("garder", key="x")
    room.walk("write", "reveal", "vote")
    phones["voted"].vote(kept(committed, select(CardGroup.id))[0])
    room.walk("vote", "reveal", "write")
    with writing(app):
        db.session.execute(
            update(Participant).where(Participant.code_id.is_(None)).values(finished=False)
        )
    phones["finished"].send("fini", fini="1", de="write")
    clock.forward(minutes=1)
    first = room.phone()
    clock.forward(minutes=1)
    second = room.phone()
    assert set(flood(room, ROOM - 7)) == {303}
    clock.forward(minutes=2)
    phones["asks"].poll()
    assert flood(room, 1) == [303]
    assert (seat_of(first), seat_of(second)) == (False, True)
    clock.forward(minutes=2)
    phones["asks"].poll()
    assert set(flood(room, ROOM - 5)) == {303}
    assert flood(room, 1) == [409]
    assert {name: seat_of(phone) for name, phone in phones.items()} == dict.fromkeys(phones, True)


def test_who_spoke_in_a_thread_keeps_the_seat(
    app: Flask, clock: StandingClock, committed: Session
) -> None:
    room = open_room(app)
    writer, speaker = room.phone(), room.phone()
    room.walk("lobby", "write")
    writer.write("Un rappel")
    room.walk("write", "reveal", "vote", "discuss")
    group = kept(committed, select(Card.group_id))[0]
    assert speaker.send(f"groupes/{group}/messages", text="Le soir.").status_code == 303
    clock.forward(minutes=2)
    assert set(flood(room, ROOM - 2)) == {303}
    assert flood(room, 1) == [409]
    assert seat_of(speaker)


def test_a_phone_that_gave_way_reads_so_and_comes_back_with_its_name(
    app: Flask, clock: StandingClock, committed: Session
) -> None:
    room = open_room(app)
    sleeper = room.phone("Ana")
    clock.forward(seconds=1)
    flood(room, ROOM - 1)
    clock.forward(minutes=1)
    flood(room, 1)
    assert "Votre place s’est perdue" in sleeper.poll().text
    assert sleeper.join("Ana").status_code == 303
    assert "Ana" in kept(committed, select(Participant.name))


def test_in_a_room_with_space_nothing_is_written_when_phones_ask(
    app: Flask, clock: StandingClock, committed: Session
) -> None:
    room = open_room(app)
    phone = room.phone()
    joined = kept(committed, select(Participant.seen))
    clock.forward(minutes=5)
    phone.poll()
    assert kept(committed, select(Participant.seen)) == joined
    assert kept(committed, select(Workshop.crowded)) == [False]
    flood(room, ROOM * 8 // 10)
    assert kept(committed, select(Workshop.crowded)) == [True]
    phone.poll()
    assert max(kept(committed, select(Participant.seen))) == clock()
