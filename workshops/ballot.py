"""Dot votes: a budget each, a cap per group, retractable, secret until the phase after."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from app.db import db
from workshops.models import Participant, Vote, Workshop
from workshops.phases import Act, check_act


class BudgetSpent(Exception):
    """All of this participant's votes are given."""


class GroupFull(Exception):
    """This participant gave the group as many votes as one may."""


class BudgetBelowVotes(Exception):
    """Somebody has given more votes than the new budget or cap allows."""


class NothingToRetract(Exception):
    """This participant gave the group no vote."""


@dataclass(frozen=True)
class Standing:
    """What a group got, and its place; groups with the same number of dots share a place."""

    dots: int = 0
    voters: int = 0
    place: int | None = None  # None without a vote
    tied: bool = False


def given(participant: Participant) -> dict[str, int]:
    """Return how many dots the participant gave to each group."""
    query = select(Vote.group_id, Vote.dots).where(Vote.participant_id == participant.id)
    return {vote.group_id: vote.dots for vote in db.session.execute(query)}


def give(workshop: Workshop, participant: Participant, group_id: str) -> None:
    """Give the group one vote more.

    The caller holds the write lock, so parallel posts of one phone cannot pass the budget together.
    Raises ``WrongPhase``, ``BudgetSpent`` or ``GroupFull``.
    """
    check_act(workshop.phase, Act.VOTE)
    mine = given(participant)
    if sum(mine.values()) >= workshop.votes_each:
        raise BudgetSpent
    if mine.get(group_id, 0) >= workshop.votes_per_group:
        raise GroupFull
    vote = _vote(participant.id, group_id)
    if vote is None:
        vote = Vote(
            workshop_id=workshop.id, participant_id=participant.id, group_id=group_id, dots=0
        )
        db.session.add(vote)
    vote.dots += 1
    db.session.flush()


def change_budget(workshop: Workshop, each: int, per_group: int) -> None:
    """Give everybody ``each`` votes, at most ``per_group`` on one group.

    Raises ``BudgetBelowVotes`` when somebody has given more already: nobody's vote is taken away.
    """
    mine = Vote.workshop_id == workshop.id
    sums = select(func.sum(Vote.dots)).where(mine).group_by(Vote.participant_id)
    most = max(db.session.scalars(sums), default=0)
    highest = db.session.scalar(select(func.max(Vote.dots)).where(mine)) or 0
    if each < most or per_group < highest:
        raise BudgetBelowVotes
    workshop.votes_each, workshop.votes_per_group = each, min(per_group, each)
    workshop.version += 1


def retract(workshop: Workshop, participant: Participant, group_id: str) -> None:
    """Take one vote back. Raises ``WrongPhase`` or ``NothingToRetract``."""
    check_act(workshop.phase, Act.VOTE)
    vote = _vote(participant.id, group_id)
    if vote is None:
        raise NothingToRetract
    vote.dots -= 1
    if vote.dots == 0:
        db.session.delete(vote)
    db.session.flush()


def _vote(participant_id: str | None, group_id: str) -> Vote | None:
    query = select(Vote).where(Vote.participant_id == participant_id, Vote.group_id == group_id)
    return db.session.scalar(query)


def carry_over(workshop: Workshop, group_id: str, heir_id: str) -> None:
    """Move the votes of a group that merges into another; above the cap they are given back."""
    for vote in list(db.session.scalars(select(Vote).where(Vote.group_id == group_id))):
        there = _vote(vote.participant_id, heir_id)
        if there is None:
            vote.group_id = heir_id
        else:
            there.dots = min(workshop.votes_per_group, there.dots + vote.dots)
            db.session.delete(vote)
        db.session.flush()


def count_voters(workshop: Workshop) -> int:
    """Return how many phones gave at least one vote."""
    query = select(func.count(func.distinct(Vote.participant_id)))
    return db.session.scalar(query.where(Vote.workshop_id == workshop.id)) or 0


def standings(workshop: Workshop, group_ids: Iterable[str]) -> dict[str, Standing]:
    """Return where each of the groups stands."""
    query = select(Vote.group_id, func.sum(Vote.dots), func.count())
    counted = query.where(Vote.workshop_id == workshop.id).group_by(Vote.group_id)
    found = {key: (int(dots), int(voters)) for key, dots, voters in db.session.execute(counted)}
    return place({group_id: found.get(group_id, (0, 0)) for group_id in group_ids})


def total(group_ids: Iterable[str]) -> tuple[int, int]:
    """Return the dots of groups that go together, and of how many people; each counts once."""
    query = select(func.sum(Vote.dots), func.count(func.distinct(Vote.participant_id)))
    dots, voters = db.session.execute(query.where(Vote.group_id.in_(list(group_ids)))).one()
    return dots or 0, voters


def place(counts: dict[str, tuple[int, int]]) -> dict[str, Standing]:
    """Return the places of groups from their (dots, voters): 1, 2, 2, 4 …; none without a vote."""
    dots = [count for count, _voters in counts.values()]
    return {
        key: Standing(
            count,
            voters,
            place=1 + sum(other > count for other in dots) if count else None,
            tied=bool(count) and dots.count(count) > 1,
        )
        for key, (count, voters) in counts.items()
    }
