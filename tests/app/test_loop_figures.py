"""The loop in a team's edition: counted by hand, as the public board counts; what was late."""

from dataclasses import asdict
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import job_runs, mail, tasks
from app.catalogue import Service
from app.days import add_working_days
from app.db import db, will_write
from app.edition_words import sections_of
from app.editions import Edition
from app.floors import FLOOR
from app.loop_figures import loop_figures
from app.mail import Mail
from app.record import board
from tests import factories
from tests.app import digest_rows as rows
from tests.conftest import NOON, writing
from tests.factories import TODAY

SAID = date(2026, 9, 7)  # a Monday, long past every clock


def answered(service: Service, days: int | None, **values: object) -> None:
    """Add a concern whose first answer came that many working days after it."""
    first = None if days is None else add_working_days(SAID, days)
    values = {"day": SAID, "first_answer_day": first, **values}
    factories.retour(service, **values)


@pytest.fixture
def turned(in_app: None) -> Service:
    """A service whose clock is of ten days, one functionality of which asks for five."""
    service = factories.service()
    slow = factories.functionality(service)
    quick = factories.functionality(service, individual_risk="high")
    assert (slow.reply_days, quick.reply_days, service.reply_days) == (10, 5, 5)
    answered(service, 5)
    answered(service, 6)  # late by the shortest clock
    answered(service, 10, functionality=slow)
    answered(service, 11, functionality=slow)
    answered(service, None)
    answered(service, 1, face=10)  # very well: no concern
    answered(service, 1, day=TODAY - timedelta(days=400))  # of another year
    factories.retour(service, day=TODAY)  # its clock still runs
    rows.promise(service, "Tenu.", SAID, state="confirmed", announced=SAID)
    rows.promise(service, "Tard.", SAID, state="announced", announced=SAID + timedelta(days=1))
    rows.promise(service, "Repris.", SAID, state="reopened", announced=SAID)
    rows.promise(service, "Jamais.", SAID, state="dropped")
    rows.promise(service, "À venir.", TODAY + timedelta(days=9))
    other = factories.service()
    answered(other, None)
    rows.promise(other, "D’une autre.", SAID)
    return service


def test_answers_in_time_and_promises_kept_are_those_that_a_hand_counts(turned: Service) -> None:
    found = loop_figures(turned, TODAY)
    assert (found.clocks, found.in_time) == (5, 2)
    assert (found.promised, found.kept) == (4, 1)


def test_what_authors_confirm_is_what_the_public_board_says(turned: Service) -> None:
    rows.fill(turned, None, SAID, FLOOR, first_answer_day=SAID + timedelta(days=3))
    factories.publish()
    found, shown = loop_figures(turned, TODAY), board(turned, TODAY, FLOOR).figures
    assert shown is not None
    for name in ("median_days", "changes", "confirmed", "reopened", "promised", "kept"):
        assert getattr(found, name) == getattr(shown, name), name
    assert (found.changes, found.confirmed) == (2, 1)
    assert found.median_days is not None


@pytest.mark.parametrize("late", ["", "look", "mails"])
def test_a_team_reads_what_was_late_as_its_edition_was_composed(app: Flask, late: str) -> None:
    with writing(app):
        service_id = rows.busy_week().id
        job_runs.note_success("look", "", NOON - timedelta(days=late == "look"))
        if late == "mails":
            mail.put(Mail("k", "a@example.org", "s", "t"), NOON - timedelta(minutes=31))
    with app.app_context():
        will_write()
        tasks.digest("k", NOON)
        found = {each.audience: each for each in db.session.scalars(select(Edition))}
        said = [section.title.partition("\xa0:")[0] for section in sections_of(found["team"])]
        assert ("En retard sur ce site" in said) == bool(late)
        assert list(found["team"].content["late"]) == ([late] if late else [])
        assert "late" not in found["public"].content
        loop = loop_figures(db.session.get_one(Service, service_id), rows.MONDAY)
        assert found["team"].content["loop"] == asdict(loop)
        assert "La boucle, sur douze mois" in said
        assert "loop" not in found["public"].content
