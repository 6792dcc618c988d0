"""A kept group becomes a proposal; its service's team answers, and nobody else's."""

from datetime import date

import pytest

from app.accounts import Role
from feedback.models import CommitmentState
from tests.factories import account, functionality, service
from tests.workshops.rooms import seat, workshop
from workshops import ballot, board, groups, proposals
from workshops.board import Draft
from workshops.card_names import NobodyNamed
from workshops.models import Phase, Proposal, ProposalState, Workshop
from workshops.phases import WrongPhase
from workshops.proposals import Answer, ForbiddenAnswer

pytestmark = pytest.mark.usefixtures("in_app")

S = ProposalState


@pytest.fixture
def room() -> Workshop:
    served = service()
    part = functionality(served)  # 10 working days
    made = workshop(Phase.WRITE, service=served, functionality=part)
    cards = [
        board.write(made, seat(made), Draft(text), NobodyNamed())
        for text in ("Un rappel", "Le soir")
    ]
    made.phase = Phase.GROUP.value
    group = groups.gather(made, cards, title="Rappels")
    made.phase = Phase.VOTE.value
    for voter in ("a", "b"):
        ballot.give(made, seat(made, voter), group.id)
    made.phase = Phase.DECIDE.value
    return made


@pytest.fixture
def proposal(room: Workshop, today: date) -> Proposal:
    return proposals.propose(room, groups.rows(room)[0], today)


def test_a_proposal_carries_cards_votes_session_service_and_twice_the_clock(
    room: Workshop, proposal: Proposal
) -> None:
    assert sorted(proposal.text.splitlines()) == ["Le soir", "Un rappel"]
    assert (proposal.title, proposal.dots, proposal.voters) == ("Rappels", 2, 2)
    assert (proposal.workshop, proposal.service) == (room, room.service)
    assert proposal.due == date(2026, 12, 21)  # 20 working days after Monday 23 November
    assert groups.rows(room)[0].group.decision == "keep"


def test_two_taps_propose_once(room: Workshop, proposal: Proposal, today: date) -> None:
    assert proposals.propose(room, groups.rows(room)[0], today) is proposal


def test_nothing_is_proposed_before_the_decision(room: Workshop, today: date) -> None:
    room.phase = Phase.VOTE.value
    with pytest.raises(WrongPhase):
        proposals.propose(room, groups.rows(room)[0], today)


def test_an_accepted_proposal_becomes_a_commitment(proposal: Proposal, today: date) -> None:
    said = Answer(S.ACCEPTED, "Un rappel par SMS.", "Cheffe de produit", date(2027, 1, 15))
    proposals.answer(proposal, said, today)
    made = proposal.commitment
    assert made is not None
    assert (made.text, made.owner, made.due) == (said.words, said.owner, said.due)
    assert made.state == CommitmentState.PROMISED
    assert (proposal.state, proposal.answered) == (S.ACCEPTED, today)


def test_an_accepted_proposal_needs_a_date_to_come(proposal: Proposal, today: date) -> None:
    for due in (None, today):
        with pytest.raises(ValueError, match="date|due"):
            proposals.answer(proposal, Answer(S.ACCEPTED, "Oui.", "Moi", due), today)


@pytest.mark.parametrize("state", [S.PLANNED, S.DECLINED, S.NEEDS_INFORMATION])
def test_other_answers_make_no_commitment(proposal: Proposal, today: date, state: S) -> None:
    proposals.answer(proposal, Answer(state, "Pas cette année."), today)
    assert (proposal.state, proposal.commitment) == (state, None)


def test_a_refusal_is_final_and_a_question_is_not(proposal: Proposal, today: date) -> None:
    proposals.answer(proposal, Answer(S.NEEDS_INFORMATION, "Pour qui ?"), today)
    proposals.answer(proposal, Answer(S.DECLINED, "Trop cher."), today)
    with pytest.raises(ForbiddenAnswer):
        proposals.answer(proposal, Answer(S.PLANNED, "Finalement."), today)
    assert proposals.answers_left(proposal) == []


def test_only_the_team_of_the_service_finds_it(room: Workshop, proposal: Proposal) -> None:
    team = account(Role.PROMOTER, services=(room.service,))
    other = account(Role.PROMOTER, services=(service(),))
    assert proposals.of_team(team) == [proposal]
    assert proposals.for_team(team, proposal.id) is proposal
    for stranger in (other, room.facilitator, account(Role.MODERATOR)):
        assert proposals.of_team(stranger) == []
        assert proposals.for_team(stranger, proposal.id) is None


def test_it_is_late_the_day_after(proposal: Proposal, today: date) -> None:
    assert not proposals.is_late(proposal, proposal.due)
    assert proposals.is_late(proposal, date(2026, 12, 22))
    proposals.answer(proposal, Answer(S.PLANNED, "Au printemps."), today)
    assert not proposals.is_late(proposal, date(2026, 12, 22))


def test_the_ring_follows_the_answer_and_the_promise(proposal: Proposal, today: date) -> None:
    assert proposals.ring(proposal) == "received"
    said = Answer(S.ACCEPTED, "Oui.", "Moi", date(2027, 1, 15))
    proposals.answer(proposal, said, today)
    assert proposals.ring(proposal) == "answered"
    assert proposal.commitment
    proposal.commitment.state = CommitmentState.CONFIRMED.value
    assert proposals.ring(proposal) == "confirmed"
