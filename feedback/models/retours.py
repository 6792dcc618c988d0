"""A retour and the answers to its questions (model.md §1, §3, §4, §6)."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalogue import Functionality, Release, Service
from app.db import UNORDERED, Model, id_column
from feedback.models.codes import Channel, Face, State, ThreadState

# The desk's lists walk one of these in its order, and read its filters from it without the rows.
DESK_COLUMNS = (
    "functionality_id",
    "release_id",
    "channel",
    "face",
    "thread_state",
    "state",
    "names_masked",
)
AWAITED = "thread_state IN ('waiting', 'replied')"  # written so in the index and in the question
G8_ONLY = "question = 'G8'"
_UNHINTED = "code_hint IS NULL AND code_hash IS NOT NULL"  # codes of before the hints


HURT = {"G5.kind": ("bad",), "M5": ("some", "serious")}  # answers that make a concern of a rating


def _day_of_row(context: Any) -> date | None:
    """Return the day of the row that is written: nothing changed in it since."""
    return context.get_current_parameters()["day"] if context else None


class Feedback(Model):
    """One sent form, masked. Its text is the only copy; the receipt code is stored as a hash."""

    __table_args__ = (
        Index("ix_feedback_service_day", "service_id", "day"),
        Index("ix_feedback_service_state", "service_id", "state", "day"),
        Index("ix_feedback_desk", "service_id", "thread_state", "day"),
        Index(
            "ix_feedback_unhinted",
            "id",
            sqlite_where=text(_UNHINTED),
            postgresql_where=text(_UNHINTED),
        ),
        Index(
            "ix_feedback_awaited",
            *("service_id", "reply_due", "waiting_since", "id", *DESK_COLUMNS),
            sqlite_where=text(AWAITED),
            postgresql_where=text(AWAITED),
        ),
        Index("ix_feedback_recent", "service_id", "day", "id", *DESK_COLUMNS),
        Index("ix_feedback_changed", "service_id", "changed", "id", *DESK_COLUMNS),
        UNORDERED,
    )
    id: Mapped[str] = id_column()
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    functionality_id: Mapped[int | None] = mapped_column(
        ForeignKey("functionality.id", ondelete="SET NULL")
    )
    release_id: Mapped[int | None] = mapped_column(ForeignKey("release.id", ondelete="SET NULL"))
    day: Mapped[date]
    channel: Mapped[str] = mapped_column(String(10))
    batch: Mapped[str | None] = mapped_column(String(40))  # one mediator, kiosk or import on a day
    face: Mapped[int | None]
    text: Mapped[str | None] = mapped_column(Text)  # masked
    language: Mapped[str] = mapped_column(String(2), default="fr")
    masked: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # type -> how many
    names_masked: Mapped[bool] = mapped_column(default=True)
    words_put_back: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")  # why held, returned or refused
    dangers: Mapped[list[str]] = mapped_column(JSON, default=list)  # kinds found by rule
    wants_publication: Mapped[bool] = mapped_column(default=False)
    objects_to_analysis: Mapped[bool] = mapped_column(default=False)
    severity: Mapped[int] = mapped_column(default=1)  # 1 annoyance, 2 blocked, 3 harm or loss
    thread_state: Mapped[str] = mapped_column(String(8), default=ThreadState.NONE.value)
    reply_due: Mapped[date | None]  # the reply clock runs out
    waiting_since: Mapped[date | None]
    read_day: Mapped[date | None]  # first opened by the team
    first_answer_day: Mapped[date | None]
    last_author_day: Mapped[date | None]
    changed: Mapped[date | None] = mapped_column(default=_day_of_row)  # by anybody: desk_readings
    analysed: Mapped[bool] = mapped_column(default=False, index=True)
    consent_day: Mapped[date | None]  # said to a mediator, who read them what is to be known
    charter_version: Mapped[int | None]  # the words that the mediator promised to keep to
    asks_new_code: Mapped[bool] = mapped_column(default=False)  # others held the paper or the phone
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_hint: Mapped[str | None] = mapped_column(String(6), index=True)  # keyed; see code_tries
    key_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    body_seal: Mapped[str | None] = mapped_column(
        String(64)
    )  # keyed; goes with the form's validity

    service: Mapped[Service] = relationship()
    functionality: Mapped[Functionality | None] = relationship()
    release: Mapped[Release | None] = relationship()
    answers: Mapped[list["Answer"]] = relationship(
        back_populates="feedback", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def is_concern(self) -> bool:
        """A retour with text that is not *Très bien*, or that names a bad surprise or a harm.

        A peer's answer is words for another reader: it waits for nobody.
        """
        if self.is_peer:
            return False
        hurt = any(a.value in HURT.get(a.question, ()) for a in self.answers)
        return (bool(self.text) and self.face != Face.GOOD) or hurt

    @property
    def is_peer(self) -> bool:
        """An answer to somebody else's published message, not a retour of its own."""
        return self.channel == Channel.PEER

    @property
    def is_readable_by_team(self) -> bool:
        """The team reads what is open or published, and only with its names masked."""
        return self.names_masked and self.state in (State.OPEN, State.PUBLISHED)


# A peer's answer is no retour: what counts retours adds this condition, unless it asks for an open
# or published state, which such an answer never has.
NOT_PEER = Feedback.channel != Channel.PEER.value


class Answer(Model):
    """One answer to one question of a versioned set."""

    __table_args__ = (
        UniqueConstraint("feedback_id", "question"),
        Index(
            "ix_answer_place",
            *("value", "feedback_id"),
            sqlite_where=text(G8_ONLY),
            postgresql_where=text(G8_ONLY),
        ),
        UNORDERED,
    )
    id: Mapped[str] = id_column()
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), index=True
    )
    question: Mapped[str] = mapped_column(String(20))  # G3, M1, L12, …
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(String(14))
    value: Mapped[str] = mapped_column(Text, default="")  # masked where it is free text

    feedback: Mapped[Feedback] = relationship(back_populates="answers")
