"""The pages of a service for everybody: speak, or do it another way. No cookie is set here.

After sending: ``feedback/receipt_views.py``. Coming back with a code: ``feedback/author_views.py``.
"""

from flask import Blueprint, Response, current_app, request
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError

from app import bursts, form_keys
from app.access import public, service_or_404
from app.catalogue import Service
from app.days import now, today
from app.db import db, start_reading, start_writing
from app.matrix import Risk
from app.runtime import runtime
from app.said import as_said
from app.web import render
from feedback import edit_leave, published, sendings
from feedback.counted_views import counted
from feedback.entry_points import channel_of, poster_of
from feedback.forms import SpeakForm
from feedback.intake import AlreadySent, Sent, Tools, prepare, store
from feedback.models import Channel
from feedback.promises import last_promises
from feedback.question_sets import every_question, risk_of
from feedback.receipt_page import Visit, qr, receipt_page
from feedback.representativeness_words import public_panel
from feedback.send_waits import Wait, told_to_wait, wait_until
from feedback.standing import standing
from feedback.standing_words import said

bp = Blueprint("feedback", __name__)

SHOWN = 3  # published messages and promises on the service page


@bp.route("/s/<slug>", methods=["GET", "POST"], endpoint="service")
@public
def speak(slug: str) -> Response:
    """Show the service and its form, or take what was sent and give the receipt."""
    if request.method != "POST":
        service = service_or_404(slug)
        return counted(_service_page(service, _form()), service.id)
    start_reading()  # masking takes a while: it holds no lock
    service = service_or_404(slug)
    try:
        return _take(service, _form())
    except OperationalError:
        start_reading()
        busy = _("Le site est occupé. Rien n’est perdu : votre texte est encore là. Renvoyez-le.")
        answer = _service_page(service_or_404(slug), _form(), 503, busy, _key())
        answer.headers["Retry-After"] = "10"
        return answer


speak.keyed = True  # type: ignore[attr-defined]


def _form() -> SpeakForm:
    needs_consent = current_app.config["LEGAL_BASIS"] == "consent"
    return SpeakForm(
        request.form if request.method == "POST" else None, needs_consent=needs_consent
    )


def _key() -> str:
    return request.form.get("key", "")


def _take(service: Service, form: SpeakForm) -> Response:
    try:
        key = form_keys.check(_secret(), service.slug, _key(), today())
    except form_keys.ExpiredForm:
        return _service_page(
            service,
            form,
            400,
            _("Cette page avait expiré. Votre texte est encore là : renvoyez-le."),
        )
    if not form.validate():
        return _service_page(service, form, 422, key=key)
    if sendings.has_sent_too_much("send", request.remote_addr):
        wait = wait_until(sendings.WINDOW, key, now())
        return told_to_wait(_service_page(service, form, 429, wait.words, key, wait), wait)
    prepared = prepare(_sent(form, service), service, runtime().name_finder)
    start_writing()
    sendings.count_sending("send", request.remote_addr)
    tools = Tools(runtime().name_finder, current_app.config["RECEIPT_SECRET"])
    try:
        receipt = store(prepared, service, key, today(), tools)
        if receipt.created:
            bursts.note(service, now())
    except AlreadySent:
        start_writing()
        # Or the same form would be masked again for ever.
        sendings.count_sending("send", request.remote_addr)
        db.session.commit()
        return _service_page(service, form, 409, _already_sent())
    db.session.commit()
    is_fresh = receipt.created or receipt.feedback.day == today()
    leave = edit_leave.first_leave(_secret(), receipt.feedback.id, now()) if is_fresh else ""
    return receipt_page(Visit(service, receipt.feedback, key, prepared.text, leave))


def _already_sent() -> str:
    return str(
        _(
            "Vous avez déjà envoyé ce formulaire avec un autre texte. "
            "Pour en faire un nouveau retour, envoyez encore une fois."
        )
    )


def _sent(form: SpeakForm, service: Service) -> Sent:
    channel = channel_of(service, request.args.get("par", ""))
    return Sent(form.chosen_face, form.text.data or "", channel)


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _service_page(
    service: Service,
    form: SpeakForm,
    status: int = 200,
    problem: str = "",
    key: str = "",
    wait: Wait | None = None,
) -> Response:
    """Return the service page with ``form`` as it was typed and what went wrong, if anything."""
    return render(
        "feedback/service.html",
        status=status,
        service=service,
        form=form,
        key=key or form_keys.issue(_secret(), service.slug, today()),
        problem=problem,
        wait=wait,
        channel=_told_channel(service),
        errors=[(f, message) for f in form for message in f.errors],
        stands=said(standing(service)),
        voices=public_panel(service, current_app.config["FLOOR"]),
        published=published.newest(service, SHOWN, current_app.config["FLOOR"]),
        is_near_care=any(each.is_near_care for each in service.functionalities),
        promises=last_promises(service, SHOWN, today()),
    )


def _told_channel(service: Service) -> str:
    """Return what the form's address goes on telling of the door; nothing for the page itself."""
    channel = channel_of(service, request.args.get("par", ""))
    return "" if channel is Channel.WEB else channel.value


@bp.get("/s/<slug>/autrement")
@public
def otherwise(slug: str) -> Response:
    """Show how to speak without a screen."""
    return render("feedback/otherwise.html", service=service_or_404(slug))


@bp.get("/s/<slug>/formulaire")
@public
def paper(slug: str) -> Response:
    """Show the form to print, with the same questions."""
    service = service_or_404(slug)
    return render(
        "feedback/paper.html",
        service=service,
        questions=every_question(service, today()),
        functionalities={f.id: as_said(f.name) for f in service.functionalities},
        is_high=risk_of(service, None) is Risk.HIGH,
    )


@bp.get("/s/<slug>/affiche")
@public
def poster(slug: str) -> Response:
    """Show a sheet to hang up, with the QR code of the service page."""
    service = service_or_404(slug)
    said = poster_of(service)
    return render(
        "feedback/poster.html",
        service=service,
        poster=said,
        service_qr=qr(said.qr_address, said.qr_name, fills=True),
    )
