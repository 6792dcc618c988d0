"""Every kind of mail says why it came: each place that writes one is found, and asked for one."""

import ast
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from app import (
    alerts,
    all_mails,
    author_mails,
    commitment_reminders,
    following,
    invitations,
    mail,
    tasks,
)
from app.accounts import Account, Role
from app.catalogue import Service
from app.config import ROOT
from app.db import db, will_write
from app.mail import OutboxRow
from app.subscriptions import Audience, Subscription, ensure_role_subscriptions
from feedback import commitment_follow_up, danger_alert, moderation_reminder
from feedback.models import AuthorMail, Message
from tests import factories
from tests.app import digest_rows as rows
from tests.app.test_digest_mails import HEALTH
from tests.app.test_role_editions import fill_territory
from tests.conftest import NOON, writing

QUESTION = "Pourquoi ce courriel ?"
TEAM = "Vous êtes membre de l’équipe de « Mon suivi tension »."
MODERATOR = "Vous modérez les messages de ce site. La personne qui l’administre change les rôles."
ALL = "Ce lien a été demandé depuis un de nos messages. Sinon, ne faites rien."
OPT_IN = "Quelqu’un a tapé cette adresse sur ce site."


def editions() -> None:
    """One edition for each audience, to its readers."""
    ensure_role_subscriptions(rows.BEFORE)
    tasks.digest("k", NOON)


def team_row() -> Subscription:
    account = db.session.scalars(select(Account).join(Account.memberships)).one()
    service = db.session.scalars(select(Service).filter_by(name="Mon suivi tension"))
    row = Subscription(
        audience=Audience.TEAM.value,
        service_id=service.one().id,
        account_id=account.id,
        confirmed=True,
        created=rows.BEFORE,
        bursts=True,
    )
    db.session.add(row)
    db.session.flush()
    return row


def burst() -> None:
    mail.put(alerts._burst_mail(team_row(), 7, NOON), NOON)


def nag() -> None:
    team_row()
    assert alerts.nag(NOON + timedelta(days=3)) >= 1


def promise() -> None:
    row = team_row()
    rows.promise(row.service, "Une promesse proche.", rows.MONDAY + timedelta(days=3))
    assert commitment_reminders.remind(rows.MONDAY, NOON) == 1


def danger() -> None:
    factories.account(Role.MODERATOR)
    danger_alert.alert(factories.retour(factories.service()))


def moderation() -> None:
    factories.account(Role.MODERATOR)
    factories.retour(factories.service(), state="held", day=date(2026, 9, 1))
    assert moderation_reminder.remind(NOON) == 1


def invitation() -> None:
    invitations.invite(factories.account(Role.EXPERT, email="invitee@example.fr"))


def follower_asked() -> None:
    following.ask(factories.service(), "lectrice@example.org", NOON)


def all_asked() -> None:
    row = rows.follower(factories.service(), "lectrice@example.org")
    all_mails.send_link(row, NOON)


def author_asked() -> None:
    author_mails.ask(factories.retour(factories.service()), "autrice@example.org", NOON)


def author_news() -> None:
    author_asked()
    db.session.query(OutboxRow).delete()
    row = db.session.scalars(select(AuthorMail)).one()
    row.confirmed = True
    said = {"sender": "team", "text": "Merci.", "day": rows.MONDAY, "position": 5}
    db.session.add(Message(feedback=row.feedback, **said))
    db.session.flush()
    assert author_mails.AUTHORS.tell(NOON + timedelta(days=2)) == 1


# Where a mail is written, how to have one of each kind written, and the reason that it then gives.
KINDS: dict[str, list[tuple[Callable[[], None], set[str]]]] = {
    "app.digest_mails.to": [
        (
            editions,
            {
                TEAM,
                "Vous suivez « Mon suivi tension » à cette adresse.",
                "Vous examinez les signaux de ce site.",
                "Vous animez des ateliers sur ce site.",
                "Vous suivez les services d’un territoire.",
            },
        )
    ],
    "app.alerts._mail": [
        (burst, {f"{TEAM} Vous avez demandé cette alerte."}),
        (
            nag,
            {
                f"{TEAM} Ce rappel vient une fois par semaine au plus, si des choses attendent.",
            },
        ),
    ],
    "app.commitment_reminders._mail": [(promise, {TEAM})],
    "app.invitations.invite": [
        (
            invitation,
            {"Une personne qui administre ce site a donné cette adresse pour ce compte."},
        )
    ],
    "app.following._optin_mail": [(follower_asked, {OPT_IN})],
    "app.all_mails._mail": [(all_asked, {ALL})],
    "app.code_mails._optin_mail": [(author_asked, {OPT_IN})],
    "app.code_mails._news_mail": [
        (author_news, {"Vous avez demandé à être prévenu à cette adresse."})
    ],
    "feedback.danger_alert._mail": [(danger, {MODERATOR})],
    "feedback.moderation_reminder._mail": [(moderation, {MODERATOR})],
}
CHANGED_ELSEWHERE = {MODERATOR, OPT_IN, ALL}  # said in words: no page of theirs changes it
CITIZENS = "@example.org"
ASKED = [(place, *each) for place, those in KINDS.items() for each in those]


