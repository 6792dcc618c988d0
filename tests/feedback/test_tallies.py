"""The running counts equal a recount after whatever is written: verbs, bulk, cascades."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update

from app import privacy
from app.catalogue import Functionality, Service
from app.db import db
from feedback import tallies
from feedback.models import (
    Answer,
    AnswerStatus,
    Channel,
    FaceCount,
    Feedback,
    State,
    VoiceCount,
)
from feedback.voices import count_voices, of_days
from tests import factories

pytestmark = pytest.mark.usefixtures("in_app")
DAYS = (date(2026, 1, 31), date(2026, 2, 1), date(2026, 11, 23))


def say(feedback: Feedback, question: str, value: str, status: str = "given") -> Answer:
    row = Answer(feedback_id=feedback.id, question=question, value=value, status=status)
    db.session.add(row)
    db.session.flush()
    return row


def test_faces_are_counted_by_what_may_explain_them() -> None:
    service = factories.service()
    sharing = factories.functionality(service)
    factories.retour(service, face=10, functionality_id=sharing.id)
    aged = factories.retour(service, face=0, channel=Channel.PAPER.value)
    say(aged, "G7", "75-")
    factories.retour(service, face=5, state=State.REFUSED.value)
    factories.retour(service, face=None)
    assert tallies.faces_of([service.id]) == {service.id: {10: 1, 0: 1}}
    assert tallies.faces_by_functionality(service.id) == {sharing.id: {10: 1}, 0: {0: 1}}
    assert tallies.Stratum(service.id, "paper", "75-", {0: 1}) in tallies.strata_of([service.id])
    assert tallies.faces_of([]) == {}


def test_an_erased_retour_leaves_no_cell_behind() -> None:
    service = factories.service()
    retour = factories.retour(service, face=10)
    for question, value in (("G6", "user"), ("G7", "75-"), ("G8", "42")):
        say(retour, question, value)
    privacy.erase(retour, date(2026, 11, 24))
    assert db.session.scalars(select(FaceCount)).all() == []
    assert db.session.scalars(select(VoiceCount)).all() == []


def test_a_service_that_goes_takes_its_counts_along() -> None:
    service = factories.service()
    for _ in range(3):
        say(factories.retour(service, face=10), "G7", "75-")
    db.session.execute(delete(Service).where(Service.id == service.id))
    assert db.session.scalars(select(FaceCount)).all() == []
    assert db.session.scalars(select(VoiceCount)).all() == []


def test_a_functionality_that_goes_leaves_its_retours_under_none() -> None:
    service = factories.service()
    sharing = factories.functionality(service)
    factories.retour(service, face=10, functionality_id=sharing.id)
    db.session.execute(delete(Functionality).where(Functionality.id == sharing.id))
    assert tallies.faces_by_functionality(service.id) == {0: {10: 1}}


def test_months_are_summed_as_the_retours_of_their_days() -> None:
    service = factories.service()
    for day in DAYS:
        say(factories.retour(service, day=day, face=10), "G6", "user")
    say(factories.retour(factories.service(), day=DAYS[1]), "G6", "user")
    start, end = date(2026, 2, 1), date(2026, 11, 1)
    assert tallies.voices_of_months(service.id, start, end) == count_voices(
        of_days(service, start, end)
    )
    assert tallies.faces_by_month(service.id) == {
        date(2026, 1, 1): {10: 1},
        date(2026, 2, 1): {10: 1},
        date(2026, 11, 1): {10: 1},
    }


def test_the_months_of_a_functionality_are_counted_apart_and_follow_their_retours() -> None:
    service = factories.service()
    sharing, booking = factories.functionality(service), factories.functionality(service)
    kept = factories.retour(service, day=DAYS[1], face=10, functionality_id=sharing.id)
    factories.retour(service, day=DAYS[1], face=5, functionality_id=booking.id)
    factories.retour(service, day=DAYS[1], face=0)
    assert tallies.faces_by_month(service.id, sharing.id) == {date(2026, 2, 1): {10: 1}}
    kept.functionality_id = booking.id
    db.session.flush()
    assert tallies.faces_by_month(service.id, sharing.id) == {}
    assert tallies.faces_by_month(service.id, booking.id) == {date(2026, 2, 1): {10: 1, 5: 1}}
    kept.state = State.WITHDRAWN.value
    db.session.flush()
    assert tallies.faces_by_month(service.id, booking.id) == {date(2026, 2, 1): {5: 1}}
    assert tallies.drift() == 0


def test_a_repair_counts_anew_and_says_how_much_was_wrong() -> None:
    service = factories.service()
    say(factories.retour(service, face=10), "G7", "75-")
    assert (tallies.drift(), tallies.repair()) == (0, 0)
    db.session.execute(update(FaceCount).values(retours=9))
    db.session.execute(delete(VoiceCount))
    assert tallies.drift() > 0
    assert tallies.repair() > 0
    assert tallies.drift() == 0
    assert tallies.faces_of([service.id]) == {service.id: {10: 1}}


def test_every_trigger_is_still_there() -> None:
    """A migration that makes a table anew would drop them without a word."""
    named = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'count_%'"
    assert sorted(db.session.scalars(text(named))) == [
        f"count_{table}_{done}"
        for table in ("answer", "feedback", "part")
        for done in ("added", "changed", "dropped")
    ]


faces = st.sampled_from([None, 0, 5, 10])
states = st.sampled_from([state.value for state in State])
channels = st.sampled_from(["web", "paper"])
traits = st.sampled_from([("G7", "75-"), ("G7", "18-29"), ("G6", "user"), ("G3", "1")])
statuses = st.sampled_from([AnswerStatus.GIVEN, AnswerStatus.REFUSED])
acts = st.one_of(
    st.tuples(st.just("add"), faces, states, channels, st.sampled_from(DAYS)),
    st.tuples(
        st.just("change"),
        st.integers(0, 9),
        st.fixed_dictionaries(
            {},
            optional={
                "face": faces,
                "state": states,
                "channel": channels,
                "day": st.sampled_from(DAYS),
                "functionality_id": st.booleans(),
            },
        ),
    ),
    st.tuples(st.just("say"), st.integers(0, 9), traits, statuses),
    st.tuples(st.just("unsay"), st.integers(0, 9)),
    st.tuples(st.just("drop"), st.integers(0, 9)),
    st.tuples(st.just("erase"), st.integers(0, 9)),
)


@given(st.lists(acts, min_size=5, max_size=25))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_written_the_counts_equal_a_recount(app: Flask, written: list[Any]) -> None:
    db.session.rollback()
    service = factories.service()
    other = factories.functionality(service).id
    for face in (0, 10):
        factories.retour(service, face=face)
    for kind, *what in written:
        rows = list(db.session.scalars(select(Feedback).order_by(Feedback.day, Feedback.id)))
        if kind == "add":
            face, state, channel, day = what
            factories.retour(service, face=face, state=state, channel=channel, day=day)
        elif rows:
            act(kind, rows[what[0] % len(rows)], what[1:], other)
        db.session.flush()
        assert tallies.drift() == 0


def act(kind: str, retour: Feedback, what: list[Any], functionality_id: int) -> None:
    if kind == "change":
        values = dict(what[0])
        if "functionality_id" in values:
            values["functionality_id"] = functionality_id if values["functionality_id"] else None
        if values:
            db.session.execute(update(Feedback).where(Feedback.id == retour.id).values(values))
    elif kind == "say":
        (question, value), status = what
        own = Answer.feedback_id == retour.id, Answer.question == question
        if row := db.session.scalar(select(Answer).where(*own)):
            row.value, row.status = value, status.value
        else:
            say(retour, question, value, status.value)
    elif kind == "unsay":
        db.session.execute(delete(Answer).where(Answer.feedback_id == retour.id))
        db.session.expire_all()
    elif kind == "drop":
        db.session.execute(delete(Feedback).where(Feedback.id == retour.id))
        db.session.expire_all()
    else:
        privacy.erase(retour, date(2026, 11, 24))
