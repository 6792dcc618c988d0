"""The pages of a territory's relay: its services with their figures, and the log of visits."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, staff
from app.days import today
from app.db import db, start_reading, start_writing
from app.runtime import runtime
from app.web import render
from feedback import visits
from feedback.models import Visit
from feedback.territory_forms import VisitForm
from nlp.redact import redact

bp = Blueprint("territory", __name__, url_prefix="/equipe/territoire")


@bp.get("")
@staff(Verb.KEEP_LOG)
def index() -> Response:
    """Show the services of the relay's territory with their figures, and the log."""
    territory = current_user.territory
    code = territory.code if territory else ""
    floor = int(current_app.config["FLOOR"])
    return render(
        "feedback/territory.html",
        territory=territory,
        seen=visits.seen(code, today(), floor),
        log=visits.log_of(code),
        kinds=visits.VISIT_KINDS,
        floor=floor,
    )


@bp.route("/visites", methods=["GET", "POST"])
@staff(Verb.KEEP_LOG)
def new_visit() -> AnyResponse:
    """Log a visit or a session."""
    return _edit(None)


@bp.route("/visites/<int:visit_id>", methods=["GET", "POST"])
@staff(Verb.KEEP_LOG)
def visit(visit_id: int) -> AnyResponse:
    """Change a visit of the relay's own territory."""
    return _edit(_own(visit_id))


@bp.post("/visites/<int:visit_id>/retirer")
@staff(Verb.KEEP_LOG)
def remove_visit(visit_id: int) -> AnyResponse:
    """Take a visit out of the log."""
    db.session.delete(_own(visit_id))
    return _back(_("La visite est retirée."))


def _own(visit_id: int) -> Visit:
    return visits.find(current_user.territory_code or "", visit_id) or abort(404)


def _edit(row: Visit | None) -> AnyResponse:
    if not current_user.territory_code:
        abort(404)  # a relay without a territory has no log
    form = _form(row)
    if request.method == "GET" or not form.validate():
        return render(
            "feedback/visit.html",
            status=200 if request.method == "GET" else 422,
            form=form,
            visit=row,
            errors=[(field, message) for field in form for message in field.errors],
        )
    start_reading()
    note = redact(form.note.data or "", runtime().name_finder).text
    start_writing()
    values = visits.VisitValues(
        day=form.day.data,
        kind=form.kind.data,
        place=form.place.data or "",
        met=form.met.data or 0,
        note=note,
        services=tuple(form.services.data or ()),
    )
    visits.save(_own(row.id) if row else None, values, current_user)
    return _back(_("La visite est notée."))


def _form(row: Visit | None) -> VisitForm:
    kept: dict[str, Any] = {"day": today(), "met": 0}
    if row is not None:
        names = ("day", "kind", "place", "met", "note")
        kept = {name: getattr(row, name) for name in names}
        kept["services"] = [service.id for service in row.services]
    posted = request.form if request.method == "POST" else None
    form = VisitForm(posted, today=today(), data=None if posted is not None else kept)
    form.offer(visits.concerned_by(current_user.territory_code))
    return form


def _back(said: str) -> AnyResponse:
    db.session.commit()
    flash(said)
    return redirect(url_for("territory.index", _anchor="journal"), 303)
