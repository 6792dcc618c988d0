"""A preview of any rhythm and any period, on its page and on paper, for its readers alone."""

import io
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from app.accounts import Account, Role
from app.catalogue import Service
from app.db import db
from app.digests import Subject
from app.editions import Edition
from app.previews import Asked, read_asked, wanted
from app.subscriptions import Audience
from tests import factories
from tests.app import digest_rows as rows
from tests.conftest import writing
from tests.feedback.citizen import soup_of, words_of
from tests.tagged import tagged

PAGE, PAPER = "/equipe/syntheses/apercu", "/equipe/syntheses/apercu.pdf"
MONDAY = date(2026, 11, 23)
TEAM, PUBLIC = Subject(Audience.TEAM, "service-1"), Subject(Audience.PUBLIC, "service-1")


@pytest.fixture
def slug(app: Flask, client: FlaskClient) -> str:
    """The slug of a busy service, whose member is signed in."""
    with writing(app):
        rows.busy_week()
    with app.app_context():
        member = db.session.scalars(select(Account).join(Account.memberships)).one()
        found: str = db.session.scalars(select(Service.slug)).one()
        factories.sign_in(client, member)
    return found


def words(client: FlaskClient, slug: str, audience: str = "team", **asked: str) -> str:
    query = urlencode({"pour": f"{audience}:{slug}", **asked})
    return words_of(soup_of(client.get(f"{PAGE}?{query}")))


def period_of(subject: Subject, **asked: str) -> tuple[date, date, bool]:
    """Return first and last day of what is shown, and whether it is what was asked for."""
    found, note = wanted(subject, read_asked(asked, MONDAY), {})
    return found.period.start, found.period.last, not note


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize(
    ("asked", "start", "last", "as_asked"),
    [
        ({}, MONDAY, date(2026, 11, 29), True),
        ({"rythme": "daily", "jour": "2026-11-18"}, date(2026, 11, 18), date(2026, 11, 18), True),
        ({"rythme": "monthly", "jour": "2028-02-05"}, date(2028, 2, 1), date(2028, 2, 29), True),
        ({"du": "2026-09-10", "au": "2026-10-20"}, date(2026, 9, 10), date(2026, 10, 20), True),
        ({"du": "2026-09-10", "au": "2026-09-10"}, date(2026, 9, 10), date(2026, 9, 10), True),
        ({"du": "2026-10-20", "au": "2026-09-10"}, MONDAY, date(2026, 11, 29), False),
        ({"du": "2024-01-01", "au": "2026-09-10"}, MONDAY, date(2026, 11, 29), False),
        ({"du": "2026-09-10"}, MONDAY, date(2026, 11, 29), False),
        ({"jour": "9999-12-31"}, MONDAY, date(2026, 11, 29), True),
        (
            {"rythme": "hourly", "jour": "zzz", "du": "x", "au": "y"},
            MONDAY,
            date(2026, 11, 29),
            True,
        ),
    ],
)
def test_any_rhythm_and_any_period_is_shown(
    asked: dict[str, str], start: date, last: date, as_asked: bool
) -> None:
    assert period_of(TEAM, **asked) == (start, last, as_asked)


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize(
    "asked",
    [
        {"rythme": "daily"},
        {"rythme": "monthly"},
        {"du": "2026-11-17", "au": "2026-11-18"},
        {"au": "2026-11-18"},
    ],
)
@pytest.mark.parametrize("subject", [PUBLIC, Subject(Audience.TERRITORY, "territory-42")])
def test_where_floors_hold_a_week_is_all_that_is_shown(
    subject: Subject, asked: dict[str, str]
) -> None:
    week = (date(2026, 11, 16), date(2026, 11, 22), False)
    assert period_of(subject, jour="2026-11-18", **asked) == week


