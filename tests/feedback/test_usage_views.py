"""The pages of real use and of the declared public: who reads, who declares, what is hidden."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.catalogue import Service
from app.db import db
from app.territories import load_territories
from feedback import silence
from feedback.models import DeclaredPublic, Signal
from tests import factories
from tests.conftest import writing
from tests.factories import post, sign_in
from tests.feedback.heard import uneven


@pytest.fixture
def slug(app: Flask, today: date) -> str:
    with writing(app):
        load_territories()
        service = uneven()
        service.territory_code = "42"
        silence.look(today)
        return service.slug


def enter(app: Flask, client: FlaskClient, role: Role, slug: str = "") -> FlaskClient:
    with writing(app):
        seat = db.session.scalar(select(Service).where(Service.slug == slug)) if slug else None
        seats = (seat,) if seat else ()
        sign_in(client, factories.account(role, services=seats, territory_code="42"))
    return client


def test_the_team_reads_every_number(app: Flask, client: FlaskClient, slug: str) -> None:
    page = enter(app, client, Role.PROMOTER, slug).get(f"/equipe/services/{slug}/usage").text
    assert "80 retours en douze mois" in page
    assert '<td class="num">4</td>' in page
    assert "<strong>peu entendu</strong>" in page
    assert "Un public peu entendu : 75 ans et plus" in page
    assert "sans savoir par qui" in page
    assert "Déclarer le public" in page


def test_a_relay_reads_its_territory_above_the_floor(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    relay = enter(app, client, Role.RELAY)
    assert slug in relay.get("/equipe/usage").text
    page = relay.get(f"/equipe/services/{slug}/usage").text
    assert "80 retours en douze mois" in page
    assert "caché" in page
    assert '<td class="num">4</td>' not in page
    assert "Déclarer le public" not in page
    assert "Un public peu entendu" not in page  # a signal, which a relay does not read


def test_an_expert_reads_the_silence_and_its_page(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    expert = enter(app, client, Role.EXPERT)
    assert (
        "Un public peu entendu : 75 ans et plus"
        in expert.get(f"/equipe/services/{slug}/usage").text
    )
    listed = expert.get("/equipe/signaux").text
    assert "public peu entendu" in listed
    assert "Un public peu entendu : 75 ans et plus" in listed


def test_the_page_of_a_silence_says_that_it_is_a_rule_on_counts(
    app: Flask, client: FlaskClient, committed: Session, slug: str
) -> None:
    signal_id = committed.scalars(select(Signal.id)).one()
    committed.rollback()
    page = enter(app, client, Role.EXPERT).get(f"/equipe/signaux/{signal_id}").text
    assert "nomme un dommage" not in page
    assert "4 retours en deux trimestres, pour 39,9 attendus à la moyenne du service" in page


def test_another_team_and_a_facilitator_stay_outside(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    assert (
        enter(app, client, Role.PROMOTER).get(f"/equipe/services/{slug}/usage").status_code == 404
    )
    assert enter(app, client, Role.FACILITATOR).get("/equipe/usage").status_code == 403


def test_the_team_declares_its_public(
    app: Flask, client: FlaskClient, committed: Session, slug: str
) -> None:
    team = enter(app, client, Role.PROMOTER, slug)
    shown = team.get(f"/equipe/reglages/{slug}/public").text
    assert 'name="all" inputmode="numeric" value="3000"' in shown
    said = {"all": "9 000", "G6:user": "100", "places": "42 : 8000"}
    assert post(team, f"/equipe/reglages/{slug}/public", said).status_code == 303
    rows = committed.scalars(select(DeclaredPublic)).all()
    assert {(row.facet, row.value, row.people) for row in rows} >= {
        ("", "", 9000),
        ("G8", "42", 8000),
    }
    committed.rollback()
    assert "42 : 8000" in team.get(f"/equipe/reglages/{slug}/public").text


def test_what_was_typed_wrong_is_kept_and_explained(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    administrator = enter(app, client, Role.ADMINISTRATOR)
    typed = {"all": "beaucoup", "G7:75-": "peu", "places": "42 : 12\nvide"}
    answer = post(administrator, f"/equipe/reglages/{slug}/public", typed)
    assert answer.status_code == 422
    soup = BeautifulSoup(answer.text, "html.parser")
    assert 'value="beaucoup"' in answer.text
    links = soup.select("#faults a")
    assert links[0].get_text() == "En tout : écrivez un nombre entier, sans texte."
    assert [link["href"] for link in links] == ["#all", "#G7-75-", "#places"]
    for link in links:  # each leads to its field, which says the same
        field = soup.select_one(f'[id="{str(link["href"])[1:]}"]')
        assert field
        assert field["aria-invalid"] == "true"
        told = str(field["aria-describedby"]).split()[-1]
        assert link.get_text() in soup.select(f'[id="{told}"]')[0].get_text()
    assert len(soup.select("[aria-invalid]")) == 3


def test_a_group_larger_than_the_whole_is_said_at_the_group(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    team = enter(app, client, Role.PROMOTER, slug)
    answer = post(team, f"/equipe/reglages/{slug}/public", {"all": "10", "G7:75-": "11"})
    group = BeautifulSoup(answer.text, "html.parser").select_one("#G7")
    assert group
    assert group["aria-describedby"] == "G7-error"
    assert "dépasse le public en tout" in group.get_text()


def test_the_public_board_names_the_declared_public(client: FlaskClient, slug: str) -> None:
    page = client.get(f"/s/{slug}/ce-qui-change").text
    assert "Public que le service dit viser" in page
    assert "000 personnes" in page


def test_who_did_not_say_and_whether_a_group_is_hardly_heard_are_said(
    app: Flask, client: FlaskClient, slug: str, today: date
) -> None:
    url = f"/equipe/services/{slug}/usage"
    team = enter(app, client, Role.PROMOTER, slug)
    assert "Ces deux derniers trimestres : 75 ans et plus." in team.get(url).text
    assert "répondu à cette question" not in team.get(url).text
    with writing(app):
        service = db.session.scalars(select(Service).where(Service.slug == slug)).one()
        factories.retour(service, day=today)
        db.session.execute(delete(DeclaredPublic).where(DeclaredPublic.value == "75-"))
    page = team.get(url).text
    assert "1 retour n’a pas répondu à cette question." in page
    assert "Ces deux derniers trimestres : aucun." in page
    with writing(app):
        service = db.session.scalars(select(Service).where(Service.slug == slug)).one()
        service.created = today
    assert "Le service est trop récent : il faut deux trimestres entiers." in team.get(url).text
    with writing(app):
        db.session.execute(delete(DeclaredPublic))
    assert "on ne peut pas le dire" in team.get(url).text


def test_a_departement_written_twice_is_refused(app: Flask, client: FlaskClient, slug: str) -> None:
    team = enter(app, client, Role.PROMOTER, slug)
    typed = {"all": "1000", "places": "42 : 12\n42 : 13"}
    answer = post(team, f"/equipe/reglages/{slug}/public", typed)
    assert answer.status_code == 422
    assert "« 42 : 13 » : ce département est écrit deux fois." in answer.text
    assert "42 : 12" in answer.text
