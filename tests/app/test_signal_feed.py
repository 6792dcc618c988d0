"""The experts' feed: behind a signed address, without a citizen's word, ended with the account."""

from datetime import date
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Account, Role
from app.db import db
from app.sign_in import datastore, deactivate
from app.traces import Actor
from feedback import qualification
from feedback.models import Signal, SignalState
from feedback.qualification import Decision
from feedback.signal_feed_keys import feed_key
from tests import factories
from tests.conftest import writing
from tests.feedback import watched

ATOM = "{http://www.w3.org/2005/Atom}"
SECRET = "girofle"


@pytest.fixture
def address(app: Flask) -> str:
    """The feed of an expert, on a site with a candidate named by the machine."""
    with writing(app):
        service = factories.service(name="Mon suivi tension")
        signal = watched.signal(service, theme=watched.theme(service, f"Le {SECRET} la nuit"))
        watched.evidence(signal, f"Un {SECRET} sonne.")
        expert = factories.account(Role.EXPERT, email="expertise@example.fr")
        return f"/signaux/flux/{feed_key(expert)}.atom"


def entries(client: FlaskClient, address: str) -> list[tuple[str, str]]:
    """The title and the summary of each entry."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    root = ElementTree.fromstring(answer.text)
    return [
        (found.findtext(f"{ATOM}title") or "", found.findtext(f"{ATOM}summary") or "")
        for found in root.iter(f"{ATOM}entry")
    ]


def test_a_candidate_is_told_in_numbers_without_the_machines_words(
    client: FlaskClient, address: str
) -> None:
    assert entries(client, address) == [
        ("à examiner : un thème (Mon suivi tension)", "12 en 3 semaines, pour 3,0 attendus")
    ]
    assert SECRET not in client.get(address).text
    assert not client.get(address).headers.getlist("Set-Cookie")


def test_a_name_that_a_person_gave_is_told_and_so_is_each_move(
    app: Flask, client: FlaskClient, address: str, today: date
) -> None:
    with writing(app):
        signal = db.session.scalars(db.select(Signal)).one()
        assert signal.theme
        signal.theme.name, signal.theme.named_by_person = "Rappels la nuit", True
        decision = Decision(SignalState.UNDER_REVIEW, f"Un {SECRET} le dit.")
        qualification.qualify(signal, decision, Actor("expert", "Centre"), today)
    titles = [title for title, _summary in entries(client, address)]
    assert titles == [
        "en cours d’examen : Rappels la nuit (Mon suivi tension)",
        "à examiner : Rappels la nuit (Mon suivi tension)",
    ]
    assert SECRET not in client.get(address).text


def test_a_single_case_and_a_platform_signal_have_words_too(
    app: Flask, client: FlaskClient, address: str
) -> None:
    with writing(app):
        service = factories.service(name="Transport")
        watched.signal(service, kind="serious", theme=None, e_value=None)
        watched.signal(None)
    assert set(entries(client, address)) >= {
        ("à examiner : un retour (Transport)", "dommage nommé"),
        ("à examiner : un retour (tous les services)", "12 en 3 semaines, pour 3,0 attendus"),
    }


def test_a_made_up_address_is_not_found(client: FlaskClient, address: str) -> None:
    for wrong in ("/signaux/flux/XXXXXX.atom", address.replace(".atom", "A.atom")):
        assert client.get(wrong).status_code == 404


@pytest.mark.parametrize("how", ["closed", "other role", "other key", "new mark"])
def test_the_address_ends_with_the_account_and_its_role(
    app: Flask, client: FlaskClient, address: str, how: str
) -> None:
    with writing(app):
        expert = db.session.scalars(
            db.select(Account).filter_by(email="expertise@example.fr")
        ).one()
        if how == "closed":
            deactivate(expert)
        elif how == "new mark":
            datastore.set_uniquifier(expert)
        elif how == "other role":
            expert.roles.clear()
        else:
            app.config["SECRET_KEY"] = "another key for tests only"
    assert client.get(address).status_code == 404


def test_only_an_expert_is_given_an_address(app: Flask, client: FlaskClient, address: str) -> None:
    with writing(app):
        service = factories.service()
        team = factories.account(Role.PROMOTER, services=(service,))
        factories.sign_in(client, team)
        theirs = f"/signaux/flux/{feed_key(team)}.atom"
    assert "/signaux/flux/" not in client.get("/equipe/signaux").text
    assert client.get(theirs).status_code == 404
    with writing(app):
        factories.sign_in(client, factories.account(Role.EXPERT))
    assert "/signaux/flux/" in client.get("/equipe/signaux").text
