"""The administrator's pages of reference tables: upload, columns, report, keep or remove."""

import csv
import io
from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from app import jobs
from app.access import Verb, staff
from app.days import now, today
from app.db import db
from app.said import as_said
from app.web import render
from feedback import references
from feedback.csv_files import BadFile
from feedback.models import ReferenceTable, Scale, TableState
from feedback.reference_columns import NAMES, check, needed, wanted
from feedback.reference_forms import SCALE_NAMES, ReferenceForm

bp = Blueprint("references", __name__, url_prefix="/equipe/references")


@bp.route("", methods=["GET", "POST"], endpoint="index")
@staff(Verb.ADMINISTER)
def index() -> AnyResponse:
    """List the tables, and take a file whose columns are named on the next page."""
    form = ReferenceForm(request.form if request.method == "POST" else None)
    if request.method == "GET":
        return _list(form)
    uploaded = request.files.get("file")
    data = uploaded.read() if uploaded else b""
    is_valid = form.validate()
    if not data:
        form.file.errors = [_("Choisissez un fichier CSV qui n’est pas vide.")]
    if not is_valid or not data:
        return _list(form, 422)
    try:
        table = references.begin(data, _about(form), today())
    except BadFile as bad:
        form.file.errors = bad.faults
        return _list(form, 422)
    except references.AlreadyImported as known:
        form.file.errors = [
            _("Ce fichier est déjà importé : « %(label)s ».", label=known.table.label)
        ]
        return _list(form, 422)
    db.session.commit()
    return redirect(url_for("references.table", table_id=table.id), 303)


index.most_bytes = references.MOST_BYTES  # type: ignore[attr-defined]


def _about(form: ReferenceForm) -> references.About:
    is_other = form.scale.data == Scale.OTHER
    return references.About(
        form.label.data or "",
        form.source.data or "",
        form.day.data or today(),
        form.scale.data,
        (form.words.data or "") if is_other else "",
        float(form.top.data or 10) if is_other else 10.0,
        form.kind.data,
    )


def _list(form: ReferenceForm, status: int = 200) -> Response:
    return render(
        "feedback/references.html",
        status=status,
        form=form,
        tables=references.tables(),
        SCALE_NAMES=SCALE_NAMES,
        errors=[(field, message) for field in form for message in field.errors],
    )


def _table_or_404(table_id: int) -> ReferenceTable:
    return db.session.get(ReferenceTable, table_id) or abort(404)


@bp.get("/<int:table_id>")
@staff(Verb.ADMINISTER)
def table(table_id: int) -> Response:
    """Show where an import stands: columns to name, lines read so far, report, or what is kept."""
    found = _table_or_404(table_id)
    if found.state == TableState.COLUMNS:
        return _columns(found, dict(found.columns), {})
    return render("feedback/reference.html", "feedback/_reference_report.html", table=found)


def _columns(
    found: ReferenceTable, chosen: dict[str, int], faults: dict[str, str], status: int = 200
) -> Response:
    return render(
        "feedback/reference_columns.html",
        status=status,
        table=found,
        preview=references.preview(found),
        meanings=[(each, NAMES[each]) for each in wanted(found.scale)],
        needed=needed(found.scale),
        chosen=chosen,
        faults=faults,
    )


@bp.post("/<int:table_id>/colonnes")
@staff(Verb.ADMINISTER)
def columns(table_id: int) -> AnyResponse:
    """Take the meaning of each column and read the file: at once, or as a job with progress."""
    found = _table_or_404(table_id)
    if found.state == TableState.COLUMNS:
        chosen = _chosen(found.scale)
        faults = check(chosen, found.scale, len(references.preview(found).headings))
        if faults:
            return _columns(found, chosen, faults, 422)
        found.columns = chosen
        if found.lines <= references.AT_ONCE:
            references.read(found, lambda: None)
        else:
            found.state = TableState.READING.value
            jobs.enqueue("read_reference", str(found.id), now())
        db.session.commit()
    return redirect(url_for("references.table", table_id=found.id), 303)


def _chosen(scale: str) -> dict[str, int]:
    """Return the columns chosen; what is no number is a column that does not exist."""
    typed = {each: request.form.get(each, "")[:6] for each in wanted(scale)}
    return {
        each: int(value) if value.isascii() and value.isdigit() else -1
        for each, value in typed.items()
        if value
    }


@bp.post("/<int:table_id>/garder")
@staff(Verb.ADMINISTER)
def keep(table_id: int) -> AnyResponse:
    """Keep the good rows of a table that was read."""
    found = _table_or_404(table_id)
    if references.keep(found):
        db.session.commit()
        flash(
            ngettext("%(num)d ligne est gardée.", "%(num)d lignes sont gardées.", found.good),
            "status",
        )
    return redirect(url_for("references.table", table_id=found.id), 303)


@bp.post("/<int:table_id>/retirer")
@staff(Verb.ADMINISTER)
def remove(table_id: int) -> AnyResponse:
    """Delete a table with all that came from it."""
    found = _table_or_404(table_id)
    label = found.label
    references.remove(found)
    db.session.commit()
    flash(_("La table « %(label)s » est retirée.", label=as_said(label)), "status")
    return redirect(url_for("references.index"), 303)


SAMPLE = (
    ("niveau", "nom", "région", "réponses", "note"),
    ("France", "", "", "12 480", "7,1"),
    ("région", "", "Auvergne-Rhône-Alpes", "1 640", "7,3"),
    ("unité", "Service d’exemple", "Auvergne-Rhône-Alpes", "214", "6,8"),
)


@bp.get("/modele.csv")
@staff(Verb.ADMINISTER)
def sample() -> Response:
    """Return a file that shows how columns, numbers and levels are written."""
    out = io.StringIO(newline="")
    writer: Any = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows(SAMPLE)
    response = make_response(out.getvalue().encode("utf-8-sig"))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = "attachment; filename=reference.csv"
    return response
