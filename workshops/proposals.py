"""A kept group becomes a proposal that the service's team must answer (model.md §4)."""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.access import Verb, limit
from app.accounts import Account
from app.days import add_working_days
from app.db import db
from feedback import commitments
from feedback.models import CommitmentState
from workshops import ballot, decisions, groups
from workshops.board import LONGEST_TITLE
from workshops.decisions import KEEP, decide
from workshops.groups import Row
from workshops.models import CardGroup, Proposal, ProposalState, Workshop
from workshops.sessions import DryRun

S = ProposalState
CLOCKS = 2  # a proposal may take twice the reply clock of a message

MOVES: dict[S, frozenset[S]] = {
    S.TO_ANSWER: frozenset({S.ACCEPTED, S.PLANNED, S.DECLINED, S.NEEDS_INFORMATION}),
    S.NEEDS_INFORMATION: frozenset({S.ACCEPTED, S.PLANNED, S.DECLINED}),
    S.PLANNED: frozenset({S.ACCEPTED, S.DECLINED}),
    S.ACCEPTED: frozenset(),
    S.DECLINED: frozenset(),
}
STATE_NAMES = {
    S.TO_ANSWER: _("À répondre"),
    S.ACCEPTED: _("Acceptée"),
    S.PLANNED: _("Prévue"),
    S.DECLINED: _("Refusée"),
    S.NEEDS_INFORMATION: _("Précisions demandées"),
}


class ForbiddenAnswer(Exception):
    """This answer may not follow the one before."""


@dataclass(frozen=True)
class Answer:
    """What the team says; an accepted proposal also names who does it and by when."""

    state: ProposalState
    words: str
    owner: str = ""
    due: date | None = None


def propose(workshop: Workshop, row: Row, day: date) -> Proposal:
    """Return the group's proposal: its cards and those of the groups put with it, their votes, who
    carries it, session and service, and when it is due.

    The same group proposed twice gives the same proposal. Raises ``WrongPhase`` or ``DryRun``.
    """
    if workshop.is_dry_run:
        raise DryRun(workshop.id)
    decide(workshop, row.group, KEEP)
    if known := _proposal_of(row.group):
        return known
    clock = (workshop.functionality or workshop.service).reply_days
    rows = decisions.whole(row, groups.rows(workshop))
    dots, voters = ballot.total(each.group.id for each in rows)
    proposal = Proposal(
        workshop=workshop,
        group_id=row.group.id,
        service=workshop.service,
        title=row.title[:LONGEST_TITLE],
        text="\n".join(card.text for each in rows for card in each.cards),
        carrier=row.group.carrier,
        dots=dots,
        voters=voters,
        made=day,
        due=add_working_days(day, CLOCKS * clock),
    )
    db.session.add(proposal)
    db.session.flush()
    return proposal


def _proposal_of(group: CardGroup) -> Proposal | None:
    return db.session.scalar(select(Proposal).where(Proposal.group_id == group.id))


def of_session(workshop: Workshop) -> dict[str, Proposal]:
    """Return the session's proposals by the group that they came from."""
    query = select(Proposal).where(Proposal.workshop_id == workshop.id)
    return {found.group_id: found for found in db.session.scalars(query) if found.group_id}


def of_team(account: Account) -> list[Proposal]:
    """Return the proposals that ``account`` may answer: open ones first, the most urgent on top."""
    query = select(Proposal).where(limit(Proposal.service_id, account, Verb.ANSWER_PROPOSALS))
    found = db.session.scalars(query.order_by(Proposal.due, Proposal.title))
    return sorted(found, key=lambda proposal: proposal.state != S.TO_ANSWER)


def for_team(account: Account, proposal_id: str) -> Proposal | None:
    """Return the proposal if ``account`` may answer it, else None."""
    reach = limit(Proposal.service_id, account, Verb.ANSWER_PROPOSALS)
    return db.session.scalar(select(Proposal).where(Proposal.id == proposal_id, reach))


def answer(proposal: Proposal, said: Answer, day: date) -> None:
    """Write the team's answer; an accepted proposal becomes a commitment.

    Raises ``ForbiddenAnswer`` when the answer may not follow, ``ValueError`` when an accepted
    proposal has no date after ``day``.
    """
    if said.state not in MOVES[S(proposal.state)]:
        raise ForbiddenAnswer(f"{said.state} may not follow {proposal.state}")
    if said.state is S.ACCEPTED:
        if said.due is None:
            raise ValueError("an accepted proposal needs a date")
        proposal.commitment = commitments.promise(
            proposal.service, said.words, said.owner, said.due, [], day
        )
    proposal.state = said.state.value
    proposal.answer = said.words
    proposal.answered = day
    db.session.flush()


def answers_left(proposal: Proposal) -> list[ProposalState]:
    """Return the answers that may follow, in the order of the table."""
    return [state for state in S if state in MOVES[S(proposal.state)]]


def is_late(proposal: Proposal, day: date) -> bool:
    """Say whether the team let the day pass without an answer."""
    return proposal.state == S.TO_ANSWER and proposal.due < day


def ring(proposal: Proposal) -> str:
    """Return the state of the ring that shows the proposal (look.md)."""
    if proposal.commitment and proposal.commitment.state == CommitmentState.CONFIRMED:
        return "confirmed"
    if proposal.commitment and proposal.commitment.state == CommitmentState.REOPENED:
        return "contested"
    return {S.TO_ANSWER: "received", S.NEEDS_INFORMATION: "read"}.get(S(proposal.state), "answered")
