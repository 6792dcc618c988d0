"""The team's list of commitments, grouped by state, with what each answers and what authors say."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from feedback.commitments import by_due
from feedback.models import Commitment, CommitmentState, Verdict
from feedback.states import COMMITMENT_MOVES
from feedback.verdicts import tally
from feedback.words import COMMITMENT_NAMES, COMMITMENT_RINGS


@dataclass(frozen=True)
class CommitmentLine:
    """A commitment with its verdicts and what the team may do about it."""

    commitment: Commitment
    linked: int
    verdicts: dict[Verdict, int]
    contests: tuple[str, ...]  # what authors wrote, masked
    may_announce: bool
    may_drop: bool


@dataclass(frozen=True)
class CommitmentGroup:
    """The commitments in one state, soonest date first."""

    state: CommitmentState
    name: Any
    ring: str
    lines: tuple[CommitmentLine, ...]


def commitment_list(reach: ColumnElement[bool]) -> list[CommitmentGroup]:
    """Return the commitments within ``reach``, the pressing states first; empty states left out."""
    lines: dict[str, list[CommitmentLine]] = {}
    for commitment in by_due(reach):
        lines.setdefault(commitment.state, []).append(line_of(commitment))
    return [
        CommitmentGroup(state, name, COMMITMENT_RINGS[state], tuple(lines[state]))
        for state, name in COMMITMENT_NAMES.items()
        if state in lines
    ]


def line_of(commitment: Commitment) -> CommitmentLine:
    """Return ``commitment`` as a line; its links should be loaded before."""
    state = CommitmentState(commitment.state)
    return CommitmentLine(
        commitment,
        len(commitment.links),
        tally(commitment),
        tuple(link.words for link in commitment.links if link.words),
        "team" in COMMITMENT_MOVES.get((state, CommitmentState.CLAIMED), ()),
        "team" in COMMITMENT_MOVES.get((state, CommitmentState.DROPPED), ()),
    )
