"""The exchange: every move of the table, the clock, the double tap, the silence."""

from datetime import timedelta

import pytest

from app import traces
from app.accounts import Role
from app.traces import Actor
from feedback import threads
from feedback.earlier_answers import near_duplicates
from feedback.models import ThreadState
from feedback.states import ForbiddenMove
from feedback.threads import THREAD_MOVES
from tests import factories
from tests.factories import TODAY

pytestmark = pytest.mark.usefixtures("in_app")
WORDS = "Nous avons corrigé l’envoi des mesures."


def _scene(**values: object):
    service = factories.service()
    factories.functionality(service)
    account = factories.account(Role.PROMOTER, services=(service,))
    return factories.retour(service, **values), account


@pytest.mark.parametrize("state", list(ThreadState))
def test_team_answers_from_every_state(state: ThreadState) -> None:
    feedback, account = _scene(thread_state=state.value, reply_due=TODAY)
    threads.answer(feedback, WORDS, account, TODAY)
    assert feedback.thread_state == THREAD_MOVES["team", state]
    assert feedback.first_answer_day == TODAY
    assert (feedback.waiting_since, feedback.reply_due) == (None, None)


def test_the_first_answer_day_is_that_of_the_first_answer() -> None:
    feedback, account = _scene()
    threads.answer(feedback, WORDS, account, TODAY)
    threads.answer(feedback, "Un mot de plus sur ce point.", account, TODAY + timedelta(days=4))
    assert feedback.first_answer_day == TODAY


def test_an_answer_keeps_role_and_organisation_and_no_name() -> None:
    feedback, account = _scene()
    message = threads.answer(feedback, WORDS, account, TODAY)
    assert (message.role, message.organisation) == ("promoter", account.organisation.name)
    entry = traces.journal(feedback.id)[-1]
    assert (entry["verb"], entry["role"]) == ("answered", "promoter")
    assert account.name not in str(entry)


def test_the_same_words_twice_on_one_day_are_one_message() -> None:
    feedback, account = _scene()
    first = threads.answer(feedback, WORDS, account, TODAY)
    assert threads.answer(feedback, WORDS, account, TODAY) is first
    threads.answer(feedback, WORDS, account, TODAY + timedelta(days=1))
    assert len(threads.messages(feedback)) == 2


@pytest.mark.parametrize(
    "values",
    [
        {"state": "held"},
        {"state": "received"},
        {"state": "returned"},
        {"state": "refused"},
        {"state": "withdrawn"},
        {"names_masked": False},
        {"text": None, "thread_state": "none"},
    ],
)
def test_what_the_team_may_not_read_or_has_no_words_gets_no_answer(values: dict) -> None:
    feedback, account = _scene(**values)
    with pytest.raises(ForbiddenMove):
        threads.answer(feedback, WORDS, account, TODAY)
    assert threads.messages(feedback) == []


@pytest.mark.parametrize("state", ["answered", "lapsed", "settled", "none"])
def test_an_authors_reply_starts_the_clock_again(state: str) -> None:
    feedback, _account = _scene(thread_state=state, waiting_since=None)
    threads.reply(feedback, "Cela ne marche toujours pas.", TODAY)
    assert feedback.thread_state == ThreadState.REPLIED
    assert feedback.waiting_since == TODAY
    assert feedback.reply_due is not None
    assert (feedback.reply_due - TODAY).days == 14  # ten working days from a Monday
    assert feedback.last_author_day == TODAY


def test_a_second_word_of_a_waiting_author_does_not_push_the_clock_back() -> None:
    early = TODAY - timedelta(days=7)
    feedback, _account = _scene(waiting_since=early, reply_due=TODAY)
    threads.reply(feedback, "Encore un détail.", TODAY)
    assert (feedback.thread_state, feedback.waiting_since) == (ThreadState.WAITING, early)
    assert feedback.reply_due == TODAY


def test_a_held_reply_moves_nothing_until_it_is_released() -> None:
    feedback, _account = _scene(thread_state="answered", waiting_since=None)
    message = threads.reply(feedback, "Je n’en peux plus.", TODAY, held=True)
    assert feedback.thread_state == ThreadState.ANSWERED
    assert threads.messages(feedback, with_held=False) == []
    threads.release(message, TODAY)
    assert feedback.thread_state == ThreadState.REPLIED
    assert threads.messages(feedback, with_held=False) == [message]


def test_nobody_writes_in_a_withdrawn_exchange() -> None:
    feedback, _account = _scene(state="withdrawn")
    with pytest.raises(ForbiddenMove):
        threads.reply(feedback, "Un mot", TODAY)


@pytest.mark.parametrize("state", ["answered", "lapsed"])
def test_an_author_settles_what_was_answered(state: str) -> None:
    feedback, _account = _scene(thread_state=state)
    threads.settle(feedback, TODAY)
    assert feedback.thread_state == ThreadState.SETTLED
    assert traces.journal(feedback.id)[-1]["verb"] == "confirmed"


@pytest.mark.parametrize("state", ["waiting", "replied", "none", "settled"])
def test_nothing_else_can_be_settled(state: str) -> None:
    feedback, _account = _scene(thread_state=state)
    with pytest.raises(ForbiddenMove):
        threads.settle(feedback, TODAY)


def test_sixty_days_of_silence_lapse_an_answered_exchange_and_no_other() -> None:
    feedback, account = _scene()
    threads.answer(feedback, WORDS, account, TODAY)
    waiting, _ = _scene(day=TODAY - timedelta(days=200))
    assert threads.lapse_old(TODAY + timedelta(days=59)) == 0
    assert threads.lapse_old(TODAY + timedelta(days=60)) == 1
    assert threads.lapse_old(TODAY + timedelta(days=60)) == 0
    assert (feedback.thread_state, waiting.thread_state) == ("lapsed", "waiting")


def test_the_teams_first_opening_is_the_day_it_was_read() -> None:
    feedback, _account = _scene()
    threads.mark_read(feedback, Actor("moderator", "M"), TODAY)
    assert feedback.read_day is None
    threads.mark_read(feedback, Actor("promoter", "P"), TODAY)
    threads.mark_read(feedback, Actor("promoter", "P"), TODAY)
    threads.mark_read(feedback, Actor("promoter", "P"), TODAY + timedelta(days=1))
    assert feedback.read_day == TODAY
    opened = [entry for entry in traces.journal(feedback.id) if entry["verb"] == "opened"]
    assert [(e["role"], e["day"]) for e in opened] == [
        ("moderator", "2026-11-23"),
        ("promoter", "2026-11-23"),
        ("promoter", "2026-11-24"),
    ]


def test_near_duplicates_are_the_teams_own_words_in_the_same_service() -> None:
    feedback, account = _scene()
    other, other_account = _scene()
    text = "Merci de votre retour, nous l’avons transmis à l’équipe technique."
    threads.answer(feedback, text, account, TODAY)
    threads.answer(other, text, other_account, TODAY)
    threads.reply(feedback, text, TODAY)
    found = near_duplicates(feedback.service, text.replace("Merci", "Merci"))
    assert [m.feedback_id for m in found] == [feedback.id]
    assert near_duplicates(feedback.service, "L’export PDF est là depuis hier.") == []
