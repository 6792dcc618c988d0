"""The register of unexpected effects as a file: who takes it, what stands in it, what does not."""

import csv
import io
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.catalogue import Service
from app.db import db
from app.traces import Trace
from feedback.models import SignalNote, SignalState
from feedback.register_export import COLUMNS
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, sign_in
from tests.feedback import watched
from tests.statements import counted

PLACE = "/equipe/signaux/registre"
SECRET = "camphre"


@pytest.fixture
def ids(app: Flask) -> dict[str, int]:
    """Two services: one signal each, one of them confirmed with measures."""
    with writing(app):
        own, other = factories.service(slug="essai"), factories.service(slug="autre")
        theme = watched.theme(own, "=Vertiges", named_by_person=True)
        drawn = watched.theme(other, f"{SECRET} · mesure")
        signal = watched.signal(own, theme=theme, state=SignalState.MEASURES.value)
        signal.sentence, signal.e_value = "@La dose affichée\nchange seule.", 41.5
        signal.unexpected = True
        watched.signal(other, theme=drawn, title=SECRET)
        for state, answers in (("confirmed", {}), ("measures", {"done": "Version 6.3."})):
            db.session.add(
                SignalNote(
                    signal_id=signal.id,
                    day=TODAY,
                    role="expert",
                    from_state="under_review",
                    to_state=state,
                    reason=SECRET,
                    answers=answers,
                )
            )
        return {"own": own.id, "other": other.id}


def enter(app: Flask, role: Role, service_id: int | None = None) -> FlaskClient:
    client = app.test_client()
    with writing(app):
        seats = (db.session.get_one(Service, service_id),) if service_id else ()
        sign_in(client, factories.account(role, services=seats))
    return client


def lines(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"{PLACE}.csv{query}")
    assert answer.status_code == 200
    table = io.StringIO(answer.text.lstrip("\ufeff"))
    return list(csv.DictReader(table, delimiter=";"))


def test_the_register_is_given_by_the_written_columns_and_the_journal_says_so(
    app: Flask, committed: Session, ids: dict[str, int]
) -> None:
    expert = enter(app, Role.EXPERT)
    found = {line["service"]: line for line in lines(expert)}
    assert found.keys() == {"essai", "autre"}
    own = found["essai"]
    assert tuple(own) == COLUMNS
    assert (own["state"], own["decided_by"], own["done"]) == ("measures", "expert", "Version 6.3.")
    assert (own["e_value"], own["unexpected"], own["decided"]) == ("41.5", "1", TODAY.isoformat())
    assert found["autre"]["unexpected"] == ""  # nobody has said
    held = json.loads(expert.get(f"{PLACE}.json").text)
    assert {each["service"] for each in held["signals"]} == {"essai", "autre"}
    assert [each["sentence"] for each in held["signals"] if each["sentence"]] == [
        "@La dose affichée\nchange seule."
    ]
    told = [row.payload for row in committed.scalars(select(Trace)) if row.payload]
    details = [each["detail"] for each in told if each["verb"] == "exported"]
    assert details == ["signals csv", "signals json"]


def test_no_word_of_a_retour_and_no_formula_leaves(app: Flask, ids: dict[str, int]) -> None:
    expert = enter(app, Role.EXPERT)
    own = next(line for line in lines(expert) if line["service"] == "essai")
    assert own["about"] == "'=Vertiges"
    assert own["sentence"] == "'@La dose affichée change seule."
    for form in ("csv", "json"):
        assert SECRET not in expert.get(f"{PLACE}.{form}").text


def test_a_team_takes_its_own_and_who_reads_no_signal_takes_none(
    app: Flask, ids: dict[str, int]
) -> None:
    team = enter(app, Role.PROMOTER, ids["own"])
    assert [line["service"] for line in lines(team)] == ["essai"]
    assert lines(team, "?service=autre") == []
    assert "registre.csv" in team.get("/equipe/signaux").text
    assert enter(app, Role.ADMINISTRATOR).get(f"{PLACE}.csv").status_code == 403
    assert app.test_client().get(f"{PLACE}.csv").status_code in (302, 303, 401)
    assert team.get(f"{PLACE}.pdf").status_code == 404


def test_the_filters_of_the_page_hold_and_many_cost_no_more_queries(
    app: Flask, ids: dict[str, int]
) -> None:
    expert = enter(app, Role.EXPERT)
    assert [line["service"] for line in lines(expert, "?etat=measures")] == ["essai"]
    few = _queries(app, expert)
    with writing(app):
        for _ in range(70):
            watched.signal(db.session.get_one(Service, ids["own"]))
    assert _queries(app, expert) == few
    assert len(lines(expert)) == 72


def _queries(app: Flask, client: FlaskClient) -> int:
    with counted(app) as asked:
        client.get(f"{PLACE}.csv")
    return len(asked)
