"""What the machine grouped and people arranged: segments, subjects, themes and placements.

What people asked for and what happened to a theme is in ``theme_history.py``.
"""

from datetime import date
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalogue import Service
from app.db import UNORDERED, Model, id_column
from feedback.models.retours import Feedback


class PlacedBy(StrEnum):
    """Who put a segment into a theme; what a person did survives every run."""

    MACHINE = "machine"
    PERSON = "person"


class Segment(Model):
    """A clause or sentence of a retour, by its offsets, with its vector (float16 bytes)."""

    __table_args__ = (UniqueConstraint("feedback_id", "start"), UNORDERED)
    id: Mapped[str] = id_column()
    feedback_id: Mapped[str] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), index=True
    )
    start: Mapped[int]
    end: Mapped[int]
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    # Of all the words of a short retour, on the first of its segments alone (`nlp.units`).
    whole_vector: Mapped[bytes | None] = mapped_column(LargeBinary)
    model: Mapped[str] = mapped_column(String(80))  # the encoder's name and hash

    feedback: Mapped[Feedback] = relationship()
    placement: Mapped["Placement | None"] = relationship(
        back_populates="segment", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def text(self) -> str:
        """The words of the segment."""
        return (self.feedback.text or "")[self.start : self.end]


class Subject(Model):
    """A lasting grouping across the platform, edited by experts and moderators."""

    id: Mapped[str] = id_column()
    name: Mapped[str] = mapped_column(String(120))
    named_by_person: Mapped[bool] = mapped_column(default=False)
    words: Mapped[list[list[str | float]]] = mapped_column(JSON, default=list)  # [word, weight]
    centroid: Mapped[bytes | None] = mapped_column(LargeBinary)  # float32 bytes in the theme space
    threshold: Mapped[float] = mapped_column(default=0.0)  # similarity below which we abstain
    born: Mapped[date]
    ended: Mapped[date | None]
    merged_into: Mapped[str | None] = mapped_column(String(12))  # a subject id
    # Refreshes that found it; a later birth shows itself from the second on.
    seen: Mapped[int] = mapped_column(default=1)
    # Full refreshes in a row that did not find it; it ends at the second.
    missed: Mapped[int] = mapped_column(default=0, server_default="0")


class Theme(Model):
    """A subject's slice inside one service, named and arranged by its team alone."""

    __table_args__ = (UniqueConstraint("service_id", "subject_id"),)
    id: Mapped[str] = id_column()
    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), index=True
    )
    subject_id: Mapped[str | None] = mapped_column(ForeignKey("subject.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(120))
    named_by_person: Mapped[bool] = mapped_column(default=False)
    locked: Mapped[bool] = mapped_column(default=False)
    words: Mapped[list[list[str | float]]] = mapped_column(JSON, default=list)
    typical: Mapped[list[str]] = mapped_column(JSON, default=list)  # segment ids
    born: Mapped[date]
    ended: Mapped[date | None]
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("theme.id", ondelete="SET NULL"))
    # A part that people took out of another theme: new segments of that theme choose between them.
    split_from: Mapped[str | None] = mapped_column(String(12))  # a theme id
    centroid: Mapped[bytes | None] = mapped_column(LargeBinary)  # as the subject's, of this slice
    threshold: Mapped[float] = mapped_column(default=0.0)
    map_x: Mapped[float | None]  # place on the map of the service's themes, in [-1, 1]
    map_y: Mapped[float | None]

    service: Mapped[Service] = relationship()
    subject: Mapped[Subject | None] = relationship()
    placements: Mapped[list["Placement"]] = relationship(
        back_populates="theme", cascade="all, delete-orphan", passive_deletes=True
    )


class Placement(Model):
    """A segment in a theme, with what "Pourquoi ?" needs to say."""

    __table_args__ = (UNORDERED,)
    segment_id: Mapped[str] = mapped_column(
        ForeignKey("segment.id", ondelete="CASCADE"), primary_key=True
    )
    theme_id: Mapped[str] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"), index=True)
    score: Mapped[float]
    threshold: Mapped[float]
    runner_up: Mapped[str | None] = mapped_column(String(12))  # a theme id
    runner_up_score: Mapped[float | None]
    model: Mapped[str] = mapped_column(String(80))
    placed: Mapped[date]
    by: Mapped[str] = mapped_column(String(7), default=PlacedBy.MACHINE.value)
    # Placed for what its whole retour says: score and threshold are of all its words.
    with_whole: Mapped[bool] = mapped_column(default=False, server_default="0")
    contested: Mapped[bool] = mapped_column(default=False)  # "ce n'est pas ce que je voulais dire"

    segment: Mapped[Segment] = relationship(back_populates="placement")
    theme: Mapped[Theme] = relationship(back_populates="placements")


class AnalysisRun(Model):
    """One refresh of the structure: what it read, with which model, and what it found."""

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    model: Mapped[str] = mapped_column(String(80))
    space: Mapped[str] = mapped_column(String(16))  # hash of the fitted space
    segments: Mapped[int]
    subjects: Mapped[int]
    unplaced: Mapped[int]
    # full: everything grouped anew · partial: what stands is kept, the unplaced are grouped
    kind: Mapped[str] = mapped_column(String(7), default="full")
