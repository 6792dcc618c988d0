"""An edition as a mail: what a real server takes, what its two parts say, where its links lead."""

import re
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import tasks, worker
from app.accounts import Account, Membership
from app.catalogue import Service
from app.config import ROOT
from app.db import db, will_write
from app.desk_filters import View
from app.digest_mails import digest_mail
from app.edition_words import sections_of
from app.editions import Delivery, Edition
from app.smtp import smtp_sender
from app.subscriptions import Subscription
from feedback.models import Commitment
from tests import factories
from tests.app import digest_rows as rows
from tests.app.mail_server import MailServer, mail_server
from tests.conftest import NOON, settings, writing

ADDRESS = re.compile(r"http://localhost[^\s<>\"]*")
WAITING = {
    "thread_state": "waiting",
    "waiting_since": rows.BEFORE,
    "reply_due": rows.IN_WEEK,
}
HEALTH = re.compile(r"tension|santé|soin|médecin|malad|traitement|hôpital|cardio", re.I)


@pytest.fixture
def taken(app: Flask) -> list[bytes]:
    """The two mails of a busy week as a real server took them from the worker."""
    with writing(app):
        rows.busy_week()
    with app.app_context():
        will_write()
        tasks.digest("2026-11-23 11:05", NOON)
    with mail_server() as server:
        app.extensions["boucle.send"] = smtp_sender(settings(SMTP_PORT=server.port))
        while worker.turn(app):
            pass
    return server.taken


@pytest.fixture
def mails(taken: list[bytes]) -> dict[str, EmailMessage]:
    """Those mails as a mail program reads them, by audience."""
    read = MailServer(taken=taken).messages
    team, public = sorted(read, key=lambda each: each["To"] == "fidele@example.org")
    return {"team": team, "public": public}


