"""The moderator's queue and decisions: what the table allows, what needs a reason, appeals."""

from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from app import traces
from app.accounts import Role
from app.db import db
from app.traces import Actor
from feedback import appeals, moderation_figures, search, threads
from feedback.appeals import Moderator, SameModerator, moderator_of
from feedback.models import DecisionCount, Feedback, Refusal, State
from feedback.moderation import (
    Decision,
    MissingReason,
    decide,
    may_decide,
)
from feedback.moderation_items import WhyHeld
from feedback.moderation_queue import queue
from feedback.rules import RULES, reason_text
from feedback.states import ForbiddenMove
from feedback.suggested_rules import suggested_rules
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY

pytestmark = pytest.mark.usefixtures("in_app")
ACTOR = Actor("moderator", "Modération")
ALLOWED = {
    State.RECEIVED: set(),
    State.OPEN: {Decision.HOLD, Decision.PUBLISH, Decision.DECLINE, Decision.WAIT},
    State.HELD: set(Decision) - {Decision.HOLD, Decision.UNPUBLISH, Decision.DECLINE},
    State.RETURNED: set(),
    State.REFUSED: set(),
    State.PUBLISHED: {Decision.UNPUBLISH},
    State.SHOWN: set(),  # of a reader's answer alone: tests/feedback/test_peers.py
    State.WITHDRAWN: set(),
}
BECOMES = {
    Decision.OPEN: State.OPEN,
    Decision.PUBLISH: State.PUBLISHED,
    Decision.UNPUBLISH: State.OPEN,
    Decision.DECLINE: State.OPEN,
    Decision.RETURN: State.RETURNED,
    Decision.REFUSE: State.REFUSED,
    Decision.HOLD: State.HELD,
    Decision.WAIT: State.HELD,
}


@pytest.mark.parametrize("decision", list(Decision))
@pytest.mark.parametrize("state", list(State))
def test_each_decision_from_each_state(state: State, decision: Decision) -> None:
    row = factories.retour(factories.service(), state=state.value, wants_publication=True)
    if decision in ALLOWED[state]:
        decide(row, decision, "La règle.", ACTOR, TODAY)
        assert row.state == BECOMES[decision]
        entry = traces.journal(row.id)[-1]
        assert (entry["verb"], entry["detail"]) == ("moderated", decision.value)
    else:
        with pytest.raises(ForbiddenMove):
            decide(row, decision, "La règle.", ACTOR, TODAY)
        assert row.state == state


@pytest.mark.parametrize("state", ["open", "held"])
def test_nothing_is_published_that_its_author_did_not_tick(state: str) -> None:
    row = factories.retour(factories.service(), state=state, wants_publication=False)
    with pytest.raises(ForbiddenMove):
        decide(row, Decision.PUBLISH, "", ACTOR, TODAY)


def test_what_is_taken_down_does_not_come_back_among_the_wishes() -> None:
    row = factories.retour(factories.service(), state="published", wants_publication=True)
    decide(row, Decision.UNPUBLISH, "", ACTOR, TODAY)
    assert row.id not in {item.feedback.id for item in queue(TODAY).wishes}
    assert Decision.PUBLISH not in may_decide(row)


def test_not_publishing_says_why() -> None:
    row = factories.retour(factories.service(), wants_publication=True)
    with pytest.raises(MissingReason):
        decide(row, Decision.DECLINE, " ", ACTOR, TODAY)


@pytest.mark.parametrize("decision", [Decision.RETURN, Decision.REFUSE])
def test_a_return_and_a_refusal_say_why(decision: Decision) -> None:
    row = factories.retour(factories.service(), state="held")
    with pytest.raises(MissingReason):
        decide(row, decision, "  ", ACTOR, TODAY)
    with force_locale("fr"):
        decide(row, decision, reason_text("insult", "Le mot « nul »."), ACTOR, TODAY)
        assert row.reason.startswith(str(RULES[1].text))
    assert row.reason.endswith("Le mot « nul ».")


