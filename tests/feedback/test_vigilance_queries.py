"""The list of signals asks the database as often for forty signals as for four."""

from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Role
from app.db import db
from tests import factories
from tests.conftest import writing
from tests.feedback import watched
from tests.statements import counted


def test_a_longer_list_of_signals_asks_no_more_queries(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        service = factories.service()
        expert = factories.account(Role.EXPERT)
        for number in range(4):
            watched.signal(service, theme=watched.theme(service, f"Thème {number}"))
        db.session.commit()
        db.session.refresh(expert)
        db.session.expunge(expert)
    factories.sign_in(client, expert)
    client.get("/equipe/signaux")
    with counted(app) as few:
        assert client.get("/equipe/signaux").status_code == 200
    with writing(app):
        service = db.session.merge(service)
        for number in range(36):
            theme = watched.theme(service, f"Autre {number}")
            watched.signal(service, theme=theme, facet="functionality", facet_value=str(number))
    with counted(app) as many:
        assert client.get("/equipe/signaux").status_code == 200
    assert len(many) <= len(few) + 3
