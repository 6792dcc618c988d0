"""A signal: an unusual or unexpected movement, its evidence and its qualification (model.md §4)."""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalogue import Release, Service
from app.db import UNORDERED, Model, id_column
from feedback.models.retours import Feedback
from feedback.models.themes import Subject, Theme

if TYPE_CHECKING:
    from feedback.models.watch import KnownEffect


class SignalKind(StrEnum):
    """Why a candidate was raised."""

    GROWING = "growing"
    NEW = "new"
    SERIOUS = "serious"  # one message that names harm: a rule, not a statistic
    DISPROPORTIONATE = "disproportionate"
    SILENCE = "silence"  # a group that is hardly heard: a rule on counts, not a statistic


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


# Somebody must still decide; the numbers follow the counts until then.
TO_EXAMINE = (SignalState.CANDIDATE.value, SignalState.UNDER_REVIEW.value)


class SignalLink(StrEnum):
    """How plausible an expert finds it that the service causes the effect."""

    UNLIKELY = "unlikely"
    POSSIBLE = "possible"
    PROBABLE = "probable"
    UNCLEAR = "unclear"


class Tone(StrEnum):
    """How the authors of a signal's retours feel, by their faces and named surprises."""

    GOOD = "good"
    BAD = "bad"
    MIXED = "mixed"


class WatchFacet(StrEnum):
    """A part of a service's retours that is watched apart."""

    WHOLE = ""
    FUNCTIONALITY = "functionality"
    RELEASE = "release"
    REGION = "region"
    CHANNEL = "channel"
    ROLE = "role"
    AGE = "age"  # a declared group, watched with a budget of its own
    OVERSEAS = "overseas"  # likewise
    PLACE = "departement"  # of a silence alone: a public is declared by département


class Signal(Model):
    """A candidate and what people made of it. Numbers are those of its last look.

    Of a theme in one service, or (``service_id`` empty) of a subject across all of them, which only
    those who may read every service see.
    """

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()
    service_id: Mapped[int | None] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), index=True
    )
    theme_id: Mapped[str | None] = mapped_column(ForeignKey("theme.id", ondelete="SET NULL"))
    subject_id: Mapped[str | None] = mapped_column(ForeignKey("subject.id", ondelete="SET NULL"))
    release_id: Mapped[int | None] = mapped_column(ForeignKey("release.id", ondelete="SET NULL"))
    facet: Mapped[str] = mapped_column(String(16), default="")  # of WatchFacet, "" for the whole
    facet_value: Mapped[str] = mapped_column(String(60), default="")  # as rows keep it
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
    # What the machine noticed beside the counts.
    tone: Mapped[str] = mapped_column(String(8), default="")  # good, bad, mixed: of its retours
    unlisted: Mapped[bool | None]  # not among the service's known effects; None: not compared
    known_effect_id: Mapped[int | None] = mapped_column(
        ForeignKey("known_effect.id", ondelete="SET NULL")
    )
    priority: Mapped[float] = mapped_column(default=0.0)  # order of the desk, in [0, 1]
    # Everything that the numbers follow from, without ids or words: kept after erasure.
    proof: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # What experts said of it.
    unexpected: Mapped[bool | None]
    link: Mapped[str] = mapped_column(String(10), default="")  # of SignalLink
    merged_into: Mapped[str | None] = mapped_column(String(12))  # a signal id

    service: Mapped[Service | None] = relationship()
    theme: Mapped[Theme | None] = relationship()
    subject: Mapped[Subject | None] = relationship()
    release: Mapped[Release | None] = relationship()
    known_effect: Mapped["KnownEffect | None"] = relationship()

    @property
    def name(self) -> str:
        """What it is about, as its theme or subject is called now; a rule's words as one reads."""
        if self.kind == SignalKind.SERIOUS:
            return str(gettext(self.title))
        about = self.theme or self.subject
        return about.name if about else self.title


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
    """One step of the qualification: from, to, by which role, why; and what was said of it then."""

    id: Mapped[int] = mapped_column(primary_key=True)
    signal_id: Mapped[str] = mapped_column(ForeignKey("signal.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    role: Mapped[str] = mapped_column(String(20))
    organisation: Mapped[str] = mapped_column(String(120), default="")
    from_state: Mapped[str] = mapped_column(String(12))
    to_state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # unexpected, link, beneficial, release, merged_into: what the expert said at this step


class SignalQuestion(Model):
    """What an expert asked of another, and what came back; only the role and organisation stay."""

    id: Mapped[int] = mapped_column(primary_key=True)
    signal_id: Mapped[str] = mapped_column(ForeignKey("signal.id", ondelete="CASCADE"), index=True)
    asked: Mapped[date]
    asked_by: Mapped[str] = mapped_column(String(120), default="")  # organisation
    field: Mapped[str] = mapped_column(String(80), default="")  # whose knowledge is asked for
    question: Mapped[str] = mapped_column(Text)
    answered: Mapped[date | None]
    answered_by: Mapped[str] = mapped_column(String(120), default="")
    answer: Mapped[str] = mapped_column(Text, default="")