def test_the_page_shows_the_numbers_of_the_period_that_is_asked_for(
    client: FlaskClient, slug: str
) -> None:
    day = words(client, slug, rythme="daily", jour="2026-11-18")
    assert "41 retours dans la période (0 dans la précédente)." in day
    month = words(client, slug, rythme="monthly", jour="2026-11-18")
    assert "75 retours dans la période" in month
    two = words(client, slug, du="2026-11-10", au="2026-11-12")
    assert "34 retours dans la période" in two
    assert "10 – 12 novembre 2026" in two
    assert "ne font pas une période" in words(client, slug, du="2026-11-12", au="2026-11-10")
    assert "qu’une synthèse par semaine" in words(client, slug, "public", rythme="daily")
    assert "à décider" in words(client, slug, rythme="daily", jour="2026-11-18").lower()


def test_the_form_offers_rhythm_and_period_and_leads_to_page_and_paper(
    client: FlaskClient, slug: str
) -> None:
    page = soup_of(client.get("/equipe/syntheses"))
    form = page.select_one(f'form[action="{PAGE}"]')
    assert form is not None
    names = {each["name"] for each in form.select("select, input")}
    assert names == {"pour", "rythme", "jour", "du", "au"}
    assert [each["value"] for each in form.select("#rythme option")] == [
        "daily",
        "weekly",
        "monthly",
    ]
    assert [each.get("formaction") for each in form.select("button")] == [None, PAPER]
    shown = soup_of(client.get(f"{PAGE}?pour=team:{slug}&rythme=daily&jour=2026-11-18&du=&au="))
    leads = {each["href"] for each in shown.select("#preview a")}
    kept = f"pour=team:{slug}&rythme=daily&jour=2026-11-18"
    assert leads == {
        "/equipe/syntheses",
        f"{PAGE}?forme=texte&{kept}",
        f"{PAPER}?{kept}",
    }
    for each in leads:
        assert client.get(each).status_code == 200


def test_the_paper_says_on_each_page_that_it_is_a_preview(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    answer = client.get(f"{PAPER}?pour=team:{slug}&du=2026-11-16&au=2026-11-22")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "apercu.pdf" in answer.headers["Content-Disposition"]
    paper = tagged(answer.data)
    pages = ["".join(each.extract_text().split()) for each in paper.pages]
    assert all("Aperçu" in each for each in pages)
    assert "Aperçudu23novembre2026" in pages[0]
    assert "41retoursdanslapériode" in "".join(pages)
    assert "/syntheses/" not in "".join(pages)  # nothing lies under an address
    with app.app_context():
        assert db.session.scalars(select(Edition)).all() == []


def test_a_stored_edition_is_no_preview(app: Flask, client: FlaskClient, slug: str) -> None:
    with writing(app):
        service = db.session.scalars(select(Service)).one()
        content = {"retours": None, "answers": None, "themes": [], "quotes": [], "promised": []}
        content |= {"announced": [], "confirmed": [], "unanswered": [], "signals": []}
        kept = Edition(audience="public", service_id=service.id, frequency="weekly", title="t")
        kept.start, kept.end, kept.composed = rows.WEEK.start, rows.MONDAY, rows.MONDAY
        kept.content = content
        db.session.add(kept)
        db.session.flush()
        edition_id = kept.id
    answer = client.get(f"/syntheses/{edition_id}/synthese.pdf")
    said = "".join(PdfReader(io.BytesIO(answer.data)).pages[0].extract_text().split())
    assert "Aperçu" not in said
    assert f"/syntheses/{edition_id}" in said


def test_who_may_not_read_it_gets_no_preview(app: Flask, client: FlaskClient, slug: str) -> None:
    with writing(app):
        elsewhere = factories.account(Role.PROMOTER, services=(factories.service(),))
        other = {"email": elsewhere.email}
    with app.app_context():
        factories.sign_in(client, db.session.scalars(select(Account).filter_by(**other)).one())
    for each in (PAGE, PAPER):
        assert client.get(f"{each}?pour=team:{slug}").status_code == 404
        assert client.get(f"{each}?pour=expert:").status_code == 404
        assert client.get(each).status_code == 404
    assert client.application.test_client().get(f"{PAPER}?pour=team:{slug}").status_code != 200


def test_a_far_day_is_the_day_of_today() -> None:
    assert read_asked({"jour": "1900-01-01"}, MONDAY) == Asked("weekly", MONDAY)
    assert read_asked({"jour": "2099-01-01"}, MONDAY).day - MONDAY > timedelta(days=365)
