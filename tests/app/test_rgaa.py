"""The RGAA grid and the declaration: 106 criteria, what a machine found, and no word too many."""

import re

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from app.config import ROOT
from app.rgaa import Finding, grid_of, last_grid
from tests.rgaa import PAGE, page_of

THEMES = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)  # criteria of each theme of RGAA 4.1.2
TESTABLE = set(re.findall(r"RGAA-(\d+\.\d+)\.\d+", (ROOT / "tests/vendor/axe.min.js").read_text()))


def _run(**outcomes: list[str]) -> dict[str, object]:
    rules = {
        name.replace("_", "-"): {"criteria": ["1.1"], "outcomes": found}
        for name, found in outcomes.items()
    }
    return {"day": "2026-11-02", "pages": 3, "rules": rules}


def test_the_grid_has_every_criterion_once_and_in_order() -> None:
    numbers = [each.number for each in last_grid().criteria]
    assert numbers == [f"{t}.{n}" for t, most in enumerate(THEMES, 1) for n in range(1, most + 1)]
    assert len(numbers) == 106


def test_only_criteria_with_a_rule_are_called_tested() -> None:
    grid = last_grid()
    tested = {each.number for each in grid.criteria if each.finding is not Finding.NOT_TESTED}
    assert len(TESTABLE) == 33
    assert tested <= TESTABLE
    assert all(bool(each.rules) == (each.number in tested) for each in grid.criteria)
    assert grid.tested == len(tested) > 20


def test_the_worst_that_a_rule_found_is_told() -> None:
    subjects = {"1.1": "Images", "1.2": "Décor"}
    told = [
        grid_of(subjects, _run(image_alt=["passes"], area_alt=found)).criteria[0].finding
        for found in (["inapplicable"], ["incomplete", "passes"], ["violations", "passes"], [])
    ]
    assert told == [Finding.NO_FAULT, Finding.UNDECIDED, Finding.FAULT, Finding.NO_FAULT]
    grid = grid_of(subjects, _run(image_alt=["inapplicable"]))
    assert [each.finding for each in grid.criteria] == ["nothing-to-test", "not-tested"]


def test_a_rule_that_did_not_run_tests_nothing() -> None:
    grid = grid_of({"1.1": "Images"}, _run(image_alt=[]))
    assert grid.criteria[0].finding is Finding.NOT_TESTED
    assert grid.criteria[0].rules == ()


def test_the_document_is_made_of_the_same_run() -> None:
    assert PAGE.read_text("utf-8") == page_of(last_grid()), "python -m tests.rgaa build/axe.json"


def test_the_page_shows_every_criterion_and_its_finding(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/accessibilite/grille").text, "html.parser")
    rows = [row.get_text(" ", strip=True) for row in soup.select("tbody tr")]
    assert len(rows) == 106
    assert all(
        row.startswith(f"{each.number} {each.subject}") and row.endswith(each.found)
        for row, each in zip(rows, last_grid().criteria, strict=True)
    )


def test_the_declaration_is_one_tap_from_any_page_and_says_non_conforme(
    client: FlaskClient,
) -> None:
    for path in ("/", "/suivi", "/vos-donnees", "/nulle-part"):
        foot = BeautifulSoup(client.get(path).text, "html.parser").select_one("footer")
        assert foot is not None
        assert foot.select_one('a[href="/accessibilite"]') is not None, path
    soup = BeautifulSoup(client.get("/accessibilite").text, "html.parser")
    assert soup.h1 is not None
    assert soup.h1.get_text() == "Accessibilité : non conforme"
    words = soup.get_text(" ", strip=True)
    assert "Aucune personne n’a encore fait d’audit complet." in words
    assert f"en partie {last_grid().tested} critères sur 106" in words
    assert soup.select_one('a[href="/accessibilite/grille"]') is not None
    assert "Défenseur des droits" in words