def writers() -> set[str]:
    """Return every function of the site that makes a mail."""
    found = set()
    for package in ("app", "feedback", "workshops"):
        for path in sorted(Path(ROOT, package).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for each in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(each, ast.FunctionDef) and _makes_one(each):
                    found.add(f"{module}.{each.name}")
    return found


def _makes_one(function: ast.FunctionDef) -> bool:
    calls = [each.func for each in ast.walk(function) if isinstance(each, ast.Call)]
    names = {getattr(each, "id", getattr(each, "attr", "")) for each in calls}
    return "Mail" in names


def flat(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip()


def test_no_mail_is_written_that_is_not_asked_for_its_reason() -> None:
    assert writers() == set(KINDS)


@contextmanager
def sent(app: Flask, write: Callable[[], None]) -> Iterator[list[OutboxRow]]:
    """Let a kind of mail have something to say in a busy week; give what waits in the outbox."""
    with writing(app):
        fill_territory()
    with app.app_context():
        will_write()
        write()
        db.session.commit()
        found = list(db.session.scalars(select(OutboxRow)))
        assert found
        yield found


@pytest.mark.parametrize(("place", "write", "reasons"), ASKED, ids=lambda each: str(each)[:60])
def test_each_kind_of_mail_says_why_it_came_and_where_to_change_it(
    app: Flask, place: str, write: Callable[[], None], reasons: set[str]
) -> None:
    with sent(app, write) as mails:
        said = set()
        for row in mails:
            text_part, _sign, foot = row.text.rpartition("\n-- \n")
            question, _sign, reason = flat(foot).partition(f"{QUESTION} ")
            assert (question, text_part != "") == ("", True), foot
            reason = flat(re.split(r"Changer cela :|Se désabonner en un clic :", reason)[0])
            said.add(reason)
            leads = re.findall(r"http://localhost/\S+", foot)
            assert leads or reason in CHANGED_ELSEWHERE, foot
            if row.html:
                last = BeautifulSoup(row.html, "html.parser").select("p.foot")
                assert len(last) == 1
                assert f"{QUESTION} {reason}" in flat(last[0].get_text())
                assert [link["href"] for link in last[0].find_all("a")] == leads
        assert said == reasons


@pytest.mark.parametrize(("place", "write", "reasons"), ASKED, ids=lambda each: str(each)[:60])
def test_each_subject_is_short_and_that_of_a_citizen_names_neither_care_nor_service(
    app: Flask, place: str, write: Callable[[], None], reasons: set[str]
) -> None:
    with sent(app, write) as mails:
        names = db.session.scalars(select(Service.name)).all()
        for row in mails:
            assert 0 < len(row.subject) <= 60, row.subject
            if row.to.endswith(CITIZENS):
                assert not HEALTH.search(row.subject)
                assert not [name for name in names if name in row.subject]


def test_who_follows_a_promise_is_told_that_this_is_why(app: Flask) -> None:
    with writing(app):
        fill_territory()
        row = team_row()
        kept = rows.promise(row.service, "Une promesse proche.", rows.MONDAY + timedelta(days=3))
        commitment_follow_up.set_owner(kept, "Équipe", row.account, rows.MONDAY)
    with app.app_context():
        will_write()
        commitment_reminders.remind(rows.MONDAY, NOON)
        (sent,) = db.session.scalars(select(OutboxRow))
        assert "Vous suivez cet engagement pour l’équipe de « Mon suivi tension »." in flat(
            sent.text
        )
        assert sent.text.rstrip().endswith("/equipe/mes-courriels")
