"""Which chains a record holds and in which order, by ids alone: a page builds only its own."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, or_, select

from app.catalogue import Release
from app.db import db
from feedback.models import Commitment, CommitmentFollowUp
from workshops.models import Proposal


@dataclass(frozen=True)
class Start:
    """What a chain begins with: a proposal, or a promise that retours asked for."""

    proposal_id: str | None
    commitment_id: str | None

    def holds(self, some_id: str) -> bool:
        """Say whether the proposal or the promise of the chain has this id."""
        return some_id in (self.proposal_id, self.commitment_id)


def from_ideas(service_id: int, only_shown: bool) -> list[Start]:
    """Return the proposals, the newest first, then the promises that no proposal became.

    Of one day, what more votes asked for comes first. Such a promise is public by
    itself, whatever the team shows of its sessions.
    """
    proposals = select(Proposal.id, Proposal.commitment_id).where(
        Proposal.service_id == service_id, _is_shown(only_shown)
    )
    proposed = exists().where(Proposal.commitment_id == Commitment.id)
    own = select(Commitment.id).where(Commitment.service_id == service_id, ~proposed)
    return [
        *_read(proposals.order_by(Proposal.made.desc(), Proposal.dots.desc(), Proposal.id)),
        *(
            Start(None, each)
            for each in db.session.scalars(own.order_by(Commitment.made.desc(), Commitment.id))
        ),
    ]


def from_releases(service_id: int, only_shown: bool) -> list[Start]:
    """Return the chains that a release delivered, the newest release first."""
    query = (
        select(Proposal.id, Commitment.id)
        .select_from(Commitment)
        .join(CommitmentFollowUp, CommitmentFollowUp.commitment_id == Commitment.id)
        .join(Release, Release.id == CommitmentFollowUp.release_id)
        .outerjoin(Proposal, Proposal.commitment_id == Commitment.id)
        .where(
            Commitment.service_id == service_id, or_(Proposal.id.is_(None), _is_shown(only_shown))
        )
    )
    newest = Release.day.desc(), Release.id.desc(), Commitment.made.desc(), Commitment.id
    return _read(query.order_by(*newest, Proposal.id))


def in_public(commitment_ids: Collection[str]) -> set[str]:
    """Return those of these promises whose chain everybody may read."""
    query = select(Proposal.commitment_id, Proposal.shown_since).where(
        Proposal.commitment_id.in_(commitment_ids)
    )
    rows = list(db.session.execute(query))
    proposed = {commitment_id for commitment_id, _since in rows}
    shown = {commitment_id for commitment_id, since in rows if since}
    return {each for each in commitment_ids if each in shown or each not in proposed}


def _is_shown(only_shown: bool) -> Any:
    return Proposal.shown_since.is_not(None) if only_shown else Proposal.id.is_not(None)


def _read(query: Any) -> list[Start]:
    return [Start(proposal, commitment) for proposal, commitment in db.session.execute(query)]
