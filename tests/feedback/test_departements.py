"""A département is known by its number, its name or a postcode, however it is typed."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.matrix import Risk
from feedback.departements import DEPARTEMENTS, read_departement
from tests.feedback.citizen import send, soup_of
from tests.feedback.question_town import slug_with
from tests.feedback.test_question_views import answer, kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("42", "42"),
        (" 1 ", "01"),
        ("2a", "2A"),
        ("loire", "42"),
        ("LOIRE (42)", "42"),
        ("42 - Loire", "42"),
        ("Cote d'or", "21"),
        ("Côte-d’Or", "21"),
        ("Réunion", "974"),
        ("42000", "42"),
        ("97410", "974"),
        ("20137", "2A"),
        ("20200", "2B"),
        ("75011", "75"),
    ],
)
def test_a_place_is_known_however_it_is_typed(typed: str, code: str) -> None:
    assert read_departement(typed) == code


@pytest.mark.parametrize(
    "typed", ["", " ", "0", "20", "96", "99", "00100", "lo", "42 Rhône", "1234", "x" * 4000]
)
def test_what_is_no_place_is_not_guessed(typed: str) -> None:
    assert read_departement(typed) is None


def test_every_place_is_found_by_its_code_its_name_and_both() -> None:
    for code, label in DEPARTEMENTS:
        name = label.rpartition(" (")[0]
        assert {read_departement(each) for each in (code, name, label)} == {code}


def test_the_field_shows_the_place_again_and_a_place_goes_before_a_refusal(
    app: Flask, client: FlaskClient, committed: Session
) -> None:
    slug = slug_with(app, Risk.LOW)
    page = answer(client, slug, send(client, slug), G8="42000")
    assert kept(committed)["G8"] == ("given", "42")
    field = soup_of(page).select_one("#G8")
    assert field is not None
    assert field["value"] == "Loire (42)"
    page = answer(client, slug, page, G8=["", "refused"])
    assert kept(committed)["G8"] == ("refused", "")
    assert soup_of(page).select_one("[name=G8][value=refused][checked]")
    answer(client, slug, page, G8=["Ain", "refused"])
    assert kept(committed)["G8"] == ("given", "01")
    page = answer(client, slug, page, G8=["Nulle part", "refused"])
    field = soup_of(page).select_one("#G8")
    assert field is not None
    assert field["value"] == "Nulle part"
