"""What people speak about: organisations, territories, services, functionalities and releases."""

import secrets
from collections.abc import Mapping
from datetime import date

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Model, db
from app.matrix import MATRIX, NEAR_CARE, MatrixRow, Risk, demands

SHORT_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is read as another
SHORT_LENGTH = 6


def draw_short() -> str:
    """Return six letters and digits drawn by chance, for a short address."""
    return "".join(secrets.choice(SHORT_LETTERS) for _ in range(SHORT_LENGTH))


class Organisation(Model):
    """Who runs services or employs staff."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)


class Territory(Model):
    """A département or a region, by its official code."""

    code: Mapped[str] = mapped_column(String(4), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    level: Mapped[str] = mapped_column(String(12))  # departement, region
    region_code: Mapped[str | None] = mapped_column(ForeignKey("territory.code"))


class Service(Model):
    """A digital health or social service that people speak of."""

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    # /r/<short>: on posters and in letters
    short: Mapped[str] = mapped_column(
        String(SHORT_LENGTH), unique=True, index=True, default=draw_short
    )
    name: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(String(300))  # one line: what it is for
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    territory_code: Mapped[str | None] = mapped_column(ForeignKey("territory.code"))
    created: Mapped[date]
    anonymous_by_law: Mapped[bool] = mapped_column(default=False)  # one-way (model.md §7)
    moderate_first: Mapped[bool] = mapped_column(default=False)
    quick_exit: Mapped[bool] = mapped_column(default=False, server_default="0")
    quotes_in_mails: Mapped[bool] = mapped_column(default=False)
    kept_months: Mapped[int] = mapped_column(default=36, server_default="36")  # of its retours
    phone: Mapped[str] = mapped_column(String(40))  # the human alternative: phone, place, hours
    place: Mapped[str] = mapped_column(String(200))
    hours: Mapped[str] = mapped_column(String(120))
    allowed_words: Mapped[list[str]] = mapped_column(JSON, default=list)  # never masked

    # https origins whose pages may show the service's widget in a frame
    widget_origins: Mapped[list[str]] = mapped_column(JSON, default=list)

    organisation: Mapped[Organisation] = relationship()
    territory: Mapped[Territory | None] = relationship()
    functionalities: Mapped[list["Functionality"]] = relationship(
        back_populates="service", cascade="all, delete-orphan", order_by="Functionality.name"
    )
    releases: Mapped[list["Release"]] = relationship(
        back_populates="service", cascade="all, delete-orphan", order_by="Release.day"
    )

    @property
    def is_discreet(self) -> bool:
        """Whether its pages can be left at once and keep nothing on a phone."""
        return self.quick_exit or self.anonymous_by_law

    @property
    def reply_days(self) -> int:
        """Working days to a first answer when the author named no functionality: the shortest."""
        return self.reply_days_with({})

    def reply_days_with(self, changes: Mapping[int, int | None]) -> int:
        """Return what the shortest would be with other days of some functionalities, by id.

        None takes one away; an id that the service has not is a new one.
        """
        days = {each.id: each.reply_days for each in self.functionalities} | dict(changes)
        known = (each for each in days.values() if each is not None)
        return min(known, default=MATRIX[Risk.LOW].reply_days)

    @property
    def run_length_weeks(self) -> int:
        """Weeks promised between two false alarms: the shortest of its functionalities."""
        lengths = (f.demands.run_length_weeks for f in self.functionalities)
        return min(lengths, default=MATRIX[Risk.LOW].run_length_weeks)


class Functionality(Model):
    """One thing that a service does, with what can go wrong for one person and for all."""

    __table_args__ = (UniqueConstraint("service_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))  # a FunctionalityClass
    individual_risk: Mapped[str] = mapped_column(String(6))
    collective_risk: Mapped[str] = mapped_column(String(6), default=Risk.LOW.value)
    own_reply_days: Mapped[int | None]  # a stricter clock than the matrix asks for

    service: Mapped[Service] = relationship(back_populates="functionalities")

    @property
    def is_near_care(self) -> bool:
        """Whether its page says that retours are no clinical evaluation (model.md §6)."""
        return self.kind in NEAR_CARE or self.individual_risk == Risk.HIGH

    @property
    def demands(self) -> MatrixRow:
        """What the matrix asks for this functionality."""
        return demands(Risk(self.individual_risk), Risk(self.collective_risk))

    @property
    def reply_days(self) -> int:
        """Working days to a first answer: its own clock, never longer than the matrix allows."""
        asked = self.demands.reply_days
        return min(self.own_reply_days or asked, asked)


class Release(Model):
    """A dated change of a service, so that signals can be set against it."""

    __table_args__ = (UniqueConstraint("service_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    number: Mapped[str] = mapped_column(String(30))
    day: Mapped[date]
    note: Mapped[str] = mapped_column(String(300), default="")

    service: Mapped[Service] = relationship(back_populates="releases")


def service_by_slug(slug: str) -> Service | None:
    """Return the service at ``slug``, or None."""
    return db.session.scalar(select(Service).where(Service.slug == slug))


def service_by_short(short: str) -> Service | None:
    """Return the service whose short address is ``short``, in any case, or None."""
    return db.session.scalar(select(Service).where(Service.short == short.lower()))


def all_services() -> list[Service]:
    """Return every service, by name."""
    return list(db.session.scalars(select(Service).order_by(Service.name)))


def release_on(service: Service, day: date) -> Release | None:
    """Return the release in use on ``day``, or None before the first."""
    past = [release for release in service.releases if release.day <= day]
    return past[-1] if past else None
