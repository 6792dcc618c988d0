"""Home, about, accessibility, rights, language, health: open to all, true, without a cookie."""

import sqlite3
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app.factory import create_app
from tests import factories
from tests.conftest import settings, writing
from tests.fakes import FakeRuntime

PAGES = (
    "/",
    "/a-propos",
    "/accessibilite",
    "/accessibilite/grille",
    "/vos-donnees",
    "/mentions-legales",
)


def _words(answer: object) -> str:
    return BeautifulSoup(answer.text, "html.parser").get_text(" ", strip=True)  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", PAGES)
def test_page_opens_without_cookie_and_has_one_heading(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    soup = BeautifulSoup(answer.text, "html.parser")
    assert len(soup.find_all("h1")) == 1
    assert soup.title is not None
    assert soup.html is not None
    assert soup.html["lang"] == "fr"


def test_home_lists_every_service_with_who_runs_it(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        one = factories.service(name="Mon carnet", slug="carnet")
        other = factories.service(name="Mes aides", slug="aides")
        names = (one.organisation.name, other.organisation.name)
    words = _words(client.get("/"))
    assert "Mon carnet" in words
    assert "Mes aides" in words
    assert all(name in words for name in names)


def test_home_without_service_says_why(client: FlaskClient) -> None:
    assert "Aucun service n’est encore ouvert ici." in _words(client.get("/"))


def test_ethics_grid_has_twelve_cells_of_one_sentence(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/a-propos").text, "html.parser")
    section = soup.find(attrs={"aria-labelledby": "ethique"})
    cells = [cell.get_text() for cell in section.find_all("dd")]  # type: ignore[union-attr]
    assert len(cells) == len(set(cells)) == 12
    assert all(cell.count(".") == 1 and cell.endswith(".") for cell in cells)


def test_the_legal_notice_says_what_the_settings_say(tmp_path: Path, app: Flask) -> None:
    told = {
        "OPERATOR": "le CHU de Lyon",
        "OPERATOR_ADDRESS": "3 quai des Célestins, Lyon",
        "OPERATOR_CONTACT": "dpo@chu.test",
        "PUBLICATION_DIRECTOR": "la directrice générale",
        "HOSTED_BY": "Hébergeur SAS, 1 rue du Rack, 01 02 03 04 05",
        "HOSTED_IN": "Belgique",
    }
    client = create_app(settings(**told), tmp_path, runtime=FakeRuntime()).test_client()  # type: ignore[arg-type]
    words = _words(client.get("/mentions-legales"))
    assert [value for value in told.values() if value not in words] == []
    assert "Mentions légales" in _words(client.get("/")), "one tap from every page"


def test_about_says_which_propositions_stay_outside(client: FlaskClient) -> None:
    assert "la 8 et la 29" in _words(client.get("/a-propos"))


def test_rights_page_answers_the_five_questions(client: FlaskClient) -> None:
    answer = client.get("/vos-donnees")
    headings = [h.get_text() for h in BeautifulSoup(answer.text, "html.parser").find_all("h2")]
    assert headings[:5] == [
        "Qui utilise mes données ?",
        "Pourquoi ?",
        "Combien de temps ?",
        "Où sont-elles ?",
        "Sortent-elles de l’Union européenne ?",
    ]
    assert "https://www.cnil.fr" in answer.text
    assert "Le lieu du serveur dépend de" in answer.text


def test_rights_page_names_the_country_of_the_server(tmp_path: Path, app: Flask) -> None:
    told = settings(HOSTED_IN="Belgique")
    client = create_app(told, tmp_path, runtime=FakeRuntime()).test_client()
    words = _words(client.get("/vos-donnees"))
    assert "Pays du serveur : Belgique." in words
    assert "dépend de" not in words


@pytest.mark.parametrize(
    ("basis", "said", "unsaid"),
    [
        ("consent", "votre consentement", "intérêt public"),
        ("public_interest", "intérêt public", "votre consentement"),
    ],
)
def test_rights_page_follows_the_configuration(
    tmp_path: Path, app: Flask, basis: str, said: str, unsaid: str
) -> None:
    changed = settings(LEGAL_BASIS=basis, OPERATOR="la Maison", OPERATOR_CONTACT="dpo@example.fr")
    other = create_app(changed, tmp_path, runtime=FakeRuntime())  # type: ignore[arg-type]
    words = _words(other.test_client().get("/vos-donnees"))
    assert said in words
    assert unsaid not in words
    assert "La Maison tient ce site." in words
    assert "dpo@example.fr" in words


def test_language_choice_is_kept_and_leads_back(client: FlaskClient) -> None:
    answer = client.get("/langue/en?next=/a-propos")
    assert (answer.status_code, answer.location) == (303, "/a-propos")
    assert answer.headers["Set-Cookie"].startswith("langue=en;")
    soup = BeautifulSoup(client.get("/").text, "html.parser")
    assert soup.html is not None
    assert soup.html["lang"] == "en"


@pytest.mark.parametrize(
    "path", ["https://mal.example/", "//mal.example", "/\\mal.example", "javascript:x", ""]
)
def test_language_never_leads_to_another_site(client: FlaskClient, path: str) -> None:
    assert client.get("/langue/fr", query_string={"next": path}).location == "/"


def test_unknown_language_is_not_found(client: FlaskClient) -> None:
    assert client.get("/langue/xx").status_code == 404


def test_health_and_readiness(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_readiness_fails_without_tables_while_health_holds(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "boucle.db").close()
    app = create_app(settings(), tmp_path, runtime=FakeRuntime())  # type: ignore[arg-type]
    assert app.test_client().get("/readyz").status_code == 503
    assert app.test_client().get("/healthz").status_code == 200
