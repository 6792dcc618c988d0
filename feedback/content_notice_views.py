"""« Signaler ce contenu »: anybody says why a public text should not stand. Asks for no contact.

Who reports gets a number to follow the notice by, once, on the page that follows. No cookie is set.
"""

from flask import Response, abort, current_app, request
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError

from app import form_keys, limits
from app.access import public, service_or_404
from app.catalogue import Service
from app.days import now, today
from app.db import db, start_reading, start_writing
from app.limits import TEN_MINUTES
from app.runtime import runtime
from app.web import render
from feedback import content_notices, notice_follow, published, receipts
from feedback.content_notices import NOTICE_DAYS
from feedback.masked_text import pieces
from feedback.models import ContentNotice, Feedback, NoticeReason
from feedback.peer_forms import NoticeForm
from feedback.published_page import check_key, fresh_key
from feedback.views import bp
from feedback.wording import clean
from nlp.redact import redact

NOTICES = 10  # by one network in ten minutes


@bp.route(
    "/s/<slug>/messages/<public_id>/signaler", methods=["GET", "POST"], endpoint="report_content"
)
@public
def report(slug: str, public_id: str) -> Response:
    """Ask why, or take a notice and say what happens next."""
    if request.method == "GET":
        return _page(*_text_or_404(slug, public_id), NoticeForm())
    start_reading()  # masking takes a while: it holds no lock
    form = NoticeForm(request.form)
    service, feedback = _text_or_404(slug, public_id)
    try:
        return _take(service, feedback, form)
    except OperationalError:
        start_reading()
        busy = _("Le site est occupé. Rien n’est perdu : recommencez dans un instant.")
        page = _page(*_text_or_404(slug, public_id), form, 503, busy)
        page.headers["Retry-After"] = "10"
        return page


report.keyed = True  # type: ignore[attr-defined]


def _text_or_404(slug: str, public_id: str) -> tuple[Service, Feedback]:
    service = service_or_404(slug)
    found = published.find_text(service, public_id)
    if found is None:
        abort(404)
    return service, found


def _take(service: Service, feedback: Feedback, form: NoticeForm) -> Response:
    try:
        key = check_key(service, request.form.get("key", ""))
    except form_keys.ExpiredForm:
        expired = _("Cette page avait expiré. Votre texte est encore là : renvoyez-le.")
        return _page(service, feedback, form, 400, expired)
    if not form.validate():
        return _page(service, feedback, form, 422)
    masked = redact(clean(form.words.data or ""), runtime().name_finder, service.allowed_words)
    start_writing()
    if not _may_send():
        db.session.commit()
        late = _(
            "Beaucoup d’envois partent d’ici. Votre texte est gardé : renvoyez-le dans 10 minutes."
        )
        return _page(service, feedback, form, 429, late)
    reason = NoticeReason(form.reason.data)
    secret = current_app.config["RECEIPT_SECRET"]
    number = notice_follow.number_of(secret, key, feedback.id)
    notice_id = notice_follow.id_of(secret, number)
    known = db.session.get(ContentNotice, notice_id)  # a second tap finds the first one's notice
    if known and not notice_follow.is_same(known, reason, masked.text):
        db.session.rollback()
        said = _("Vous avez déjà signalé avec cette page. Pour signaler encore, renvoyez.")
        return _page(service, feedback, form, 409, said)
    if known is None:
        content_notices.report(feedback, reason, masked.text, today(), notice_id)
    db.session.commit()
    return _sent(service, reason, number)


def _sent(service: Service, reason: NoticeReason, number: str) -> Response:
    return render(
        "feedback/notice_sent.html",
        service=service,
        days=NOTICE_DAYS,
        is_danger=reason is NoticeReason.DANGER,
        number=receipts.grouped(number),
    )


def _may_send() -> bool:
    who = limits.network_of(request.remote_addr)
    secret = current_app.config["SECRET_KEY"]
    return limits.allow("notice", who, NOTICES, TEN_MINUTES, now(), secret)


def _page(
    service: Service, feedback: Feedback, form: NoticeForm, status: int = 200, problem: str = ""
) -> Response:
    errors = [(f, message) for f in form for message in f.errors]
    kept = request.form.get("key", "") if status in (422, 429, 503) else ""
    return render(
        "feedback/notice.html",
        status=status,
        service=service,
        feedback=feedback,
        text=pieces(feedback.text),
        form=form,
        errors=errors,
        problem=problem,
        key=kept or fresh_key(service),
        days=NOTICE_DAYS,
    )
