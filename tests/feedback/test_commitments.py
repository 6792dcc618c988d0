"""Promises: every move of the table and each that is refused, dates, verdicts, figures."""

from datetime import date, timedelta
from itertools import product

import pytest

from app import traces
from app.accounts import Role
from app.catalogue import Service
from app.db import db
from feedback import commitments, threads, verdicts
from feedback.indicators import indicators
from feedback.models import (
    Answer,
    Commitment,
    CommitmentState,
    Feedback,
    Placement,
    Segment,
    State,
    Theme,
    Verdict,
)
from feedback.models.retours import HURT
from feedback.states import COMMITMENT_MOVES, ForbiddenMove
from feedback.verdicts import NotLinked
from tests import factories
from tests.factories import TODAY

pytestmark = pytest.mark.usefixtures("in_app")
C = CommitmentState
SOON = TODAY + timedelta(days=10)


def _promise(retours: int = 1, state: C = C.PROMISED) -> tuple[Commitment, list[Feedback]]:
    service = factories.service()
    rows = [factories.retour(service) for _ in range(retours)]
    made = commitments.promise(service, "Une version 6.3 corrigée.", "Équipe", SOON, rows, TODAY)
    made.state = state.value
    return made, rows


def test_a_promise_is_dated_linked_and_written_into_each_journal() -> None:
    made, rows = _promise(2)
    assert (made.state, made.made, made.due) == (C.PROMISED, TODAY, SOON)
    assert {link.feedback_id for link in made.links} == {row.id for row in rows}
    assert all(traces.journal(row.id)[-1]["verb"] == "committed" for row in rows)


@pytest.mark.parametrize("due", [TODAY, TODAY - timedelta(days=1)])
def test_a_promise_lies_ahead(due: date) -> None:
    with pytest.raises(ValueError, match="due after"):
        commitments.promise(factories.service(), "x", "y", due, [], TODAY)


def test_a_promise_for_a_theme_answers_its_readable_concerns_once() -> None:
    service = factories.service()
    theme = Theme(service=service, name="Envoi", born=TODAY)
    own = factories.retour(service)
    same_theme = factories.retour(service)
    praise = factories.retour(service, face=10)
    held = factories.retour(service, state="held")
    contested = factories.retour(service)
    factories.retour(service)  # elsewhere
    db.session.add(theme)
    db.session.flush()
    for row in (own, same_theme, praise, held, contested):
        for start in (0, 10):  # two clauses of one retour in the same theme
            segment = Segment(feedback=row, start=start, end=start + 9, vector=b"", model="m")
            db.session.add(segment)
            db.session.flush()
            db.session.add(
                Placement(
                    segment=segment,
                    theme=theme,
                    score=0.9,
                    threshold=0.5,
                    model="m",
                    placed=TODAY,
                    contested=row is contested,
                )
            )
    db.session.flush()
    made = commitments.promise(service, "Tout corriger.", "Équipe", SOON, [own], TODAY, theme)
    assert {link.feedback_id for link in made.links} == {own.id, same_theme.id}
    assert commitments.link(made, [own, same_theme], TODAY) == 0


def test_a_promise_answers_no_retour_of_another_service() -> None:
    made, _rows = _promise()
    with pytest.raises(ForbiddenMove):
        commitments.link(made, [factories.retour(factories.service())], TODAY)


