"""A week with far too much to say: mails stay short and light, and lead to what they leave out."""

import re
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import tasks
from app.accounts import Account
from app.db import db, will_write
from app.digest_items import MOST_LINES
from app.edition_words import sections_of
from app.editions import Edition
from app.mail import OutboxRow
from app.posting import message
from app.writings import PUBLIC_SIGNALS
from feedback.wording import LONGEST_TEXT
from tests import factories
from tests.app import digest_rows as rows
from tests.conftest import NOON, writing

HEAVIEST = 60 * 1024  # bytes, as it leaves
MANY, THEMES = 30, 8
WORDS = "Été après été, l’écran reste bloqué à l’étape d’après. "
STATES = ("promised", "late", "reopened", "announced", "confirmed")


def full_week() -> None:
    """A busy week, thirty times over, with the longest words that forms let through."""
    service = rows.busy_week()
    service.quotes_in_mails = True
    for n in range(THEMES):
        theme = rows.theme(service, f"Thème {n:02} " + "é" * 60)
        rows.fill(service, theme, rows.IN_WEEK, 11)
        rows.fill(service, rows.theme(service, f"Attente {n:02}"), rows.BEFORE, 11, **WAITING)
        rows.signal(service, theme)
    for n in range(MANY):
        rows.signal(service)
        rows.signal(service, state="confirmed", sentence=f"{n} : " + WORDS * 4)
        for state in STATES:
            made = rows.promise(service, f"{state} {n} : " + WORDS * 4, rows.MONDAY, state=state)
            made.announced = rows.IN_WEEK
    for _ in range(3):
        rows.publish(service, (WORDS * 100)[:LONGEST_TEXT])


WAITING = {"thread_state": "waiting", "waiting_since": rows.BEFORE, "reply_due": rows.IN_WEEK}


@pytest.fixture
def full(app: Flask) -> None:
    with writing(app):
        full_week()
    with app.app_context():
        will_write()
        tasks.digest("k", NOON)


def flat(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip()


def test_the_fullest_week_makes_light_mails_whose_links_show_the_rest(
    app: Flask, client: FlaskClient, full: None
) -> None:
    with app.app_context():
        member = db.session.scalars(select(Account)).one()
        mails = {each.to == member.email: each for each in db.session.scalars(select(OutboxRow))}
        for row in mails.values():
            assert len(message(row, "Boucle <b@example.fr>", NOON).as_bytes()) <= HEAVIEST
        lists = BeautifulSoup(mails[False].html, "html.parser").find_all(["ol", "ul"])
        assert max(len(each.find_all("li")) for each in lists) <= 2 * (MOST_LINES + 1) + 1
        assert len(re.findall(r"et \d+ autres", flat(mails[True].text))) >= 3
        quotes = BeautifulSoup(mails[True].html, "html.parser").find_all("blockquote")
        cut = [each.get_text().removesuffix(" […]") for each in quotes]
        assert [len(each) < LONGEST_TEXT for each in cut] == [True] * 3
        assert all(each in WORDS * 100 or "[PERSONNE]" in each for each in cut)
    factories.sign_in(client, member)
    for row in mails.values():
        rest = [
            item.a["href"]
            for item in BeautifulSoup(row.html, "html.parser").find_all("li")
            if item.get_text(" ", strip=True).startswith("et ") and item.a
        ]
        assert len(rest) >= 4
        for address in rest:
            assert client.get(urlsplit(str(address)).path).status_code == 200, address
    with app.app_context():
        public = db.session.scalars(select(Edition).filter_by(audience="public")).one().id
    page = client.get(f"/syntheses/{public}").text
    assert all(f"Thème {n:02}" in page and f"Attente {n:02}" in page for n in range(THEMES))


def test_both_editions_carry_the_same_themes_and_signals(app: Flask, full: None) -> None:
    with app.app_context():
        found = {each.audience: each for each in db.session.scalars(select(Edition))}
        team, public = found["team"].content, found["public"].content
        themes = {each["id"]: each for each in team["themes"]}
        assert len(public["themes"]) >= THEMES
        for line in public["themes"]:
            own = themes[line["id"]]
            assert line["name"] == own["name"]
            assert line["retours"] in (None, own["retours"])
        told = {each["id"]: each["sentence"] for each in public["signals"]}
        own_signals = {
            each["id"]: each["sentence"]
            for each in team["signals"]
            if each["state"] in PUBLIC_SIGNALS and each["sentence"]
        }
        assert told == own_signals
        assert len(told) == MANY + 1
        promises = {each["id"]: each for each in team["commitments"]}
        for name in ("promised", "announced", "confirmed"):
            assert len(public[name]) >= MANY
            assert all(line == promises[line["id"]] for line in public[name])
        titles = {each["name"] for each in public["themes"]}
        said = " ".join(item.lead for each in sections_of(found["public"]) for item in each.items)
        assert all(title in said for title in titles)
