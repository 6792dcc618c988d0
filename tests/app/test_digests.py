"""Editions: two writings of one computation, composed once, mailed once, kept under one address."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import IntegrityError

from app import digests, privacy, tasks
from app.accounts import Account, Membership, Role
from app.anonymity import make_anonymous
from app.catalogue import Service
from app.days import PARIS, paris_day
from app.db import db, will_write
from app.digest_queue import mark_delivered
from app.digests import Wanted
from app.editions import Delivery, Edition
from app.mail import OutboxRow
from app.posting import deliver
from app.subscriptions import Audience, Frequency, Subscription
from app.worker import work_once
from feedback import publication
from feedback.models import Feedback, State
from tests import factories
from tests.app import digest_rows as rows
from tests.app.crowd import patiently, together
from tests.conftest import NOON, writing
from tests.factories import sign_in
from tests.fakes import CaughtMail

WORDS = "ne reçoit plus mes mesures depuis l’été"


def compose(app: Flask, now: datetime = NOON) -> str:
    """Run the scheduled job as the worker does and return the line that it says."""
    with app.app_context():
        will_write()
        return tasks.digest("2026-11-23 11:05", now)


@pytest.fixture
def week(app: Flask) -> int:
    """The id of a service with one busy week behind it."""
    with writing(app):
        return rows.busy_week().id


@pytest.fixture
def busy(app: Flask, week: int) -> Iterator[Service]:
    """That service, composed, in an application context."""
    compose(app)
    with app.app_context():
        yield db.session.get_one(Service, week)


def edition(audience: str, **values: object) -> Edition:
    """Return the one edition of ``audience``."""
    query = select(Edition).filter_by(audience=audience, **values)
    return db.session.scalars(query).one()


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_both_editions_tell_the_numbers_of_one_computation(busy: Service) -> None:
    team, public = edition("team"), edition("public")
    assert (team.start, team.end) == (public.start, public.end) == (rows.WEEK.start, rows.WEEK.end)
    asked = "SELECT count(*) FROM feedback WHERE service_id = :id AND day >= :start AND day < :end"
    bounds = {"id": busy.id, "start": rows.WEEK.start.isoformat(), "end": rows.MONDAY.isoformat()}
    counted = db.session.scalar(text(asked), bounds)
    assert team.content["retours"] == public.content["retours"] == counted == 24 + 13 + 3 + 1
    by_name = {line["name"]: line["retours"] for line in team.content["themes"]}
    assert by_name["Partage avec le médecin"] == 24
    told = {line["name"]: line["retours"] for line in public.content["themes"]}
    assert all(number in (None, by_name[name]) for name, number in told.items())


def test_a_team_edition_counts_its_decisions(busy: Service) -> None:
    content = edition("team").content
    assert content["waits"] == {"waiting": 22, "late": 4, "oldest": 15}
    assert len(content["to_review"]) == 1
    assert len(content["due"]) == 1
    assert content["contested"] == 1
    assert edition("team").title == "Quatre choses attendent une décision"


def test_the_public_reads_no_small_number_and_none_by_subtraction(busy: Service) -> None:
    themes = {each["name"]: each["retours"] for each in edition("public").content["themes"]}
    # 41 - 24 - 13 would tell that four retours speak of something else.
    assert themes == {"Partage avec le médecin": 24, "Connexion": None}
    unanswered = edition("public").content["unanswered"]
    assert [(each["name"], each["retours"]) for each in unanswered] == [
        ("Affichage en gros caractères", 18)
    ]


def test_a_small_week_shows_words_and_no_number(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        service = factories.service()
        rows.fill(service, rows.theme(service, "Connexion"), rows.IN_WEEK, 10)
        told = rows.publish(service, "Le docteur [PERSONNE] " + WORDS)
        rows.answer(told)
        rows.fill(service, None, rows.BEFORE, 3)
    compose(app)
    with app.app_context():
        public = edition("public")
        assert public.content["retours"] == 11
        assert [each["retours"] for each in public.content["themes"]] == []
        assert public.content["answers"] is None
        public_id = public.id
    page = client.get(f"/syntheses/{public_id}").text
    assert "11 retours dans la période." in page
    assert WORDS in page
    assert "Connexion" not in page
    assert "réponse envoyée" not in page


def test_running_the_job_twice_sends_once(app: Flask, week: int) -> None:
    assert compose(app) == "2 mails put in the outbox"
    assert compose(app) == "0 mails put in the outbox"
    post = send_all(app)
    assert sorted(str(each["To"]) for each in post.messages)[-1] == "fidele@example.org"
    assert len(post.messages) == 2
    assert compose(app, NOON + timedelta(days=1)) == "0 mails put in the outbox"
    with app.app_context():
        assert (count(Edition), count(Delivery), count(OutboxRow)) == (2, 2, 0)
        assert all(db.session.scalars(select(Delivery.delivered)))


def send_all(app: Flask, now: datetime = NOON) -> CaughtMail:
    """Deliver every mail that is due."""
    post = CaughtMail()
    with app.app_context():
        will_write()
        while deliver(now, "Boucle <boucle@example.fr>", post, mark_delivered):
            pass
    return post


def test_eight_workers_at_once_send_once(app: Flask, week: int) -> None:
    together(8, lambda: patiently(lambda: compose(app)))
    with app.app_context():
        assert (count(Edition), count(Delivery), count(OutboxRow)) == (2, 2, 2)


def test_an_edition_stays_as_it_was_composed(app: Flask, week: int) -> None:
    compose(app)
    with writing(app):
        before = edition("team").content
        rows.fill(db.session.get_one(Service, week), None, rows.IN_WEEK, 20)
    compose(app, NOON + timedelta(hours=1))
    with app.app_context():
        assert edition("team").content == before


@pytest.mark.parametrize("monday", [date(2026, 10, 26), date(2027, 3, 29)])
def test_the_nights_of_the_clock_change_neither_skip_nor_repeat(app: Flask, monday: date) -> None:
    with writing(app):
        service = factories.service()
        for day in rows.days_from(monday - timedelta(days=7), 9):
            rows.fill(service, None, day, 12)
        for number, frequency in enumerate(("daily", "weekly")):
            member = rows.member(service)
            reader = Subscription(
                audience="team", service_id=service.id, account_id=member.id, frequency=frequency
            )
            reader.confirmed, reader.created = True, monday - timedelta(days=60 + number)
            db.session.add(reader)
    start = datetime.combine(monday - timedelta(days=2), datetime.min.time(), PARIS)
    hours = [start.astimezone(UTC) + timedelta(hours=n) for n in range(24 * 4 - 12)]
    sent: list[datetime] = []
    for hour in hours:
        compose(app, hour)
        sent += [hour] * len(send_all(app, hour).messages)
    with app.app_context():
        daily = list(
            db.session.scalars(
                select(Edition.start).where(Edition.frequency == "daily").order_by(Edition.start)
            )
        )
        weekly = edition("team", frequency="weekly", start=monday - timedelta(days=7))
        assert weekly.end == monday
    assert daily == list(rows.days_from(monday - timedelta(days=3), 4))
    assert {moment.astimezone(PARIS).hour for moment in sent} == {7}
    per_day = [paris_day(moment) for moment in sent]
    # Saturday also brings the week before, whose edition nobody had composed yet.
    assert {day: per_day.count(day) for day in per_day} == {
        monday - timedelta(days=2): 1,
        monday - timedelta(days=1): 1,
        monday: 2,
        monday + timedelta(days=1): 1,
    }


def test_a_week_without_anything_sends_nothing_and_has_no_page(
    app: Flask, client: FlaskClient
) -> None:
    with writing(app):
        service = factories.service()
        rows.member(service)
        rows.follower(service, "fidele@example.org")
        slug = service.slug
    assert compose(app) == "0 mails put in the outbox"
    with app.app_context():
        assert {each.skipped != "" for each in db.session.scalars(select(Edition))} == {True}
        addresses = list(db.session.scalars(select(Edition.id)))
    assert [client.get(f"/syntheses/{each}").status_code for each in addresses] == [404, 404]
    assert "Aucune synthèse pour le moment." in client.get(f"/s/{slug}/syntheses").text


def test_each_edition_has_a_permanent_page_for_whom_it_is_written(
    app: Flask, client: FlaskClient, week: int
) -> None:
    compose(app)
    with writing(app):
        team, public = edition("team").id, edition("public").id
        factories.account(Role.PROMOTER, services=(factories.service(),))
    with app.app_context():
        member, stranger = db.session.scalars(select(Account).order_by(Account.id))
    assert client.get(f"/syntheses/{public}").status_code == 200
    assert client.get(f"/syntheses/{team}").status_code == 404
    factories.sign_in(client, stranger)
    assert client.get(f"/syntheses/{team}").status_code == 404
    factories.sign_in(client, member)
    page = client.get(f"/syntheses/{team}")
    assert page.status_code == 200
    assert "Quatre choses attendent une décision" in page.text
    assert f"/syntheses/{team}" in client.get("/equipe/syntheses").text


def test_an_erased_quote_vanishes_from_pages_contents_and_waiting_mails(
    app: Flask, client: FlaskClient, week: int
) -> None:
    with writing(app):
        db.session.get_one(Service, week).quotes_in_mails = True
    compose(app)
    with app.app_context():
        quoted = db.session.scalars(select(Feedback).where(Feedback.state == State.PUBLISHED)).one()
        quoted_id, public_id = quoted.id, edition("public").id
        (mail,) = [each for each in db.session.scalars(select(OutboxRow)) if WORDS in each.html]
        assert WORDS in re.sub(r"\n> ", " ", mail.text)
        assert WORDS not in str(edition("public").content)
    assert WORDS in client.get(f"/syntheses/{public_id}").text
    with writing(app):
        privacy.erase(db.session.get_one(Feedback, quoted_id), factories.TODAY)
    assert WORDS not in client.get(f"/syntheses/{public_id}").text
    with app.app_context():
        stored = [str(each.content) for each in db.session.scalars(select(Edition))]
        assert not any(quoted_id in content for content in stored)
        mails = [
            re.sub(r"\n> ", " ", m.text) + m.html for m in db.session.scalars(select(OutboxRow))
        ]
        assert len(mails) == 2
        assert not any(WORDS in each for each in mails)


def _waiting_quote(app: Flask, week: int) -> str:
    """Compose a week whose team's mail quotes a retour; return the retour's id."""
    with writing(app):
        db.session.get_one(Service, week).quotes_in_mails = True
    compose(app)
    with app.app_context():
        assert _mails_with_words() == 1
        query = select(Feedback.id).where(Feedback.state == State.PUBLISHED)
        return str(db.session.scalars(query).one())


def _mails_with_words() -> int:
    mails = db.session.scalars(select(OutboxRow))
    return sum(WORDS in re.sub(r"\n> ", " ", m.text) + m.html for m in mails)


def test_guaranteed_anonymity_takes_quotes_out_of_waiting_mails(app: Flask, week: int) -> None:
    _waiting_quote(app, week)
    with writing(app):
        make_anonymous(db.session.get_one(Service, week))
    with app.app_context():
        assert _mails_with_words() == 0
        assert "Des mots publiés se lisent sur le site" in " ".join(
            db.session.scalars(select(OutboxRow)).one().text.split()
        )


def test_a_team_that_wants_no_more_quotes_has_none_in_what_waits(
    app: Flask, client: FlaskClient, week: int
) -> None:
    _waiting_quote(app, week)
    with writing(app):
        service = db.session.get_one(Service, week)
        sign_in(client, factories.account(Role.PROMOTER, services=(service,)))
        slug = service.slug
    form = {"name": "Mon suivi", "purpose": "Noter ses mesures.", "phone": "04 00 00 00 00"}
    form |= {"place": "Maison", "hours": "9 h", "territory_code": "", "allowed_words": ""}
    assert factories.post(client, f"/equipe/reglages/{slug}", form).status_code == 303
    with app.app_context():
        assert _mails_with_words() == 0


@pytest.mark.parametrize("change", ["unpublished", "held", "corrected", "anonymous", "refused"])
def test_a_mail_that_leaves_quotes_only_what_is_published_then(
    app: Flask, week: int, change: str
) -> None:
    quoted = _waiting_quote(app, week)
    with writing(app):
        row = db.session.get_one(Feedback, quoted)
        if change == "unpublished":
            row.state, row.wants_publication = State.OPEN.value, False
        elif change == "corrected":
            row.text = "Tout remarche enfin."
        elif change == "anonymous":
            row.service.anonymous_by_law, row.service.quotes_in_mails = True, False
        else:
            row.state = change
    sent: list[str] = []
    app.extensions["boucle.send"] = lambda m: sent.append(m.get_body(("plain",)).get_content())
    with app.app_context():
        while work_once(NOON + timedelta(days=1)):
            pass
    told = [re.sub(r"\n> ", " ", text) for text in sent]
    assert len(told) >= 1
    assert not any(WORDS in text for text in told)
    assert any("Tout remarche enfin." in text for text in told) == (change == "corrected")


def test_a_mail_given_up_is_not_written_anew_by_an_erasure(app: Flask, week: int) -> None:
    compose(app)
    with writing(app):
        for mail in db.session.scalars(select(OutboxRow)):
            mail.dead, mail.to, mail.text, mail.html = True, "", "", ""
        quoted = db.session.scalars(select(Feedback).where(Feedback.state == State.PUBLISHED)).one()
        privacy.erase(quoted, factories.TODAY)
    with app.app_context():
        assert {mail.text + mail.html for mail in db.session.scalars(select(OutboxRow))} == {""}


def test_a_quote_taken_back_is_no_longer_read(app: Flask, client: FlaskClient, week: int) -> None:
    compose(app)
    with writing(app):
        quoted = db.session.scalars(select(Feedback).where(Feedback.state == State.PUBLISHED)).one()
        publication.wish(quoted, False, factories.TODAY)
        address = f"/syntheses/{edition('public').id}"
    page = client.get(address)
    assert WORDS not in page.text
    assert "En vos mots" not in page.text


def test_who_comes_later_starts_with_the_next_edition(app: Flask, week: int) -> None:
    compose(app)
    with writing(app):
        service = db.session.get_one(Service, week)
        rows.follower(service, "nouvelle@example.org", created=date(2026, 11, 24))
        rows.follower(service, "absente@example.org", confirmed=False)
        rows.follower(service, "en-pause@example.org", frequency="never")
    assert compose(app, NOON + timedelta(days=1)) == "0 mails put in the outbox"


def test_where_the_law_guarantees_anonymity_no_follower_is_written_to(
    app: Flask, week: int
) -> None:
    with writing(app):
        db.session.get_one(Service, week).anonymous_by_law = True
    assert compose(app) == "1 mails put in the outbox"


def test_former_members_get_nothing(app: Flask, week: int) -> None:
    compose(app)
    with writing(app):
        db.session.execute(delete(Membership))
        rows.fill(db.session.get_one(Service, week), None, rows.MONDAY, 12)
    assert compose(app, NOON + timedelta(days=7)) == "1 mails put in the outbox"


def test_the_feed_is_well_formed_and_its_ids_are_the_pages(
    app: Flask, client: FlaskClient, week: int
) -> None:
    compose(app)
    with app.app_context():
        slug, public = db.session.get_one(Service, week).slug, edition("public").id
    answer = client.get(f"/s/{slug}/flux.atom")
    assert answer.mimetype == "application/atom+xml"
    atom = "{http://www.w3.org/2005/Atom}"
    entries = ElementTree.fromstring(answer.text).findall(f"{atom}entry")
    found = [entry.findtext(f"{atom}id") for entry in entries]
    told = f"http://localhost/s/{slug}/signaux#signal-"
    assert found[0] == f"http://localhost/syntheses/{public}"
    assert [each for each in found[1:] if not (each or "").startswith(told)] == []


def test_an_edition_cannot_be_composed_twice(app: Flask, week: int) -> None:
    with app.app_context():
        service = db.session.get_one(Service, week)
        subject = digests.of_service(service, Audience.PUBLIC)
        wanted = Wanted(subject, Frequency.WEEKLY, rows.WEEK)
        digests.compose(wanted, rows.MONDAY)
        with pytest.raises(IntegrityError, match="edition.audience"):
            digests.compose(wanted, rows.MONDAY)


def test_a_mail_that_a_backup_left_out_is_put_again_under_its_key(app: Flask, week: int) -> None:
    compose(app)
    with writing(app):
        keys = set(db.session.scalars(select(OutboxRow.key)))
        db.session.execute(delete(OutboxRow))
    assert compose(app, NOON + timedelta(days=1)) == "2 mails put in the outbox"
    with app.app_context():
        assert set(db.session.scalars(select(OutboxRow.key))) == keys


def test_a_mail_refused_for_good_is_not_put_again(app: Flask, week: int) -> None:
    compose(app)
    with writing(app):
        db.session.execute(update(OutboxRow).values(dead=True))
    assert compose(app, NOON + timedelta(days=1)) == "0 mails put in the outbox"


RECOUNTS = {
    "before": "SELECT count(*) FROM feedback WHERE service_id = :id AND day >= :older"
    " AND day < :start AND state != 'withdrawn'",
    "answers": "SELECT count(*) FROM message m JOIN feedback f ON f.id = m.feedback_id"
    " WHERE f.service_id = :id AND m.sender = 'team' AND m.day >= :start AND m.day < :end",
    "contested": "SELECT count(*) FROM commitment_link l JOIN commitment c"
    " ON c.id = l.commitment_id WHERE c.service_id = :id AND l.verdict = 'not'"
    " AND l.verdict_day >= :start AND l.verdict_day < :end",
    "waiting": "SELECT count(*) FROM feedback WHERE service_id = :id"
    " AND thread_state IN ('waiting', 'replied') AND state IN ('open', 'published')",
    "late": "SELECT count(*) FROM feedback WHERE service_id = :id"
    " AND thread_state IN ('waiting', 'replied') AND reply_due < :end",
    "n": "SELECT count(face) FROM feedback WHERE service_id = :id AND day >= :year AND day < :end",
    "mean": "SELECT avg(face) FROM feedback WHERE service_id = :id AND day >= :year AND day < :end",
}
THEMES = (
    "SELECT t.name, count(DISTINCT CASE WHEN f.day >= :start THEN f.id END),"
    " count(DISTINCT CASE WHEN f.day >= :older AND f.day < :start THEN f.id END)"
    " FROM theme t JOIN placement p ON p.theme_id = t.id JOIN segment s ON s.id = p.segment_id"
    " JOIN feedback f ON f.id = s.feedback_id"
    " WHERE t.service_id = :id AND NOT p.contested AND f.day < :end GROUP BY t.id"
)


def test_every_number_of_an_edition_is_found_again_by_hand(app: Flask, week: int) -> None:
    with writing(app):  # noise that no number may hold
        other = rows.busy_week()
        gone = db.session.scalars(select(Feedback).filter_by(service_id=week, day=rows.IN_WEEK))
        privacy.erase(gone.first(), rows.MONDAY)
        assert other.id != week
    compose(app)
    with app.app_context():
        content = edition("team", service_id=week).content
        days = {"older": 14, "start": 7, "end": 0, "year": 365}
        bounds = {key: (rows.MONDAY - timedelta(days=n)).isoformat() for key, n in days.items()}
        bounds["id"] = str(week)
        told = {**content, **content["waits"], **content["score"]}
        for name, query in RECOUNTS.items():
            counted = db.session.scalar(text(query), bounds)
            assert told[name] == pytest.approx(counted, abs=0.05), name
        named = {each["name"]: (each["retours"], each["before"]) for each in content["themes"]}
        recounted = {row[0]: (row[1], row[2]) for row in db.session.execute(text(THEMES), bounds)}
        assert named == recounted


def test_a_year_of_weeks_brings_each_reader_one_mail_a_week(app: Flask) -> None:
    """Each week ends with three runs around its midnight in Paris, as the hourly clock does."""
    mondays = [date(2026, 1, 5) + timedelta(weeks=n) for n in range(1, 53)]
    with writing(app):
        service = factories.service()
        rows.member(service)
        rows.follower(service, "fidele@example.org")
        for monday in mondays:
            rows.publish(service, "Le partage ne marche plus.", monday - timedelta(days=3))
    sent: dict[str, list[date]] = {}
    for monday in mondays:
        midnight = datetime.combine(monday, datetime.min.time(), PARIS)
        for hours in (-1, 1, 8):
            now = midnight.astimezone(UTC) + timedelta(hours=hours)
            compose(app, now)
            for message in send_all(app, now).messages:
                sent.setdefault(message["To"], []).append(paris_day(now))
    assert len(sent) == 2
    assert all(days == mondays for days in sent.values())
    with app.app_context():
        assert count(Edition) == 2 * len(mondays) + 2  # the first run met an older week, empty
