"""What a team or an administrator changes about services: create, configure, release.

Reading the catalogue is ``app/catalogue.py``, anonymity for good ``app/anonymity.py``.
"""

import re
import unicodedata
from dataclasses import asdict, dataclass, field
from datetime import date

from sqlalchemy import select

from app.catalogue import (
    Functionality,
    Organisation,
    Release,
    Service,
    draw_short,
    service_by_short,
    service_by_slug,
)
from app.db import db
from app.matrix import FunctionalityClass, MatrixRow, Risk, demands

LONGEST_SLUG = 50  # leaves room for a number
TAKEN_SLUGS = {"nouveau"}  # the address of the form for a new service


@dataclass(frozen=True)
class ServiceValues:
    """What the form of a service holds."""

    name: str
    purpose: str
    phone: str
    place: str
    hours: str
    territory_code: str | None = None
    moderate_first: bool = False
    quotes_in_mails: bool = False
    quick_exit: bool = False
    kept_months: int = 36
    allowed_words: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class FunctionalityValues:
    """What the form of a functionality holds."""

    name: str
    kind: FunctionalityClass
    individual: Risk
    collective: Risk
    own_reply_days: int | None = None

    @property
    def demands(self) -> MatrixRow:
        """What the matrix asks for these risks."""
        return demands(self.individual, self.collective)

    @property
    def reply_days(self) -> int:
        """Working days to a first answer, its own clock counted."""
        return min(self.own_reply_days or self.demands.reply_days, self.demands.reply_days)


class ReleaseExists(Exception):
    """The service already has a release of this number."""


def organisation_named(name: str) -> Organisation:
    """Return the organisation called ``name``, made when it is new."""
    name = " ".join(name.split())
    found = db.session.scalar(select(Organisation).where(Organisation.name == name))
    if found is None:
        found = Organisation(name=name)
        db.session.add(found)
        db.session.flush()
    return found


def all_organisations() -> list[Organisation]:
    """Return every organisation, by name."""
    return list(db.session.scalars(select(Organisation).order_by(Organisation.name)))


def free_slug(name: str) -> str:
    """Return an address for a service called ``name`` that no other service has."""
    plain = unicodedata.normalize("NFKD", name.lower().replace("œ", "oe").replace("’", " "))
    plain = plain.encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_SLUG].strip("-") or "service"
    slug, number = base, 1
    while slug in TAKEN_SLUGS or service_by_slug(slug) is not None:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _free_short() -> str:
    short = draw_short()
    while service_by_short(short) is not None:
        short = draw_short()
    return short


def create_service(values: ServiceValues, organisation: Organisation, day: date) -> Service:
    """Return a new service of ``organisation``; its address is made from its name."""
    service = Service(
        slug=free_slug(values.name),
        short=_free_short(),
        organisation=organisation,
        created=day,
        **asdict(values),
    )
    db.session.add(service)
    db.session.flush()
    return service


def edit_service(service: Service, values: ServiceValues) -> None:
    """Change what ``service`` says of itself; its address stays, so that posters keep working."""
    for name, value in asdict(values).items():
        setattr(service, name, value)
    if service.anonymous_by_law:
        service.quotes_in_mails, service.quick_exit = False, True
    db.session.flush()


def is_free(service: Service, row: Functionality | None, name: str) -> bool:
    """Say whether no functionality of ``service`` but ``row`` is called ``name``."""
    return all(each is row or each.name != name for each in service.functionalities)


def save_functionality(
    service: Service, row: Functionality | None, values: FunctionalityValues
) -> Functionality:
    """Return ``row`` of ``service`` with new values, or a new one."""
    if row is None:
        row = Functionality(service=service)
        db.session.add(row)
    row.name, row.kind = values.name, values.kind.value
    row.individual_risk, row.collective_risk = values.individual.value, values.collective.value
    row.own_reply_days = values.own_reply_days
    db.session.flush()
    return row


def change_release(release: Release, number: str, day: date, note: str) -> None:
    """Correct ``release``; raise ``ReleaseExists`` when another one has this number."""
    others = (each for each in release.service.releases if each.id != release.id)
    if any(each.number == number for each in others):
        raise ReleaseExists
    release.number, release.day, release.note = number, day, note
    db.session.flush()


def remove_release(release: Release) -> None:
    """Take ``release`` away."""
    release.service.releases.remove(release)
    db.session.flush()


def add_release(service: Service, number: str, day: date, note: str) -> Release:
    """Return a new release of ``service``; raise ``ReleaseExists`` when the number is known."""
    if any(release.number == number for release in service.releases):
        raise ReleaseExists
    release = Release(service=service, number=number, day=day, note=note)
    db.session.add(release)
    db.session.flush()
    return release
