"""Finding a service: by words, place and kind, page by page, in the same few queries."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app.db import db, folded
from app.directory import PER_PAGE
from app.matrix import FunctionalityClass
from app.territories import load_territories
from feedback.models import Commitment, CommitmentState
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY
from tests.plain_browser import PlainBrowser
from tests.statements import counted

K = FunctionalityClass


@pytest.fixture
def town(app: Flask) -> None:
    """Five services: of a département, of its region, of another place, and two of the country."""
    with writing(app):
        load_territories()
        _service("Cœur à l’écoute", "42", kind=K.APPOINTMENT, does="Rendez-vous en visio")
        _service("Aides du Rhône", "R84", purpose="Demander une aide au logement.")
        _service("Bretagne santé", "35", by="Réseau Ker Yec’hed")
        _service("Mon dossier", None, purpose="Garder ses ordonnances.", kind=K.VAULT)
        _service("Écran q7% utile", None)


def _service(name: str, place: str | None, **values: Any) -> None:
    does, kind = values.pop("does", f"Usage de {name}"), values.pop("kind", K.INFORMATION)
    if by := values.pop("by", ""):
        values["organisation"] = factories.organisation(by)
    values.setdefault("purpose", "Suivre son parcours.")
    row = factories.service(name=name, territory_code=place, **values)
    factories.functionality(row, name=does, kind=kind.value)


def names(client: FlaskClient, path: str = "/", **asked: str) -> list[str]:
    page = BeautifulSoup(client.get(path, query_string=asked).text, "html.parser")
    return [each.get_text(strip=True) for each in page.select("#services h3")]


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("Cœur", "coeur"), ("ÉTÉ", "ete"), ("Ker Yec’hed", "ker yec’hed"), ("çà", "ca"), ("", "")],
)
def test_a_word_is_searched_without_case_accent_or_ligature(typed: str, plain: str) -> None:
    assert folded(typed) == plain


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("coeur", ["Cœur à l’écoute"]),  # its name
        ("ORDONNANCE", ["Mon dossier"]),  # what it is for
        ("ker yechhed", []),
        ("réseau ker", ["Bretagne santé"]),  # who runs it
        ("visio", ["Cœur à l’écoute"]),  # one of its functionalities
        ("l’aide logement", ["Aides du Rhône"]),  # every word, the elision aside
        ("q7%", ["Écran q7% utile"]),
        ("%", None),  # no word: everything
        ("__", []),
        ("zzz", []),
    ],
)
def test_words_are_found_where_a_service_says_them(
    client: FlaskClient, words: str, found: list[str] | None
) -> None:
    got = names(client, mots=words)
    assert got == found if found is not None else len(got) == 5


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("place", "near"),
    [
        ("42", ["Aides du Rhône", "Cœur à l’écoute"]),
        ("69", ["Aides du Rhône"]),
        ("R84", ["Aides du Rhône", "Cœur à l’écoute"]),
        ("R53", ["Bretagne santé"]),
        ("R93", []),
    ],
)
def test_a_place_has_its_services_first_then_the_national_ones(
    client: FlaskClient, place: str, near: list[str]
) -> None:
    national = ["Écran q7% utile", "Mon dossier"]
    assert names(client, ou=place) == near + national
    assert names(client, f"/territoires/{place}") == near + national


@pytest.mark.usefixtures("town")
def test_a_kind_words_and_a_place_narrow_together(client: FlaskClient) -> None:
    assert names(client, quoi="vault") == ["Mon dossier"]
    assert names(client, quoi="appointment", ou="35") == []
    assert names(client, quoi="appointment", ou="42", mots="ecoute") == ["Cœur à l’écoute"]


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("asked", [{"ou": "ZZ"}, {"quoi": "magic"}, {"page": "x"}, {"page": "-3"}])
def test_what_nobody_knows_asks_for_nothing(client: FlaskClient, asked: dict[str, str]) -> None:
    assert len(names(client, **asked)) == 5


@pytest.mark.usefixtures("town")
def test_a_search_without_result_says_what_to_do_and_keeps_what_was_typed(
    client: FlaskClient,
) -> None:
    browser = PlainBrowser(client).open("/?mots=licorne&ou=42")
    assert "Aucun service ne correspond à votre recherche. Essayez un seul mot" in browser.words
    assert browser.page.select_one("#mots")["value"] == "licorne"  # type: ignore[index]
    assert browser.page.select_one("#ou [selected]")["value"] == "42"  # type: ignore[index]
    assert browser.page.select_one("details[open]"), "the filters in use are in sight"
    browser.follow("Voir tous les services")
    assert "5 services" in browser.part("#services > [role=status]")


@pytest.mark.usefixtures("town")
def test_the_list_alone_goes_to_htmx(client: FlaskClient) -> None:
    part = client.get("/?mots=coeur", headers={"HX-Request": "true"})
    page = BeautifulSoup(part.text, "html.parser")
    assert [tag.get("id") for tag in page.find_all(recursive=False)] == ["services"]
    assert part.headers["Vary"].count("HX-Request") == 1


def test_pages_hold_every_service_once_and_keep_what_was_asked(
    app: Flask, client: FlaskClient
) -> None:
    with writing(app):
        for number in range(2 * PER_PAGE + 1):
            factories.service(name=f"Suivi {number:02}")
        factories.service(name="Autre")
    browser = PlainBrowser(client).open("/?mots=suivi")
    seen = [browser.part("#services > [role=status]")]
    found = [h.get_text() for h in browser.page.select("#services h3")]
    for _ in range(2):
        browser.follow("Suivants")
        found += [h.get_text() for h in browser.page.select("#services h3")]
    assert seen[0].startswith("41 services")
    assert found == [f"Suivi {number:02}" for number in range(41)]
    assert names(client, mots="suivi", page="99") == ["Suivi 40"]


def test_a_longer_list_asks_no_more_queries(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        load_territories()
        factories.service(territory_code="42")
    paths = ("/?mots=suivi&ou=42", "/territoires/42")
    few = [_queries(app, client, path) for path in paths]
    with writing(app):
        for _ in range(60):
            row = factories.service(territory_code="42")
            factories.functionality(row)
    assert [_queries(app, client, path) for path in paths] == few
    assert max(few) <= 7


def _queries(app: Flask, client: FlaskClient, path: str) -> int:
    with counted(app) as said:
        assert client.get(path).status_code == 200
    return len(said)


@pytest.mark.usefixtures("town")
def test_a_territory_adds_up_what_its_own_teams_promised(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        here = factories.service(territory_code="42")
        away = factories.service(territory_code=None)
        for row, state in ((here, "confirmed"), (here, "late"), (here, "dropped"), (away, "late")):
            db.session.add(
                Commitment(
                    service=row,
                    text="Réparer.",
                    owner="Équipe",
                    made=TODAY,
                    due=TODAY,
                    state=CommitmentState(state).value,
                )
            )
    browser = PlainBrowser(client).open("/territoires/42")
    assert "3 services se trouvent ici." in browser.words
    assert "2 engagements. 1 changement est annoncé, 1 confirmé" in browser.words
    browser.follow("Auvergne-Rhône-Alpes")
    assert browser.words.startswith("Auvergne-Rhône-Alpes")
    browser.follow("Loire")
    assert browser.words.startswith("Loire")


@pytest.mark.usefixtures("town")
def test_an_unknown_territory_is_not_found(client: FlaskClient) -> None:
    assert client.get("/territoires/999").status_code == 404
