"""The co-construction record: both ways, what is missing, what is public, its files."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.db import db
from app.traces import Trace
from feedback import commitment_follow_up
from feedback.models import Commitment, Placement, Segment, Theme
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post, sign_in
from tests.plain_browser import PlainBrowser
from tests.tagged import tagged
from tests.workshops.rooms import workshop
from workshops import proposals
from workshops.models import Card, CardGroup, Phase, Proposal, ProposalState

TEAM, PUBLIC = "/equipe/registre/suivi", "/s/suivi/registre"
RELEASED = TODAY - timedelta(weeks=9)
SCHEMA = json.loads((Path(__file__).parents[2] / "docs/record-schema.json").read_text("utf-8"))


@pytest.fixture
def town(app: Flask, client: FlaskClient) -> dict[str, str]:
    """A delivered proposal with two cards, one to be shown; a kept group, a release in no chain."""
    with writing(app):
        own = factories.service(slug="suivi")
        sign_in(client, factories.account(Role.PROMOTER, services=(own,)))
        room = workshop(Phase.CLOSED, service=own, title="Atelier de mai")
        group = CardGroup(workshop_id=room.id, title="Rappels", decision="keep")
        left = CardGroup(workshop_id=room.id, title="Le soir", decision="keep")
        db.session.add_all([group, left])
        db.session.flush()
        for text, shown in (("Un rappel la veille", True), ("Ma carte secrète", False)):
            db.session.add(Card(workshop_id=room.id, group=group, text=text, may_show=shown))
        made = Proposal(
            workshop=room,
            group_id=group.id,
            service=own,
            title="Rappels",
            text="x",
            dots=5,
            voters=3,
            made=RELEASED - timedelta(days=40),
            due=RELEASED,
        )
        db.session.add(made)
        db.session.flush()
        said = proposals.Answer(
            ProposalState.ACCEPTED, "Un rappel par SMS, la veille.", "Équipe", RELEASED
        )
        proposals.answer(made, said, RELEASED - timedelta(days=30))
        release = factories.release(own, "6.2", RELEASED)
        factories.release(own, "1.0", TODAY - timedelta(weeks=40))
        theme = _theme(own)
        commitment_follow_up.set_release(made.commitment, release, RELEASED)
        commitment_follow_up.set_theme(made.commitment, theme, RELEASED)
        return {"proposal": made.id, "commitment": made.commitment_id or ""}


def _theme(own: Any) -> Theme:
    """Twenty of forty retours before the release speak of the theme, none of forty after it."""
    theme = Theme(service=own, name="Rendez-vous oubliés", named_by_person=True, born=RELEASED)
    other = Theme(service=own, name="Le reste", born=RELEASED)
    for number in range(80):
        is_before = number < 40
        day = RELEASED + timedelta(days=-3 if is_before else 3)
        row = factories.retour(own, day=day, face=0 if is_before else 10)
        segment = Segment(feedback=row, start=0, end=9, vector=b"", model="m")
        placed = {"score": 0.9, "threshold": 0.5, "model": "m", "placed": day}
        where = theme if number < 20 else other
        db.session.add(Placement(segment=segment, theme=where, **placed))
    db.session.flush()
    return theme


STEPS = [
    "L’idée",
    "Les cartes",
    "Le groupe",
    "Les votes",
    "La proposition",
    "La décision",
    "L’engagement",
    "La version",
    "L’effet mesuré",
]


@pytest.mark.usefixtures("town")
def test_the_chain_is_read_from_the_idea_and_from_the_release(client: FlaskClient) -> None:
    browser = PlainBrowser(client).open(TEAM)
    names = [each.get_text() for each in browser.page.select("article .timeline strong")]
    assert names == STEPS
    assert "Part du thème « Rendez-vous oubliés » : 50 % (35 à 65) avant" in browser.words
    assert "autres causes possibles" in browser.words
    browser.follow("Lire depuis les versions")
    names = [each.get_text() for each in browser.page.select("article .timeline strong")]
    assert names == STEPS[::-1]


@pytest.mark.usefixtures("town")
def test_what_is_in_no_chain_is_listed_with_the_act(client: FlaskClient) -> None:
    words = PlainBrowser(client).open(TEAM).words
    assert "Le groupe « Le soir » a été gardé dans « Atelier de mai »" in words
    assert "La version 1.0" in words
    assert "La version 6.2 du" not in words


def test_missing_steps_say_which_act_fills_them(
    app: Flask, client: FlaskClient, town: dict[str, str]
) -> None:
    with writing(app):
        made = db.session.get_one(Proposal, town["proposal"])
        made.commitment, made.state, made.answer, made.answered = None, "to_answer", "", None
        made.dots = 0
    words = PlainBrowser(client).open(TEAM).words
    for act in (
        "Répondez à la proposition.",
        "Acceptez la proposition, avec une date.",
        "Personne n’a voté",
        "huit semaines après la version",
    ):
        assert act in words


def test_the_public_reads_what_the_team_shows_and_no_card_without_its_author_s_word(
    client: FlaskClient, town: dict[str, str]
) -> None:
    assert "Rappels" not in client.get(PUBLIC).text
    shown = post(client, f"{TEAM}/montrer", {"proposition": town["proposal"], "montrer": "oui"})
    assert shown.status_code == 303
    page = client.get(PUBLIC).text
    assert "Un rappel la veille" in page
    assert "secrète" not in page
    assert "leurs auteurs ne l’ont pas demandé" in page
    assert "5 votes" not in page  # of three people
    assert "Trop peu de votants" in page
    assert "secrète" not in client.get(f"{PUBLIC}.json").text
    post(client, f"{TEAM}/montrer", {"proposition": town["proposal"], "montrer": "non"})
    assert "Rappels" not in client.get(PUBLIC).text


def test_another_team_shows_nothing(app: Flask, client: FlaskClient, town: dict[str, str]) -> None:
    with writing(app):
        other = factories.service(slug="autre")
        sign_in(client, factories.account(Role.PROMOTER, services=(other,)))
    form = {"proposition": town["proposal"], "montrer": "oui"}
    for slug in ("suivi", "autre"):
        assert post(client, f"/equipe/registre/{slug}/montrer", form).status_code == 404
    assert client.get(f"{TEAM}/export.json").status_code == 404


@pytest.mark.usefixtures("town")
def test_files_say_the_same_and_the_journal_says_who_took_one(
    client: FlaskClient, committed: Session
) -> None:
    said = json.loads(client.get(f"{TEAM}/export.json").text)
    assert set(said) == set(SCHEMA["required"])
    steps = SCHEMA["properties"]["chains"]["items"]["properties"]["steps"]["items"]["properties"]
    chain = said["chains"][0]
    assert [each["key"] for each in chain["steps"]] == steps["key"]["enum"]
    assert all(set(each) == set(steps) for each in chain["steps"])
    assert (chain["release"], said["releases_without_chain"]) == ("6.2", ["1.0"])
    pdf = tagged(client.get(f"{TEAM}/export.pdf").data)
    printed = " ".join(page.extract_text() for page in pdf.pages)
    html = client.get(f"{TEAM}/export.html").text
    for words in ("Un rappel par SMS", "Le soir"):  # a chain, and what is in none
        assert words in printed
        assert words in html
    assert "<style>" in html  # it is read without any other file
    assert client.get(f"{TEAM}/export.xml").status_code == 404
    details = [each["detail"] for each in committed.scalars(select(Trace.payload)) if each]
    for form in ("json", "pdf", "html"):
        assert f"record suivi {form}" in details


def test_a_promise_that_came_of_retours_is_in_the_public_record(
    app: Flask, client: FlaskClient, town: dict[str, str]
) -> None:
    with writing(app):
        own = db.session.get_one(Commitment, town["commitment"]).service
        db.session.add(Commitment(service=own, text="Réparer.", owner="É", made=TODAY, due=TODAY))
    page = client.get(PUBLIC).text
    assert "Réparer." in page
    assert "Aucun retour n’est lié à cet engagement." in page
    assert "Liez ceux" not in page  # an act of the team
