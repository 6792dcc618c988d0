"""Answering a published message, and coming back to such an answer with its code. No cookie."""

from typing import Any

from flask import Response, current_app, request
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError

from app import form_keys
from app.access import public, service_or_404
from app.catalogue import Service
from app.days import now, today
from app.db import db, start_reading, start_writing
from app.runtime import runtime
from app.web import render
from feedback import peers, receipts, sendings
from feedback.intake import AlreadySent, Receipt, Sent, Tools, prepare
from feedback.masked_text import pieces
from feedback.models import Channel, Feedback
from feedback.peer_forms import PeerForm
from feedback.published_page import check_key, fresh_key, message_page
from feedback.published_views import message_or_404
from feedback.receipt_page import follow_qr
from feedback.send_waits import told_to_wait, wait_until
from feedback.views import bp


@bp.post("/s/<slug>/messages/<public_id>/repondre", endpoint="answer_peer")
@public
def answer(slug: str, public_id: str) -> Response:
    """Take a reader's answer and give its code; whatever goes wrong, the words stay."""
    start_reading()  # masking takes a while: it holds no lock
    service = service_or_404(slug)
    parent = message_or_404(service, public_id)
    form = PeerForm(request.form)
    try:
        return _take(service, parent, form)
    except OperationalError:
        start_reading()
        service = service_or_404(slug)
        busy = _("Le site est occupé. Rien n’est perdu : votre texte est encore là. Renvoyez-le.")
        page = _again(service, message_or_404(service, public_id), form, 503, busy)
        page.headers["Retry-After"] = "10"
        return page


answer.keyed = True  # type: ignore[attr-defined]


def _take(service: Service, parent: Feedback, form: PeerForm) -> Response:
    try:
        key = check_key(service, request.form.get("key", ""))
    except form_keys.ExpiredForm:
        expired = _("Cette page avait expiré. Votre texte est encore là : renvoyez-le.")
        return _again(service, parent, form, 400, expired, key=fresh_key(service))
    if not form.validate():
        return _again(service, parent, form, 422)
    if sendings.has_sent_too_much("peer", request.remote_addr):
        wait = wait_until(sendings.WINDOW, key, now())
        return told_to_wait(_again(service, parent, form, 429, wait.words, wait=wait), wait)
    sent = Sent(None, form.answer.data or "", Channel.PEER)
    prepared = prepare(sent, service, runtime().name_finder)
    start_writing()
    sendings.count_sending("peer", request.remote_addr)
    tools = Tools(runtime().name_finder, current_app.config["RECEIPT_SECRET"])
    try:
        receipt = peers.answer(parent, prepared, key, today(), tools)
    except AlreadySent:
        start_writing()
        sendings.count_sending("peer", request.remote_addr)
        db.session.commit()
        said = _("Vous avez déjà répondu avec cette page. Pour répondre encore, renvoyez.")
        return _again(service, parent, form, 409, said, key=fresh_key(service))
    db.session.commit()
    return _receipt(service, parent, receipt)


def _again(
    service: Service, parent: Feedback, form: PeerForm, status: int, problem: str = "", **shown: Any
) -> Response:
    """Return the message with the form as it was typed and what went wrong."""
    errors = [(f, message) for f in form for message in f.errors]
    kept = {"key": request.form.get("key", ""), **shown}
    return message_page(
        service, parent, status, form=form, errors=errors, problem=problem, is_open=True, **kept
    )


def _receipt(service: Service, parent: Feedback, receipt: Receipt) -> Response:
    feedback = receipt.feedback
    return render(
        "feedback/peer_sent.html",
        service=service,
        parent=parent,
        feedback=feedback,
        code=receipts.grouped(receipt.code or ""),
        follow_qr=follow_qr(),
        pieces=pieces(feedback.text),
        masked_count=sum(feedback.masked.values()),
    )
