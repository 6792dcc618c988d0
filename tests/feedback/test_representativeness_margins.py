"""Reference margins: what a file may hold, all of it or nothing, and who may bring one."""

import io
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from feedback import margins
from feedback.margins_import import BadFile, MarginLine, read_margins
from feedback.models import ReferenceMargin
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post, sign_in

AGES = "facet,value,count\nage,-18,100\nage,75-,300\n"


@pytest.fixture
def spoken(app: Flask) -> Any:
    """A request to speak French in: faults are sentences."""
    with app.test_request_context():
        yield


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize(
    "data",
    [
        b"facet,value,count\nage,75-,1234.5\n",
        "\ufefffacet;value;count\r\nage;75-;1 234,5\r\n".encode(),
        "facette;valeur;effectif;source\nÂge;75-;1\u202f234,5;\n".lower().encode("utf-8"),
        b'facet,value,count\nG7,75-,"1234,5"\n',
    ],
)
def test_a_number_is_read_as_french_spreadsheets_write_it(data: bytes) -> None:
    if "âge".encode() in data:
        data = data.replace("âge".encode(), b"age")
    assert read_margins(data, "Insee") == [MarginLine("G7", "75-", 1234.5, "Insee")]


@pytest.mark.usefixtures("spoken")
def test_an_old_spreadsheet_s_accents_are_read() -> None:
    data = "facet;value;count;source\ndépartement;1;5;Recensement élargi\n".encode("cp1252")
    assert read_margins(data, "x") == [MarginLine("G8", "01", 5.0, "Recensement élargi")]


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "Le fichier est vide"),
        (b"\n  \n", "Le fichier est vide"),
        (b"facet,value,count\n", "que son en-t"),
        (b"\x89PNG\x00\x01", "pas un fichier CSV"),
        (AGES.encode("utf-16"), "pas un fichier CSV"),
        (b"\x81\x8d\x8f", "ni en UTF-8"),
        (b"facet,value\nage,75-\n", "ligne 1"),
        (b"facet,value,count,secret\n", "ligne 1"),
        (b"facet,value,count\nheight,tall,3\n", "ligne 2 : facette inconnue « height »"),
        (b"facet,value,count\nage,200,3\n", "ligne 2 : valeur inconnue « 200 »"),
        (b"facet,value,count\nage,75-,-3\n", "ligne 2 : effectif « -3 »"),
        (b"facet,value,count\nage,75-,many\n", "ligne 2 : effectif « many »"),
        (b"facet,value,count\nage,75-,inf\n", "ligne 2 : effectif « inf »"),
        (b"facet,value,count\nage,75-,\n", "ligne 2 : effectif «  »"),
        (b"facet,value,count\nage,75-,1\n\nage,75-,2\n", "ligne 4 : déjà donnée à la ligne 2"),
        (b"facet,value,count,source\nage,75-,1,2,5\n", "ligne 2 : il y a trop de cellules"),
        (b"facet,value,count\nage,75-,0\nage,-18,0\n", "tous les effectifs sont à zéro"),
    ],
)
def test_a_fault_is_told_with_its_line(data: bytes, fault: str) -> None:
    with pytest.raises(BadFile) as bad:
        read_margins(data, "Insee")
    assert any(fault in each for each in bad.value.faults), bad.value.faults


@pytest.mark.usefixtures("spoken")
def test_every_fault_is_told_and_many_are_cut() -> None:
    wrong = "".join(f"age,{n},1\n" for n in range(100, 140))
    with pytest.raises(BadFile) as bad:
        read_margins(f"facet,value,count\n{wrong}".encode(), "x")
    assert len(bad.value.faults) == 31
    assert bad.value.faults[-1] == "Et 10 autres lignes."


@pytest.mark.usefixtures("in_app")
def test_importing_again_replaces_the_same_facet_only() -> None:
    service = factories.service()
    both = [MarginLine("G7", "75-", 3.0, "a"), MarginLine("channel", "web", 9.0, "a")]
    margins.replace(both, None, TODAY)
    margins.replace([MarginLine("G7", "-18", 1.0, "b")], None, TODAY)
    margins.replace([MarginLine("G7", "30-44", 2.0, "c")], service, TODAY)
    found = margins.margins_of(service)
    assert found["G7"].counts == {"30-44": 2.0}
    assert found["channel"].counts == {"web": 9.0}
    assert margins.margins_of(factories.service())["G7"].counts == {"-18": 1.0}
    assert [(e.service is None, e.facet.code, e.source) for e in margins.imported()] == [
        (True, "channel", "a"),
        (True, "G7", "b"),
        (False, "G7", "c"),
    ]
    assert margins.remove("G7", service.id)
    assert not margins.remove("G7", service.id)


@pytest.fixture
def administrator(app: Flask, client: FlaskClient) -> FlaskClient:
    with writing(app):
        factories.service(slug="essai", name="Essai")
        sign_in(client, factories.account(Role.ADMINISTRATOR))
    return client


def _send(client: FlaskClient, data: bytes, **more: str) -> Any:
    form = {"service": "", "source": "Insee", **more, "file": (io.BytesIO(data), "marges.csv")}
    return post(client, "/equipe/marges", form, content_type="multipart/form-data")


def test_a_good_file_is_stored_and_shown_with_source_and_day(
    administrator: FlaskClient, committed: Session
) -> None:
    assert _send(administrator, AGES.encode(), service="essai").status_code == 303
    assert len(list(committed.scalars(select(ReferenceMargin)))) == 2
    committed.rollback()
    page = administrator.get("/equipe/marges").get_data(as_text=True)
    text = BeautifulSoup(page, "html.parser").get_text(" ")
    assert "Insee" in text
    assert "23 novembre 2026" in text
    gone = post(administrator, "/equipe/marges/retirer", {"facet": "G7", "service": "essai"})
    assert gone.status_code == 303
    assert list(committed.scalars(select(ReferenceMargin))) == []


def test_a_bad_file_changes_nothing_and_keeps_what_was_typed(
    administrator: FlaskClient, committed: Session
) -> None:
    _send(administrator, AGES.encode())
    bad = _send(administrator, AGES.encode() + b"age,18-29,douze\nage,75-,1\n", source="Ville")
    assert bad.status_code == 422
    page = bad.get_data(as_text=True)
    assert "ligne 4 : effectif « douze »" in page
    assert "ligne 5 : déjà donnée à la ligne 3" in page
    assert 'value="Ville"' in page
    assert {row.source for row in committed.scalars(select(ReferenceMargin))} == {"Insee"}


def test_no_file_and_no_source_are_both_told(administrator: FlaskClient) -> None:
    answer = post(administrator, "/equipe/marges", {"service": "essai"})
    assert answer.status_code == 422
    assert "Dites d’où viennent ces chiffres." in answer.get_data(as_text=True)
    assert "Choisissez un fichier CSV" in answer.get_data(as_text=True)
    assert _send(administrator, AGES.encode(), service="nulle-part").status_code == 404


def test_the_sample_names_every_value_and_asks_to_be_filled_in(
    app: Flask, administrator: FlaskClient
) -> None:
    sample = administrator.get("/equipe/marges/modele.csv").data
    with app.test_request_context(), pytest.raises(BadFile, match="tous les effectifs"):
        read_margins(sample, "x")
    with app.test_request_context():
        assert len(read_margins(sample.replace(b";0;", b";1;"), "x")) == 10 + 3 + 6 + 3
