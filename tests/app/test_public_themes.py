"""What people speak of, on the board: names that a person gave, counts above the floor alone."""

from flask import Flask
from flask.testing import FlaskClient

from app.catalogue import Service
from app.db import db
from app.floors import FLOOR
from feedback.models import State, Theme
from tests import factories
from tests.conftest import writing
from tests.feedback import placed
from tests.feedback.citizen import soup_of
from tests.statements import counted

BOARD = "/s/essai/ce-qui-change"


def told(service: Service, name: str, retours: int, **values: object) -> Theme:
    theme = placed.theme(service, name, **{"named_by_person": True, **values})
    for _ in range(retours):
        placed.place(factories.retour(service, thread_state="none"), theme)
    return theme


def lines(client: FlaskClient, page: str = BOARD) -> list[str]:
    found = soup_of(client.get(page)).select("[aria-labelledby=themes-title] li")
    return [" ".join(each.get_text(" ").split()) for each in found]


def test_lasting_themes_stand_with_at_least_so_many(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        service = factories.service(slug="essai")
        told(service, "Prise de rendez-vous", 2 * FLOOR + 3)
        told(service, "Attente au téléphone", 2 * FLOOR)
        told(service, "Mesures perdues", FLOOR)
        told(service, "Trop petit", FLOOR - 1)
        told(service, "Mots de la machine", 40, named_by_person=False)
        told(service, "Fini", 40, ended=factories.TODAY)
    assert lines(client) == [
        "« Attente au téléphone » : 22 retours au moins",
        "« Prise de rendez-vous » : 22 retours au moins",
        "« Mesures perdues » : 11 retours au moins",
    ]
    page = client.get(BOARD).text
    assert "machine-note" in page
    assert "Trop petit" not in page
    assert "Mots de la machine" not in page


def test_one_retour_more_moves_no_number_and_no_order(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        service = factories.service(slug="essai")
        told(service, "Un", 2 * FLOOR - 1)
        later = told(service, "Deux", FLOOR).id
    before = lines(client)
    with writing(app):
        for _ in range(FLOOR - 1):
            theme = db.session.get_one(Theme, later)
            placed.place(factories.retour(theme.service, thread_state="none"), theme)
    assert lines(client) == before


def test_what_the_team_may_not_read_or_an_author_contests_counts_nowhere(
    app: Flask, client: FlaskClient
) -> None:
    with writing(app):
        service = factories.service(slug="essai")
        theme = told(service, "Rendez-vous", FLOOR - 2)
        placed.place(factories.retour(service, state=State.HELD.value), theme)
        placed.place(factories.retour(service), theme, contested=True)
    assert lines(client) == []


def test_any_number_of_themes_is_one_query_and_ten_stand(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        service = factories.service(slug="essai")
        told(service, "Premier", FLOOR)
    few = _queries(app, client)
    with writing(app):
        for number in range(12):
            told(db.session.merge(service), f"Thème {number}", FLOOR)
    assert _queries(app, client) == few
    assert len(lines(client)) == 10


def _queries(app: Flask, client: FlaskClient) -> int:
    with counted(app) as asked:
        client.get(BOARD)
    return len(asked)
