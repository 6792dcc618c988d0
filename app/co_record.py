"""The co-construction record of a service: each proposal from its cards to the measured effect.

What is missing is listed with the act that would fill it. The public record holds what the team
shows: no card whose author did not agree, no vote of a few, no colleague's name. Words are
``co_record_words.py``, the order and the pages ``co_record_order.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from app.catalogue import Release, Service
from app.co_record_order import Start, from_ideas
from app.db import db
from feedback.models import Commitment, CommitmentFollowUp, CommitmentLink, Theme
from feedback.release_effect import Effect, effect_of
from workshops.models import Card, CardGroup, Phase, Proposal, Workshop


@dataclass(frozen=True)
class Chain:
    """What one proposal, or one promise that retours asked for, went through."""

    service: Service
    proposal: Proposal | None
    group: CardGroup | None
    cards: tuple[Card, ...]  # those that the reader may read
    hidden_cards: int
    commitment: Commitment | None
    linked: int  # retours that the commitment answers
    effect: Effect | None

    @property
    def id(self) -> str:
        """The id of what the chain begins with."""
        return self.proposal.id if self.proposal else self.commitment.id if self.commitment else ""

    @property
    def release(self) -> Release | None:
        """The release that delivered it."""
        return self.commitment.release if self.commitment else None


@dataclass(frozen=True)
class Loose:
    """What no chain holds yet, and ought to."""

    releases: tuple[Release, ...] = ()  # that no commitment names
    groups: tuple[tuple[Workshop, CardGroup], ...] = ()  # kept in a closed session, never proposed


@dataclass(frozen=True)
class Record:
    """The record of a service on a day."""

    service: Service
    day: date
    is_public: bool
    chains: tuple[Chain, ...]
    loose: Loose = field(default_factory=Loose)


def team_record(service: Service, day: date, part: Sequence[Start] | None = None) -> Record:
    """Return the record with what is in no chain, as the team reads it; or ``part`` of its chains.

    What is in no chain is the same whatever the part.
    """
    starts = from_ideas(service.id, only_shown=False) if part is None else part
    return Record(service, day, False, _chains(service, starts, day, None), _loose(service))


def public_record(
    service: Service, day: date, floor: int, part: Sequence[Start] | None = None
) -> Record:
    """Return what everybody may read of it, or ``part`` of its chains."""
    starts = from_ideas(service.id, only_shown=True) if part is None else part
    return Record(service, day, True, _chains(service, starts, day, floor))


def show(proposal: Proposal, shown: bool, day: date) -> None:
    """Put a proposal into the public record, or take it out; the day of the first tap stays."""
    proposal.shown_since = (proposal.shown_since or day) if shown else None


def _chains(
    service: Service, starts: Sequence[Start], day: date, floor: int | None
) -> tuple[Chain, ...]:
    proposals = _proposals([each.proposal_id for each in starts if each.proposal_id])
    promises = _commitments([each.commitment_id for each in starts if each.commitment_id])
    group_ids = [each.group_id for each in proposals.values() if each.group_id]
    cards, linked = _cards(group_ids), _linked(list(promises))
    groups = _groups(group_ids)
    made = []
    for start in starts:
        proposal = proposals.get(start.proposal_id or "")
        commitment = promises.get(start.commitment_id or "")
        group_id = (proposal.group_id if proposal else None) or ""
        found = cards.get(group_id, [])
        read = found if floor is None else [each for each in found if each.may_show]
        made.append(
            Chain(
                service,
                proposal,
                groups.get(group_id),
                tuple(read),
                len(found) - len(read),
                commitment,
                linked.get(start.commitment_id or "", 0),
                _effect(commitment, day, floor),
            )
        )
    return tuple(made)


def _proposals(ids: Sequence[str]) -> dict[str, Proposal]:
    query = select(Proposal).where(Proposal.id.in_(ids)).options(joinedload(Proposal.workshop))
    return {each.id: each for each in db.session.scalars(query)}


def _commitments(ids: Sequence[str]) -> dict[str, Commitment]:
    released = joinedload(Commitment.follow_up).joinedload(CommitmentFollowUp.release)
    query = select(Commitment).where(Commitment.id.in_(ids))
    loaded = query.options(joinedload(Commitment.theme), released)
    return {each.id: each for each in db.session.scalars(loaded)}


def _cards(group_ids: Sequence[str]) -> dict[str, list[Card]]:
    query = select(Card).where(
        Card.group_id.in_(group_ids), Card.hidden_reason == "", Card.names_masked
    )
    found: dict[str, list[Card]] = {}
    for card in db.session.scalars(query.order_by(Card.id)):
        found.setdefault(card.group_id or "", []).append(card)
    return found


def _groups(ids: Sequence[str]) -> dict[str, CardGroup]:
    query = select(CardGroup).where(CardGroup.id.in_(ids))
    return {each.id: each for each in db.session.scalars(query)}


def _linked(ids: Sequence[str]) -> dict[str, int]:
    query = select(CommitmentLink.commitment_id, func.count()).where(
        CommitmentLink.commitment_id.in_(ids)
    )
    return dict(db.session.execute(query.group_by(CommitmentLink.commitment_id)).all())


def _effect(commitment: Commitment | None, day: date, floor: int | None) -> Effect | None:
    """Return the effect of the release on the theme; None without a release or a theme to read."""
    if commitment is None or commitment.release is None or commitment.theme is None:
        return None
    theme: Theme = commitment.theme
    if floor is not None and not theme.named_by_person:
        return None
    return effect_of(commitment.release, theme, day, 1 if floor is None else floor)


def _loose(service: Service) -> Loose:
    delivered = select(CommitmentFollowUp.release_id).join(
        Commitment, Commitment.id == CommitmentFollowUp.commitment_id
    )
    own = Commitment.service_id == service.id, CommitmentFollowUp.release_id.is_not(None)
    named = set(db.session.scalars(delivered.where(*own)))
    query = (
        select(Workshop, CardGroup)
        .join(CardGroup, CardGroup.workshop_id == Workshop.id)
        .where(
            Workshop.service_id == service.id,
            Workshop.phase == Phase.CLOSED,
            CardGroup.decision == "keep",
            ~exists().where(Proposal.group_id == CardGroup.id),
        )
        .order_by(Workshop.day.desc(), CardGroup.id)
    )
    return Loose(
        tuple(each for each in reversed(service.releases) if each.id not in named),
        tuple((room, group) for room, group in db.session.execute(query)),
    )
