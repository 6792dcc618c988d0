"""An edition on paper: tagged, open to whom its page is, saying the same; charts and tables."""

from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from app import tasks
from app.accounts import Account, Role
from app.catalogue import Service
from app.db import db, will_write
from app.edition_charts import SVG, charts_of
from app.edition_words import sections_of, title_of
from app.editions import Edition
from app.floors import FLOOR
from app.subscriptions import Audience
from feedback.models import Commitment
from tests import factories
from tests.app.test_role_editions import fill_territory
from tests.conftest import NOON, writing
from tests.tagged import structure, tagged

MEMBER = select(Account).join(Account.memberships)  # the one of a team
INJECTED = "#strong[volé] <script>{{ 7 * 7 }}</script>"


@pytest.fixture
def composed(app: Flask) -> None:
    """Two weeks of a busy service and what roles read of it, composed one after the other."""
    with writing(app):
        fill_territory()
        for promised in db.session.scalars(select(Commitment)):
            promised.text = INJECTED
    with app.app_context():
        will_write()
        for weeks in (1, 0):
            tasks.digest("k", NOON - timedelta(weeks=weeks))


def newest(audience: str) -> Edition:
    """Return the last edition of ``audience`` about the busy service, or of a role."""
    query = select(Edition).outerjoin(Service).where(Edition.audience == audience)
    busy = query.where(Service.name.is_(None) | (Service.name == "Mon suivi tension"))
    return next(iter(db.session.scalars(busy.order_by(Edition.start.desc()))))


def squeezed(words: str) -> str:
    """Return ``words`` without spaces: a reader of PDF guesses them."""
    return "".join(str(words).split())


def bookmarks(paper: PdfReader) -> Iterator[str]:
    """Yield the names that a reader's side panel lists, however deep they stand."""
    waiting = list(paper.outline)
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting += each
        else:
            yield str(each.title)


