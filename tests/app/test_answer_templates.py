"""A team's answer templates: fixed placeholders only, and whether an answer still is one."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.catalogue import Service
from app.days import today
from app.db import db
from feedback import answer_templates as templates
from feedback.models import AnswerTemplate
from tests import factories
from tests.conftest import writing
from tests.factories import post, sign_in

TEXT = "Merci pour votre retour du {jour}. {service} répond au {telephone}, {horaires}."


@pytest.fixture
def team(app: Flask, client: FlaskClient) -> FlaskClient:
    with writing(app):
        own = factories.service(slug="ici", name="Mon suivi")
        factories.service(slug="autre")
        sign_in(client, factories.account(Role.PROMOTER, services=(own,)))
    return client


def test_a_template_is_added_shown_filled_changed_and_removed(
    team: FlaskClient, committed: Session
) -> None:
    form = {"name": "Merci", "text": TEXT}
    assert post(team, "/equipe/reglages/ici/modeles", form).status_code == 303
    assert "Mon suivi répond au 04 00 00 00 00" in team.get("/equipe/reglages/ici/modeles").text
    row = committed.scalars(select(AnswerTemplate)).one()
    place = f"/equipe/reglages/ici/modeles/{row.id}"
    committed.rollback()
    assert TEXT in team.get(place).text
    assert post(team, place, {**form, "name": "Merci bien"}).status_code == 303
    same = {**form, "name": "Merci bien"}
    assert post(team, "/equipe/reglages/ici/modeles", same).status_code == 422
    assert post(team, f"{place}/retirer").status_code == 303
    assert committed.scalar(select(AnswerTemplate)) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Merci {prenom}, nous avons lu votre retour.", "{prenom}"),
        ("Merci {SERVICE}, nous avons lu votre retour.", "{SERVICE}"),
        ("Merci { service }, nous avons lu votre retour.", "{ service }"),
        ("Merci {service, nous avons lu votre retour.", "accolade est seule"),
        ("Merci {{service}}, nous avons lu.", "accolade est seule"),
        ("Merci.", "de 20 à 4000"),
        ("x" * 4001, "de 20 à 4000"),
    ],
)
def test_another_placeholder_is_refused_and_the_text_kept(
    team: FlaskClient, committed: Session, text: str, said: str
) -> None:
    answer = post(team, "/equipe/reglages/ici/modeles", {"name": "Merci", "text": text})
    assert answer.status_code == 422
    assert said in answer.text
    assert text in answer.text
    assert committed.scalar(select(AnswerTemplate)) is None


def test_a_team_reaches_its_own_templates_only(app: Flask, team: FlaskClient) -> None:
    with writing(app):
        other = db.session.scalars(select(Service).filter_by(slug="autre")).one()
        templates.save(other, None, "Merci", TEXT, today())
        number = templates.of_service(other)[0].id
    assert team.get("/equipe/reglages/autre/modeles").status_code == 404
    assert team.get(f"/equipe/reglages/ici/modeles/{number}").status_code == 404
    taken = post(team, f"/equipe/reglages/ici/modeles/{number}/retirer", follow_redirects=True)
    assert "Ce modèle était déjà retiré." in taken.text  # as for a second tap: nothing is told
    with app.app_context():
        assert [each.id for each in templates.of_service(_named("autre"))] == [number]


def _named(slug: str) -> Service:
    return db.session.scalars(select(Service).filter_by(slug=slug)).one()


def test_a_service_has_no_more_than_it_may(in_app: None, app: Flask) -> None:
    service = factories.service()
    with app.test_request_context():
        for number in range(templates.MOST):
            templates.save(service, None, f"Modèle {number}", TEXT, today())
        with pytest.raises(templates.TooManyTemplates):
            templates.save(service, None, "Un de trop", TEXT, today())


def test_an_answer_that_is_still_the_template_is_told_and_a_rewritten_one_not(
    in_app: None, app: Flask
) -> None:
    service = factories.service(name="Mon suivi")
    retour = factories.retour(service)
    with app.test_request_context():
        templates.save(service, None, "Merci", TEXT, today())
        filled = templates.choices_for(retour)[0][2]
        assert "23 novembre 2026" in filled
        assert templates.template_behind(retour, filled) == "Merci"
        assert templates.template_behind(retour, f"{filled}\n\nLa carte revient jeudi.") == "Merci"
        assert templates.template_behind(retour, filled.upper()) == "Merci"
        own = "La carte Vitale se lit de nouveau depuis lundi : essayez, puis dites-nous."
        assert templates.template_behind(retour, own) is None
        assert templates.template_behind(retour, "") is None


def test_a_value_of_the_service_is_no_placeholder_in_its_turn(in_app: None, app: Flask) -> None:
    service = factories.service(name="{telephone}")
    with app.test_request_context():
        assert templates.fill("Bonjour de {service}.", service) == "Bonjour de {telephone}."
