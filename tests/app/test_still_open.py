"""What a public edition says that anybody can still do: on its page, in its mail and on paper."""

import io
import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from pypdf import PdfReader
from sqlalchemy import select

from app import tasks
from app.catalogue import Service
from app.db import db, will_write
from app.digest_items import Item
from app.digest_mails import absolute
from app.edition_words import sections_of
from app.editions import Edition
from app.mail import OutboxRow
from app.still_open import open_items, still_open
from feedback.models import Commitment, LocalQuestion, LocalWording
from tests import factories
from tests.app import digest_rows as rows
from tests.conftest import NOON, writing
from tests.feedback.citizen import soup_of, words_of
from workshops.models import Workshop

TITLE = "Ce que vous pouvez encore faire"
QUESTION = "Le bouton d’appel est-il facile à trouver ?"


def ask(service: Service, ended: date | None = None, **values: object) -> None:
    """Let ``service`` ask a question of its own."""
    row = LocalQuestion(service_id=service.id, kind="one", ended=ended, **values)
    row.wordings = [
        LocalWording(version=1, words=QUESTION, choices=["Oui", "Non"], since=rows.BEFORE)
    ]
    db.session.add(row)
    db.session.flush()


def room(service: Service, day: date, **values: object) -> None:
    """Give ``service`` a session on ``day``."""
    defaults = {"title": "Secret de la salle", "code": "CDFGHJ", "prompts": ["?"], "phase": "lobby"}
    runs = factories.account()
    db.session.add(Workshop(service=service, facilitator=runs, day=day, **defaults | values))
    db.session.flush()


def flat(words: object) -> str:
    return re.sub(r"\s+", " ", str(words)).strip()


def squeezed(words: str) -> str:
    return "".join(words.split())


@pytest.fixture
def told(app: Flask) -> tuple[str, list[Item]]:
    """The id of the public edition of a busy week where everything is open, and its last lines."""
    with writing(app):
        service = rows.busy_week()
        ask(service)
        room(service, rows.MONDAY + timedelta(days=9))
    with app.app_context():
        will_write()
        tasks.digest("k", NOON)
    with app.app_context(), force_locale("fr"):
        edition = db.session.scalars(select(Edition).filter_by(audience="public")).one()
        (last,) = [each for each in sections_of(edition) if each.title == TITLE]
        assert sections_of(edition)[-1].title == TITLE
        return edition.id, last.items


def test_everything_that_is_open_is_told_what_waits_for_an_author_first(
    told: tuple[str, list[Item]],
) -> None:
    assert [(item.endpoint, flat(item.words)) for item in told[1]] == [
        (
            "feedback.code",
            "Un changement annoncé vous touche ? Dites avec votre code s’il vous aide.",
        ),
        ("feedback.service", f"Une question vous est posée : « {QUESTION} »"),
        ("feedback.messages", "Vous vivez la même chose qu’un autre ? Dites « moi aussi »."),
        ("workshops.join", "Un atelier se prépare. Invité ? Entrez avec le code reçu."),
        ("feedback.service", "Autre chose vous est arrivé ? Dites-le ici, sans compte."),
    ]


def test_page_mail_and_paper_say_it_and_lead_there(
    app: Flask, client: FlaskClient, told: tuple[str, list[Item]]
) -> None:
    edition_id, items = told
    page = soup_of(client.get(f"/syntheses/{edition_id}"))
    pdf = client.get(f"/syntheses/{edition_id}/synthese.pdf").data
    paper = squeezed(" ".join(each.extract_text() for each in PdfReader(io.BytesIO(pdf)).pages))
    with app.app_context():
        mail = db.session.scalars(select(OutboxRow).filter_by(to="fidele@example.org")).one()
        doors = [absolute(item.endpoint, **item.values) for item in items]
    leads = {link["href"] for link in page.find_all("a")}
    for item, door in zip(items, doors, strict=True):
        assert flat(item.words) in flat(words_of(page))
        assert squeezed(item.words) in paper
        assert squeezed(item.words) in squeezed(mail.text)
        assert squeezed(item.words) in squeezed(re.sub(r"<[^>]+>", " ", mail.html))
        assert door.removeprefix("http://localhost") in leads
        assert squeezed(door) in paper
        assert door in mail.text
        assert f'href="{door}"' in mail.html
        assert client.get(door).status_code == 200
    said = mail.text + mail.html + page.text + paper
    assert "Secret de la salle" not in said
    assert "CDFGHJ" not in said


def test_what_is_over_or_not_for_all_is_not_told(app: Flask) -> None:
    with writing(app):
        service = rows.busy_week()
        ask(service, ended=rows.IN_WEEK)
        ask(service, from_risk="high")  # of some people alone
        room(service, rows.IN_WEEK)
        room(service, rows.MONDAY, code="CDFGHK", phase="closed", closed=rows.MONDAY)
        room(service, rows.MONDAY, code="CDFGHL", is_dry_run=True)
        room(factories.service(), rows.MONDAY, code="CDFGHM")
        assert still_open(service, rows.MONDAY) == {"asked": [], "session": False}


def test_where_nothing_is_open_one_can_still_say_what_happened(app: Flask) -> None:
    with app.app_context(), force_locale("fr"):
        (only,) = open_items({"announced": [], "quotes": []}, "suivi")
        assert only.endpoint == "feedback.service"


def test_no_announced_change_asks_for_a_code(app: Flask) -> None:
    with writing(app):
        service = rows.busy_week()
        for row in db.session.scalars(select(Commitment).filter_by(service_id=service.id)):
            row.state = "promised"
    with app.app_context():
        will_write()
        tasks.digest("k", NOON)
    with app.app_context(), force_locale("fr"):
        edition = db.session.scalars(select(Edition).filter_by(audience="public")).one()
        named = [item.endpoint for item in sections_of(edition)[-1].items]
        assert named == ["feedback.messages", "feedback.service"]
