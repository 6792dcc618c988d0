"""« D’autres l’ont dit aussi »: what is shown is right and public, and keeps no receipt back."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.catalogue import service_by_slug
from app.db import db
from feedback import search
from feedback.similar import MOST, similar
from tests import factories
from tests.conftest import writing
from tests.feedback import citizen
from tests.feedback.similar_cases import FROZEN, OPEN, POOL

SAME = "Le rappel sonne en pleine nuit et on ne peut pas le couper."


@pytest.fixture
def slug(app: Flask) -> str:
    """A service with the pool published, beside the same words that are not public."""
    slug = citizen.open_service(app)
    with writing(app):
        service = service_by_slug(slug)
        for words in POOL.values():
            search.index(factories.retour(service, text=words, state="published"))
        search.index(factories.retour(service, text=f"Secret. {SAME}"))
        search.index(factories.retour(factories.service(), text=SAME, state="published"))
    return slug


@pytest.mark.parametrize(("cases", "least"), [(OPEN, 1.0), (FROZEN, 0.9)])
def test_what_is_shown_says_the_same(
    app: Flask, slug: str, cases: list[tuple[str, set[str]]], least: float
) -> None:
    ids = {words: code for code, words in POOL.items()}
    shown, right, found = 0, 0, 0
    with app.app_context():
        service = service_by_slug(slug)
        assert service is not None
        for words, good in cases:
            codes = [ids["".join(w for w, _ in s.pieces)] for s in similar(service, words, "", 11)]
            assert len(codes) <= MOST
            shown, right = shown + len(codes), right + len(good & set(codes))
            found += bool(good & set(codes))
    print(f"shown {shown}, right {right}, found {found} of {sum(bool(g) for _, g in cases)}")
    assert right / shown >= least
    assert found >= 10


def test_the_receipt_shows_published_messages_with_their_button(
    client: FlaskClient, slug: str
) -> None:
    answer = citizen.send(client, slug, text=SAME)
    assert citizen.code_of(answer)
    section = citizen.soup_of(answer).find(id="similar")
    assert section is not None
    assert not section.has_attr("hidden")
    words = section.get_text(" ", strip=True)
    assert "Les rappels de nuit réveillent" in words
    assert "Secret" not in words
    assert all(form["target"] == "_blank" for form in section.find_all("form"))


@pytest.mark.parametrize("words", ["Je veux mourir, le rappel sonne la nuit.", "", "Bravo."])
def test_nothing_is_shown_beside_a_danger_or_without_likeness(
    client: FlaskClient, slug: str, words: str
) -> None:
    section = citizen.soup_of(citizen.send(client, slug, text=words)).find(id="similar")
    assert section is not None
    assert section.has_attr("hidden")


def test_a_fault_there_keeps_no_receipt_back(app: Flask, client: FlaskClient, slug: str) -> None:
    key = citizen.form_key(client, slug)
    with writing(app):
        db.session.execute(text("DROP TABLE feedback_search_words"))
    answer = citizen.send(client, slug, key=key, text=SAME)
    assert answer.status_code == 200
    assert len(citizen.code_of(answer)) == 16
