"""What the page of one published message shows, and the signed key that its forms carry."""

from typing import Any

from flask import Response, current_app

from app import form_keys
from app.catalogue import Service
from app.days import today
from app.web import render
from feedback import me_too, published
from feedback.masked_text import pieces
from feedback.me_too_button import button
from feedback.models import Feedback
from feedback.peer_forms import PeerForm
from feedback.rows import face_name, mood_of


def _purpose(service: Service) -> str:
    """Return what a key of these pages is for: it makes no retour on the service's own form."""
    return f"{service.slug}/messages"


def fresh_key(service: Service) -> str:
    """Return a new signed key for the forms of these pages."""
    return form_keys.issue(current_app.config["SECRET_KEY"], _purpose(service), today())


def check_key(service: Service, key: str) -> str:
    """Return the key that came with a form of these pages; raise ``form_keys.ExpiredForm``."""
    return form_keys.check(current_app.config["SECRET_KEY"], _purpose(service), key, today())


def message_page(service: Service, feedback: Feedback, status: int = 200, **shown: Any) -> Response:
    """Return the page of a message; ``shown`` holds what a form of it left behind."""
    taps = me_too.shown([feedback.id], current_app.config["FLOOR"]).get(feedback.id)
    key = shown.pop("key", "") or fresh_key(service)
    return render(
        "feedback/message.html",
        status=status,
        service=service,
        feedback=feedback,
        text=pieces(feedback.text),
        face=face_name(feedback),
        mood=mood_of(feedback),
        answers=published.answers_to(feedback),
        promises=published.promises_to(feedback, today()),
        # Without its date, that would tell the day on which the author wrote.
        is_late=feedback.reply_due is not None and feedback.reply_due < today(),
        peers=published.peers_of(feedback),
        key=key,
        **{
            "button": button(service, feedback.id, key, taps),
            "form": PeerForm(),
            "errors": [],
            "problem": "",
            **shown,
        },
    )
