"""What is told where words are collected: who reads, why, how long, where; on screen and paper."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from app.catalogue import Service, service_by_slug
from app.retention import end_terms, months_before
from feedback.sheet_pdf import forms_with_strip
from feedback.sheets import Printed
from tests.conftest import writing
from tests.factories import TODAY
from tests.fakes import StandingClock
from tests.feedback import citizen, readers


def _service(slug: str) -> Service:
    found = service_by_slug(slug)
    assert found is not None
    return found


def _keep(app: Flask, slug: str, months: int) -> None:
    with writing(app):
        _service(slug).kept_months = months


@pytest.mark.parametrize("basis", ["public_interest", "consent"])
@pytest.mark.parametrize("months", [36, 12])
def test_the_notice_says_how_long_where_and_what_is_for_the_under_15s(
    app: Flask, client: FlaskClient, slug: str, basis: str, months: int
) -> None:
    app.config["LEGAL_BASIS"] = basis
    _keep(app, slug, months)
    notice = citizen.soup_of(client.get(f"/s/{slug}")).find(id="notice")
    assert notice is not None
    told = {
        term.get_text(strip=True): words.get_text(" ", strip=True)
        for term, words in zip(notice("dt"), notice("dd"), strict=True)
    }
    assert told["Combien de temps"] == f"{months} mois au plus, moins si votre code l’efface."
    assert told["Où"].startswith("Sur ce serveur, tenu par")
    asked = "Demandez à un parent" if basis == "consent" else "Parlez-en avec un adulte"
    assert told["Moins de 15 ans ?"].startswith(asked)
    assert "appelez le 119" in told["Moins de 15 ans ?"]
    app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql://ailleurs"
    assert "Dans une base reliée à ce serveur" in citizen.words_of(client.get(f"/s/{slug}"))


def test_the_term_that_is_told_is_the_one_that_is_kept(
    app: Flask, client: FlaskClient, slug: str, clock: StandingClock
) -> None:
    _keep(app, slug, 12)
    code = citizen.code_of(citizen.send(client, slug))
    sent = clock().date()
    for months, status in ((12, 303), (13, 404)):
        with app.app_context():
            end_terms(months_before(sent, -months), app.config["INSTANCE"])
        assert client.post("/suivi", data={"code": code}).status_code == status


def test_a_reader_who_answers_is_told_who_reads_and_how_long(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    _keep(app, slug, 24)
    public_id = readers.publish(app, slug)
    form = citizen.soup_of(client.get(readers.address(slug, public_id))).find("form", id="reponse")
    assert form is not None
    told = form.get_text(" ", strip=True)
    assert "Un modérateur la lit masquée avant de la publier." in told
    assert "Elle reste 24 mois au plus." in told
    assert form.select('a[href="/vos-donnees"]')


def test_the_printed_form_says_it_on_screen_and_in_the_file(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    _keep(app, slug, 24)
    told = (
        "lit votre texte masqué, pour vous répondre et améliorer le service. "
        "Il reste 24 mois au plus. Vos droits : http://localhost/vos-donnees"
    )
    assert told in citizen.words_of(client.get(f"/s/{slug}/formulaire"))
    with app.test_request_context():
        sheet = Printed("12345678", "ABCD2345EFGH6789", "", "")
        file = PdfReader(io.BytesIO(forms_with_strip([sheet], _service(slug), TODAY)))
    pages = [page.extract_text() for page in file.pages]
    assert told in " ".join(" ".join(pages).split())
    assert len(pages) == 2, "a line more makes no sheet more"
