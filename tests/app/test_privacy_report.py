"""The impact assessment says what the configuration says, on a page and on paper alike."""

import io
from pathlib import Path
from string import Template

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from pypdf import PdfReader

from app.factory import create_app
from app.privacy_report import UNSAID, WORDS, facts
from tests import factories
from tests.conftest import settings, writing
from tests.fakes import FakeRuntime

TOLD = {
    "OPERATOR": "le CHU de Lyon",
    "OPERATOR_ADDRESS": "3 quai des Célestins, Lyon",
    "OPERATOR_CONTACT": "dpo@chu.test",
    "HOSTED_BY": "Hébergeur SAS",
    "HOSTED_IN": "Belgique",
    "LEGAL_BASIS": "consent",
    "FLOOR": 15,
}


@pytest.fixture
def written(app: Flask, tmp_path: Path) -> Path:
    """The folder that the command filled, for an instance with two services."""
    with writing(app):
        factories.retour(factories.service(name="Mon <carnet> #soin"))
        factories.service(name="CeGIDD", anonymous_by_law=True)
    served = create_app(settings(**TOLD), tmp_path, runtime=FakeRuntime())  # type: ignore[arg-type]
    folder = tmp_path / "aipd"
    done = served.test_cli_runner().invoke(args=["privacy-report", str(folder)])
    assert done.exit_code == 0, done.output
    assert "0 lines to complete" in done.output
    return folder


def test_page_and_paper_say_what_the_configuration_says(written: Path) -> None:
    page = BeautifulSoup((written / "aipd.html").read_text("utf-8"), "html.parser")
    paper = PdfReader(io.BytesIO((written / "aipd.pdf").read_bytes()))
    words = page.get_text(" ", strip=True)
    print_words = " ".join(" ".join(sheet.extract_text() for sheet in paper.pages).split())
    for said in (
        *list(TOLD.values())[:5],
        "consentement",
        "15 retours",
        "Mon <carnet> #soin",
        "CeGIDD",
    ):
        assert str(said) in words, said
    for said in ("le CHU de Lyon", "Belgique", "15 retours", "CeGIDD", "#soin"):
        assert said in print_words, said
    assert page.find("carnet") is None
    assert len(page.find_all("h2")) == 9
    assert paper.metadata is not None
    assert paper.metadata.title == "Analyse d’impact relative à la protection des données"


def test_what_nobody_said_is_left_to_complete(app: Flask) -> None:
    with app.app_context():
        found = facts(app.config["SETTINGS"])
    assert found["operator"] == found["host"] == UNSAID
    assert found["chain"] == "entière"


def test_every_name_of_the_words_is_measured_and_none_is_measured_in_vain(app: Flask) -> None:
    named = set(Template(WORDS.read_text("utf-8")).get_identifiers())
    with app.app_context():
        assert named == set(facts(app.config["SETTINGS"]))
