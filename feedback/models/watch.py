"""What a service says beforehand, known effects, release watches, its public; and what its watch is
measured by: views of its form, and how often the watch cries wolf.
"""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalogue import Release, Service
from app.db import UNORDERED, Model, id_column
from feedback.models.themes import Theme


class KnownEffect(Model):
    """An effect that the team announces; what resembles none of them is unlisted."""

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(120))
    added: Mapped[date]
    ended: Mapped[date | None]

    service: Mapped[Service] = relationship()
    examples: Mapped[list["KnownEffectExample"]] = relationship(
        back_populates="effect", cascade="all, delete-orphan", passive_deletes=True
    )


class KnownEffectExample(Model):
    """A sentence that shows a known effect: the team's own, or a citizen's, erased with it."""

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()
    effect_id: Mapped[int] = mapped_column(
        ForeignKey("known_effect.id", ondelete="CASCADE"), index=True
    )
    segment_id: Mapped[str | None] = mapped_column(
        ForeignKey("segment.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(Text, default="")  # the team's own words, masked
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)  # float16, of ``text``
    model: Mapped[str] = mapped_column(String(80), default="")

    effect: Mapped[KnownEffect] = relationship(back_populates="examples")


class WatchState(StrEnum):
    """Where a release watch stands."""

    RUNNING = "running"
    FOUND = "found"  # the limit was crossed: a person qualifies it
    ENDED = "ended"  # the planned length is over, without crossing
    STOPPED = "stopped"  # by a person, with a reason


class ReleaseWatch(Model):
    """« La version X cause-t-elle Y ? », asked beforehand, with its length and its clear end."""

    __table_args__ = (UNORDERED,)
    id: Mapped[str] = id_column()
    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), index=True
    )
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"))
    theme_id: Mapped[str | None] = mapped_column(ForeignKey("theme.id", ondelete="SET NULL"))
    question: Mapped[str] = mapped_column(Text)
    declared: Mapped[date]
    declared_by: Mapped[str] = mapped_column(String(120), default="")  # organisation
    starts: Mapped[date]  # the first week that counts
    planned_weeks: Mapped[int]
    # What the limit was computed from, frozen when declared: baseline, planned total, alpha, …
    plan: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    looks: Mapped[list[list[float]]] = mapped_column(JSON, default=list)
    # one row a week: [observed, expected, log-likelihood ratio], sums since the start
    state: Mapped[str] = mapped_column(String(8), default=WatchState.RUNNING.value)
    ended: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")

    service: Mapped[Service] = relationship()
    release: Mapped[Release] = relationship()
    theme: Mapped[Theme | None] = relationship()


class WatchCheck(Model):
    """How often the watch would have cried wolf on its own past, weeks put in another order."""

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int | None] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), index=True
    )  # empty: subjects across services
    day: Mapped[date]
    promised_weeks: Mapped[int]
    streams: Mapped[int]
    weeks: Mapped[int]  # stream-weeks that were looked at, over all permutations
    alarms: Mapped[int]
    mean_weeks: Mapped[float | None]  # between false alarms of one stream; None: none was seen
    low_weeks: Mapped[float | None]  # 95 % interval
    high_weeks: Mapped[float | None]


class DeclaredPublic(Model):
    """How many people a service is for, as its team declares: in all, or per value of a facet."""

    __table_args__ = (UniqueConstraint("service_id", "facet", "value"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    facet: Mapped[str] = mapped_column(String(20), default="")  # of feedback/facets.py; "": all
    value: Mapped[str] = mapped_column(String(40), default="")
    people: Mapped[int]
    declared: Mapped[date]


class FormViews(Model):
    """How often a service's form was opened on a day; nothing of who opened it."""

    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    views: Mapped[int]
