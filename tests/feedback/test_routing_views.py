"""The pages of the door and the report: who opens them, what they keep, what the journal says."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.catalogue import Service
from app.traces import Trace
from feedback.models import SignalNote
from tests import factories
from tests.conftest import writing
from tests.factories import post, sign_in
from tests.feedback.signal_rows import signal

DOOR = {"sur": "data", "qui": "user", "dispositif": "non", "porte": "data", "why": "Un dossier lu."}


@pytest.fixture
def served(app: Flask) -> tuple[int, str]:
    with writing(app):
        service = factories.service()
        row = signal(service, ("Le camphre ne marche plus.",), title="Mon dossier médical")
        return service.id, row.id


def enter(app: Flask, client: FlaskClient, role: Role, service_id: int = 0) -> FlaskClient:
    with writing(app):
        seat = app.extensions["sqlalchemy"].session.get(Service, service_id) if service_id else None
        sign_in(client, factories.account(role, services=(seat,) if seat else ()))
    return client


def test_the_door_page_proposes_with_reasons(
    app: Flask, client: FlaskClient, served: tuple[int, str]
) -> None:
    page = enter(app, client, Role.EXPERT).get(f"/equipe/signaux/{served[1]}/porte").text
    assert "Le nom du signal contient « dossier »." in page
    assert "puis la CNIL" in page
    assert "n’est pas un canal de vigilance" in page
    assert "Garder cette porte" in page


def test_the_answers_lead_to_another_door(
    app: Flask, client: FlaskClient, served: tuple[int, str]
) -> None:
    query = "sur=device&qui=manufacturer&dispositif=oui"
    page = enter(app, client, Role.EXPERT).get(f"/equipe/signaux/{served[1]}/porte?{query}").text
    assert "ANSM, matériovigilance" in page
    assert "2 jours" in page
    assert "le fabricant ou l’éditeur doit le faire" in page
    unknown = client.get(f"/equipe/signaux/{served[1]}/porte?sur=rien&qui=x")
    assert unknown.status_code == 200


def test_an_expert_keeps_a_door(
    app: Flask, client: FlaskClient, committed: Session, served: tuple[int, str]
) -> None:
    expert = enter(app, client, Role.EXPERT)
    answer = post(expert, f"/equipe/signaux/{served[1]}/porte", DOOR)
    assert answer.status_code == 303
    [note] = committed.scalars(select(SignalNote))
    assert note.answers == {"door": "data", "about": "data", "reporter": "user", "device": False}
    committed.rollback()
    page = expert.get(f"/equipe/signaux/{served[1]}/porte").text
    assert "Porte choisie :" in page
    assert "Un dossier lu." in page


@pytest.mark.parametrize("missing", ["porte", "why"])
def test_a_door_without_name_or_reason_is_refused_and_keeps_what_was_typed(
    app: Flask, client: FlaskClient, served: tuple[int, str], missing: str
) -> None:
    expert = enter(app, client, Role.EXPERT)
    answer = post(expert, f"/equipe/signaux/{served[1]}/porte", {**DOOR, missing: ""})
    assert answer.status_code == 422
    assert "Erreur" in answer.text
    assert ("Un dossier lu." in answer.text) == (missing != "why")


def test_a_team_reads_the_door_of_its_own_signals_and_chooses_none(
    app: Flask, client: FlaskClient, served: tuple[int, str]
) -> None:
    team = enter(app, client, Role.PROMOTER, served[0])
    page = team.get(f"/equipe/signaux/{served[1]}/porte")
    assert page.status_code == 200
    assert "Garder cette porte" not in page.text
    assert post(team, f"/equipe/signaux/{served[1]}/porte", DOOR).status_code == 403


def test_another_team_finds_nothing(
    app: Flask, client: FlaskClient, served: tuple[int, str]
) -> None:
    stranger = enter(app, client, Role.PROMOTER)
    for page in ("porte", "rapport", "rapport.pdf"):
        assert stranger.get(f"/equipe/signaux/{served[1]}/{page}").status_code == 404


@pytest.mark.parametrize(("page", "form"), [("rapport", "html"), ("rapport.pdf", "pdf")])
def test_the_journal_says_which_role_took_the_report_out(
    app: Flask,
    client: FlaskClient,
    committed: Session,
    served: tuple[int, str],
    page: str,
    form: str,
) -> None:
    expert = enter(app, client, Role.EXPERT)
    for _twice in range(2):
        answer = expert.get(f"/equipe/signaux/{served[1]}/{page}")
        assert answer.status_code == 200
        assert b"camphre" not in answer.data
    [trace] = committed.scalars(select(Trace))
    assert trace.payload
    assert trace.payload["verb"] == "report printed"
    assert trace.payload["role"] == "expert"
    assert trace.payload["detail"] == f"signal {served[1]} {form}"


def test_the_pdf_is_a_download(app: Flask, client: FlaskClient, served: tuple[int, str]) -> None:
    answer = enter(app, client, Role.EXPERT).get(f"/equipe/signaux/{served[1]}/rapport.pdf")
    assert answer.content_type == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_operator_confirms_the_doors(app: Flask, client: FlaskClient) -> None:
    administrator = enter(app, client, Role.ADMINISTRATOR)
    page = administrator.get("/equipe/portes").text
    assert "n’a pas encore confirmé" in page
    assert "Défenseur des droits" in page
    assert post(administrator, "/equipe/portes").status_code == 303
    assert "a confirmé ces portes le 23 novembre 2026" in administrator.get("/equipe/portes").text


def test_an_expert_reads_the_doors_and_confirms_nothing(app: Flask, client: FlaskClient) -> None:
    expert = enter(app, client, Role.EXPERT)
    assert "J’ai vérifié" not in expert.get("/equipe/portes").text
    assert post(expert, "/equipe/portes").status_code == 403


def test_the_signal_leads_to_its_door(
    app: Flask, client: FlaskClient, served: tuple[int, str]
) -> None:
    page = enter(app, client, Role.EXPERT).get(f"/equipe/signaux/{served[1]}").text
    assert f"/equipe/signaux/{served[1]}/porte" in page
    assert f"/equipe/signaux/{served[1]}/rapport" in page
