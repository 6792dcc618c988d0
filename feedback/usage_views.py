"""The page of a service's real use: who is reached of its public, and who opens its form."""

from flask import Blueprint, Response, current_app
from flask_babel import format_decimal
from flask_security import current_user
from sqlalchemy import select

from app.access import Verb, limit, reaches, service_or_404, staff
from app.catalogue import Service
from app.days import today
from app.db import db
from app.web import render
from feedback.declared_publics import declared_on
from feedback.models import Signal, SignalKind
from feedback.reach import FEWEST_EXPECTED
from feedback.usage import FORM_WEEKS, usage_of

bp = Blueprint("usage", __name__, url_prefix="/equipe")


@bp.get("/usage")
@staff(Verb.READ_INDICATORS)
def index() -> Response:
    """List the services whose real use the reader may see."""
    query = select(Service).where(limit(Service.id, current_user, Verb.READ_INDICATORS))
    return render(
        "feedback/usages.html", services=list(db.session.scalars(query.order_by(Service.name)))
    )


@bp.get("/services/<slug>/usage")
@staff(Verb.READ_INDICATORS)
def usage(slug: str) -> Response:
    """Show who is reached of the declared public, the openings of the form, and the silences."""
    service = service_or_404(slug, Verb.READ_INDICATORS)
    inside = reaches(service, current_user, Verb.READ)
    floor = 1 if inside else int(current_app.config["FLOOR"])
    query = select(Signal).where(Signal.service_id == service.id, Signal.kind == SignalKind.SILENCE)
    may_read = reaches(service, current_user, Verb.READ_SIGNALS)
    return render(
        "feedback/usage.html",
        used=service,
        usage=usage_of(service, today(), floor),
        declared_on=declared_on(service),
        silences=list(db.session.scalars(query.order_by(Signal.raised.desc()))) if may_read else [],
        floor=floor,
        form_weeks=FORM_WEEKS,
        fewest=round(FEWEST_EXPECTED),
        may_declare=reaches(service, current_user, Verb.CONFIGURE),
        rate=_rate,
    )


def _rate(value: float) -> str:
    """Return a ratio with as many digits as it needs to be told from nought."""
    digits = "0" if value >= 10 or value == 0 else "0.0" if value >= 1 else "0.00"
    return str(format_decimal(value, digits))