ACTS = {
    "team claims": (lambda c: commitments.announce(c, "preuve", TODAY), C.CLAIMED, "team"),
    "team drops": (lambda c: commitments.drop(c, "raison", TODAY), C.DROPPED, "team"),
    "moderator accepts": (
        lambda c: commitments.check(c, True, "", TODAY),
        C.ANNOUNCED,
        "moderator",
    ),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", list(C))
def test_moves_are_those_of_the_table_and_no_others(act: str, state: C) -> None:
    verb, target, actor = ACTS[act]
    made, _rows = _promise(state=state)
    if actor in COMMITMENT_MOVES.get((state, target), ()):
        verb(made)
        assert made.state == target
    else:
        with pytest.raises(ForbiddenMove):
            verb(made)
        assert made.state == state


def test_a_claim_without_proof_goes_back_with_the_reason_and_the_date_counts_again() -> None:
    made, _rows = _promise(state=C.CLAIMED)
    late = SOON + timedelta(days=1)
    commitments.check(made, False, "La version n’est pas en ligne.", late)
    assert (made.state, made.reason) == (C.LATE, "La version n’est pas en ligne.")
    assert made.announced is None


def test_dates_move_promises_to_due_then_late_once() -> None:
    made, _rows = _promise()
    assert commitments.advance_dates(SOON - timedelta(days=1)) == 0
    assert commitments.advance_dates(SOON) == 1
    assert made.state == C.DUE
    assert commitments.advance_dates(SOON + timedelta(days=1)) == 1
    assert made.state == C.LATE
    assert commitments.advance_dates(SOON + timedelta(days=1)) == 0


def _announced(retours: int = 3) -> tuple[Commitment, list[Feedback]]:
    made, rows = _promise(retours)
    commitments.announce(made, "Version 6.3 en ligne.", TODAY)
    commitments.check(made, True, "", TODAY)
    return made, rows


def test_28_silent_days_leave_an_announcement_unverified_never_confirmed() -> None:
    made, rows = _announced()
    commitments.advance_dates(TODAY + timedelta(days=27))
    assert made.state == C.ANNOUNCED
    commitments.advance_dates(TODAY + timedelta(days=28))
    assert made.state == C.UNVERIFIED
    commitments.advance_dates(TODAY + timedelta(days=400))
    assert made.state == C.UNVERIFIED
    verdicts.give_verdict(made, rows[0], Verdict.PARTLY, "", TODAY)
    assert made.state == C.ANNOUNCED


def test_a_word_of_an_author_keeps_an_announcement_verified() -> None:
    made, rows = _announced()
    verdicts.give_verdict(made, rows[0], Verdict.NOT, "", TODAY)
    commitments.advance_dates(TODAY + timedelta(days=90))
    assert made.state == C.ANNOUNCED


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ([Verdict.CONFIRMED], C.CONFIRMED),
        ([Verdict.CONFIRMED, Verdict.NOT], C.CONFIRMED),
        ([Verdict.CONFIRMED, Verdict.NOT, Verdict.NOT], C.ANNOUNCED),
        ([Verdict.NOT], C.ANNOUNCED),
        ([Verdict.PARTLY, Verdict.NO_LONGER], C.ANNOUNCED),
        ([], C.ANNOUNCED),
    ],
)
def test_confirmed_needs_one_confirmation_and_no_more_contests(given: list, state: C) -> None:
    made, rows = _announced()
    for row, verdict in zip(rows, given, strict=False):
        verdicts.give_verdict(made, row, verdict, "", TODAY)
    assert made.state == state
    assert sum(verdicts.tally(made).values()) == len(given)


def test_an_author_may_change_the_verdict_and_it_counts_once() -> None:
    made, rows = _announced(1)
    verdicts.give_verdict(made, rows[0], Verdict.CONFIRMED, "", TODAY)
    verdicts.give_verdict(made, rows[0], Verdict.NOT, "Toujours pas.", TODAY)
    assert made.state == C.ANNOUNCED
    assert verdicts.tally(made)[Verdict.CONFIRMED] == 0
    assert [e["verb"] for e in traces.journal(rows[0].id)][-2:] == ["confirmed", "contested"]


@pytest.mark.parametrize("state", sorted(set(C) - {C.ANNOUNCED, C.UNVERIFIED, C.CONFIRMED}))
def test_nobody_judges_what_is_not_announced(state: C) -> None:
    made, rows = _promise(state=state)
    with pytest.raises(ForbiddenMove):
        verdicts.give_verdict(made, rows[0], Verdict.CONFIRMED, "", TODAY)


