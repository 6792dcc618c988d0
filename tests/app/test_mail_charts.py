"""Charts of mails: the edition's numbers as bars that need no picture, and all of them in words."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import tasks
from app.accounts import Account
from app.catalogue import Service
from app.db import db, will_write
from app.digest_mails import Letter, letter_of
from app.edition_figures import figures_of
from app.editions import Edition
from app.floors import FLOOR
from app.mail_charts import FULL, LONGEST, change, mail_charts_of
from tests import factories
from tests.app.test_role_editions import fill_territory
from tests.conftest import NOON, writing
from tests.feedback.citizen import words_of


@pytest.fixture
def composed(app: Flask) -> None:
    """Two weeks of a busy service and what roles read of it, composed one after the other."""
    with writing(app):
        fill_territory()
    with app.app_context():
        will_write()
        for weeks in (1, 0):
            tasks.digest("k", NOON - timedelta(weeks=weeks))


def newest(audience: str) -> Edition:
    """Return the last edition of ``audience`` about the busy service, or of a role."""
    query = select(Edition).outerjoin(Service).where(Edition.audience == audience)
    busy = query.where(Service.name.is_(None) | (Service.name == "Mon suivi tension"))
    return next(iter(db.session.scalars(busy.order_by(Edition.start.desc()))))


def plain(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip()


def rows_of(letter: Letter) -> list[list[str]]:
    """Return the lines of the bar chart of a mail, as its HTML part shows them."""
    table = BeautifulSoup(letter.html, "html.parser").select_one("table.chart")
    assert table is not None
    return [
        [plain(cell.get_text(" ")) for cell in row.find_all(["th", "td"], recursive=False)]
        for row in table.find_all("tr", recursive=False)
    ]


def percents(letter: Letter, kind: str) -> list[int]:
    """Return how long the bars of ``kind`` are, from the first to the last."""
    found = BeautifulSoup(letter.html, "html.parser").select(f"table.chart td{kind}")
    tables = [each.find_parent("table") for each in found]
    return [int(str(each["width"]).rstrip("%")) for each in tables if each is not None]


def test_bars_are_as_long_as_the_numbers_beside_them(app: Flask, composed: None) -> None:
    with app.app_context():
        edition = newest("team")
        letter = letter_of(edition)
        themes = {each["name"]: each for each in edition.content["themes"] if each["retours"]}
        head, *rows = rows_of(letter)
        assert head == ["Thème", "Retours", "Avant"]
        assert {row[0] for row in rows} == themes.keys()
        for name, count, before in rows:
            assert int(count) == themes[name]["retours"]
            assert int(before) == themes[name]["before"]
        # Both kinds on one scale: 24 retours are the longest, 12 and 22 stood there before.
        assert percents(letter, ".bar:not(.before)") == [100, 54, 12]
        assert percents(letter, ".before") == [50, 92]


def test_plain_text_draws_the_same_bars_beside_the_same_numbers(app: Flask, composed: None) -> None:
    with app.app_context():
        text = letter_of(newest("team")).text
    drawn = re.findall(rf"(?m)^(.+)\n({FULL}+) (\d+) / (\d+)$", text)
    assert [(name, len(bar), count, before) for name, bar, count, before in drawn] == [
        ("Partage avec le médecin", LONGEST, "24", "12"),
        ("Connexion", 13, "13", "22"),
        ("Export vers le tableur", 3, "3", "0"),
    ]
    assert "n = 41." in text


def test_a_trend_says_its_numbers_and_how_the_last_one_moved(app: Flask, composed: None) -> None:
    with app.app_context():
        edition = newest("team")
        (trend, *_) = mail_charts_of(edition)
        letter = letter_of(edition)
        # 12 and 22 retours the week before; 24, 13, 3 and one that was published in this one
        said = "De la plus ancienne à la plus récente : 34, 41. 7 de plus que la période d’avant."
        assert plain(" ".join(trend.notes)) == said
        assert said in plain(letter.text)
        page = BeautifulSoup(letter.html, "html.parser")
        assert said in plain(page.get_text(" "))
        heights = [int(str(cell["height"])) for cell in page.select("td.bar:not(.chart td)")]
        assert heights == [each.pixels for each in trend.columns]
        assert heights[0] / heights[1] == pytest.approx(34 / 41, abs=0.03)
        assert trend.blocks == "▇█"


def test_nothing_of_a_chart_needs_a_picture_a_script_or_its_colour(
    app: Flask, composed: None
) -> None:
    with app.app_context():
        for audience in ("team", "public", "expert", "facilitator", "territory"):
            letter = letter_of(newest(audience))
            page = BeautifulSoup(letter.html, "html.parser")
            assert not page.find_all(["svg", "img", "script", "canvas"])
            for cell in page.select("td.bar"):
                assert cell["bgcolor"], "where styles are dropped, the bar stays"
                assert cell.find_parent(attrs={"aria-hidden": "true"})
            for hidden in page.select("[aria-hidden=true]"):
                assert not isinstance(hidden, Tag) or not hidden.get_text(strip=True).isdigit()
            said = plain(letter.text)
            for chart in mail_charts_of(newest(audience)):
                assert plain(" ".join(chart.notes)) in said
                for bar in chart.bars:
                    assert f"{bar.name} {bar.blocks}".strip() in said
                    assert " / ".join(bar.numbers) in said


def test_a_public_chart_holds_no_small_number(app: Flask, composed: None) -> None:
    with app.app_context():
        edition = newest("public")
        letter = letter_of(edition)
        _head, *rows = rows_of(letter)
        numbers = dict(rows)
        assert numbers == {"Partage avec le médecin": "24", "Connexion": "–"}
        assert "Un tiret : trop peu pour un nombre." in plain(letter.text)
        assert all(int(each) >= FLOOR for each in numbers.values() if each.isdigit())


def test_each_role_reads_its_states_once(app: Flask, composed: None) -> None:
    with app.app_context():
        for audience, title in (("expert", "Par état"), ("facilitator", "Toutes vos propositions")):
            edition = newest(audience)
            letter = letter_of(edition)
            titles = [each.get_text() for each in BeautifulSoup(letter.html, "html.parser")("h2")]
            assert titles.count(title) == 1
            _head, *rows = rows_of(letter)
            assert sorted(int(row[1]) for row in rows) == sorted(edition.content["states"].values())
            assert f"n = {sum(edition.content['states'].values())}." in letter.text


def test_a_preview_draws_its_own_period_last(
    app: Flask, client: FlaskClient, composed: None
) -> None:
    with app.app_context():
        slug = newest("team").service.slug
        account = db.session.scalars(select(Account).where(Account.memberships.any())).one()
    factories.sign_in(client, account)
    asked = f"/equipe/syntheses/apercu?pour=team:{slug}&jour=2026-11-25&forme=texte"
    said = plain(words_of(client.get(asked)))
    assert "De la plus ancienne à la plus récente : 34, 41, 0." in said


def test_one_bar_or_one_period_alone_is_not_drawn(app: Flask) -> None:
    with writing(app):
        service = factories.service()
        for _ in range(12):
            factories.retour(service, day=NOON.date() - timedelta(days=3))
        factories.account(factories.Role.PROMOTER, services=(service,))
    with app.app_context():
        will_write()
        tasks.digest("k", NOON)
        edition = db.session.scalars(select(Edition).filter_by(audience="team")).one()
        assert mail_charts_of(edition) == figures_of(edition) == []


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (3, 10, "7 de plus que la période d’avant."),
        (10, 3, "7 de moins que la période d’avant."),
        (4, 4, "Autant que la période d’avant."),
        (None, 12, ""),
        (12, None, ""),
    ],
)
def test_a_change_is_told_where_both_numbers_are(
    app: Flask, before: int | None, now: int | None, words: str
) -> None:
    with app.app_context():
        assert plain(change(before, now)) == words
