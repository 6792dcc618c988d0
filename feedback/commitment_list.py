"""The team's list of commitments, grouped by state, with what each answers and what authors say."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement

from feedback.commitment_orders import by_due, counts, newest
from feedback.commitments import TO_KEEP
from feedback.list_parts import FIRST, PER_PAGE, Asked, ListPart, page_of
from feedback.models import Commitment, CommitmentState, Verdict
from feedback.states import COMMITMENT_MOVES
from feedback.verdicts import tally
from feedback.words import COMMITMENT_NAMES, COMMITMENT_RINGS

OVER = (CommitmentState.CONFIRMED, CommitmentState.DROPPED)
SOON_DAYS = 7  # before the date: then the desk says how long is left


@dataclass(frozen=True)
class CommitmentLine:
    """A commitment with its verdicts and what the team may do about it."""

    commitment: Commitment
    linked: int
    verdicts: dict[Verdict, int]
    contests: tuple[str, ...]  # what authors wrote, masked
    may_announce: bool
    may_drop: bool
    wait: str = ""  # how far the date is, within a week of it and after
    is_late: bool = False


@dataclass(frozen=True)
class CommitmentGroup:
    """The commitments in one state, soonest date first; those that are over, newest first."""

    state: CommitmentState
    name: Any
    ring: str
    lines: tuple[CommitmentLine, ...]
    part: ListPart
    is_over: bool = False  # folded, and shown a page at a time
    is_open: bool = False  # folded, but asked for


def commitment_list(
    reach: ColumnElement[bool], day: date | None = None, asked: Asked = FIRST
) -> list[CommitmentGroup]:
    """Return the commitments within ``reach``, the pressing states first; empty states left out.

    Confirmed and dropped ones grow for ever: only the page ``asked`` for is read.
    """
    lines: dict[str, list[CommitmentLine]] = {}
    for commitment in by_due(reach & Commitment.state.not_in(OVER)):
        lines.setdefault(commitment.state, []).append(line_of(commitment, day))
    totals = counts(reach & Commitment.state.in_(OVER))
    return [
        _over(reach, state, totals[state], day, asked)
        if state in OVER
        else _pressing(state, lines[state])
        for state in COMMITMENT_NAMES
        if state in lines or state in totals
    ]


def _pressing(state: CommitmentState, lines: list[CommitmentLine]) -> CommitmentGroup:
    part = ListPart(state.value, lines, len(lines))
    return CommitmentGroup(
        state, COMMITMENT_NAMES[state], COMMITMENT_RINGS[state], tuple(lines), part
    )


def _over(
    reach: ColumnElement[bool],
    state: CommitmentState,
    total: int,
    day: date | None,
    asked: Asked,
) -> CommitmentGroup:
    page = page_of(state.value, total, asked)
    found = newest(reach & (Commitment.state == state), PER_PAGE, (page - 1) * PER_PAGE)
    lines = tuple(line_of(commitment, day) for commitment in found)
    part = ListPart(state.value, lines, total, page)
    named = COMMITMENT_NAMES[state], COMMITMENT_RINGS[state]
    return CommitmentGroup(state, *named, lines, part, True, asked.part == state.value)


def line_of(commitment: Commitment, day: date | None = None) -> CommitmentLine:
    """Return ``commitment`` as a line on ``day``; its links should be loaded before."""
    state = CommitmentState(commitment.state)
    left = (commitment.due - day).days if day and state in TO_KEEP else None
    return CommitmentLine(
        commitment,
        len(commitment.links),
        tally(commitment),
        tuple(link.words for link in commitment.links if link.words),
        "team" in COMMITMENT_MOVES.get((state, CommitmentState.CLAIMED), ()),
        "team" in COMMITMENT_MOVES.get((state, CommitmentState.DROPPED), ()),
        _wait(left),
        left is not None and left < 0,
    )


def _wait(left: int | None) -> str:
    """Return how many days are left or over; nothing while the date is far."""
    if left is None or left > SOON_DAYS:
        return ""
    if left == 0:
        return str(_("À tenir aujourd’hui."))
    if left > 0:
        return str(ngettext("Encore %(num)s jour.", "Encore %(num)s jours.", left))
    return str(
        ngettext("La date est passée d’un jour.", "La date est passée de %(num)s jours.", -left)
    )
