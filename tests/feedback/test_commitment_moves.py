"""The commitment table of model.md §4, every pair of states by every actor, and its history."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest

from app import traces
from app.catalogue import Service
from app.db import db
from feedback import commitment_follow_up, commitments, verdicts
from feedback.commitment_steps import history
from feedback.models import Commitment, CommitmentState, Feedback, StepKind, Theme, Verdict
from feedback.states import ForbiddenMove, check_commitment_move
from tests import factories
from tests.factories import TODAY

pytestmark = pytest.mark.usefixtures("in_app")
C = CommitmentState
SOON = TODAY + timedelta(days=10)
ACTORS = ("author", "team", "moderator", "date", "expert", "administrator", "relay", "mediator")

# Written by hand from model.md; ``claimed`` is the wait between the team's word and its check.
ALLOWED = {
    ("promised", "due", "date"),
    ("promised", "late", "date"),
    ("due", "late", "date"),
    *((old, "claimed", "team") for old in ("promised", "due", "late", "reopened")),
    ("claimed", "announced", "moderator"),
    ("claimed", "promised", "moderator"),
    ("announced", "confirmed", "author"),
    ("unverified", "confirmed", "author"),
    ("unverified", "announced", "author"),
    ("confirmed", "announced", "author"),
    ("announced", "unverified", "date"),
    *((old, "reopened", "moderator") for old in ("announced", "unverified", "confirmed")),
    *((old, "dropped", "team") for old in ("promised", "due", "late", "reopened")),
}


@pytest.mark.parametrize("actor", ACTORS)
def test_each_pair_of_states_is_open_to_whom_the_table_names_alone(actor: str) -> None:
    for old, new in product(list(C), list(C)):
        if (old.value, new.value, actor) in ALLOWED:
            check_commitment_move(old, new, actor)
        else:
            with pytest.raises(ForbiddenMove):
                check_commitment_move(old, new, actor)


def promise(retours: int = 2, service: Service | None = None) -> tuple[Commitment, list[Feedback]]:
    own = service or factories.service()
    rows = [factories.retour(own) for _ in range(retours)]
    return commitments.promise(own, "Réparer l’envoi.", "Équipe", SOON, rows, TODAY), rows


def kinds(commitment: Commitment) -> list[str]:
    return [step.kind for step in history(commitment)]


def test_the_history_tells_a_whole_life_in_order() -> None:
    made, rows = promise()
    day = SOON + timedelta(days=1)
    commitments.advance_dates(SOON)
    commitments.advance_dates(day)
    commitments.announce(made, "Version 6.3 en ligne.", day)
    commitments.check(made, False, "Pas encore en ligne.", day)
    commitments.announce(made, "Elle l’est.", day)
    commitments.check(made, True, "", day)
    verdicts.give_verdict(made, rows[0], Verdict.CONFIRMED, "", day)
    verdicts.give_verdict(made, rows[0], Verdict.NOT, "Toujours pas.", day)
    commitments.reopen(made, "Un auteur le montre.", day)
    commitments.drop(made, "Trop cher.", day)
    told = ["promised", "linked", "due", "late", "claimed", "sent_back", "late", "claimed"]
    told += ["announced", "confirmed", "disputed", "reopened", "dropped"]
    assert kinds(made) == told
    steps = history(made)
    assert [step.position for step in steps] == list(range(1, 14))
    assert (steps[-1].words, steps[-1].role) == ("Trop cher.", "promoter")
    assert [steps[2].role, steps[8].role, steps[9].role] == ["rule", "moderator", "author"]


def test_28_silent_days_are_told_once() -> None:
    made, rows = promise()
    commitments.announce(made, "Version 6.3 en ligne.", TODAY)
    commitments.check(made, True, "", TODAY)
    for days in (28, 29, 60):
        commitments.advance_dates(TODAY + timedelta(days=days))
    assert kinds(made).count("unverified") == 1
    with pytest.raises(ForbiddenMove):
        commitments.reopen(made, "raison", TODAY)  # nobody contests: no clock reopens it
    verdicts.give_verdict(made, rows[0], Verdict.PARTLY, "", TODAY)
    assert kinds(made)[-1] == "judged"


def test_a_second_tap_makes_one_promise() -> None:
    own = factories.service()
    row, other = factories.retour(own), factories.retour(own)
    said = (own, "Réparer l’envoi.", "Équipe", SOON)
    first = commitments.promise(*said, [row], TODAY)
    assert commitments.promise(*said, [row, other], TODAY) is first
    assert {link.feedback_id for link in first.links} == {row.id, other.id}
    assert commitments.promise(*said[:3], SOON + timedelta(days=1), [row], TODAY) is not first


def test_a_retour_is_unlinked_and_its_journal_says_so() -> None:
    made, (row, _other) = promise()
    commitment_follow_up.unlink(made, row, TODAY)
    assert row.id not in {link.feedback_id for link in made.links}
    assert traces.journal(row.id)[-1]["detail"] == "unlinked"
    commitment_follow_up.unlink(made, row, TODAY)  # a second tap
    assert kinds(made).count("unlinked") == 1


@pytest.mark.parametrize("state", [C.CLAIMED, C.ANNOUNCED, C.UNVERIFIED, C.CONFIRMED, C.DROPPED])
def test_nobody_who_may_judge_is_put_aside(state: C) -> None:
    made, (row, _other) = promise()
    made.state = state.value
    with pytest.raises(ForbiddenMove):
        commitment_follow_up.unlink(made, row, TODAY)


def test_an_author_who_contested_stays_linked_when_it_is_reopened() -> None:
    made, (row, other) = promise()
    made.state = C.ANNOUNCED.value
    verdicts.give_verdict(made, row, Verdict.NOT, "Toujours pas.", TODAY)
    commitments.reopen(made, "Un auteur le montre.", TODAY)
    with pytest.raises(ForbiddenMove):
        commitment_follow_up.unlink(made, row, TODAY)
    commitment_follow_up.unlink(made, other, TODAY)


ABOUT: dict[str, Callable[[Service], object]] = {
    "theme": lambda service: Theme(service=service, name="Envoi", born=TODAY),
    "release": lambda service: factories.release(service),
}


@pytest.mark.parametrize("what", ABOUT)
def test_theme_and_release_are_of_its_own_service_and_told_once(what: str) -> None:
    made, _rows = promise()
    put = getattr(commitment_follow_up, f"set_{what}")
    own, foreign = ABOUT[what](made.service), ABOUT[what](factories.service())
    db.session.add_all([own, foreign])
    db.session.flush()
    with pytest.raises(ForbiddenMove):
        put(made, foreign, TODAY)
    for value in (own, own, None):
        put(made, value, TODAY)
        assert getattr(made, what) is value
    assert kinds(made).count(what) == 2


def test_a_colleague_follows_it_and_the_history_keeps_the_function_alone() -> None:
    made, _rows = promise()
    one = factories.account(services=(made.service,), name="Ada Exemple")
    commitment_follow_up.set_owner(made, "Cheffe de produit", one, TODAY)
    db.session.expire_all()
    assert (made.owner, made.colleague) == ("Cheffe de produit", one)
    assert history(made)[-1].words == "Cheffe de produit"
    assert StepKind(history(made)[-1].kind) is StepKind.OWNER
