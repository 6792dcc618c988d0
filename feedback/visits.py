"""The log of a territory's relays: visits and sessions, and what a relay reads of its services.

A territory's log is open to that territory's relays alone; who may is decided by the view.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask_babel import lazy_gettext as _
from sqlalchemy import func, or_, select

from app.accounts import Account
from app.catalogue import Service
from app.db import db
from app.floors import RATE_FLOOR, may_show
from feedback.indicators import indicators
from feedback.models import Visit
from feedback.ratings import Score, score_of
from feedback.tallies import faces_of

SHOWN = 200  # visits on the page: years of one territory


class VisitKind(StrEnum):
    """What a relay did."""

    VISIT = "visit"
    CLUB = "club"
    TRAINING = "training"
    STAND = "stand"


VISIT_KINDS = {
    VisitKind.VISIT: _("visite d’un lieu"),
    VisitKind.CLUB: _("club d’usagers"),
    VisitKind.TRAINING: _("formation"),
    VisitKind.STAND: _("permanence"),
}


@dataclass(frozen=True)
class VisitValues:
    """What the form of a visit holds."""

    day: date
    kind: str
    place: str
    met: int
    note: str
    services: tuple[int, ...] = ()


@dataclass(frozen=True)
class Seen:
    """What a relay reads of one service of its territory; None where the floor hides it."""

    service: Service
    retours: int | None
    score: Score | None
    answered: int | None  # percent of concerns with a first answer
    visits: int


def services_of(territory: str) -> list[Service]:
    """Return the services of ``territory``, by name."""
    query = select(Service).where(Service.territory_code == territory)
    return list(db.session.scalars(query.order_by(Service.name)))


def concerned_by(territory: str) -> list[Service]:
    """Return the services that a visit may be about: the territory's and the national ones."""
    near = or_(Service.territory_code == territory, Service.territory_code.is_(None))
    return list(db.session.scalars(select(Service).where(near).order_by(Service.name)))


def seen(territory: str, day: date, floor: int) -> list[Seen]:
    """Return the services of ``territory`` with their figures of twelve months, by name."""
    services = services_of(territory)
    faces = faces_of([service.id for service in services])
    counts = _visits_by_service(territory)
    return [
        _seen(service, faces.get(service.id, {}), counts.get(service.id, 0), day, floor)
        for service in services
    ]


def _seen(service: Service, faces: dict[int, int], visits: int, day: date, floor: int) -> Seen:
    found = indicators(service, day)
    score = score_of(faces)
    has_rate = found.concerns >= RATE_FLOOR
    return Seen(
        service,
        found.retours if may_show(found.retours, floor) else None,
        score if score and score.n >= RATE_FLOOR else None,
        round(100 * found.answered / found.concerns) if has_rate else None,
        visits,
    )


def _visits_by_service(territory: str) -> dict[int, int]:
    query = (
        select(Service.id, func.count())
        .select_from(Visit)
        .join(Visit.services)
        .where(Visit.territory_code == territory)
        .group_by(Service.id)
    )
    return dict(db.session.execute(query).all())


def log_of(territory: str) -> list[Visit]:
    """Return the visits of ``territory``, the newest first."""
    query = select(Visit).where(Visit.territory_code == territory)
    return list(db.session.scalars(query.order_by(Visit.day.desc(), Visit.id.desc()).limit(SHOWN)))


def find(territory: str, visit_id: int) -> Visit | None:
    """Return a visit of ``territory``; None for another's."""
    found = db.session.get(Visit, visit_id)
    return found if found and found.territory_code == territory else None


def save(visit: Visit | None, values: VisitValues, account: Account) -> Visit:
    """Write ``visit`` anew, or a new one of the account's territory and organisation."""
    territory = account.territory_code or ""
    if visit is None:
        visit = Visit(territory_code=territory, organisation_id=account.organisation_id)
        db.session.add(visit)
    visit.day, visit.kind, visit.place = values.day, values.kind, values.place
    visit.met, visit.note = values.met, values.note
    visit.services = [s for s in concerned_by(territory) if s.id in values.services]
    db.session.flush()
    return visit
