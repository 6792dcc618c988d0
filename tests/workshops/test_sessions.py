"""A session's life: codes, seats, phases, timer, close, and whose it is."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.accounts import Role
from app.catalogue import Territory
from app.db import db
from tests.factories import account, service
from tests.fakes import StandingClock
from tests.workshops.rooms import seat, workshop
from workshops import ballot, board, groups, screens, seats, sessions, timer
from workshops.board import Draft
from workshops.card_names import NobodyNamed
from workshops.models import Card, Participant, Phase, Vote, Workshop
from workshops.phases import ForbiddenMove

pytestmark = pytest.mark.usefixtures("in_app")


def test_a_code_has_six_letters_and_none_that_looks_like_another() -> None:
    codes = {workshop().code for _ in range(30)}
    assert len(codes) == 30
    assert all(len(code) == 6 and not set(code) & set("0O1IL2Z5S8BAEU") for code in codes)


def test_a_code_is_found_however_it_is_typed() -> None:
    made = workshop()
    typed = f" {made.code[:3].lower()}-{made.code[3:]}. "
    assert sessions.find(typed) is made
    assert sessions.find("") is None


def test_a_phone_keeps_its_seat_and_its_token_is_not_stored() -> None:
    made = workshop()
    first = seats.join(made, "secret", "Ana")
    assert seats.join(made, "secret") is first
    assert seats.head_count(made) == 1
    assert "secret" not in first.token_hash
    assert seats.participant_of(made, None) is None


def test_the_same_phone_in_two_sessions_leaves_hashes_that_do_not_match() -> None:
    one, other = workshop(), workshop()
    assert seats.join(one, "t").token_hash != seats.join(other, "t").token_hash


def test_a_closed_session_and_a_full_room_let_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(seats.SessionClosed):
        seats.join(workshop(Phase.CLOSED), "t")
    monkeypatch.setattr(seats, "MOST_PARTICIPANTS", 1)
    room = workshop()
    seat(room)
    with pytest.raises(seats.RoomFull):
        seat(room, "b")


def test_two_taps_on_next_move_once(today: date) -> None:
    room = workshop(Phase.REVEAL)
    assert sessions.move(room, "reveal", "group", today)
    assert not sessions.move(room, "reveal", "group", today)
    assert room.phase == Phase.GROUP
    with pytest.raises(ForbiddenMove):
        sessions.move(room, "group", "group", today)


def test_a_short_session_skips_to_the_decision_with_every_card_a_group(today: date) -> None:
    room = workshop(Phase.WRITE)
    board.write(room, seat(room), Draft("seule idée"), NobodyNamed())
    sessions.move(room, "write", "decide", today)
    assert [row.title for row in groups.rows(room)] == ["seule idée"]


def test_going_back_and_forth_keeps_cards_groups_and_votes(today: date) -> None:
    room = workshop(Phase.WRITE)
    ana, bob = seat(room, "a"), seat(room, "b")
    cards = [board.write(room, ana, Draft(f"idée {n}"), NobodyNamed()) for n in range(3)]
    sessions.move(room, "write", "reveal", today)
    sessions.move(room, "reveal", "group", today)
    group = groups.gather(room, cards[:2], title="Rappels")
    sessions.move(room, "group", "vote", today)
    ballot.give(room, bob, group.id)
    before = _state(room)
    for seen, target in (
        ("vote", "group"),
        ("group", "reveal"),
        ("reveal", "write"),
        ("write", "reveal"),
        ("reveal", "vote"),
        ("vote", "discuss"),
        ("discuss", "vote"),
    ):
        assert sessions.move(room, seen, target, today)
    assert _state(room) == before


def _state(room: Workshop) -> tuple[object, ...]:
    cards = sorted((c.id, c.text, c.group_id) for c in board.shown_cards(room))
    return cards, sorted(map(tuple, db.session.execute(select(Vote.group_id, Vote.dots))))


def test_each_loose_card_can_be_voted_for(today: date) -> None:
    room = workshop(Phase.WRITE)
    for n in range(3):
        board.write(room, seat(room, str(n)), Draft(f"idée {n}"), NobodyNamed())
    sessions.move(room, "write", "reveal", today)
    sessions.move(room, "reveal", "vote", today)
    assert not groups.loose_cards(room)
    assert [row.is_single for row in groups.rows(room)] == [True, True, True]


def test_finishing_lasts_one_phase(today: date) -> None:
    room = workshop(Phase.WRITE)
    seat(room).finished = True
    db.session.flush()
    assert seats.finished_count(room) == 1
    sessions.move(room, "write", "reveal", today)
    assert seats.finished_count(room) == 0


def test_closing_cuts_every_thread_to_the_phones(clock: StandingClock, today: date) -> None:
    room = workshop(Phase.WRITE)
    ana = seats.join(room, "t", "Ana")
    board.write(room, ana, Draft("une idée"), NobodyNamed())
    for seen, target in (("write", "reveal"), ("reveal", "vote")):
        sessions.move(room, seen, target, today)
    ballot.give(room, ana, groups.rows(room)[0].group.id)
    for seen, target in (("vote", "discuss"), ("discuss", "decide")):
        sessions.move(room, seen, target, today)
    timer.start_timer(room, 5, clock())
    sessions.move(room, "decide", "closed", today)
    assert list(db.session.scalars(select(Participant))) == []
    assert list(db.session.scalars(select(Card.participant_id))) == [None]
    assert list(db.session.execute(select(Vote.participant_id, Vote.dots))) == [(None, 1)]
    assert (room.timer_until, room.timer_left_seconds, room.closed) == (None, None, today)


def test_the_timer_runs_pauses_and_grows_by_the_server_clock(clock: StandingClock) -> None:
    room = workshop()
    assert timer.seconds_left(room, clock()) is None
    timer.start_timer(room, 2, clock())
    clock.forward(seconds=30)
    assert timer.seconds_left(room, clock()) == 90
    timer.pause_timer(room, clock())
    clock.forward(minutes=10)
    timer.add_minute(room, clock())
    assert timer.seconds_left(room, clock()) == 150
    timer.pause_timer(room, clock())
    clock.forward(minutes=3)
    assert timer.seconds_left(room, clock()) == 0
    timer.add_minute(room, clock())
    assert timer.seconds_left(room, clock()) == 60


@pytest.mark.parametrize(
    ("left", "shown"), [(125, "2:10"), (61, "1:10"), (58, "1:00"), (0, "0:00")]
)
def test_the_timer_is_shown_in_steps(clock: StandingClock, left: int, shown: str) -> None:
    room = workshop()
    room.timer_until = clock() + timedelta(seconds=left)
    assert screens.clock_of(room, clock()).text == shown


@pytest.fixture
def closed() -> Workshop:
    near = Territory(code="42", name="Loire", level="departement")
    db.session.add(near)
    db.session.flush()
    return workshop(Phase.CLOSED, service=service(territory_code="42"))


def test_only_its_facilitator_runs_a_session(closed: Workshop) -> None:
    assert sessions.run_by(closed.facilitator, closed.id) is closed
    assert sessions.run_by(account(Role.FACILITATOR), closed.id) is None
    team = account(Role.PROMOTER, services=(closed.service,))
    assert sessions.run_by(team, closed.id) is None


def test_the_team_and_the_relay_read_a_closed_session_and_no_other(closed: Workshop) -> None:
    running = workshop(Phase.VOTE, service=closed.service)
    readers = {
        "own": closed.facilitator,
        "team": account(Role.PROMOTER, services=(closed.service,)),
        "relay": account(Role.RELAY, territory_code="42"),
        "other facilitator": account(Role.FACILITATOR),
        "other team": account(Role.PROMOTER, services=(service(),)),
        "expert": account(Role.EXPERT, services=(closed.service,)),
    }
    read: Callable[[str], list[Workshop]] = lambda who: sessions.readable_by(readers[who])  # noqa: E731
    assert [read(who) for who in ("own", "team", "relay")] == [[closed]] * 3
    assert [read(who) for who in ("other facilitator", "other team", "expert")] == [[]] * 3
    assert sessions.readable_by(running.facilitator) == [running]