def test_unmasked_names_are_not_opened_by_hand() -> None:
    row = factories.retour(factories.service(), state="held", names_masked=False)
    assert Decision.OPEN not in may_decide(row)
    assert Decision.PUBLISH not in may_decide(row)


def test_what_is_opened_can_be_found_and_waits_for_the_team() -> None:
    service = factories.service()
    row = factories.retour(service, state="held", thread_state="none", waiting_since=None)
    decide(row, Decision.OPEN, "", ACTOR, TODAY)
    assert search.find("mesures", Feedback.service_id == service.id) == [row.id]
    assert (row.thread_state, row.waiting_since, row.reason) == ("waiting", TODAY, "")


def test_the_queue_puts_danger_first_and_reminds_when_a_level_is_late() -> None:
    service = factories.service()
    friday = TODAY - timedelta(days=3)
    names = factories.retour(service, state="held", names_masked=False)
    asks = factories.retour(service, state="held", reason="moderate_first", day=friday)
    danger = factories.retour(service, state="held", dangers=["suicide"])
    appeal = factories.retour(service, state="refused", day=TODAY - timedelta(days=30))
    appeals.appeal(appeal, "Je ne nomme personne.", TODAY)
    factories.retour(service)
    wish = factories.retour(service, wants_publication=True)
    found = queue(TODAY)
    assert [(i.feedback.id, i.why) for i in found.held] == [
        (danger.id, WhyHeld.DANGER),
        (appeal.id, WhyHeld.APPEAL),
        (names.id, WhyHeld.NAMES),
        (asks.id, WhyHeld.SERVICE),
    ]
    assert [i.feedback.id for i in found.wishes] == [wish.id]
    assert found.size == 5
    assert not any(i.is_late for i in found.held)
    wednesday, thursday = TODAY + timedelta(days=2), TODAY + timedelta(days=3)
    assert [i.feedback.id for i in queue(wednesday).held if i.is_late] == [danger.id]
    late = [i.feedback.id for i in queue(thursday).held if i.is_late]
    assert late == [danger.id, asks.id]
    assert asks.state == State.HELD


def test_an_appeal_keeps_the_authors_words_and_only_follows_a_refusal() -> None:
    row = factories.retour(factories.service(), state="refused", reason="Insulte.")
    appeals.appeal(row, "Je ne nomme personne.", TODAY)
    assert (row.state, row.reason) == (State.HELD, "appel : Je ne nomme personne.")
    with pytest.raises(ForbiddenMove):
        appeals.appeal(factories.retour(factories.service()), "Non.", TODAY)


def test_an_authors_held_message_waits_in_the_queue() -> None:
    row = factories.retour(factories.service(), thread_state="answered")
    message = threads.reply(row, "Je n’en peux plus.", TODAY, held=True)
    assert list(queue(TODAY).messages) == [message]


def _refused() -> tuple[Feedback, Moderator, Moderator]:
    first, second = (moderator_of(factories.account(Role.MODERATOR)) for _ in range(2))
    row = factories.retour(factories.service(), state="held")
    decide(row, Decision.REFUSE, "Insulte.", first, TODAY)
    appeals.appeal(row, "Je ne nomme personne.", TODAY)
    return row, first, second


@pytest.mark.parametrize("decision", [Decision.OPEN, Decision.RETURN, Decision.REFUSE])
def test_an_appeal_is_decided_by_another_than_who_refused(decision: Decision) -> None:
    row, first, second = _refused()
    for not_entitled in (first, ACTOR, Moderator("moderator", "Modération")):
        assert not appeals.may_judge(row, not_entitled)
        with pytest.raises(SameModerator):
            decide(row, decision, "La règle.", not_entitled, TODAY)
    assert row.state == State.HELD
    decide(row, decision, "La règle.", second, TODAY)
    assert row.state == BECOMES[decision]


def test_a_second_refusal_is_appealed_before_a_third_person() -> None:
    row, first, second = _refused()
    decide(row, Decision.REFUSE, "Insulte.", second, TODAY)
    appeals.appeal(row, "Encore.", TODAY)
    assert not appeals.may_judge(row, second)
    assert appeals.may_judge(row, first)


