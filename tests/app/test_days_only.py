"""What is kept about citizens knows days, never moments (model.md §2): by the schema, and by what a
whole loop leaves in the database.
"""

import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import DateTime, Interval, Time, func, literal_column, select, text
from sqlalchemy.sql.schema import Column
from sqlalchemy.types import TypeDecorator

from app.backups import EMPTIED, OPERATIONAL
from app.db import Moment, db
from tests.conftest import NOON
from tests.factories import TODAY
from tests.loop import answering, closing, meeting, speaking
from tests.town import Town, town
from tests.workshops.rooms import workshop
from workshops.models import CardGroup, Phase
from workshops.sessions import move
from workshops.talk_models import PhaseWindow


class Why(Enum):
    """Why a column may hold a moment."""

    OPERATIONAL = "left out of backups, dropped within a day"
    LIVE = "of a running session, emptied when it closes"
    WORKER = "of the worker, about a kind of job and nobody"
    STAFF = "of an account's own key, shown to its owner"


ALLOWED = {
    "burst.first": Why.OPERATIONAL,  # of a service: told to its team and dropped within two hours
    "burst.due": Why.OPERATIONAL,
    "code_claim.until": Why.OPERATIONAL,  # the quarter of an hour in which a code is taken over
    "desk_act.made": Why.OPERATIONAL,  # a gesture that may be undone
    "job.due": Why.OPERATIONAL,
    "job.leased_until": Why.OPERATIONAL,
    "outbox.due": Why.OPERATIONAL,
    "outbox.leased_until": Why.OPERATIONAL,
    "rate_bucket.until": Why.OPERATIONAL,
    "staff_session.began": Why.OPERATIONAL,
    "staff_session.seen": Why.OPERATIONAL,
    "staff_token.until": Why.OPERATIONAL,
    "workshop.timer_until": Why.LIVE,
    "workshop.quiet_since": Why.LIVE,
    "card_group.timer_until": Why.LIVE,
    "workshop.crew_seen": Why.LIVE,  # whether somebody is at the console
    "participant.seen": Why.LIVE,  # of a seat in a crowded room
    "phase_window.opens": Why.LIVE,
    "phase_window.closes": Why.LIVE,
    "job_run.succeeded": Why.WORKER,
    "job_run.failed": Why.WORKER,
    "passkey.lastuse_datetime": Why.STAFF,
}
ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")


def is_moment(column: Column[Any]) -> bool:
    """Say whether a column holds more than a day, whatever wraps its type."""
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return isinstance(column.type, Moment) or isinstance(kind, DateTime | Time | Interval)


def moments() -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in db.metadata.tables.values()
        for column in table.columns
        if is_moment(column)
    }


def test_no_table_keeps_a_moment_but_those_of_the_list() -> None:
    assert moments() == set(ALLOWED)


def test_what_is_operational_or_of_a_running_session_is_in_no_backup() -> None:
    for name, why in ALLOWED.items():
        table, column = name.split(".")
        is_left_out = table in OPERATIONAL or column in EMPTIED.get(table, {})
        assert is_left_out is (why in (Why.OPERATIONAL, Why.LIVE)), name


def test_a_retour_and_what_hangs_on_it_have_days_alone() -> None:
    """Every table that points at a retour, from near or far, but what goes within a day."""
    about, before = {"feedback"}, set()
    while about != before:
        before = set(about)
        about |= {
            table.name
            for table in db.metadata.tables.values()
            for key in table.foreign_keys
            if key.column.table.name in before
        }
    assert {"feedback", "answer", "message", "segment", "placement", "commitment_link"} <= about
    held = {name for name in moments() if name.split(".")[0] in about}
    assert held == {"code_claim.until"}


@pytest.fixture
def lived(tmp_path: Path, migrated_database: Path) -> Iterator[Town]:
    """A town after the whole loop, its session closed."""
    with town(tmp_path, migrated_database) as place:
        place.restart_worker()
        speaking.a_citizen_speaks_from_a_phone(place)
        place.clock.forward(days=1)
        answering.the_promoter_answers_and_makes_a_dated_promise(place)
        answering.a_moderator_publishes_the_masked_text(place)
        answering.neighbours_rate_and_one_follows_the_service(place)
        place.clock.forward(days=7)
        closing.the_team_announces_the_change_and_a_moderator_checks_it(place)
        console, room = meeting.a_facilitator_opens_a_session(place)
        phones = meeting.two_phones_join_by_code(place, room)
        meeting.cards_stay_hidden_until_the_reveal(console, phones, room)
        meeting.the_room_votes(console, phones, room)
        yield place


def test_no_row_of_the_loop_holds_the_time_of_day(lived: Town) -> None:
    """Neither a text, nor a JSON, nor a number says at what time anything was done."""
    rows = 0
    with lived.app.app_context():
        for table in db.metadata.sorted_tables:
            if table.name in OPERATIONAL or table.name == "job_run":
                continue
            names = [c.name for c in table.columns if f"{table.name}.{c.name}" not in ALLOWED]
            columns = [literal_column(f'"{name}"') for name in names]  # as the file holds them
            query = select(*columns).select_from(text(f'"{table.name}"'))
            for row in db.session.execute(query).mappings():
                rows += 1
                for name, value in row.items():
                    assert not ISO.search(str(value)), (table.name, name)
                    assert not _is_stamp(value, lived), (table.name, name)
    assert rows > 200


def _is_stamp(value: object, place: Town) -> bool:
    """Say whether a number is the seconds of a moment of the loop."""
    end = place.clock().timestamp()
    return isinstance(value, int | float) and end - 30 * 86_400 <= value <= end + 30 * 86_400


@pytest.mark.usefixtures("in_app")
def test_closing_a_session_empties_its_moments() -> None:
    room = workshop(Phase.DECIDE)
    group = CardGroup(workshop_id=room.id, title="Rappels", timer_until=NOON)
    window = PhaseWindow(workshop_id=room.id, phase="write", opens=NOON, closes=NOON)
    room.timer_until = room.quiet_since = room.crew_seen = NOON
    db.session.add_all([group, window])
    db.session.flush()
    assert move(room, room.phase, Phase.CLOSED, TODAY)
    db.session.flush()
    live = [name.split(".") for name, why in ALLOWED.items() if why is Why.LIVE]
    for table, column in live:
        kept = db.metadata.tables[table].c[column]
        assert db.session.scalar(select(func.count()).where(kept.is_not(None))) == 0, column
