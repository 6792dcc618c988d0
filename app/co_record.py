"""The co-construction record of a service: each proposal from its cards to the measured effect.

What is missing is listed with the act that would fill it. The public record holds what the team
shows: no card whose author did not agree, no vote of a few, no colleague's name. Words are
``co_record_words.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.catalogue import Release, Service
from app.db import db
from feedback.models import Commitment, CommitmentLink, Theme
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


def team_record(service: Service, day: date) -> Record:
    """Return the whole record, with what is in no chain, as the team reads it."""
    chains = _chains(service, day, None)
    return Record(service, day, False, chains, _loose(service, chains))


def public_record(service: Service, day: date, floor: int) -> Record:
    """Return what everybody may read of it."""
    return Record(service, day, True, _chains(service, day, floor))


def show(proposal: Proposal, shown: bool, day: date) -> None:
    """Put a proposal into the public record, or take it out; the day of the first tap stays."""
    proposal.shown_since = (proposal.shown_since or day) if shown else None


def _chains(service: Service, day: date, floor: int | None) -> tuple[Chain, ...]:
    proposals = _proposals(service, only_shown=floor is not None)
    cards = _cards([each.group_id for each in proposals if each.group_id])
    groups = _by_id(CardGroup.id.in_([each.group_id for each in proposals if each.group_id]))
    own = [each.commitment for each in proposals if each.commitment]
    rest = _other_commitments(service)
    linked = _linked([*own, *rest])
    made = []
    for proposal in proposals:
        found = cards.get(proposal.group_id or "", [])
        read = found if floor is None else [each for each in found if each.may_show]
        made.append(
            Chain(
                service,
                proposal,
                groups.get(proposal.group_id or ""),
                tuple(read),
                len(found) - len(read),
                proposal.commitment,
                linked.get(proposal.commitment_id or "", 0),
                _effect(proposal.commitment, day, floor),
            )
        )
    for commitment in rest:
        effect = _effect(commitment, day, floor)
        count = linked.get(commitment.id, 0)
        made.append(Chain(service, None, None, (), 0, commitment, count, effect))
    return tuple(made)


def _proposals(service: Service, only_shown: bool) -> list[Proposal]:
    query = select(Proposal).where(Proposal.service_id == service.id)
    if only_shown:
        query = query.where(Proposal.shown_since.is_not(None))
    loaded = joinedload(Proposal.workshop), joinedload(Proposal.commitment)
    return list(
        db.session.scalars(query.options(*loaded).order_by(Proposal.made.desc(), Proposal.id))
    )


def _cards(group_ids: Sequence[str]) -> dict[str, list[Card]]:
    query = select(Card).where(Card.group_id.in_(group_ids), Card.hidden_reason == "")
    found: dict[str, list[Card]] = {}
    for card in db.session.scalars(query.order_by(Card.id)):
        found.setdefault(card.group_id or "", []).append(card)
    return found


def _by_id(condition: ColumnElement[bool]) -> dict[str, CardGroup]:
    return {each.id: each for each in db.session.scalars(select(CardGroup).where(condition))}


def _other_commitments(service: Service) -> list[Commitment]:
    """Return the promises that came of retours: public by themselves, whatever the team shows."""
    proposed = exists().where(Proposal.commitment_id == Commitment.id)
    query = select(Commitment).where(Commitment.service_id == service.id, ~proposed)
    loaded = joinedload(Commitment.theme), selectinload(Commitment.follow_up)
    return list(
        db.session.scalars(query.options(*loaded).order_by(Commitment.made.desc(), Commitment.id))
    )


def _linked(commitments: Sequence[Commitment]) -> dict[str, int]:
    query = select(CommitmentLink.commitment_id, func.count()).where(
        CommitmentLink.commitment_id.in_([each.id for each in commitments])
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


def _loose(service: Service, chains: Sequence[Chain]) -> Loose:
    named = {each.release.id for each in chains if each.release}
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
