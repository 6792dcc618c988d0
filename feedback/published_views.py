"""The public pages of published messages: a list, one message, and « moi aussi ». No cookie."""

from dataclasses import replace
from typing import Any

from flask import Response, abort, current_app, request
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError

from app import form_keys, limits
from app.access import public, service_or_404
from app.catalogue import Service
from app.days import now
from app.db import db, start_reading
from app.web import render, wants_partial
from feedback import me_too, published
from feedback.me_too import Tap, Tapped
from feedback.me_too_button import Button, button
from feedback.models import Feedback
from feedback.published_page import check_key, fresh_key, message_page
from feedback.views import bp

LONGEST_SEARCH = 100  # characters


@bp.get("/s/<slug>/messages", endpoint="messages")
@public
def every(slug: str) -> Response:
    """List the published messages of a service, or those that hold some words."""
    service = service_or_404(slug)
    words = request.args.get("mots", "").strip()[:LONGEST_SEARCH]
    after = request.args.get("apres", "")
    page = published.page_of(service, after, words, current_app.config["FLOOR"])
    key = fresh_key(service)
    return render(
        "feedback/messages.html",
        service=service,
        said=[(each, button(service, each.id, key, each.taps)) for each in page.said],
        following=page.following,
        words=words,
        after=after,
    )


@bp.get("/s/<slug>/messages/<public_id>", endpoint="message")
@public
def one(slug: str, public_id: str) -> Response:
    """Show one published message with what is public around it."""
    service = service_or_404(slug)
    return message_page(service, message_or_404(service, public_id))


def message_or_404(service: Service, public_id: str) -> Feedback:
    """Return a published message of ``service``; what is not published is not found."""
    found = published.find(service, public_id)
    if found is None:
        abort(404)
    return found


@bp.post("/s/<slug>/messages/<public_id>/moi-aussi")
@public
def tap(slug: str, public_id: str) -> Response:
    """Count a tap on a published message, or take it back."""
    service = service_or_404(slug)
    feedback = message_or_404(service, public_id)
    try:
        key = check_key(service, request.form.get("key", ""))
    except form_keys.ExpiredForm:
        return _tapped(service, feedback, 400, note=_("Cette page avait expiré. Recommencez."))
    network = limits.network_of(request.remote_addr)
    gesture = Tap(network, key, now(), current_app.config["SECRET_KEY"])
    acts = me_too.take_back if request.form.get("geste") == "retirer" else me_too.add
    try:
        done = acts(feedback, gesture)
        db.session.commit()
    except OperationalError:
        start_reading()
        return _tapped(service, feedback, 503, note=_("Le site est occupé. Recommencez."))
    status = 429 if done is Tapped.TOO_MANY else 200
    return _tapped(service, feedback, status, counted=done is Tapped.COUNTED, note=_said(done))


tap.keyed = True  # type: ignore[attr-defined]


def _said(done: Tapped) -> str:
    words = {
        Tapped.COUNTED: "",
        Tapped.TAKEN_BACK: _("C’est retiré."),
        Tapped.TOO_MANY: _("Beaucoup de « moi aussi » viennent d’ici. Celui-ci n’est pas compté."),
        Tapped.NOT_OURS: _("Il ne peut plus être retiré : rien ici ne dit qu’il est à vous."),
    }
    return str(words[done])


def _tapped(service: Service, feedback: Feedback, status: int, **changes: Any) -> Response:
    """Return the button alone to htmx, the whole page to a browser without JavaScript."""
    taps = me_too.shown([feedback.id], current_app.config["FLOOR"]).get(feedback.id)
    shown: Button = button(service, feedback.id, fresh_key(service), taps)
    if wants_partial():
        return render("feedback/_me_too.html", status=status, button=replace(shown, **changes))
    return message_page(service, feedback, status, button=replace(shown, **changes))
