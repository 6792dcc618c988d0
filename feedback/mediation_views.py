"""A mediator speaks for somebody beside them: the charter, the form, then giving the code away.

No page here lists a text, and none shows a code: the person's phone or a folded sheet has it.
"""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import form_keys
from app.access import Verb, service_or_404, staff
from app.catalogue import Service, all_services
from app.days import now, today
from app.db import db
from app.said import as_said
from app.web import render
from feedback import charter, handover, sheets, sittings
from feedback.entering_views import BAD_SHEET, Entry, secret
from feedback.entry_forms import EntryForm, sheet_problem
from feedback.intake import find_by_key
from feedback.mediated_forms import PHONE, SHEET, MediatedForm
from feedback.models import Channel, Feedback
from feedback.question_sets import FOREMOST
from feedback.receipt_page import qr
from feedback.told import Kept

mediation = Blueprint("mediation", __name__, url_prefix="/equipe")
SHOWN_DAYS = timedelta(days=30)


@mediation.get("/saisir")
@staff(Verb.SEND_FOR)
def services() -> Response:
    """Say what a mediator keeps to, list the services, and count what the reader entered."""
    return render(
        "mediation/services.html",
        services=all_services(),
        charter=charter,
        entered=sittings.entered(current_user, today() - SHOWN_DAYS),
    )


@mediation.route("/saisir/<slug>", methods=["GET", "POST"])
@staff(Verb.SEND_FOR)
def speak_for(slug: str) -> AnyResponse:
    """Show the form to fill in with somebody, or take it and give the code away."""
    return MEDIATED.answer(slug)


def _page(
    service: Service, form: EntryForm, status: int = 200, problem: str = "", key: str = ""
) -> Response:
    return render(
        "mediation/form.html",
        status=status,
        about=service,
        form=form,
        problem=problem,
        errors=form.problems,
        foremost=[question for question in form.questions if question in FOREMOST],
        functionalities={f.id: as_said(f.name) for f in service.functionalities},
        key=key or MEDIATED.fresh_key(service),
        charter=charter,
    )


def _kept(form: EntryForm, kept: Kept, key: str) -> Response:
    return _handed(kept.feedback, key, form.value("handover"), sheet=form.sheet_number)


MEDIATED = Entry(Channel.MEDIATOR, MediatedForm, _page, _kept)


def _handed(
    feedback: Feedback, key: str, way: str, status: int = 200, sheet: str = "", problem: str = ""
) -> Response:
    """Return the page after sending: how the code reaches the person, nothing of what was said."""
    address, taken = "", feedback.code_hash is not None
    if way == PHONE and not taken:
        base: Any = current_app.config["BASE_URL"].rstrip("/")
        address = base + url_for("feedback.claim", token=handover.offer(feedback, now()))
    return render(
        "mediation/handed.html",
        status=status,
        about=feedback.service,
        dangers=feedback.dangers,
        way=way,
        taken=taken,
        claim_qr=qr(address, _("QR du code, pour le téléphone de la personne")) if address else "",
        minutes=handover.CLAIM_MINUTES,
        sheet=sheet,
        problem=problem,
        key=key,
    )


@mediation.post("/saisir/<slug>/code")
@staff(Verb.SEND_FOR)
def hand_over(slug: str) -> AnyResponse:
    """Give the code another way: a fresh QR, or a sheet, as long as nobody took it."""
    service = service_or_404(slug, Verb.SEND_FOR)
    way, typed = request.form.get("way", PHONE), request.form.get("sheet", "")
    key = request.form.get("key", "")
    try:
        form_keys.check(secret(), MEDIATED.purpose(service), key, today())
    except form_keys.ExpiredForm:
        return _over(service)
    feedback = find_by_key(key)
    if feedback is None or not handover.standing(feedback):
        return _over(service)
    if way == SHEET and feedback.code_hash is None:
        try:
            handover.give_sheet(feedback, sheets.take(typed, service))
        except BAD_SHEET:
            problem = sheet_problem(typed, service)
            return _handed(feedback, key, SHEET, 422, typed, problem)
    answer = _handed(feedback, key, way, sheet=typed if way == SHEET else "")
    db.session.commit()
    return answer


def _over(service: Service) -> Response:
    return render(
        "error.html",
        status=400,
        title=_("Cette page a expiré"),
        message=_("Le retour est bien gardé. Son code ne se donne plus d’ici."),
        next_url=url_for("mediation.speak_for", slug=service.slug),
        next_label=_("Écrire pour une autre personne"),
    )
