"""Where a code reaches its owner, and where an author changes it: shown once, on their own screen.

Opening the address of a claim takes nothing: programs open links before people do. A tap does.
"""

from datetime import timedelta
from typing import Any

from flask import Response, current_app, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app import form_keys, limits
from app.access import author, public
from app.author_session import author_proof, current_author, forget_author, remember_author
from app.days import now, today
from app.db import db
from app.web import render, view_mark
from feedback import handover, receipts
from feedback.models import Feedback, State
from feedback.receipt_page import follow_qr
from feedback.views import bp

TRIES = 30  # by one network in ten minutes
WINDOW = timedelta(minutes=10)


@bp.route("/c/<token>", methods=["GET", "POST"])
@public
def claim(token: str) -> AnyResponse:
    """Let one phone take the code of a retour that somebody wrote for its owner."""
    found = handover.claim_of(token, now())
    if found is None:
        return _no_claim(404, _("Ce QR ne marche plus. Il vaut 15 minutes, une seule fois."))
    if request.method == "GET" and found.key_hash is not None:
        return _no_claim(409, _taken())
    if request.method == "GET":
        key = form_keys.issue(_secret(), _purpose(found), today())
        return render("feedback/claim.html", key=key, token=token)
    if not limits.allow("claim", _network(), TRIES, WINDOW, now(), _secret()):
        db.session.commit()
        return _no_claim(429, _("Beaucoup d’essais partent d’ici. Attendez 10 minutes."))
    try:
        key = form_keys.check(_secret(), _purpose(found), request.form.get("key", ""), today())
        code = handover.take(found, key, _receipt_secret(), today())
    except form_keys.ExpiredForm:
        return redirect(url_for("feedback.claim", token=token), 303)
    except handover.Taken:
        db.session.rollback()
        return _no_claim(409, _taken())
    db.session.commit()
    return _shown(code)


claim.keyed = True  # type: ignore[attr-defined]


def _taken() -> str:
    return str(_("Ce code a déjà été pris. Si ce n’est pas par vous, dites-le tout de suite."))


def _purpose(found: Any) -> str:
    return f"claim:{found.id}"


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _receipt_secret() -> str:
    return str(current_app.config["RECEIPT_SECRET"])


def _network() -> str:
    return limits.network_of(request.remote_addr)


def _no_claim(status: int, message: str) -> Response:
    return render(
        "error.html",
        status=status,
        title=_("Le code n’est pas ici"),
        message=message,
        next_url=url_for("feedback.code"),
        next_label=_("J’ai un code"),
    )


def _shown(code: str, changed: bool = False) -> Response:
    shown = receipts.grouped(code)
    return render("feedback/code_shown.html", code=shown, follow_qr=follow_qr(), changed=changed)


@bp.route("/suivi/nouveau-code", methods=["GET", "POST"])
@author
def new_code(feedback_id: str) -> AnyResponse:
    """Offer a new code; taking it ends the old one, keeping the old one is a choice too."""
    feedback = db.session.get(Feedback, feedback_id)
    if feedback is None or feedback.state == State.WITHDRAWN:
        forget_author()
        return redirect(url_for("feedback.code"), 303)
    purpose = f"code:{feedback.id}"
    if request.method == "GET":
        key = form_keys.issue(_secret(), purpose, today())
        return render("feedback/new_code.html", key=key, first=feedback.asks_new_code)
    if request.form.get("choice") == "keep":
        handover.keep_code(feedback, today())
        db.session.commit()
        return redirect(url_for("feedback.follow"), 303)
    try:
        key = form_keys.check(_secret(), purpose, request.form.get("key", ""), today())
    except form_keys.ExpiredForm:
        return redirect(url_for("feedback.new_code"), 303)
    code = handover.change_code(feedback, key, _receipt_secret(), today())
    remember_author(feedback.id, handover.proof_of(feedback))
    db.session.commit()
    return _shown(code, changed=True)


@bp.before_app_request
def close_pages_of_old_codes() -> None:
    """End an open author's page once its code was changed elsewhere."""
    mark = view_mark()
    if mark is None or mark.kind != "author" or not session:
        return
    feedback_id = current_author()
    feedback = db.session.get(Feedback, feedback_id) if feedback_id else None
    if feedback is not None and handover.proof_of(feedback) != author_proof():
        forget_author()
