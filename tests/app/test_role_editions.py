"""Editions for experts, facilitators and a territory; previews, reasons, and when mails come."""

import re
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from structlog.testing import capture_logs

from app import tasks
from app.accounts import Account, Role
from app.catalogue import Territory
from app.days import PARIS
from app.db import db, will_write
from app.digest_mails import unsubscribe_token
from app.edition_words import sections_of
from app.editions import Edition
from app.mail import OutboxRow
from app.periods import MOST_MISSED, Period, after, last_complete, send_at
from app.role_editions import role_writing
from app.subscriptions import Subscription
from feedback.models import SignalNote
from tests import factories
from tests.app import digest_rows as rows
from tests.conftest import NOON, writing
from tests.feedback.citizen import soup_of, words_of
from workshops import crew
from workshops.models import Proposal, Workshop

ROLES = {"expert": Role.EXPERT, "facilitator": Role.FACILITATOR, "relay": Role.RELAY}


def fill_territory() -> None:
    """A busy week in Loire: two services, a session with three proposals, eight signals."""
    db.session.add(Territory(code="42", name="Loire", level="departement"))
    db.session.flush()
    busy = rows.busy_week()
    busy.territory_code = "42"
    quiet = factories.service(name="Service calme", territory_code="42")
    rows.fill(quiet, None, rows.IN_WEEK, 3)
    for n in range(7):
        raised = rows.signal(quiet, title=f"Signal {n}", raised=rows.BEFORE)
        note = {"role": "expert", "from_state": "candidate", "to_state": "refuted"}
        if n == 0:
            raised.state = "refuted"
            db.session.add(SignalNote(signal_id=raised.id, day=rows.IN_WEEK, **note))
    for name, role in ROLES.items():
        factories.account(role, email=f"{name}@example.fr", territory_code="42")
    runs = db.session.scalars(select(Account).filter_by(email="facilitator@example.fr")).one()
    room = Workshop(
        service=busy,
        facilitator=runs,
        title="Rappels",
        code="ABCDEF",
        prompts=["Que changer ?"],
        phase="closed",
        day=rows.IN_WEEK,
        closed=rows.IN_WEEK,
        heads=12,
    )
    db.session.add(room)
    made = {"workshop": room, "service": busy, "text": "t", "dots": 3, "voters": 2}
    late = {"made": rows.BEFORE, "due": rows.IN_WEEK}
    db.session.add_all(
        [
            Proposal(title="Un rappel", **made, **late),
            Proposal(title="Un son", state="accepted", answered=rows.IN_WEEK, **made, **late),
            Proposal(title="Plus tard", made=rows.IN_WEEK, due=date(2027, 1, 4), **made),
        ]
    )
    db.session.flush()


@pytest.fixture
def filled(app: Flask) -> None:
    with writing(app):
        fill_territory()
    with app.app_context():
        will_write()
        tasks.digest("k", NOON)


def said(audience: str) -> dict[str, list[str]]:
    edition = db.session.scalars(select(Edition).filter_by(audience=audience)).one()
    return {
        section.title: [
            re.sub(r"\s", " ", f"{item.lead} {item.words}").strip() for item in section.items
        ]
        for section in sections_of(edition)
    }


def test_an_expert_reads_signals_by_state_and_where_the_others_are(
    app: Flask, filled: None
) -> None:
    with app.app_context():
        told = said("expert")
        content = db.session.scalars(select(Edition).filter_by(audience="expert")).one().content
        assert content["states"] == {"candidate": 7, "confirmed": 1, "refuted": 1}
    assert len(told["À examiner"]) == 6
    assert told["À examiner"][-1] == "et 2 autres."
    assert [each for each in told["À examiner"] if each.startswith("Nouveau. À examiner.")]
    assert told["Décidés dans la période"] == [
        "Écarté. « Signal 0 » : 12 retours en 3 semaines, pour 3 attendus. (Service calme)"
    ]


def test_a_facilitator_reads_what_became_of_the_proposals(app: Flask, filled: None) -> None:
    with app.app_context():
        told = said("facilitator")
    assert told["Sans réponse, en retard"] == [
        "« Un rappel ». Réponse due le 18 novembre. (Mon suivi tension)"
    ]
    assert told["Réponses des équipes"] == ["« Un son ». Acceptée. (Mon suivi tension)"]
    (session,) = told["Vos ateliers de la période"]
    assert "12 participants. 3 propositions." in session


def test_a_proposal_is_told_by_the_title_that_it_has_today(app: Flask, filled: None) -> None:
    with app.app_context():
        kept = db.session.scalars(select(Edition).filter_by(audience="facilitator")).one()
        assert "Un son" not in str(kept.content)
        row = db.session.scalars(select(Proposal).filter_by(title="Un son")).one()
        row.title = "Une lumière"
        db.session.flush()
        assert said("facilitator")["Réponses des équipes"] == [
            "« Une lumière ». Acceptée. (Mon suivi tension)"
        ]