def test_who_refused_is_forgotten_once_the_retour_is_open() -> None:
    row, _first, second = _refused()
    decide(row, Decision.OPEN, "", second, TODAY)
    assert db.session.get(Refusal, row.id) is None


def test_the_page_of_an_appeal_is_closed_to_who_refused(app: Flask) -> None:
    client = app.test_client()
    with writing(app):
        account = factories.account(Role.MODERATOR)
        row = factories.retour(factories.service(), state="held")
        decide(row, Decision.REFUSE, "Insulte.", moderator_of(account), TODAY)
        appeals.appeal(row, "Je ne nomme personne.", TODAY)
        url = f"/equipe/moderation/{row.id}"
        factories.sign_in(client, account)
    assert "un autre modérateur doit décider" in client.get(url).text
    assert 'name="decision"' not in client.get(url).text
    said = {"decision": "refuse", "rule": "insult", "words": "Toujours."}
    assert factories.post(client, url, said).status_code == 409
    with app.app_context():
        assert db.session.get_one(Feedback, row_id(url)).state == State.HELD


def row_id(url: str) -> str:
    return url.rpartition("/")[2]


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"masked": {"PERSON": 1, "PHONE": 1}}, ["others"]),
        ({"text": "Quelle bande de CONNARDS !"}, ["insult"]),
        ({"masked": {"URL": 1}}, ["advertising"]),
        ({"text": "!!! 123 ???"}, ["unreadable"]),
        ({"dangers": ["suicide"]}, ["danger"]),
        ({}, []),
    ],
)
def test_rules_are_suggested_with_their_reason(values: dict, codes: list[str]) -> None:
    row = factories.retour(factories.service(), state="held", **values)
    with force_locale("fr"):
        found = suggested_rules(row)
    assert [each.code for each in found] == codes
    assert all(each.because for each in found)
    assert row.state == State.HELD, "a suggestion moves nothing"


def test_the_figures_count_waits_and_decisions_by_reason() -> None:
    service = factories.service()
    factories.retour(service, state="held", dangers=["suicide"], day=TODAY - timedelta(days=7))
    for days, times in ((0, 2), (3, 1), (4, 2)):
        for _ in range(times):
            moderation_figures.count(WhyHeld.SERVICE, Decision.OPEN, days, TODAY)
    moderation_figures.count(WhyHeld.SERVICE, Decision.OPEN, 9, TODAY - timedelta(days=200))
    total, danger, asked = moderation_figures.figures(queue(TODAY), (), TODAY)
    assert (total.why, total.waiting, total.oldest, total.decided) == (None, 1, 5, 5)
    assert (danger.why, danger.waiting, danger.decided) == (WhyHeld.DANGER, 1, 0)
    # 0 0 3 4 4: the middle one is 3; three of five within three working days
    assert (asked.decided, asked.median, asked.in_time) == (5, 3, 60)


def test_without_anything_the_figures_are_one_line_of_noughts() -> None:
    (line,) = moderation_figures.figures(queue(TODAY), (), TODAY)
    assert (line.waiting, line.oldest, line.decided, line.median, line.in_time) == (0, 0, 0, 0, 0)


def test_a_decision_on_the_page_is_counted_and_names_nobody(app: Flask) -> None:
    client = app.test_client()
    with writing(app):
        row = factories.retour(factories.service(), state="held", reason="moderate_first")
        url = f"/equipe/moderation/{row.id}"
        factories.sign_in(client, factories.account(Role.MODERATOR))
    assert factories.post(client, url, {"decision": "open"}).status_code == 303
    with app.app_context():
        (kept,) = db.session.scalars(select(DecisionCount))
        assert (kept.why, kept.outcome, kept.days, kept.number) == ("service", "open", 0, 1)
        assert {c.name for c in DecisionCount.__table__.columns} == {
            *("id", "month", "why", "outcome", "days", "number")
        }
    assert "La file en chiffres" in client.get("/equipe/moderation").text
