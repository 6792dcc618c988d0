"""The administrator's page of sheets with a code: print a pile, see what is left, cancel one.

Who writes for people does not print: whoever prints could read what the fold hides.
"""

from datetime import date
from typing import Any

from flask import Response, abort, current_app, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, actor_of, staff
from app.catalogue import Service, all_services, service_by_slug
from app.days import today
from app.db import db, start_reading, start_writing
from app.settings_views import settings
from app.web import render
from feedback import receipts, sheets
from feedback.sheet_pdf import folded_sheets, forms_with_strip


@settings.get("/feuilles", endpoint="sheets")
@staff(Verb.ADMINISTER)
def piles() -> Response:
    """Show what was printed and what is left of it."""
    return _page()


def _page(status: int = 200, problem: str = "") -> Response:
    return render(
        "settings/sheets.html",
        status=status,
        problem=problem,
        typed=request.form,
        most=sheets.MOST,
        services=all_services(),
        piles=sheets.piles(),
    )


@settings.post("/feuilles", endpoint="print_sheets")
@staff(Verb.ADMINISTER)
def print_pile() -> AnyResponse:
    """Draw codes and give them as a file to print: they are kept nowhere else."""
    count = request.form.get("count", "").strip()
    if not (count.isascii() and count.isdigit()) or not 1 <= int(count[:4]) <= sheets.MOST:
        return _page(422, _("Choisissez de 1 à %(most)d feuilles.", most=sheets.MOST))
    salt = receipts.system_salt()
    db.session.commit()
    start_reading()  # hashing takes a while: it holds no lock
    drawn = sheets.draw(int(count), salt, current_app.config["RECEIPT_SECRET"])
    start_writing()
    service = _service()
    sheets.keep(drawn, service, today(), actor_of(current_user, Verb.ADMINISTER))
    made = forms_with_strip(drawn, service, today()) if service else folded_sheets(drawn, today())
    db.session.commit()
    return pdf_answer(made, "feuilles.pdf")


def pdf_answer(made: bytes, name: str) -> Response:
    """Return ``made`` as a file called ``name``."""
    response = make_response(made)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _service() -> Service | None:
    slug = request.form.get("service", "")
    return (service_by_slug(slug) or abort(404)) if slug else None


@settings.post("/feuilles/annuler", endpoint="cancel_sheets")
@staff(Verb.ADMINISTER)
def cancel_pile() -> AnyResponse:
    """Cancel what is left of a pile that was lost or seen."""
    actor: Any = actor_of(current_user, Verb.ADMINISTER)
    gone = sheets.cancel(_printed(), _service(), today(), actor)
    db.session.commit()
    flash(ngettext("%(num)s feuille annulée.", "%(num)s feuilles annulées.", gone))
    return redirect(url_for("settings.sheets"), 303)


def _printed() -> date:
    try:
        return date.fromisoformat(request.form.get("printed", ""))
    except ValueError:
        abort(404)
