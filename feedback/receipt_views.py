"""What the forms of the receipt page do: put a word back, correct, download.

Whoever holds the form's key is the author: no session, no cookie, nothing of the page is stored.
The questions are ``feedback/question_views.py``.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, make_response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError

from app import form_keys
from app.access import public, service_or_404
from app.days import now, today
from app.db import db, start_reading, start_writing
from app.runtime import runtime
from app.web import render, written_day
from feedback import edit_leave, editing, receipts
from feedback.editing import TooLateToEdit
from feedback.forms import CorrectForm
from feedback.intake import EmptyRetour, Sent, find_by_key, prepare
from feedback.models import Channel, State
from feedback.put_back import CannotPutBack, put_word_back
from feedback.receipt_page import Visit, receipt_page, steps
from feedback.views import bp
from feedback.wording import clean, is_too_long
from nlp.redact import redact

View = Callable[[Visit], Response]
OWN_WORDS = re.compile(r"G5|L\d{1,9}")  # questions that may be answered in one's own words


def receipt_form(view: View) -> Callable[[str], Response]:
    """Give ``view`` the visit that the posted page stands for, before any lock is taken."""

    @wraps(view)
    def guarded(slug: str) -> Response:
        start_reading()
        service = service_or_404(slug)
        try:
            key = form_keys.check(_secret(), slug, request.form.get("key", ""), today())
        except form_keys.ExpiredForm:
            return _over(service)
        feedback = find_by_key(key)
        if feedback is None or feedback.state == State.WITHDRAWN:
            return _over(service)
        original = clean(request.form.get("original", ""))
        if is_too_long(original):
            original = ""
        leave = request.form.get("leave", "")
        visit = Visit(service, feedback, key, original, leave, _places())
        try:
            return view(visit)
        except OperationalError:
            start_reading()
            return _busy(visit)

    guarded.keyed = True  # type: ignore[attr-defined]
    return public(guarded)


def _over(service: Any) -> Response:
    return render(
        "error.html",
        status=400,
        service=service,
        title=_("Cette page a expiré"),
        message=_("Votre retour est bien gardé. Votre code l’ouvre toujours."),
        next_url=url_for("feedback.code"),
        next_label=_("Entrer mon code"),
        kept_text=_words_typed(),
    )


def _words_typed() -> str:
    """Return all that was written in a form of the page: the text, or what answers questions."""
    answers = (value for name, value in request.form.items() if OWN_WORDS.fullmatch(name))
    return request.form.get("text") or "\n\n".join(filter(None, answers))


def _busy(visit: Visit) -> Response:
    """Return the page with everything typed: the database is locked, nothing was written."""
    notes: dict[str, Any] = {"fields": request.form.to_dict(flat=False)}
    words = _("Le site est occupé. Rien n’est perdu : recommencez dans un instant.")
    if "text" in request.form:
        notes = {"kept_text": request.form["text"], "text_errors": [words]}
    answer = receipt_page(visit, 503, busy=words, **notes)
    answer.headers["Retry-After"] = "10"
    return answer


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _places() -> frozenset[int]:
    typed = request.form.get("places", "").split(",")
    return frozenset(int(place) for place in typed if place.isdecimal() and len(place) < 5)


@bp.post("/s/<slug>/remettre")
@receipt_form
def put_back(visit: Visit) -> Response:
    """Write back a word that is not a name, once."""
    typed = request.form.get("place", "")
    if not typed.isdecimal() or len(typed) > 4 or not visit.original or not _has_leave(visit):
        return receipt_page(visit, 422, masked_error=_cannot())
    redaction = redact(visit.original, runtime().name_finder, visit.service.allowed_words)
    start_writing()
    try:
        places = put_word_back(
            visit.feedback, visit.original, redaction, visit.places, int(typed), today()
        )
    except CannotPutBack:
        db.session.rollback()
        return receipt_page(visit, 422, masked_error=_cannot())
    db.session.commit()
    return receipt_page(visit.changed(places=places), masked_note=_("Le mot est remis."))


def _cannot() -> str:
    return str(_("Ce mot ne peut pas être remis. Corrigez votre texte plutôt."))


def _has_leave(visit: Visit) -> bool:
    return edit_leave.minutes_left(_secret(), visit.feedback.id, visit.leave, now()) > 0


@bp.post("/s/<slug>/corriger")
@receipt_form
def correct(visit: Visit) -> Response:
    """Replace the words within the half hour."""
    form = CorrectForm(request.form)
    if not _has_leave(visit):
        return receipt_page(visit, 422, kept_text=form.text.data, text_errors=[_too_late()])
    if not form.validate():
        return receipt_page(visit, 422, kept_text=form.text.data, text_errors=form.text.errors)
    sent = Sent(visit.feedback.face, form.text.data or "", Channel(visit.feedback.channel))
    try:
        prepared = prepare(sent, visit.service, runtime().name_finder)
        start_writing()
        editing.edit(visit.feedback, prepared, visit.service, today())
    except EmptyRetour:
        empty = _("Écrivez quelques mots : sans visage ni texte, il ne reste rien.")
        return receipt_page(visit, 422, kept_text="", text_errors=[empty])
    except TooLateToEdit:
        db.session.rollback()
        return receipt_page(visit, 422, kept_text=form.text.data, text_errors=[_too_late()])
    db.session.commit()
    changed = visit.changed(original=prepared.text, places=frozenset())
    return receipt_page(changed, saved=_("Votre texte est corrigé."))


def _too_late() -> str:
    return str(_("Le délai pour corriger est passé. Ajoutez un message avec votre code."))


def _of(visit: Visit) -> dict[str, str]:
    return {"service": visit.service.name, "day": written_day(visit.feedback.day)}


@bp.post("/s/<slug>/code.txt")
@receipt_form
def receipt_file(visit: Visit) -> Response:
    """Give the code as a small text file."""
    code = receipts.grouped(receipts.code_from_key(current_app.config["RECEIPT_SECRET"], visit.key))
    address = current_app.config["BASE_URL"].rstrip("/") + url_for("feedback.code")
    lines = (
        _("Votre retour sur %(service)s, le %(day)s", **_of(visit)),
        _("Votre code de suivi : %(code)s", code=code),
        _("Page de suivi : %(address)s", address=address),
        _("Gardez-le : lui seul permet de lire la réponse, de corriger ou d’effacer."),
        "",
        *(_("%(name)s :", name=when) + f" {what}" for when, what in steps(visit.feedback)),
        "",
        _("Autrement qu’en ligne"),
        f"{visit.service.phone} · {visit.service.hours}",
        visit.service.place,
    )
    response = make_response("\r\n".join(lines) + "\r\n")
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="code-de-suivi.txt"'
    return response
