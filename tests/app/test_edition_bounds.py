"""A period holds its first day and its last, and neither the day before nor the one after."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from app.accounts import Role
from app.catalogue import Service, Territory
from app.computation import compute
from app.db import db
from app.role_editions import role_writing
from app.writings import Writing
from feedback.models import Feedback, SignalNote
from tests import factories
from tests.app import digest_rows as rows
from workshops.models import Proposal, Workshop

pytestmark = pytest.mark.usefixtures("in_app")
FIRST, LAST, AFTER = rows.WEEK.start, rows.WEEK.last, rows.WEEK.end
FIRST_BEFORE, LAST_BEFORE = rows.WEEK.before.start, rows.WEEK.before.last
EDGES = [FIRST_BEFORE - timedelta(days=1), FIRST_BEFORE, LAST_BEFORE, FIRST, LAST, AFTER]
WEIGHTS = {day: 2**number for number, day in enumerate(EDGES)}  # each sum says which days are in it
INSIDE = {FIRST, LAST}
EARLIER = set(EDGES[:3])
YEAR = timedelta(days=365)


def weight(days: Iterable[date]) -> int:
    return sum(WEIGHTS[day] for day in days)


@pytest.fixture
def service() -> Service:
    return factories.service(name="Mon suivi")


def test_retours_and_answers_are_counted_in_the_period_of_their_day(service: Service) -> None:
    theme = rows.theme(service, "Connexion")
    for day, number in WEIGHTS.items():
        rows.fill(service, theme, day, number)
    told = db.session.query(Feedback).filter_by(day=EDGES[0]).one()
    for day, number in WEIGHTS.items():
        for _ in range(number):
            rows.answer(told, day)
    found = compute(service, rows.WEEK, AFTER)
    assert (found.retours, found.before) == (weight(INSIDE), weight({FIRST_BEFORE, LAST_BEFORE}))
    assert found.answers == weight(INSIDE)
    (line,) = found.themes
    assert (line.retours, line.before) == (found.retours, found.before)
    assert line.ever == weight(EARLIER | INSIDE)


def test_the_score_speaks_of_the_year_before_the_end(service: Service) -> None:
    for day in (AFTER - YEAR - timedelta(days=1), AFTER - YEAR, LAST, AFTER):
        rows.fill(service, None, day, 1)
    found = compute(service, rows.WEEK, AFTER).score
    assert found is not None
    assert found.n == 2


def moved(lines: Iterable[Any], days: dict[str, date]) -> set[date]:
    """Return the days of the lines that an edition calls moved."""
    return {days[line.id] for line in lines if line.moved}


def test_signals_and_promises_move_in_the_period_of_the_act(service: Service) -> None:
    signals, made, announced, judged = ({} for _ in range(4))  # type: dict[str, date]
    old: dict[str, Any] = {"made": date(2026, 1, 5)}
    for day in EDGES:
        signal = rows.signal(service, raised=date(2026, 1, 5))
        note = {"role": "expert", "from_state": "candidate", "to_state": "under_review"}
        db.session.add(SignalNote(signal_id=signal.id, day=day, **note))
        signals[signal.id] = day
        due = date(2026, 12, 20)
        made[rows.promise(service, "Faire.", due, made=day).id] = day
        told = rows.promise(service, "Dire.", due, state="announced", announced=day, **old)
        announced[told.id] = day
        told = rows.promise(service, "Juger.", due, state="announced", announced=due, **old)
        rows.judge(told, "confirmed", 1, day)
        judged[told.id] = day
    found = compute(service, rows.WEEK, AFTER)
    assert moved(found.signals, signals) == INSIDE
    for days in (made, announced, judged):
        assert moved((each for each in found.commitments if each.id in days), days) == INSIDE


def session(service: Service, day: date, number: int, **values: Any) -> Workshop:
    """Return a session of ``day``; ``number`` makes its code another one."""
    made = {"title": "Rappels", "code": f"ABC{number:03}", "prompts": ["Que changer ?"]}
    row = Workshop(service=service, day=day, **{"phase": "closed", **made, **values})
    db.session.add(row)
    db.session.flush()
    return row


def propose(room: Workshop, **values: Any) -> str:
    """Return the id of a proposal of ``room`` that was made long ago."""
    made = {"title": "Un son", "text": "t", "dots": 3, "voters": 2, "made": date(2026, 1, 5)}
    row = Proposal(workshop=room, service=room.service, **{"due": AFTER, **made, **values})
    db.session.add(row)
    db.session.flush()
    return row.id


def test_proposals_wait_from_the_day_they_are_made_and_are_told_when_answered(
    service: Service,
) -> None:
    room = session(service, date(2026, 1, 5), 0, facilitator=factories.account(Role.FACILITATOR))
    made = {propose(room, made=day): day for day in EDGES}
    said = {propose(room, state="planned", answered=day): day for day in EDGES}
    found = compute(service, rows.WEEK, AFTER).proposals
    assert {made[each.id] for each in found if each.id in made} == EARLIER | INSIDE
    assert moved((each for each in found if each.id in made), made) == INSIDE
    assert {said[each.id] for each in found if each.id in said} == INSIDE


def test_a_facilitator_reads_sessions_of_the_period_and_those_still_open_from_before() -> None:
    runs = factories.account(Role.FACILITATOR)
    service, days = factories.service(), {}
    for number, day in enumerate(EDGES):
        for phase in ("closed", "write"):
            code = 2 * number + (phase == "write")
            row = session(service, day, code, facilitator=runs, phase=phase)
            days[row.id] = (day, phase)
    said = {propose(row, state="planned", answered=day): day for day in EDGES}
    due = {propose(row, due=day): day for day in EDGES}
    content = role_writing("facilitator", f"account-{runs.id}", rows.WEEK, AFTER).content
    told = {name: {days[each["id"]] for each in content[name]} for name in ("sessions", "open")}
    assert told["sessions"] == {(day, phase) for day in INSIDE for phase in ("closed", "write")}
    assert told["open"] == {(day, "write") for day in EARLIER}
    assert {said[each["id"]] for each in content["answered"]} == INSIDE
    assert {due[each["id"]] for each in content["late"]} == EARLIER | INSIDE


def for_experts() -> Writing:
    return role_writing("expert", "all", rows.WEEK, AFTER)


@pytest.mark.parametrize(
    ("state", "raised", "note", "is_news"),
    [
        ("candidate", EDGES[0], None, True),
        ("under_review", EDGES[0], None, True),
        ("confirmed", EDGES[0], None, False),
        ("confirmed", FIRST, None, True),
        ("confirmed", LAST, None, True),
        ("confirmed", AFTER, None, False),
        ("refuted", FIRST, None, True),
        ("refuted", LAST, None, True),
        ("refuted", AFTER, None, False),
        ("confirmed", EDGES[0], FIRST, True),
        ("confirmed", EDGES[0], LAST, True),
        ("confirmed", EDGES[0], LAST_BEFORE, False),
        ("confirmed", EDGES[0], AFTER, False),
    ],
)
def test_experts_are_written_to_for_what_is_new_moved_or_waits(
    service: Service, state: str, raised: date, note: date | None, is_news: bool
) -> None:
    assert for_experts().skipped
    signal = rows.signal(service, state=state, raised=raised)
    if note:
        step = {"role": "expert", "from_state": "candidate", "to_state": state}
        db.session.add(SignalNote(signal_id=signal.id, day=note, **step))
        db.session.flush()
    assert (for_experts().skipped == "") is is_news


def test_a_territory_is_written_to_when_one_of_its_services_has_news() -> None:
    db.session.add(Territory(code="42", name="Loire", level="departement"))
    db.session.flush()
    services = [factories.service(territory_code="42") for _ in range(3)]

    def skipped() -> bool:
        return role_writing("territory", "territory-42", rows.WEEK, AFTER).skipped != ""

    rows.publish(factories.service(), "Ailleurs.")
    assert skipped()
    rows.publish(services[1], "La courbe est trop petite.")
    assert not skipped()
