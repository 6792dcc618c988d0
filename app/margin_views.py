"""The administrator's page of reference margins: import, list, delete, and a sample to fill in."""

import csv
import io
from typing import Any

from flask import Response, abort, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, staff
from app.catalogue import Service, all_services, service_by_slug
from app.days import today
from app.db import db
from app.settings_views import settings
from app.web import render
from feedback import margins
from feedback.facets import BY_CODE, FACETS, PLACE
from feedback.margins_import import COLUMNS, LONGEST_SOURCE, BadFile, read_margins

SAMPLE_PLACES = ("42", "43", "69")  # a line each: the sample shows how a code is written


@settings.route("/marges", methods=["GET", "POST"], endpoint="margins")
@staff(Verb.ADMINISTER)
def reference_margins() -> AnyResponse:
    """List the margins and import a file, all of it or nothing."""
    if request.method == "GET":
        return _page()
    service = _service()
    source = " ".join(request.form.get("source", "").split())
    faults = [] if source else [_("Dites d’où viennent ces chiffres.")]
    if len(source) > LONGEST_SOURCE:
        faults.append(_("La source a %(max)d caractères au plus.", max=LONGEST_SOURCE))
    uploaded = request.files.get("file")
    data = uploaded.read() if uploaded else b""
    if not data:
        faults.append(_("Choisissez un fichier CSV qui n’est pas vide."))
    if faults:
        return _page(422, faults)
    try:
        lines = read_margins(data, source)
    except BadFile as bad:
        return _page(422, bad.faults)
    count = margins.replace(lines, service, today())
    return _back(ngettext("%(num)d ligne importée.", "%(num)d lignes importées.", count))


def _service() -> Service | None:
    slug = request.form.get("service", "")
    return (service_by_slug(slug) or abort(404)) if slug else None


def _page(status: int = 200, faults: list[str] | None = None) -> Response:
    return render(
        "settings/margins.html",
        status=status,
        faults=faults or [],
        typed=request.form,
        services=all_services(),
        facets=[facet for facet in FACETS if facet is not PLACE],
        imported=margins.imported(),
    )


def _back(said: str) -> AnyResponse:
    db.session.commit()
    flash(said)
    return redirect(url_for("settings.margins"), 303)


@settings.post("/marges/retirer")
@staff(Verb.ADMINISTER)
def remove_margin() -> AnyResponse:
    """Delete the margin of one facet, of one service or of all."""
    facet = BY_CODE.get(request.form.get("facet", "")) or abort(404)
    service = _service()
    if not margins.remove(facet.code, service.id if service else None):
        abort(404)
    return _back(_("La référence est retirée."))


@settings.get("/marges/modele.csv")
@staff(Verb.ADMINISTER)
def margins_sample() -> Response:
    """Return a file with every value and counts of zero, to be filled in by a spreadsheet."""
    out = io.StringIO(newline="")
    writer: Any = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for facet in FACETS:
        for value in SAMPLE_PLACES if facet is PLACE else facet.values:
            writer.writerow([facet.file_name, value, 0, ""])
    response = make_response(out.getvalue().encode("utf-8-sig"))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = "attachment; filename=marges.csv"
    return response
