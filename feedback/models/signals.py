"""A signal: an unusual or unexpected movement, its evidence and its qualification (model.md §4)."""

from datetime import date
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalogue import Release, Service
from app.db import UNORDERED, Model, id_column
from feedback.models.retours import Feedback
from feedback.models.themes import Theme


class SignalKind(StrEnum):
    """Why a candidate was raised."""

    GROWING = "growing"
    NEW = "new"
    SERIOUS = "serious"  # one message that names harm: a rule, not a statistic
    DISPROPORTIONATE = "disproportionate"


class SignalState(StrEnum):
    """Where the qualification stands; only an expert moves it."""

    CANDIDATE = "candidate"
    UNDER_REVIEW = "under_review"
    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    KNOWN = "known"
    MERGED = "merged"
    MEASURES = "measures"
    CLOSED = "closed"


class Signal(Model):
    """A candidate and what people made of it. Numbers are those of the look that raised it."""

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()
    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), index=True
    )
    theme_id: Mapped[str | None] = mapped_column(ForeignKey("theme.id", ondelete="SET NULL"))
    release_id: Mapped[int | None] = mapped_column(ForeignKey("release.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(160))
    state: Mapped[str] = mapped_column(String(12), default=SignalState.CANDIDATE.value)
    raised: Mapped[date]
    last_look: Mapped[date]
    observed: Mapped[int]  # retours from distinct authors in the alarm's weeks
    expected: Mapped[float]
    weeks: Mapped[int]  # over how many weeks observed and expected are counted
    e_value: Mapped[float | None]
    threshold: Mapped[float | None]  # what the false-alarm budget asked for at that look
    authors: Mapped[int] = mapped_column(default=0)
    history: Mapped[list[list[float]]] = mapped_column(JSON, default=list)
    # one row a week: [observed, expected, upper, e-value], without ids: kept after erasure
    first_week: Mapped[date | None]
    erased_since: Mapped[int] = mapped_column(default=0)
    sentence: Mapped[str] = mapped_column(Text, default="")  # the expert's words for the public
    beneficial: Mapped[bool] = mapped_column(default=False)

    service: Mapped[Service] = relationship()
    theme: Mapped[Theme | None] = relationship()
    release: Mapped[Release | None] = relationship()


class SignalEvidence(Model):
    """A retour that a signal rests on."""

    __table_args__ = (UniqueConstraint("signal_id", "feedback_id"), UNORDERED)
    id: Mapped[str] = id_column()
    signal_id: Mapped[str] = mapped_column(ForeignKey("signal.id", ondelete="CASCADE"), index=True)
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), index=True
    )

    feedback: Mapped[Feedback] = relationship()


class SignalNote(Model):
    """One step of the qualification: from, to, by which role, why."""

    id: Mapped[int] = mapped_column(primary_key=True)
    signal_id: Mapped[str] = mapped_column(ForeignKey("signal.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    role: Mapped[str] = mapped_column(String(20))
    organisation: Mapped[str] = mapped_column(String(120), default="")
    from_state: Mapped[str] = mapped_column(String(12))
    to_state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
