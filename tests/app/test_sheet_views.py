"""The administrator's sheets: printed once, tagged, counted, cancelled; nobody else prints."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import func, select

from app import traces
from app.accounts import Role
from app.db import db
from app.traces import Trace
from feedback import receipts, sheets
from feedback.models import CodeSheet
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post
from tests.feedback import citizen, speaking
from tests.feedback.citizen import soup_of, words_of
from tests.tagged import tagged

CODE = re.compile(r"[0-9A-Z]{4}(?: [0-9A-Z]{4}){3}")
NUMBER = re.compile(r"Feuille (\d{4}) (\d{4})")


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    client = app.test_client()
    with writing(app):
        factories.sign_in(client, factories.account(Role.ADMINISTRATOR))
    return client


def _read(answer: object) -> PdfReader:
    return PdfReader(io.BytesIO(answer.data))  # type: ignore[attr-defined]


def _pairs(reader: PdfReader) -> list[tuple[str, str]]:
    """Return (number, code) of each sheet, as a person reads them off the paper."""
    text = "\n".join(page.extract_text() for page in reader.pages)
    text = re.sub(r"[ \u00a0]+", " ", text)
    numbers = list(dict.fromkeys("".join(m) for m in NUMBER.findall(text)))
    codes = [c.replace(" ", "") for c in CODE.findall(text) if not c.replace(" ", "").isdigit()]
    return list(zip(numbers, codes, strict=True))


@pytest.mark.parametrize("kind", ["fold", "strip"])
def test_a_printed_pile_opens_what_its_numbers_are_bound_to(
    app: Flask, admin: FlaskClient, kind: str
) -> None:
    slug = citizen.open_service(app)
    sent = {"count": "3", "service": slug if kind == "strip" else ""}
    answer = post(admin, "/equipe/feuilles", sent)
    assert answer.mimetype == "application/pdf"
    reader = tagged(answer.data)
    pairs = _pairs(reader)
    assert len(set(pairs)) == 3
    if kind == "fold":
        assert len(reader.pages) == 3
        assert "Pliez ici" in reader.pages[0].extract_text()
    number, code = pairs[1]
    desk = speaking.mediator(app)
    assert speaking.type_sheet(desk, slug, sheet=number).status_code == 303
    assert citizen.come_back(app.test_client(), code).status_code == 303
    cells = [td.get_text(strip=True) for td in soup_of(admin.get("/equipe/feuilles")).select("td")]
    assert cells[2:4] == ["1", "2"]


def test_the_printed_form_holds_the_questions_of_the_page(app: Flask, admin: FlaskClient) -> None:
    slug = citizen.open_service(app)
    reader = _read(post(admin, "/equipe/feuilles", {"count": "1", "service": slug}))
    said = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    page = soup_of(app.test_client().get(f"/s/{slug}/formulaire"))
    for heading in page.select("h1, h2"):
        assert heading.get_text(strip=True) in said
    for box in page.select(".boxes li"):
        words = box.get_text(" ", strip=True).replace("☐", "").strip(" _")
        assert words in said, words


@pytest.mark.parametrize("count", ["", "0", "31", "-1", "²", "1e3", "9" * 400])
def test_a_wrong_count_is_told_at_its_field(app: Flask, admin: FlaskClient, count: str) -> None:
    answer = post(admin, "/equipe/feuilles", {"count": count})
    assert answer.status_code == 422
    assert soup_of(answer).select_one("#count[aria-describedby=count-error]")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CodeSheet)) == 0


def test_a_cancelled_pile_binds_nothing_and_leaves_used_sheets_alone(
    app: Flask, admin: FlaskClient
) -> None:
    slug = citizen.open_service(app)
    used, left = speaking.print_sheets(app, 2)
    desk = speaking.mediator(app)
    speaking.type_sheet(desk, slug, sheet=used.number)
    answer = post(admin, "/equipe/feuilles/annuler", {"printed": TODAY.isoformat(), "service": ""})
    assert answer.status_code == 303
    assert "1 feuille annulée" in words_of(admin.get("/equipe/feuilles"))
    refused = speaking.type_sheet(desk, slug, text="Autre", sheet=left.number)
    assert "Aucune feuille n’a ce numéro" in words_of(refused)
    assert citizen.come_back(app.test_client(), used.code).status_code == 303


def test_the_journal_says_who_printed_how_many(app: Flask, admin: FlaskClient) -> None:
    post(admin, "/equipe/feuilles", {"count": "2"})
    with app.app_context():
        line = db.session.scalars(select(Trace.payload).order_by(Trace.id.desc())).first()
        assert line is not None
        assert (line["verb"], line["role"], line["detail"]) == (
            "printed sheets",
            "administrator",
            "2",
        )
        assert traces.verify()


def test_who_writes_for_people_does_not_print(app: Flask) -> None:
    desk = speaking.mediator(app)
    assert desk.get("/equipe/feuilles").status_code == 403
    assert post(desk, "/equipe/feuilles", {"count": "1"}).status_code == 403


def test_drawing_stores_nothing(app: Flask) -> None:
    with writing(app):
        drawn = sheets.draw(2, receipts.system_salt(), "a secret")
        assert len({sheet.number for sheet in drawn}) == 2
        assert db.session.scalar(select(func.count()).select_from(CodeSheet)) == 0
