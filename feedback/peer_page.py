"""The page of a reader's answer, for who comes back with its code: where it stands, and why."""

from typing import Any

from flask import Response
from flask_babel import gettext as _

from app.web import render
from feedback import content_notices, editing, peers, story
from feedback.forms import AppealForm, ResendForm
from feedback.masked_text import excerpt, pieces
from feedback.models import Feedback, State


def peer_page(feedback: Feedback, status: int = 200, **forms: Any) -> Response:
    """Return the page of an answer; ``forms`` are those that hold something typed."""
    parent = peers.parent_of(feedback)
    is_parent_public = parent is not None and parent.state == State.PUBLISHED
    kept = {
        "resend_form": ResendForm(data={"text": feedback.text}),
        "appeal_form": AppealForm(),
    }
    return render(
        "feedback/peer.html",
        status=status,
        feedback=feedback,
        service=feedback.service,
        standing=_standing(feedback, parent),
        text=pieces(feedback.text),
        parent=parent if is_parent_public else None,
        parent_text=excerpt(parent.text) if parent is not None and is_parent_public else [],
        events=_events(feedback),
        decided=content_notices.told_to_author(feedback),
        may_correct=editing.may_edit(feedback),
        is_visible=peers.is_visible(feedback, parent),
        **{**kept, **{name: form for name, form in forms.items() if name != "reply_form"}},
    )


def _events(feedback: Feedback) -> list[story.Event]:
    """Return what happened to the answer, in words that fit an answer."""
    sent = str(_("Vous avez envoyé votre retour."))
    return [
        story.Event(event.day, str(_("Vous avez envoyé votre réponse.")))
        if event.words == sent
        else event
        for event in story.events(feedback, [])
    ]


def _standing(feedback: Feedback, parent: Feedback | None) -> str:
    if parent is None:
        return str(_("Le message auquel vous répondiez est effacé. Votre réponse ne paraît plus."))
    if feedback.state == State.SHOWN and parent.state != State.PUBLISHED:
        return str(_("Le message n’est plus publié. Votre réponse ne paraît donc plus."))
    words = {
        State.SHOWN: _("Votre réponse est publiée sous le message."),
        State.HELD: _("Un modérateur lit votre réponse. Cela prend 3 jours ouvrés au plus."),
        State.RETURNED: _("Votre réponse vous revient : il reste un point à changer."),
        State.REFUSED: _("Votre réponse n’a pas été publiée."),
    }
    return str(words.get(State(feedback.state), words[State.HELD]))
