"""The team's answer: sent, put before a moderator, or given back with the reason.

Nothing typed is lost: what cannot go is kept as a draft. Writing is ``reply_writing_views.py``.
"""

from typing import Any

from flask import Response, flash, request
from flask_babel import gettext as _
from flask_security import current_user

from app.access import Verb, staff
from app.days import today
from app.db import db
from feedback import drafts, second_looks, threads
from feedback.desk_forms import AnswerForm
from feedback.desk_thread import letters_of
from feedback.desk_views import (
    Answered,
    addressed_or_404,
    back_to,
    blueprint,
    gone,
    show_thread,
)
from feedback.models import Feedback, Message
from feedback.reply_advice import Advice, advice
from feedback.second_looks import OtherWaits
from feedback.states import ForbiddenMove


def typed_form() -> AnswerForm:
    """Return the form with what was typed."""
    return AnswerForm(request.form)


def gone_or_kept(feedback: Feedback, form: AnswerForm) -> Response | None:
    """Keep what is typed as a draft and commit; return a page where nothing can be sent."""
    if page := gone(feedback, form.text.data):
        return page
    drafts.keep(current_user, feedback, form.text.data, today())
    db.session.commit()
    return None


@blueprint.post("/equipe/retours/<feedback_id>/reponse")
@staff(Verb.ANSWER)
def answer(feedback_id: str) -> Answered:
    """Send an answer; what deserves a question is asked about first, once."""
    feedback, form = addressed_or_404(feedback_id), typed_form()
    if refused := gone_or_kept(feedback, form) or what_stands_against(feedback, form):
        return refused
    found = advice(feedback, form.text.data, today())
    if _asks(form, found):
        return _ask(feedback, form, found)
    if found.claims:
        return _ask_second_look(feedback, form, found)
    try:
        canned = found.is_canned
        threads.answer(feedback, form.text.data, current_user, today(), canned=canned)
    except ForbiddenMove:
        db.session.rollback()
        flash(_("Ce retour n’attend pas de réponse. Votre texte reste ici."), "alert")
        return back_to(feedback)
    drafts.discard(current_user, feedback)
    db.session.commit()
    flash(_("Réponse envoyée. L’auteur la lira avec son code."))
    return back_to(feedback)


def _ask_second_look(feedback: Feedback, form: AnswerForm, found: Advice) -> Any:
    """Put an answer that says a change is made before a moderator, who sends it or not."""
    try:
        second_looks.ask(feedback, form.text.data, current_user, today(), found.is_canned)
    except OtherWaits:
        form.text.errors = [
            _("Une autre réponse attend déjà un second regard. Reprenez-la, ou attendez.")
        ]
        return show_reply(feedback, form, 409)
    drafts.discard(current_user, feedback)
    db.session.commit()
    flash(_("Votre réponse annonce un changement : un modérateur la relit, puis l’envoie."))
    return back_to(feedback)


def what_stands_against(feedback: Feedback, form: AnswerForm) -> Response | None:
    """Return the page with what keeps an answer from going, or None."""
    if news := _news(feedback, form):
        return show_reply(feedback, form, news=letters_of(news))
    if not form.validate():
        return show_reply(feedback, form)
    found = advice(feedback, form.text.data, today())
    if not found.refuses:
        return None
    form.text.errors = [
        _("Vos phrases ont toutes déjà été envoyées. Ajoutez-en une sur ce retour-ci.")
        if found.is_real
        else _("Écrivez au moins une phrase, avec des mots.")
    ]
    return show_reply(feedback, form, advice=found)


def _news(feedback: Feedback, form: AnswerForm) -> list[Message]:
    """Return what was written in the exchange while this answer was; its own twin is no news."""
    if form.seen.data is None:
        return []
    news = threads.written_since(feedback, form.seen.data)
    return [m for m in news if (m.sender, m.text) != ("team", form.text.data)]


def _asks(form: AnswerForm, found: Advice) -> bool:
    """Say whether something about the answer was not asked yet. Length asks once, never twice."""
    return (
        bool(found.copies and not form.canned_anyway.data)
        or not (found.is_about or form.about_anyway.data)
        or bool(found.long and not form.long_seen.data)
    )


def _ask(feedback: Feedback, form: AnswerForm, found: Advice) -> Response:
    form.long_seen.data = "yes" if found.long or form.long_seen.data else ""
    return show_reply(feedback, form, advice=found)


def show_reply(feedback: Feedback, form: AnswerForm, status: int = 422, **told: Any) -> Response:
    """Return the page with the answer as typed; ``told`` is what it says beside."""
    standing = threads.messages(feedback, with_held=False)
    form.seen.data = " ".join(message.id for message in standing)
    return show_thread(feedback, status, answer_form=form, **told)