def part(message: EmailMessage, kind: str) -> str:
    """Return the text or HTML part of ``message``."""
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def flat(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip()


def test_every_recurring_mail_carries_the_headers_of_a_list(
    mails: dict[str, EmailMessage], taken: list[bytes]
) -> None:
    for audience, message in mails.items():
        leave = message["List-Unsubscribe"]
        assert re.fullmatch(r"<http://localhost/d/u/[\w.-]+>", leave)
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert re.fullmatch(rf"<{audience}-\d+\.localhost>", message["List-Id"])
        assert message["List-Help"] == "<http://localhost/a-propos>"
        assert message["Auto-Submitted"] == "auto-generated"
    for raw in taken:  # signers break on folded headers
        assert re.search(rb"^List-Unsubscribe: <[^\r\n]+>\r\n\S", raw, re.M)


def test_the_message_id_is_the_key_of_the_delivery(
    app: Flask, mails: dict[str, EmailMessage]
) -> None:
    with app.app_context():
        keys = {f"<{each}@localhost>" for each in db.session.scalars(select(Delivery.id))}
    assert {message["Message-ID"] for message in mails.values()} == keys


def test_text_comes_first_and_says_all_that_the_html_says(
    app: Flask, mails: dict[str, EmailMessage]
) -> None:
    for audience, message in mails.items():
        kinds = [each.get_content_type() for each in message.iter_parts()]
        assert kinds == ["text/plain", "text/html"]
        text, html = part(message, "plain"), part(message, "html")
        assert all(len(line) <= 72 for line in text.splitlines() if "http" not in line)
        written = flat(BeautifulSoup(html, "html.parser").get_text(" "))
        with app.app_context():
            edition = db.session.scalars(select(Edition).filter_by(audience=audience)).one()
            for item in (item for each in sections_of(edition) for item in each.items):
                said = flat(f"{item.lead} {item.words}")
                assert said in flat(text)
                assert said in written
        links = BeautifulSoup(html, "html.parser").find_all("a", href=True)
        assert set(ADDRESS.findall(text)) == {str(link["href"]) for link in links}


def test_a_mail_watches_nobody_and_loads_nothing(mails: dict[str, EmailMessage]) -> None:
    for message in mails.values():
        page = BeautifulSoup(part(message, "html"), "html.parser")
        assert not page.find_all(["img", "script", "link", "iframe", "object", "form", "input"])
        assert not re.search(r"url\(|@import|src=", part(message, "html"))
        addresses = ADDRESS.findall(part(message, "html"))
        assert len(addresses) == len(re.findall(r"https?://", part(message, "html")))
        own = [each for each in addresses if "/d/u/" in each]
        assert len(own) == 1  # the one address that is this reader's
        assert not [each for each in addresses if "utm_" in each]


def test_a_citizens_mail_names_neither_care_nor_service_before_it_is_opened(
    mails: dict[str, EmailMessage],
) -> None:
    public = mails["public"]
    first_words = part(public, "plain").partition("Mon suivi tension")[0]
    page = BeautifulSoup(part(public, "html"), "html.parser")
    assert page.title
    shown = [public["Subject"], first_words, page.title.get_text(), public["List-Id"]]
    for words in shown:
        assert not HEALTH.search(words), words
    assert len(first_words) > 100  # what a locked screen shows of a mail
    for message in mails.values():
        assert len(message["Subject"]) <= 60


def test_every_link_of_a_team_mail_opens_for_its_reader(
    app: Flask, client: FlaskClient, mails: dict[str, EmailMessage]
) -> None:
    with app.app_context():
        member = db.session.scalars(select(Account)).one()
    factories.sign_in(client, member)
    addresses = set(ADDRESS.findall(part(mails["team"], "plain")))
    assert len(addresses) >= 7
    for address in addresses:
        link = urlsplit(address)
        assert client.get(f"{link.path}?{link.query}").status_code == 200, address
        for view in parse_qs(link.query).get("vue", []):
            assert view in set(View)


def test_the_link_to_those_who_wait_too_long_shows_as_many_as_the_mail_says(
    app: Flask, client: FlaskClient, mails: dict[str, EmailMessage]
) -> None:
    with writing(app):  # the reader has a second service, where others wait too
        member = db.session.scalars(select(Account)).one()
        other = factories.service(organisation=member.organisation)
        db.session.add(Membership(account_id=member.id, service_id=other.id))
        rows.fill(other, None, rows.BEFORE, 3, **WAITING)
    with app.app_context():
        member = db.session.scalars(select(Account)).one()
    factories.sign_in(client, member)
    text = part(mails["team"], "plain")
    late = re.search(r"(\d+) retours attendent une réponse au-delà du délai", flat(text))
    address = next(each for each in ADDRESS.findall(text) if "vue=en-retard" in each)
    page = BeautifulSoup(client.get(address).text, "html.parser")
    assert late is not None
    assert len(page.select("li.row--late")) == len(page.select("li.row")) == int(late[1]) == 4


def test_every_link_of_a_public_mail_opens_for_anybody(
    client: FlaskClient, mails: dict[str, EmailMessage]
) -> None:
    addresses = set(ADDRESS.findall(part(mails["public"], "plain")))
    assert len(addresses) == 6  # the edition, why it came, the way out, and three things to do
    for address in addresses:
        assert client.get(urlsplit(address).path).status_code == 200, address


def test_every_page_named_by_editions_and_mails_exists(app: Flask) -> None:
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    call = re.compile(r"(?:url_for|link|absolute)\(\s*[\"']([\w.]+)[\"']")
    item = re.compile(
        r"\"((?:desk|themes|vigilance|feedback_desk|record|digests|scores|workshops_desk)\.\w+)\""
    )
    templates = [
        *Path(ROOT, "templates/digests").iterdir(),
        *Path(ROOT, "templates/mail").iterdir(),
    ]
    files = ("team_words", "theme_words", "promise_words", "proposal_lines", "comparison_words")
    code = [Path(ROOT, "app", f"{name}.py") for name in (*files, "following")]
    named = {name for path in templates for name in call.findall(path.read_text("utf-8"))}
    named |= {
        name for path in code for form in (call, item) for name in form.findall(path.read_text())
    }
    assert {"digests.editions", "desk.inbox", "vigilance.signal", "themes.theme"} <= named
    assert named <= known


def test_quotes_stay_on_the_site_unless_the_service_wants_them_in_mails(
    app: Flask, mails: dict[str, EmailMessage]
) -> None:
    words, note = "ne reçoit plus mes mesures", "Des mots publiés se lisent sur le site"
    assert words not in flat(part(mails["team"], "plain"))
    assert note in flat(part(mails["team"], "plain"))
    with app.app_context():
        edition = db.session.scalars(select(Edition).filter_by(audience="team")).one()
        edition.service.quotes_in_mails = True
        reader = db.session.scalars(select(Subscription).filter_by(audience="team")).one()
        opted = digest_mail(edition, reader, "k")
    assert words in flat(opted.text.replace("\n> ", " "))
    assert words in opted.html
    assert note not in flat(opted.text)


def test_what_people_wrote_never_becomes_markup(app: Flask) -> None:
    with writing(app):
        service = rows.busy_week()
        service.name = "<script>alert(1)</script>"
        service.quotes_in_mails = True
        for promised in db.session.scalars(select(Commitment)):
            promised.text = "<img src=x onerror=alert(1)> {{ 7 * 7 }}"
        rows.publish(service, "<b onclick=alert(1)>gras</b> {{ 7 * 7 }}")
        service_id = service.id
    with app.app_context():
        will_write()
        tasks.digest("k", NOON)
        assert db.session.get_one(Service, service_id)
        for delivery in db.session.scalars(select(Delivery)):
            mail = digest_mail(delivery.edition, delivery.subscription, delivery.id)
            page = BeautifulSoup(mail.html, "html.parser")
            assert not page.find_all(["script", "img", "b"])
            assert "{{ 7 * 7 }}" in page.get_text()
            assert "49" not in flat(page.get_text())
