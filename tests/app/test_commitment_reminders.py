"""Reminders of promises: once before the date, once after, to who follows them, never to others."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from app.accounts import Account, Role
from app.commitment_reminders import remind
from app.db import db
from app.mail import OutboxRow
from app.subscriptions import ensure_team_subscriptions, subscriptions_of
from app.tasks import dates
from feedback import commitment_follow_up, commitments
from feedback.commitment_steps import history
from feedback.models import Commitment
from tests import factories
from tests.factories import TODAY

pytestmark = pytest.mark.usefixtures("in_app")
DUE = TODAY + timedelta(days=20)


def promise(*colleagues: str, days: int = 20) -> tuple[Commitment, list[Account]]:
    own = factories.service()
    team = [factories.account(Role.PROMOTER, services=(own,), email=each) for each in colleagues]
    factories.account(Role.PROMOTER, services=(factories.service(),))  # of another team
    due = TODAY + timedelta(days=days)
    return commitments.promise(own, "Réparer l’envoi.", "Équipe", due, [], TODAY), team


def at(day: date) -> datetime:
    return datetime.combine(day, time(4, 30), UTC)


def sent() -> list[str]:
    return sorted(row.to for row in db.session.scalars(select(OutboxRow)))


def test_the_team_is_reminded_a_week_before_and_the_day_after_once_each() -> None:
    made, _team = promise("a@example.fr", "b@example.fr")
    found = {}
    for days in range(-10, 6):
        day = DUE + timedelta(days=days)
        commitments.advance_dates(day)
        found[days] = remind(day, at(day))
    assert [days for days, count in found.items() if count] == [-7, 1]
    assert sent() == ["a@example.fr"] * 2 + ["b@example.fr"] * 2
    kinds = [step.kind for step in history(made)]
    assert (kinds.count("reminded"), kinds.count("reminded_late")) == (1, 1)


def test_who_follows_it_alone_is_reminded_until_they_leave_the_team() -> None:
    made, (one, _two) = promise("a@example.fr", "b@example.fr")
    commitment_follow_up.set_owner(made, "Équipe", one, TODAY)
    remind(DUE - timedelta(days=3), at(TODAY))
    assert sent() == ["a@example.fr"]
    one.memberships.clear()
    db.session.flush()
    late = DUE + timedelta(days=1)
    commitments.advance_dates(late)
    remind(late, at(late))
    assert sent() == ["a@example.fr", "b@example.fr"]


def test_a_pause_is_kept() -> None:
    made, (one, _two) = promise("a@example.fr", "b@example.fr")
    ensure_team_subscriptions(made.service, TODAY)
    subscriptions_of(one)[0].frequency = "never"
    remind(DUE, at(DUE))  # on the day itself the desk says so
    assert sent() == []
    remind(DUE - timedelta(days=1), at(DUE))
    assert sent() == ["b@example.fr"]


@pytest.mark.parametrize("state", ["claimed", "announced", "confirmed", "reopened", "dropped"])
def test_nobody_is_reminded_of_what_the_team_has_done_or_given_up(state: str) -> None:
    made, _team = promise("a@example.fr")
    made.state = state
    assert remind(DUE + timedelta(days=9), at(TODAY)) == 0


def test_a_promise_for_tomorrow_is_not_nagged_about_on_the_day_it_is_made() -> None:
    promise("a@example.fr", days=5)
    assert remind(TODAY, at(TODAY)) == 0
    assert remind(TODAY + timedelta(days=1), at(TODAY)) == 1


def test_the_daily_job_reminds_and_its_mail_leads_to_the_commitment() -> None:
    made, _team = promise("a@example.fr")
    day = DUE + timedelta(days=1)
    assert dates("", at(day)) == "1 commitments moved, 1 reminded of, 0 exchanges lapsed"
    assert dates("", at(day)) == "0 commitments moved, 0 reminded of, 0 exchanges lapsed"
    row = db.session.scalars(select(OutboxRow)).one()
    assert row.subject == "Un engagement a dépassé sa date"
    assert f"http://localhost/equipe/engagements/{made.id}" in row.text
    assert "> Réparer l’envoi." in row.text
