"""The pages of evaluations that instances share: pooled counts, export, import with its report."""

import json
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import traces
from app.access import Verb, actor_of, may, staff
from app.days import today
from app.db import db
from app.web import render
from feedback import evaluation_imports as imports
from feedback import kept_evaluations
from feedback.csv_files import BadFile
from feedback.evaluation_page import pools
from feedback.evaluation_reader import MOST_BYTES
from feedback.evaluations import document
from feedback.models import EvaluationFile

bp = Blueprint("evaluations", __name__, url_prefix="/equipe/evaluations")


@bp.get("")
@staff(Verb.READ_INDICATORS, Verb.ADMINISTER)
def index() -> Response:
    """Show what this instance and others counted; an administrator also exchanges files."""
    return _page()


def _page(status: int = 200, faults: list[str] | None = None) -> Response:
    manages = may(current_user, Verb.ADMINISTER)
    own = kept_evaluations.current(today(), int(current_app.config["FLOOR"]))
    return render(
        "feedback/evaluations.html",
        status=status,
        pools=pools(own.rows),
        counted=own.day,
        files=imports.files() if manages else [],
        manages=manages,
        faults=faults or [],
    )


@bp.get("/evaluations.json")
@staff(Verb.ADMINISTER, writes=True)
def export() -> AnyResponse:
    """Return this instance's counts as a sealed file; the journal says so."""
    name = current_app.config["OPERATOR"] or current_app.config["BASE_URL"]
    held = document(today(), str(name)[:120], int(current_app.config["FLOOR"]))
    traces.record("export", actor_of(current_user, Verb.ADMINISTER), today(), detail="évaluations")
    db.session.commit()
    answer = make_response(json.dumps(held, ensure_ascii=False, indent=1))
    answer.headers["Content-Type"] = "application/json"
    file_name = f"evaluations-{today().isoformat()}.json"
    answer.headers["Content-Disposition"] = f"attachment; filename={file_name}"
    return answer


@bp.post("")
@staff(Verb.ADMINISTER)
def take() -> AnyResponse:
    """Take a file; nothing is counted before it was looked at and kept."""
    uploaded = request.files.get("file")
    data = uploaded.read(MOST_BYTES + 1) if uploaded else b""
    if not data:
        return _page(422, [_("Choisissez un fichier qui n’est pas vide.")])
    try:
        file = imports.begin(data, today())
    except BadFile as bad:
        return _page(422, bad.faults)
    except imports.KnownFile:
        return _page(422, [_("Ce fichier est déjà importé : rien n’est compté deux fois.")])
    db.session.commit()
    return redirect(url_for("evaluations.file", file_id=file.id), 303)


take.most_bytes = MOST_BYTES + 2**16  # type: ignore[attr-defined]


@bp.get("/<int:file_id>")
@staff(Verb.ADMINISTER)
def file(file_id: int) -> Response:
    """Show what keeping a file would do, or what it did."""
    found = _file_or_404(file_id)
    seen: Any = None if found.is_kept else imports.preview(found)
    return render("feedback/evaluation_file.html", file=found, preview=seen)


def _file_or_404(file_id: int) -> EvaluationFile:
    return db.session.get(EvaluationFile, file_id) or abort(404)


@bp.post("/<int:file_id>/garder")
@staff(Verb.ADMINISTER)
def keep(file_id: int) -> AnyResponse:
    """Count what is new in a file."""
    found = _file_or_404(file_id)
    imports.keep(found)
    db.session.commit()
    changed = found.added + found.renewed
    flash(ngettext("%(num)d ligne est comptée.", "%(num)d lignes sont comptées.", changed))
    return redirect(url_for("evaluations.file", file_id=file_id), 303)


@bp.post("/<int:file_id>/retirer")
@staff(Verb.ADMINISTER)
def remove(file_id: int) -> AnyResponse:
    """Delete a file with all that came from it."""
    imports.remove(_file_or_404(file_id))
    db.session.commit()
    flash(_("Le fichier est retiré, avec ce qu’il comptait."))
    return redirect(url_for("evaluations.index"), 303)
