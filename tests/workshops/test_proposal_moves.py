"""Each state of a proposal × each answer: what the table allows goes through the pages, no more."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Role
from app.db import db
from tests.conftest import writing
from tests.factories import TODAY, account, post, service, sign_in
from tests.feedback.citizen import soup_of
from tests.workshops.rooms import workshop
from workshops.models import Phase, Proposal, ProposalState

S = ProposalState
OPEN = {S.PLANNED, S.DECLINED, S.ACCEPTED}
MAY_FOLLOW = {  # model.md §4, written again by hand
    S.TO_ANSWER: OPEN | {S.NEEDS_INFORMATION},
    S.NEEDS_INFORMATION: OPEN,
    S.PLANNED: {S.ACCEPTED, S.DECLINED},
    S.ACCEPTED: set(),
    S.DECLINED: set(),
}
SAID = {"words": "Un SMS la veille.", "owner": "Cheffe de produit", "due": "2027-01-15"}
PAIRS = [*product(S, S)]


@pytest.fixture
def url(app: Flask) -> str:
    """The address of a proposal of a service whose session is over."""
    with writing(app):
        room = workshop(Phase.CLOSED)
        clock = {"made": TODAY, "due": TODAY}
        words = {"title": "Un rappel", "text": "Un rappel la veille."}
        asked = Proposal(workshop=room, service=room.service, dots=3, voters=2, **clock, **words)
        db.session.add(asked)
        db.session.flush()
        return f"/equipe/propositions/{asked.id}"


@contextmanager
def stored(app: Flask) -> Iterator[Proposal]:
    """The proposal as it is committed; what is changed in it is committed too."""
    with writing(app):
        yield db.session.scalars(db.select(Proposal)).one()


def set_state(app: Flask, state: S) -> None:
    """Let the proposal stand in ``state``, without any promise."""
    with stored(app) as proposal:
        proposal.state, proposal.answer, proposal.commitment_id = state.value, "", None


def answered(app: Flask) -> tuple[str, str, bool]:
    """Return the state, the team's words and whether they promise something."""
    with stored(app) as proposal:
        return proposal.state, proposal.answer, proposal.commitment is not None


@pytest.mark.parametrize(("before", "after"), PAIRS, ids=[f"{a}-{b}" for a, b in PAIRS])
def test_the_team_gives_the_answers_that_may_follow_and_no_other(
    app: Flask, client: FlaskClient, url: str, before: S, after: S
) -> None:
    set_state(app, before)
    with stored(app) as proposal:
        sign_in(client, account(Role.PROMOTER, services=(proposal.service,)))
    offered = {str(each["value"]) for each in soup_of(client.get(url)).select("[name=state]")}
    assert offered == MAY_FOLLOW[before]
    answer = post(client, f"{url}/reponse", {**SAID, "state": after.value})
    if after in MAY_FOLLOW[before]:
        assert answer.status_code == 303
        assert answered(app) == (after, SAID["words"], after is S.ACCEPTED)
    else:
        assert answer.status_code == 422
        assert answered(app) == (before, "", False)
        assert SAID["words"] in answer.text, "nothing typed is lost"


def refused_all(app: Flask, client: FlaskClient, url: str, status: int) -> None:
    """Try each answer from each state: each is refused with ``status`` and changes nothing."""
    for before, after in PAIRS:
        set_state(app, before)
        answer = post(client, f"{url}/reponse", {**SAID, "state": after.value})
        assert (answer.status_code, *answered(app)) == (status, before, "", False), after


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PROMOTER])
def test_no_other_role_answers_even_with_a_seat_in_the_team(
    app: Flask, client: FlaskClient, url: str, role: Role
) -> None:
    with stored(app) as proposal:
        sign_in(client, account(role, services=(proposal.service,)))
    refused_all(app, client, url, 403)


def test_neither_another_team_nor_the_sessions_facilitator_answers(
    app: Flask, client: FlaskClient, url: str
) -> None:
    with writing(app):
        sign_in(client, account(Role.PROMOTER, services=(service(),)))
    refused_all(app, client, url, 404)
    with stored(app) as proposal:
        sign_in(client, proposal.workshop.facilitator)
    refused_all(app, client, url, 403)