def test_only_linked_authors_judge() -> None:
    made, rows = _announced()
    stranger = factories.retour(rows[0].service)
    with pytest.raises(NotLinked):
        verdicts.give_verdict(made, stranger, Verdict.CONFIRMED, "", TODAY)


def test_a_moderator_reopens_only_on_a_contest_in_words() -> None:
    made, rows = _announced()
    verdicts.give_verdict(made, rows[0], Verdict.NOT, "", TODAY)
    with pytest.raises(ForbiddenMove):
        commitments.reopen(made, "raison", TODAY)
    verdicts.give_verdict(made, rows[0], Verdict.NOT, "Rien n’a changé.", TODAY)
    commitments.reopen(made, "Un auteur montre que non.", TODAY)
    assert (made.state, made.reason) == (C.REOPENED, "Un auteur montre que non.")


def test_a_change_announced_again_is_judged_again() -> None:
    made, rows = _announced()
    verdicts.give_verdict(made, rows[0], Verdict.NOT, "Rien.", TODAY)
    commitments.reopen(made, "raison", TODAY)
    commitments.announce(made, "Cette fois oui.", TODAY)
    commitments.check(made, True, "", TODAY)
    assert sum(verdicts.tally(made).values()) == 0


def test_indicators_count_by_hand() -> None:
    service = factories.service()
    account = factories.account(Role.PROMOTER, services=(service,))
    rows = [factories.retour(service, day=TODAY - timedelta(days=n)) for n in (9, 4, 2)]
    factories.retour(service, face=10)  # praise is no concern
    factories.retour(service, state="held")
    factories.retour(service, day=TODAY - timedelta(days=400))
    factories.retour(factories.service())
    for row, canned in zip(rows, (False, True, True), strict=True):
        threads.answer(row, "Nous corrigeons ce défaut.", account, TODAY, canned=canned)
    factories.retour(service, day=TODAY - timedelta(days=1))
    commitments.promise(service, "Corriger.", "Équipe", SOON, rows[:1], TODAY)
    found = indicators(service, TODAY)
    assert (found.retours, found.concerns, found.answered, found.waiting) == (6, 4, 3, 1)
    assert (found.median_days, found.with_commitment) == (4, 1)
    assert (found.messages, found.canned) == (3, 2)
    assert (found.changes, found.confirmed, found.reopened) == (0, 0, 0)


def test_the_query_counts_the_concerns_that_a_row_calls_one() -> None:
    service = factories.service()
    said = [("G5.kind", "good"), *((code, each) for code in HURT for each in HURT[code]), None]
    grid = product((None, 0, 10), (None, "", "Rien."), State, (True, False), said)
    rows = [_row(service, *cell) for cell in grid]
    db.session.expire_all()
    expected = sum(row.is_concern and row.is_readable_by_team for row in rows)
    assert 0 < expected < len(rows)
    assert indicators(service, TODAY).concerns == expected


def _row(
    service: Service,
    face: int | None,
    text: str | None,
    state: State,
    masked: bool,
    said: tuple[str, str] | None,
) -> Feedback:
    row = factories.retour(service, face=face, text=text, state=state.value, names_masked=masked)
    if said:
        db.session.add(Answer(feedback_id=row.id, question=said[0], status="given", value=said[1]))
    return row


def test_the_median_of_an_even_number_lies_between_the_two_in_the_middle() -> None:
    service = factories.service()
    for days in (1, 2, 5, 30):
        said = TODAY - timedelta(days=40)
        factories.retour(service, day=said, first_answer_day=said + timedelta(days=days))
    assert indicators(service, TODAY).median_days == 3.5


def test_the_indicators_of_an_empty_service_are_zero() -> None:
    found = indicators(factories.service(), TODAY)
    assert (found.retours, found.median_days, found.changes) == (0, None, 0)
