"""What a service's page of notes says of the same question in other instances."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Role
from app.matrix import FunctionalityClass as K
from feedback import evaluation_imports as imports
from tests import factories
from tests.conftest import writing
from tests.factories import sign_in
from tests.feedback.test_evaluations import sealed, taken
from tests.plain_browser import PlainBrowser
from tests.statements import counted

PATH = "/equipe/services/suivi/notes"
BLOCK = "section[aria-labelledby=t-elsewhere]"
ALL_G3 = {"1": 12, "2": 12, "3": 12, "4": 12, "5": 12}


@pytest.fixture
def browser(app: Flask, client: FlaskClient) -> PlainBrowser:
    """A member of the team of a service that monitors, before what two instances sent."""
    with writing(app):
        own = factories.service(slug="suivi")
        factories.functionality(own, kind=K.SELF_MONITORING.value)
        for _ in range(40):
            factories.retour(own, face=10)
        sign_in(client, factories.account(Role.PROMOTER, services=(own,)))
    return PlainBrowser(client)


def imported(app: Flask, letter: str, name: str, **changes: object) -> None:
    """Keep a file of the instance called ``name``."""
    with writing(app):
        taken(sealed(instance={"id": letter * 32, "name": name}, **changes))


def test_each_instance_stands_by_itself_with_its_shares(app: Flask, browser: PlainBrowser) -> None:
    imported(app, "a", "CHU d’ailleurs")
    imported(app, "b", "Réseau du Sud", answers={"0": 44, "5": None, "10": None})
    block = browser.open(PATH).part(BLOCK)
    first, second = block.split("Réseau du Sud")
    assert "CHU d’ailleurs suivi par soi-même 60 retours 2026-S1" in first
    for share in ("Pas bien : 25 %", "Moyen : 33 %", "Très bien : 42 %"):
        assert share in first
    assert "60 retours" in second
    assert "Pas bien : 73 %" in second
    assert "Moyen" not in second  # a hidden count gives no share
    assert "jamais mêlés à la note" in second
    assert browser.follow("Évaluations").status == 200


def test_its_own_score_is_what_it_was_without_them(app: Flask, browser: PlainBrowser) -> None:
    kept = browser.open(PATH).words
    imported(app, "a", "CHU d’ailleurs")
    block = browser.open(PATH).part(BLOCK)
    assert browser.words == kept or browser.words.replace(f"{block} ", "") == kept
    assert "10" in kept


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": K.THERAPY.value},
        {"question": "G3", "answers": ALL_G3},
    ],
)
def test_another_class_or_question_is_not_there(
    app: Flask, browser: PlainBrowser, changes: dict[str, object]
) -> None:
    imported(app, "a", "CHU d’ailleurs", **changes)
    page = browser.open(PATH)
    assert not page.page.select(BLOCK)
    assert "CHU d’ailleurs" not in page.words


def test_a_file_that_was_only_looked_at_is_not_there(app: Flask, browser: PlainBrowser) -> None:
    with writing(app):
        imports.begin(sealed(), factories.TODAY)
    assert not browser.open(PATH).page.select(BLOCK)


def test_more_instances_ask_no_more_of_the_database(app: Flask, browser: PlainBrowser) -> None:
    imported(app, "a", "Une")
    browser.open(PATH)
    with counted(app) as one:
        browser.open(PATH)
    for letter in "bcde":
        imported(app, letter, f"Autre {letter}")
    with counted(app) as five:
        browser.open(PATH)
    assert len(five) == len(one)
