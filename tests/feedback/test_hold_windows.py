"""Time for a retour whose team could recognise its author: given, told, ended by people alone."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import traces
from app.accounts import Role
from app.days import add_working_days
from app.db import db
from app.traces import Actor
from feedback import hold_windows, moderation
from feedback.models import Feedback, HoldWindow, State
from feedback.moderation import Decision
from feedback.moderation_items import WhyHeld
from feedback.moderation_queue import queue, waiting_count
from feedback.states import ForbiddenMove
from feedback.suggested_rules import hold_hints
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post
from tests.feedback.citizen import code_of, come_back, send, soup_of, words_of

MODERATOR = Actor("moderator", "Modération")
FEARS = "Je suis la seule patiente en fauteuil, j’ai peur des représailles."


@pytest.mark.usefixtures("in_app")
def test_time_is_given_and_its_end_reminds_and_opens_nothing() -> None:
    row = factories.retour(factories.service())
    moderation.give_time(row, 5, MODERATOR, TODAY)
    until = add_working_days(TODAY, 5)
    assert row.state == State.HELD
    (item,) = queue(TODAY).resting
    assert (item.until, item.is_late) == (until, False)
    assert queue(TODAY).held == ()
    assert waiting_count(TODAY) == 0
    (due,) = queue(until).held
    assert (due.why, due.days, due.is_late) == (WhyHeld.RECOGNISABLE, 0, False)
    assert waiting_count(until) == 1
    (late,) = queue(until + timedelta(days=7)).held
    assert late.is_late
    assert row.state == State.HELD


@pytest.mark.usefixtures("in_app")
def test_ten_working_days_in_all_however_often_it_is_drawn_out() -> None:
    row = factories.retour(factories.service())
    moderation.give_time(row, 5, MODERATOR, TODAY)
    week = add_working_days(TODAY, 5)
    moderation.give_time(row, 5, MODERATOR, week)
    with pytest.raises(hold_windows.TooLong):
        moderation.give_time(row, 10, MODERATOR, week)


@pytest.mark.usefixtures("in_app")
def test_another_decision_ends_it_and_the_teams_clock_begins_when_it_can_read() -> None:
    row = factories.retour(factories.service(), reply_due=TODAY, waiting_since=TODAY)
    moderation.give_time(row, 10, MODERATOR, TODAY)
    later: date = TODAY + timedelta(days=14)
    moderation.decide(row, Decision.OPEN, "", MODERATOR, later)
    assert db.session.get(HoldWindow, row.id) is None
    assert row.waiting_since == later
    assert row.reply_due is not None
    assert row.reply_due > later


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("state", ["published", "returned", "refused", "withdrawn"])
def test_only_what_is_open_or_held_is_given_time(state: str) -> None:
    row = factories.retour(factories.service(), state=state)
    with pytest.raises(ForbiddenMove):
        moderation.give_time(row, 5, MODERATOR, TODAY)


@pytest.mark.usefixtures("in_app")
def test_the_desk_says_why_the_author_could_be_recognised() -> None:
    service = factories.service()
    row = factories.retour(service, text=FEARS)
    hints = hold_hints(row, TODAY)
    assert hints.quoted == ("suis la seule patiente", "représailles")
    assert "1 retour en 28 jours" in hints.few
    for _each in range(5):
        factories.retour(service)
    assert hold_hints(row, TODAY).few == ""


def test_words_of_fear_are_held_and_their_author_decides_to_be_read(
    app: Flask, client: FlaskClient, slug: str, committed: Session
) -> None:
    receipt = send(client, slug, text=FEARS)
    assert "l’équipe pourrait vous reconnaître" in words_of(receipt)
    row = committed.scalars(select(Feedback)).one()
    assert (row.state, row.reason) == (State.HELD, "recognisable")
    feedback_id = row.id
    committed.rollback()
    desk = app.test_client()
    with writing(app):
        factories.sign_in(desk, factories.account(Role.MODERATOR))
    url = f"/equipe/moderation/{feedback_id}"
    assert "« représailles »" in words_of(desk.get(url))
    post(desk, url, {"decision": "wait", "length": "5"})
    assert "À qui du temps est laissé" in desk.get("/equipe/moderation").text
    page = come_back(client, code_of(receipt))
    assert "Un modérateur garde votre message jusqu’au" in words_of(page)
    form = soup_of(page).find("form", action="/suivi/retour/laisser-lire")
    assert form is not None
    fields = {str(i["name"]): str(i["value"]) for i in form.find_all("input", type="hidden")}
    told = client.post("/suivi/retour/laisser-lire", data=fields, follow_redirects=True)
    assert "Un modérateur ouvre votre message à l’équipe." in words_of(told)
    assert "L’auteur laisse l’équipe lire" in words_of(desk.get("/equipe/moderation"))
    again = client.post("/suivi/retour/laisser-lire", data=fields, follow_redirects=True)
    assert again.status_code == 200
    with app.app_context():
        verbs = [entry["verb"] for entry in traces.journal(feedback_id)]
        assert verbs.count("agreed") == 1
        assert db.session.get_one(Feedback, feedback_id).state == State.HELD  # a person opens it


def test_too_long_a_time_is_refused_with_the_words_kept(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        row = factories.retour(factories.service(), state="held", reason="moderate_first")
        feedback_id = row.id
        hold_windows.give_time(row, 10, TODAY)
        factories.sign_in(client, factories.account(Role.MODERATOR))
        db.session.get_one(HoldWindow, row.id).day = TODAY - timedelta(days=7)
    url = f"/equipe/moderation/{feedback_id}"
    refused = post(client, url, {"decision": "wait", "length": "10", "words": "Merci."})
    assert refused.status_code == 422
    assert "10 jours ouvrés au plus en tout" in refused.text
    assert "Merci." in refused.text