def test_a_territory_reads_the_numbers_of_the_public_and_no_other(app: Flask, filled: None) -> None:
    with app.app_context():
        told = said("territory")["Vos services"]
        public = {
            each.service.name: each.content
            for each in db.session.scalars(select(Edition).filter_by(audience="public"))
        }
        lines = db.session.scalars(select(Edition).filter_by(audience="territory")).one()
        for line in lines.content["services"]:
            same = public[line["name"]]
            assert (line["retours"], line["answers"]) == (same["retours"], same["answers"])
            assert line["promised"] == len(same["promised"])
    assert "41 retours." in told[0]
    assert "Trop peu de retours pour un nombre." in told[1]


def test_each_role_gets_its_mail_and_opens_its_page_and_no_other(
    app: Flask, client: FlaskClient, filled: None
) -> None:
    with app.app_context():
        written_to = set(db.session.scalars(select(OutboxRow.to)))
        pages = {
            each.audience: f"/syntheses/{each.id}"
            for each in db.session.scalars(select(Edition).where(Edition.skipped == ""))
            if each.is_of_role
        }
        accounts = {
            name: db.session.scalars(select(Account).filter_by(email=f"{name}@example.fr")).one()
            for name in ROLES
        }
    assert {f"{name}@example.fr" for name in ROLES} <= written_to
    own = {"expert": "expert", "facilitator": "facilitator", "relay": "territory"}
    assert [client.get(page).status_code for page in pages.values()] == [404] * 3
    for name, account in accounts.items():
        factories.sign_in(client, account)
        for audience, page in pages.items():
            assert client.get(page).status_code == (200 if own[name] == audience else 404)
        listed = client.get("/equipe/syntheses")
        assert pages[own[name]] in listed.text
        assert client.get("/equipe/mes-courriels").status_code == 200


def test_a_preview_of_any_period_stores_nothing_and_says_when_nothing_would_leave(
    app: Flask, client: FlaskClient, filled: None
) -> None:
    with app.app_context():
        team = db.session.scalars(select(Edition).filter_by(audience="team", skipped="")).first()
        assert team is not None
        slug = team.service.slug
        account = db.session.scalars(select(Account).where(Account.memberships.any())).one()
        before = len(db.session.scalars(select(Edition.id)).all())
    factories.sign_in(client, account)
    past = words_of(client.get(f"/equipe/syntheses/apercu?pour=team:{slug}&jour=2026-11-18"))
    assert "Aperçu : rien n’est gardé ni envoyé." in past
    assert "41 retours dans la période" in past
    as_mail = f"/equipe/syntheses/apercu?pour=public:{slug}&jour=2026-11-18&forme=texte"
    assert "Ce qui a été dit, ce qui a été fait (16 – 22 nov.)" in words_of(client.get(as_mail))
    empty = f"/equipe/syntheses/apercu?pour=public:{slug}&jour=2031-01-08"
    assert client.get(empty).status_code == 200
    assert client.get(f"/equipe/syntheses/apercu?pour=team:{slug}&jour=x").status_code == 200
    for wrong in ("team:nulle-part", "expert:", "zzz"):
        assert client.get(f"/equipe/syntheses/apercu?pour={wrong}").status_code == 404
    with app.app_context():
        assert len(db.session.scalars(select(Edition.id)).all()) == before


def test_a_mail_says_why_it_came_and_its_reader_chooses_day_and_hour(
    app: Flask, client: FlaskClient, filled: None
) -> None:
    with app.app_context():
        row = db.session.scalars(select(Subscription).filter_by(audience="public")).first()
        assert row is not None
        token, row_id = unsubscribe_token(row), row.id
        mail = db.session.scalars(select(OutboxRow).filter_by(to=row.address)).one()
        assert f"/d/p/{token}" in mail.text
        assert f"/d/p/{token}" in mail.html
    page = client.get(f"/d/p/{token}")
    assert "Vous suivez « Mon suivi tension » à cette adresse." in words_of(page)
    chosen = {row_id: "weekly", f"{row_id}-weekday": "3", f"{row_id}-hour": "18"}
    assert client.post(f"/d/p/{token}", data=chosen).status_code == 303
    assert "Chaque semaine, le jeudi à partir de 18 h." in words_of(client.get(f"/d/p/{token}"))
    selected = soup_of(client.get(f"/d/p/{token}")).select("option[selected]")
    assert [each["value"] for each in selected] == ["weekly", "3", "18"]
    for wrong in ({row_id: "daily"}, {f"{row_id}-weekday": "7", f"{row_id}-hour": "8"}):
        assert client.post(f"/d/p/{token}", data=wrong).status_code == 400
    assert client.get("/d/p/forgé").status_code == 404


@pytest.mark.parametrize(
    ("weekday", "hour", "now", "leaves"),
    [
        (0, 7, (23, 0), (23, 7)),
        (3, 18, (23, 0), (26, 18)),
        (0, 7, (23, 12), (23, 12)),
        (0, 22, (24, 3), (24, 22)),  # a worker that slept: still not before the hour
        (6, 5, (23, 0), (29, 5)),
    ],
)
def test_the_preferred_day_and_hour_only_delay(
    weekday: int, hour: int, now: tuple[int, int], leaves: tuple[int, int]
) -> None:
    moments = [datetime(2026, 11, day, at, tzinfo=PARIS) for day, at in (now, leaves)]
    assert send_at(rows.WEEK, moments[0], weekday, hour) == moments[1]


