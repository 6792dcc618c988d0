"""The moderator's queue and decisions: what the table allows, what needs a reason, appeals."""

from datetime import timedelta

import pytest
from flask_babel import force_locale

from app import traces
from app.traces import Actor
from feedback import moderation, search, threads
from feedback.models import Feedback, State
from feedback.moderation import Decision, MissingReason, decide, may_decide
from feedback.moderation_queue import WhyHeld, queue
from feedback.rules import RULES, reason_text
from feedback.states import ForbiddenMove
from tests import factories
from tests.factories import TODAY

pytestmark = pytest.mark.usefixtures("in_app")
ACTOR = Actor("moderator", "Modération")
ALLOWED = {
    State.RECEIVED: set(),
    State.OPEN: {Decision.HOLD, Decision.PUBLISH},
    State.HELD: {Decision.OPEN, Decision.PUBLISH, Decision.RETURN, Decision.REFUSE},
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
    Decision.RETURN: State.RETURNED,
    Decision.REFUSE: State.REFUSED,
    Decision.HOLD: State.HELD,
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


def test_the_queue_puts_danger_first_and_reminds_after_three_working_days() -> None:
    service = factories.service()
    friday = TODAY - timedelta(days=3)
    names = factories.retour(service, state="held", names_masked=False)
    asks = factories.retour(service, state="held", reason="moderate_first", day=friday)
    danger = factories.retour(service, state="held", dangers=["suicide"])
    appeal = factories.retour(service, state="refused", day=TODAY - timedelta(days=30))
    moderation.appeal(appeal, "Je ne nomme personne.", TODAY)
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
    thursday = TODAY + timedelta(days=3)
    assert [i.feedback.id for i in queue(thursday).held if i.is_late] == [asks.id]
    assert asks.state == State.HELD


def test_an_appeal_keeps_the_authors_words_and_only_follows_a_refusal() -> None:
    row = factories.retour(factories.service(), state="refused", reason="Insulte.")
    moderation.appeal(row, "Je ne nomme personne.", TODAY)
    assert (row.state, row.reason) == (State.HELD, "appel : Je ne nomme personne.")
    with pytest.raises(ForbiddenMove):
        moderation.appeal(factories.retour(factories.service()), "Non.", TODAY)


def test_an_authors_held_message_waits_in_the_queue() -> None:
    row = factories.retour(factories.service(), thread_state="answered")
    message = threads.reply(row, "Je n’en peux plus.", TODAY, held=True)
    assert list(queue(TODAY).messages) == [message]
