"""« Mes données »: the pages where the holder of a code sees, exports, objects and erases."""

import json

from flask import Blueprint, Response, current_app, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app import erasures, privacy, traces
from app.access import author
from app.author_session import forget_author
from app.days import today
from app.db import db
from app.traces import AUTHOR
from app.web import render
from feedback import appeals
from feedback.editing import may_edit
from feedback.models import Feedback, State

blueprint = Blueprint("privacy", __name__)


def _own(feedback_id: str) -> Feedback | None:
    feedback = db.session.get(Feedback, feedback_id)
    return None if feedback is None or feedback.state == State.WITHDRAWN else feedback


def _ask_code() -> AnyResponse:
    forget_author()
    return redirect(url_for("feedback.code"), 303)


@blueprint.get("/suivi/mes-donnees")
@author
def mine(feedback_id: str) -> AnyResponse:
    """Show everything that is stored about the author's retour, and the rights over it."""
    if (feedback := _own(feedback_id)) is None:
        return _ask_code()
    stored = privacy.export(feedback)
    return render(
        "privacy/mine.html",
        feedback=feedback,
        service=feedback.service,
        stored=stored,
        journal=stored["journal"],
        may_correct=bool(feedback.text) and may_edit(feedback),
        refusal=appeals.publication_refusal(feedback),
        placements=privacy.placements_of(feedback_id),
    )


@blueprint.post("/suivi/mes-donnees/export")
@author
def export(feedback_id: str) -> AnyResponse:
    """Give every row about the retour as one JSON file, and write so in the journal."""
    if (feedback := _own(feedback_id)) is None:
        return _ask_code()
    traces.record("exported", AUTHOR, today(), feedback.id)
    body = json.dumps(privacy.export(feedback), ensure_ascii=False, indent=2)
    db.session.commit()
    response = make_response(body)
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = 'attachment; filename="mes-donnees.json"'
    return response


@blueprint.post("/suivi/mes-donnees/opposition")
@author
def object_(feedback_id: str) -> AnyResponse:
    """Take the retour out of machine analysis."""
    if (feedback := _own(feedback_id)) is None:
        return _ask_code()
    if not feedback.objects_to_analysis:
        privacy.object_to_analysis(feedback, today())
        db.session.commit()
    flash(_("Votre retour n’est plus analysé par la machine. L’équipe le lit toujours."))
    return redirect(url_for("privacy.mine"), 303)


@blueprint.route("/suivi/effacer", methods=["GET", "POST"])
@author
def erase(feedback_id: str) -> AnyResponse:
    """Ask once, then erase at once and give a receipt that is not stored."""
    if (feedback := _own(feedback_id)) is None:
        return _ask_code()
    service = feedback.service
    if request.method == "GET":
        return render("privacy/erase.html", feedback=feedback, service=service)
    day = today()
    privacy.erase(feedback, day)
    erasures.note(current_app.config["INSTANCE"], [feedback_id])
    db.session.commit()
    forget_author()
    response: Response = render("privacy/erased.html", service=service, day=day, number=feedback_id)
    erasures.truncate_log()
    return response
