"""What the room decides of each group: kept, left aside, put with another; and who carries it.

A group put with another keeps its own cards and votes, so that the choice is taken back without
loss; what is proposed of the other carries both. Proposals are ``proposals.py``.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, select

from app.db import db
from nlp.redact import NameFinder, redact
from workshops.groups import Row
from workshops.models import CardGroup, Proposal, Workshop
from workshops.phases import Act, check_act

KEEP, DROP, MERGE, NONE = "keep", "drop", "merge", ""
LONGEST_CARRIER = 80  # characters, as the column


class CannotMerge(Exception):
    """A group goes with another one of the session that stands by itself."""


class ProposedAlready(Exception):
    """One of the groups became a proposal: what it carries does not change any more."""


def decide(workshop: Workshop, group: CardGroup, decision: str) -> None:
    """Keep or drop a group, or take the decision back. Raises ``WrongPhase``."""
    check_act(workshop.phase, Act.DECIDE)
    group.decision, group.merged_into_id = decision, None
    workshop.version += 1
    db.session.flush()


def merge(workshop: Workshop, group: CardGroup, into: CardGroup | None) -> None:
    """Let ``group``, and what goes with it, go with ``into``.

    Raises ``WrongPhase``, ``CannotMerge`` or ``ProposedAlready``.
    """
    check_act(workshop.phase, Act.DECIDE)
    if into is None or into.id == group.id or into.decision == MERGE:
        raise CannotMerge
    query = select(Proposal.id).where(Proposal.group_id.in_([group.id, into.id])).limit(1)
    if db.session.scalar(query):
        raise ProposedAlready
    for each in [group, *_with(workshop, group)]:
        each.decision, each.merged_into_id = MERGE, into.id
    workshop.version += 1
    db.session.flush()


def _with(workshop: Workshop, group: CardGroup) -> list[CardGroup]:
    """Return the groups that go with ``group``."""
    here = (CardGroup.workshop_id == workshop.id) & (CardGroup.decision == MERGE)
    query = select(CardGroup).where(here, CardGroup.merged_into_id == group.id)
    return list(db.session.scalars(query))


def carry(workshop: Workshop, group: CardGroup, typed: str, names: NameFinder | None) -> None:
    """Say who carries a group, masked but for a first name alone. Raises ``WrongPhase``."""
    check_act(workshop.phase, Act.DECIDE)
    said = " ".join(typed.replace("\0", " ").split())[:LONGEST_CARRIER]
    first = {said} if len(said.split()) == 1 and said.isalpha() else set()
    masked = redact(said, names, [*workshop.service.allowed_words, *first]).text
    group.carrier = masked[:LONGEST_CARRIER]
    if proposal := db.session.scalar(select(Proposal).where(Proposal.group_id == group.id)):
        proposal.carrier = group.carrier
    workshop.version += 1
    db.session.flush()


def hosts(rows: Iterable[Row]) -> dict[str, Row]:
    """Return the row that each row put with another goes with, by its group's id.

    One whose other is gone goes with none.
    """
    found = {row.group.id: row for row in rows}
    merged = (row.group for row in found.values() if row.group.decision == MERGE)
    return {each.id: found[each.merged_into_id] for each in merged if each.merged_into_id in found}


def whole(row: Row, rows: Sequence[Row]) -> list[Row]:
    """Return ``row`` and those that go with it."""
    going = hosts(rows)
    return [
        row,
        *(
            each
            for each in rows
            if each.group.id in going and going[each.group.id].group is row.group
        ),
    ]


def proposed_as(group: CardGroup | None) -> str:
    """Return the id of the group whose proposal carries the cards of ``group``: its own, or the one
    that it was put with; empty without a group."""
    if group is None:
        return ""
    return (group.merged_into_id if group.decision == MERGE else "") or group.id


def said_together(group_id: str) -> Select[str]:
    """Select the ids of a group and of those that were put with it: what its proposal carries."""
    own = CardGroup.id == group_id
    with_it = (CardGroup.decision == MERGE) & (CardGroup.merged_into_id == group_id)
    return select(CardGroup.id).where(own | with_it)