def read(client: FlaskClient, edition_id: str) -> PdfReader:
    answer = client.get(f"/syntheses/{edition_id}/synthese.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return tagged(answer.data)


def test_a_pdf_is_tagged_and_says_what_the_page_says(
    app: Flask, client: FlaskClient, composed: None
) -> None:
    with app.app_context():
        factories.sign_in(client, db.session.scalars(MEMBER).one())
        editions = [newest("team"), newest("public")]
        for edition in editions:
            paper = read(client, edition.id)
            assert paper.metadata is not None
            assert paper.metadata.title == title_of(edition)
            words = squeezed(" ".join(page.extract_text() for page in paper.pages))
            for section in sections_of(edition):
                assert squeezed(section.title) in words
                for item in section.items:
                    assert squeezed(item.lead) in words
                    assert squeezed(item.words) in words
            marks = {squeezed(name) for name in bookmarks(paper)}
            assert marks >= {squeezed(section.title) for section in sections_of(edition)}
            assert squeezed(INJECTED) in words  # printed, never run
            assert "[PERSONNE]nereçoitplusmesmesuresdepuisl’été" in words
            found = list(structure(paper))
            drawn = [each for each in found if each["/S"] == "/Figure"]
            charts = charts_of(edition)
            assert [str(each["/Alt"]) for each in drawn] == [chart.alt for chart in charts]
            assert sum(each["/S"] == "/Table" for each in found) >= len(charts) == 2
            for chart in charts:
                assert all(squeezed(cell) in words for row in chart.rows for cell in row)


READERS = {
    Audience.TEAM: MEMBER,
    Audience.PUBLIC: None,
    Audience.EXPERT: select(Account).filter_by(email="expert@example.fr"),
    Audience.FACILITATOR: select(Account).filter_by(email="facilitator@example.fr"),
    Audience.TERRITORY: select(Account).filter_by(email="relay@example.fr"),
}


@pytest.mark.parametrize("audience", Audience)
def test_the_pdf_of_each_edition_is_tagged_for_a_screen_reader(
    app: Flask, client: FlaskClient, composed: None, audience: Audience
) -> None:
    with app.app_context():
        edition, reader = newest(audience), READERS[audience]
        if reader is not None:
            factories.sign_in(client, db.session.scalars(reader).one())
        found = [str(each["/S"]) for each in structure(read(client, edition.id))]
        assert found.count("/Title") == 1
        assert found.count("/H1") >= len(sections_of(edition)) >= 1
        assert found.count("/Figure") == len(charts_of(edition)) >= 1


def test_a_chart_draws_the_numbers_of_its_table(app: Flask, composed: None) -> None:
    with app.app_context():
        over_time, themes = charts_of(newest("team"))
        # 12 and 22 retours the week before; 24, 13, 3 and one that was published in this one
        assert over_time.rows == (
            ("9 – 15 novembre 2026", "34"),
            ("16 – 22 novembre 2026", "41"),
        )
        svg = ElementTree.fromstring(themes.svg)
        texts = [each.text for each in svg.iter(f"{{{SVG}}}text")]
        widths = [float(each.get("width", 0)) for each in svg.iter(f"{{{SVG}}}rect")]
        counts = [int(row[1]) for row in themes.rows]
        assert texts[::2] == [row[0] for row in themes.rows]
        assert texts[1::2] == [row[1] for row in themes.rows]
        assert counts == [24, 13, 3]
        assert widths == [pytest.approx(240 * each / 24, abs=0.1) for each in counts]


def test_a_public_chart_holds_no_small_number(app: Flask, composed: None) -> None:
    with app.app_context():
        for chart in charts_of(newest("public")):
            numbers = [row[1] for row in chart.rows if row[1].isdigit()]
            assert all(int(number) >= FLOOR for number in numbers)
            assert len(numbers) >= 1
        themes = dict(row[:2] for row in charts_of(newest("public"))[-1].rows)
        assert themes["Connexion"] == "trop peu pour un nombre"


def test_each_role_gets_its_own_charts(app: Flask, composed: None) -> None:
    with app.app_context():
        expert, territory = charts_of(newest("expert")), charts_of(newest("territory"))
        assert dict(expert[0].rows)["Confirmé"] == "1"
        assert dict(territory[0].rows) == {
            "Mon suivi tension": "41",
            "Service calme": "trop peu pour un nombre",
        }
        assert newest("facilitator").content["states"]
        assert sum(int(row[1]) for row in charts_of(newest("facilitator"))[0].rows) == 3


def test_a_pdf_opens_to_whom_its_page_opens(
    app: Flask, client: FlaskClient, composed: None
) -> None:
    with writing(app):
        factories.account(Role.PROMOTER, email="ailleurs@example.fr")
    with app.app_context():
        ids = {each: newest(each).id for each in ("team", "public", "expert", "territory")}
        accounts = {each.email: each for each in db.session.scalars(select(Account))}
        member = db.session.scalars(select(Account).join(Account.memberships)).one().email

    def opened() -> set[str]:
        paper = {each: client.get(f"/syntheses/{ids[each]}/synthese.pdf") for each in ids}
        page = {each: client.get(f"/syntheses/{ids[each]}") for each in ids}
        assert {k: v.status_code for k, v in paper.items()} == {
            k: v.status_code for k, v in page.items()
        }
        return {name for name, answer in paper.items() if answer.status_code == 200}

    assert opened() == {"public"}
    for email, seen in (
        (member, {"public", "team"}),
        ("ailleurs@example.fr", {"public"}),
        ("expert@example.fr", {"public", "expert"}),
        ("relay@example.fr", {"public", "territory"}),
    ):
        factories.sign_in(client, accounts[email])
        assert opened() == seen, email
    page = client.get(f"/syntheses/{ids['public']}").text
    assert f"/syntheses/{ids['public']}/synthese.pdf" in page