def test_missed_periods_are_composed_in_order_and_the_newest_goes_by_mail(app: Flask) -> None:
    with writing(app):
        service = factories.service()
        rows.member(service)
        for day in rows.days_from(date(2026, 10, 1), 50):
            rows.publish(service, "Le partage ne marche plus.", day)
    mails = []
    for now in (NOON - timedelta(weeks=4), NOON):
        with app.app_context():
            will_write()
            tasks.digest("k", now)
            mails.append(len(db.session.scalars(select(OutboxRow.id)).all()))
    with app.app_context():
        query = select(Edition).filter_by(audience="team").order_by(Edition.start)
        starts = [each.start for each in db.session.scalars(query)]
    assert starts == [date(2026, 10, 19) + timedelta(weeks=n) for n in range(5)]
    assert mails == [1, 2]


def test_what_has_nothing_to_say_is_logged_with_its_reason(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        rows.member(factories.service())
    with app.app_context(), capture_logs() as logs:
        will_write()
        tasks.digest("k", NOON)
        member = db.session.scalars(select(Account)).one()
    skipped = {(each["audience"], each["reason"]) for each in logs if "reason" in each}
    assert ("team", "aucun retour et aucune décision") in skipped
    factories.sign_in(client, member)
    assert "aucun retour et aucune décision" in words_of(client.get("/equipe/syntheses"))


@pytest.mark.parametrize("frequency", ["daily", "weekly", "monthly"])
def test_three_years_of_days_with_stops_and_jumps_bring_each_period_once(frequency: str) -> None:
    """The clock runs hourly in local time, sleeps for days, is set back an hour and forth again."""
    moment = datetime(2026, 1, 1, tzinfo=PARIS).timestamp()
    end = datetime(2029, 1, 1, tzinfo=PARIS).timestamp()
    composed: list[Period] = []
    hour = 0
    while moment < end:
        day = datetime.fromtimestamp(moment, PARIS).date()
        last_end = composed[-1].end if composed else None
        for period in after(last_end, frequency, day):
            if period not in composed[-MOST_MISSED:]:  # the unique key of editions
                composed.append(period)
        hour += 1
        step = {17: -1, 18: 2}.get(hour % 19, 1)
        moment += 3600 * (step if hour % 997 else 24 * 6)
    assert len(set(composed)) == len(composed)
    assert all(a.end == b.start for a, b in zip(composed, composed[1:], strict=False))
    assert composed[-1] == last_complete(frequency, date(2028, 12, 31))
    assert len(composed) == {"daily": 1096, "weekly": 157, "monthly": 36}[frequency]


def test_a_second_facilitator_reads_the_same_of_the_session_and_opens_it(
    app: Flask, client: FlaskClient
) -> None:
    with writing(app):
        fill_territory()
        room = db.session.scalars(select(Workshop)).one()
        second = factories.account(Role.FACILITATOR, email="seconde@example.fr")
        factories.account(Role.FACILITATOR, email="ailleurs@example.fr")
        crew.invite(room, second.email)
        dry = {"title": "Essai", "code": "ABCDEG", "prompts": ["?"], "day": rows.BEFORE}
        db.session.add(Workshop(service=room.service, facilitator=second, is_dry_run=True, **dry))
    with app.app_context():
        will_write()
        tasks.digest("k", NOON)
        found = {
            db.session.get_one(Account, int(each.about.partition("-")[2])).email: each
            for each in db.session.scalars(select(Edition).filter_by(audience="facilitator"))
        }
        main, beside = (found[f"{name}@example.fr"] for name in ("facilitator", "seconde"))
        assert main.content == beside.content
        assert len(beside.content["sessions"]) == 1
        assert (beside.skipped, found["ailleurs@example.fr"].skipped != "") == ("", True)
        (mail,) = db.session.scalars(select(OutboxRow).filter_by(to="seconde@example.fr"))
        links = re.findall(r"http://localhost(/equipe/\S+)", mail.text)
        factories.sign_in(client, db.session.get_one(Account, int(beside.about[8:])))
    assert len(links) >= 3  # the report of the session, behind each line
    assert {client.get(link).status_code for link in links} == {200}


def test_who_was_dismissed_reads_no_more_of_the_session(app: Flask) -> None:
    with writing(app):
        fill_territory()
        room = db.session.scalars(select(Workshop)).one()
        second = factories.account(Role.FACILITATOR, email="seconde@example.fr")
        crew.invite(room, second.email)
        about, period = f"account-{second.id}", rows.WEEK
        told = role_writing("facilitator", about, period, rows.MONDAY)
        crew.dismiss(room, second.id)
        after = role_writing("facilitator", about, period, rows.MONDAY)
    assert told.content["sessions"]
    assert (after.content["sessions"], after.content["states"]) == ([], {})
