"""Moderators are reminded once a working day of what is late: counts alone, and nothing opens."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.accounts import Role
from app.days import add_working_days
from app.db import db
from app.mail import OutboxRow
from app.tasks import TASKS
from feedback import appeals, content_notices, danger_alert, hold_windows, threads, urgency
from feedback.appeals import moderator_of
from feedback.models import NoticeReason, SecondLook, State
from feedback.moderation import Decision, decide
from feedback.moderation_reminder import remind
from feedback.urgency import READ_WITHIN, Level
from tests import factories
from tests.factories import TODAY

pytestmark = pytest.mark.usefixtures("in_app")
SECRET = "Le camphre ne part plus."


def at(day: date) -> datetime:
    return datetime.combine(day, time(5, 40), UTC)


def mails() -> list[OutboxRow]:
    return list(db.session.scalars(select(OutboxRow).order_by(OutboxRow.to)))


def after_days(count: int) -> date:
    return add_working_days(TODAY, count)


@pytest.fixture
def moderator(in_app: None) -> Any:
    """One moderator, beside who gets no such mail."""
    factories.account(Role.PROMOTER, services=(factories.service(),))
    factories.account(Role.ADMINISTRATOR)
    factories.account(Role.MODERATOR, active=False)
    return factories.account(Role.MODERATOR, email="moderation@example.fr")


def held(level: Level = Level.ORDINARY, **values: Any) -> Any:
    row = factories.retour(factories.service(name="Service du camphre"), state="held", text=SECRET)
    for name, value in values.items():
        setattr(row, name, value)
    if level is not Level.ORDINARY:
        other = moderator_of(factories.account(Role.MODERATOR, active=False))
        urgency.decide(row, level, "Grave.", other, TODAY)
    return row


@pytest.mark.parametrize("level", list(Level))
def test_a_mail_comes_when_the_days_of_the_level_are_over(moderator: Any, level: Level) -> None:
    row = held(level)
    days = READ_WITHIN[level]
    assert remind(at(after_days(days))) == 0
    assert remind(at(after_days(days + 1))) == 1
    (mail,) = mails()
    assert mail.to == "moderation@example.fr"
    assert "- 1 retour retenu" in mail.text
    assert ("dont 1 urgent" in mail.text) == (level is Level.URGENT)
    assert "/equipe/moderation" in mail.text
    assert row.state == State.HELD


def test_it_holds_counts_and_nothing_of_anybody(moderator: Any) -> None:
    for _n in range(3):
        held(reason="moderate_first")
    remind(at(after_days(9)))
    (mail,) = mails()
    told = mail.subject + mail.text + mail.html
    assert "3 retours retenus" in told
    for absent in ("camphre", "Réseau de santé", "retour/"):
        assert absent not in told


def test_one_mail_a_working_day_however_often_it_runs(moderator: Any) -> None:
    held()
    friday = TODAY + timedelta(days=(4 - TODAY.weekday()) % 7 + 7)
    sent = []
    for days in range(4):
        for hours in (0, 3):
            told = TASKS["remind_moderators"](
                "", at(friday + timedelta(days)) + timedelta(hours=hours)
            )
            sent.append(told.split()[0])
            db.session.execute(delete(OutboxRow))  # it has left: the outbox knows it no longer
    assert sent == ["1", "0", "0", "0", "0", "0", "1", "0"], "Friday and Monday"


def test_what_is_given_time_or_decided_is_not_late(moderator: Any) -> None:
    resting, opened = held(), held()
    hold_windows.give_time(resting, hold_windows.LONGEST, TODAY)
    decide(opened, Decision.OPEN, "", moderator_of(moderator), TODAY)
    assert remind(at(after_days(5))) == 0


def test_each_kind_that_waits_too_long_is_counted(moderator: Any) -> None:
    service = factories.service()
    public = factories.retour(service, state="published", wants_publication=True)
    content_notices.report(public, NoticeReason.WRONG, SECRET, TODAY)
    row = factories.retour(service, thread_state="answered")
    threads.reply(row, SECRET, TODAY, held=True)
    writer = factories.account(Role.PROMOTER, services=(service,))
    look = {"feedback_id": row.id, "account_id": writer.id, "text": SECRET, "day": TODAY}
    db.session.add(SecondLook(service_id=service.id, **look))
    wish = factories.retour(service, wants_publication=True)
    decide(wish, Decision.DECLINE, "La règle.", moderator_of(moderator), TODAY)
    appeals.appeal_publication(wish, SECRET, TODAY)
    assert remind(at(after_days(3))) == 0
    remind(at(after_days(4)))
    (mail,) = mails()
    lines = [line for line in mail.text.splitlines() if line.startswith("- ")]
    assert lines == [
        "- 1 message d’auteur",
        "- 1 contenu signalé",
        "- 1 réponse qui annonce un changement",
        "- 1 recours contre un refus de publier",
    ]


def test_an_alert_of_danger_comes_once_an_hour_though_the_first_has_left(
    app: Flask, moderator: Any
) -> None:
    row = held()
    danger_alert.alert(row)
    assert len(mails()) == 1
    db.session.execute(delete(OutboxRow))
    danger_alert.alert(row)
    assert mails() == []
