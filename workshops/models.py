"""The tables of a session: participants, cards, groups, votes, proposals (product.md §6)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from app.accounts import Account
from app.catalogue import Functionality, Service
from app.db import UNORDERED, Model, Moment, id_column
from feedback.models import Commitment

UNREAD = "names unread"  # the reason under which words wait that came without the name finder


class Phase(StrEnum):
    """The phases, in their usual order; moves are soft (``workshops/phases.py``)."""

    LOBBY = "lobby"
    WRITE = "write"
    REVEAL = "reveal"
    GROUP = "group"
    VOTE = "vote"
    DISCUSS = "discuss"
    DECIDE = "decide"
    CLOSED = "closed"


class ProposalState(StrEnum):
    """Where a proposal stands (model.md §4)."""

    TO_ANSWER = "to_answer"
    ACCEPTED = "accepted"
    PLANNED = "planned"
    DECLINED = "declined"
    NEEDS_INFORMATION = "needs_information"


class Workshop(Model):
    """One session. Its live state (timer) holds moments and is emptied at close (model.md §2)."""

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()
    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), index=True
    )
    functionality_id: Mapped[int | None] = mapped_column(
        ForeignKey("functionality.id", ondelete="SET NULL")
    )
    facilitator_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    title: Mapped[str] = mapped_column(String(120))
    code: Mapped[str] = mapped_column(String(6), unique=True)  # join code, no ambiguous letters
    prompts: Mapped[list[str]] = mapped_column(JSON)
    phase: Mapped[str] = mapped_column(String(8), default=Phase.LOBBY.value)
    version: Mapped[int] = mapped_column(default=0)  # rises with every visible change: the ETag
    # who gives a name, and who reads it (workshops/identity.py); fixed once people may join
    identity: Mapped[str] = mapped_column(String(9), default="optional", server_default="optional")
    left_out: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")  # phases
    consent: Mapped[str] = mapped_column(Text, default="", server_default="")  # read before joining
    votes_each: Mapped[int] = mapped_column(default=5)
    votes_per_group: Mapped[int] = mapped_column(default=3)
    timer_until: Mapped[datetime | None] = mapped_column(Moment)
    timer_left_seconds: Mapped[int | None]  # while paused
    quiet_since: Mapped[datetime | None] = mapped_column(Moment)  # while people write: quiet.py
    day: Mapped[date]
    closed: Mapped[date | None]
    heads: Mapped[int | None]  # phones that had joined when it closed
    notes: Mapped[str] = mapped_column(Text, default="", server_default="")  # the facilitator's
    process_id: Mapped[str | None] = mapped_column(ForeignKey("process.id"))
    step: Mapped[str] = mapped_column(String(12), default="", server_default="")
    site: Mapped[str] = mapped_column(String(80), default="", server_default="")
    mapped_since: Mapped[date | None]  # everybody reads it on the map of its process: public_map.py
    emptied: Mapped[date | None]  # its term passed: words and votes are gone
    acts: Mapped[int] = mapped_column(default=0, server_default="0")  # gestures on its board
    focus: Mapped[int | None]  # the question in hand, from 0; none: all of them
    # what the last proposals of groups were made from, and how: by meaning, or words alone
    suggested_seal: Mapped[str] = mapped_column(String(16), default="", server_default="")
    suggested_how: Mapped[str] = mapped_column(String(8), default="", server_default="")
    crew_seen: Mapped[datetime | None] = mapped_column(Moment)  # at the console: taking_over.py
    # most seats are taken: it is noted when phones last asked (idle_seats.py)
    crowded: Mapped[bool] = mapped_column(default=False, server_default="0")
    # people are made up, nothing of it counts or stays
    is_dry_run: Mapped[bool] = mapped_column(default=False, server_default="0")

    service: Mapped[Service] = relationship()
    functionality: Mapped[Functionality | None] = relationship()
    facilitator: Mapped[Account] = relationship()

    @property
    def is_open(self) -> bool:
        """Say whether phones may still join."""
        return self.phase != Phase.CLOSED


class Participant(Model):
    """A phone in the room: the hash of a random token, and a name if one was given."""

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()
    workshop_id: Mapped[str] = mapped_column(
        ForeignKey("workshop.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(40), default="")
    code_id: Mapped[str | None] = mapped_column(ForeignKey("kept_code.id"))
    finished: Mapped[bool] = mapped_column(default=False)
    seen: Mapped[datetime | None] = mapped_column(Moment)  # in a crowded room: idle_seats.py
    paper: Mapped[bool] = mapped_column(default=False, server_default="0")  # a ballot, no phone
    pretend: Mapped[bool] = mapped_column(default=False, server_default="0")  # of a dry run


class CardGroup(Model):
    """Cards that say one thing, as people decided."""

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()
    workshop_id: Mapped[str] = mapped_column(
        ForeignKey("workshop.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(String(120), default="")
    locked: Mapped[bool] = mapped_column(default=False, server_default="0")  # no card in or out
    decision: Mapped[str] = mapped_column(String(8), default="")  # keep, drop, merge
    # the group that it goes with, decided "merge"; one that is gone since counts for none
    merged_into_id: Mapped[str | None] = mapped_column(String(12))
    # who carries it: a role or a first name, masked
    carrier: Mapped[str] = mapped_column(String(80), default="", server_default="")
    talk: Mapped[str] = mapped_column(String(4), default="", server_default="")  # now, done
    timer_until: Mapped[datetime | None] = mapped_column(Moment)  # of its own discussion
    timer_left_seconds: Mapped[int | None]
    # the line of the map of several sites that it was merged into
    shared_id: Mapped[str | None] = mapped_column(ForeignKey("shared_group.id"))

    cards: Mapped[list["Card"]] = relationship(back_populates="group")


class Duplicate(Model):
    """That a card says the same as another, which stands for both on every screen."""

    __table_args__ = (UNORDERED,)
    card_id: Mapped[str] = mapped_column(
        ForeignKey("card.id", ondelete="CASCADE"), primary_key=True
    )
    of_id: Mapped[str] = mapped_column(ForeignKey("card.id", ondelete="CASCADE"), index=True)


class Card(Model):
    """One idea, masked like a retour, hidden from the others until reveal."""

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()
    workshop_id: Mapped[str] = mapped_column(
        ForeignKey("workshop.id", ondelete="CASCADE"), index=True
    )
    participant_id: Mapped[str | None] = mapped_column(
        ForeignKey("participant.id", ondelete="SET NULL")
    )
    group_id: Mapped[str | None] = mapped_column(ForeignKey("card_group.id", ondelete="SET NULL"))
    # whose, once the session is closed, if its author kept a code
    code_id: Mapped[str | None] = mapped_column(ForeignKey("kept_code.id"))
    prompt: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(Text)
    paper: Mapped[bool] = mapped_column(default=False)
    hidden_reason: Mapped[str] = mapped_column(String(120), default="")
    # its author agrees that everybody may read it in the service's public record
    may_show: Mapped[bool] = mapped_column(default=False, server_default="0")
    names_masked: Mapped[bool] = mapped_column(default=True, server_default="1")  # unmasked.py

    group: Mapped[CardGroup | None] = relationship(back_populates="cards")
    doubles: Mapped[int] = column_property(  # cards that it stands for, beside itself
        select(func.count(Duplicate.card_id))
        .where(Duplicate.of_id == id)
        .correlate_except(Duplicate)
        .scalar_subquery()
    )

    @property
    def awaits_reading(self) -> bool:
        """Say whether the room waits until who facilitates has read it, or names are masked."""
        return self.hidden_reason == UNREAD


class Vote(Model):
    """One participant's dots on one group; unlinked from the participant at close."""

    __table_args__ = (UniqueConstraint("participant_id", "group_id"), UNORDERED)
    id: Mapped[str] = id_column()
    workshop_id: Mapped[str] = mapped_column(
        ForeignKey("workshop.id", ondelete="CASCADE"), index=True
    )
    participant_id: Mapped[str | None] = mapped_column(
        ForeignKey("participant.id", ondelete="SET NULL")
    )
    group_id: Mapped[str] = mapped_column(ForeignKey("card_group.id", ondelete="CASCADE"))
    dots: Mapped[int]


class Proposal(Model):
    """What a kept group asks of the team, to be answered."""

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()
    workshop_id: Mapped[str] = mapped_column(ForeignKey("workshop.id", ondelete="CASCADE"))
    group_id: Mapped[str | None] = mapped_column(
        ForeignKey("card_group.id", ondelete="SET NULL"), unique=True
    )
    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), index=True
    )
    commitment_id: Mapped[str | None] = mapped_column(
        ForeignKey("commitment.id", ondelete="SET NULL")
    )
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)  # the cards, one a line
    carrier: Mapped[str] = mapped_column(String(80), default="", server_default="")
    dots: Mapped[int]
    voters: Mapped[int]
    made: Mapped[date]
    due: Mapped[date]  # reply clock × 2
    state: Mapped[str] = mapped_column(String(18), default=ProposalState.TO_ANSWER.value)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered: Mapped[date | None]
    shown_since: Mapped[date | None]  # the team put it into the public record

    workshop: Mapped[Workshop] = relationship()
    service: Mapped[Service] = relationship()
    commitment: Mapped[Commitment | None] = relationship()
