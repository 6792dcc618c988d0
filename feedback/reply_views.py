"""The team's answer: written, kept as a draft, read as its author will, and sent.

Nothing typed is lost: what cannot go is given back with the reason, and is kept as a draft.
"""

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from app.access import Verb, actor_of, staff
from app.days import today
from app.db import db
from app.web import render, wants_partial
from feedback import drafts, threads
from feedback.answer_templates import choices_for
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
from feedback.masked_text import pieces
from feedback.models import Feedback, Message
from feedback.plain_language import long_sentences
from feedback.reply_advice import Advice, advice
from feedback.standing_words import face_word
from feedback.states import ForbiddenMove


def _form() -> AnswerForm:
    return AnswerForm(request.form)


def _gone_or_kept(feedback: Feedback, form: AnswerForm) -> Response | None:
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
    feedback, form = addressed_or_404(feedback_id), _form()
    if refused := _gone_or_kept(feedback, form) or _what_stands_against(feedback, form):
        return refused
    found = advice(feedback, form.text.data, today())
    if _asks(form, found):
        return _ask(feedback, form, found)
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


def _what_stands_against(feedback: Feedback, form: AnswerForm) -> Response | None:
    """Return the page with what keeps an answer from going, or None."""
    if news := _news(feedback, form):
        return _show(feedback, form, news=letters_of(news))
    if not form.validate():
        return _show(feedback, form)
    found = advice(feedback, form.text.data, today())
    if not found.refuses:
        return None
    form.text.errors = [
        _("Vos phrases ont toutes déjà été envoyées. Ajoutez-en une sur ce retour-ci.")
        if found.is_real
        else _("Écrivez au moins une phrase, avec des mots.")
    ]
    return _show(feedback, form, advice=found)


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
    return _show(feedback, form, advice=found)


def _show(feedback: Feedback, form: AnswerForm, status: int = 422, **told: Any) -> Response:
    standing = threads.messages(feedback, with_held=False)
    form.seen.data = " ".join(message.id for message in standing)
    return show_thread(feedback, status, answer_form=form, **told)


@blueprint.post("/equipe/retours/<feedback_id>/apercu")
@staff(Verb.ANSWER)
def preview(feedback_id: str) -> Answered:
    """Show the exchange with the new answer as its author will read it; nothing is sent."""
    feedback, form = addressed_or_404(feedback_id), _form()
    if nowhere := _gone_or_kept(feedback, form):
        return nowhere
    if request.form.get("change"):
        return _show(feedback, form, 200)
    if refused := _what_stands_against(feedback, form):
        return refused
    found = advice(feedback, form.text.data, today())
    form.long_seen.data = "yes" if found.long else ""
    standing = [*threads.messages(feedback, with_held=False), _unsent(form, found)]
    return render(
        "feedback/desk/preview.html",
        feedback=feedback,
        form=form,
        advice=found,
        text=pieces(feedback.text),
        face=face_word(feedback.face),
        messages=[(message, pieces(message.text)) for message in standing],
    )


def _unsent(form: AnswerForm, found: Advice) -> Message:
    """Return the answer as it would stand in the exchange; it is put into no session."""
    actor = actor_of(current_user, Verb.ANSWER)
    return Message(
        id="apercu",
        sender="team",
        role=actor.role,
        organisation=actor.organisation,
        text=form.text.data,
        day=today(),
        canned=found.is_canned,
    )


@blueprint.post("/equipe/retours/<feedback_id>/brouillon")
@staff(Verb.ANSWER)
def save_draft(feedback_id: str) -> Answered:
    """Keep what is typed for its writer alone: a part for the page that types, else the page."""
    feedback, form = addressed_or_404(feedback_id), _form()
    if page := gone(feedback, form.text.data):
        return page
    draft = drafts.keep(current_user, feedback, form.text.data, today())
    db.session.commit()
    if wants_partial():
        long = long_sentences(form.text.data)
        return render(
            "feedback/desk/_draft_state.html",
            "feedback/desk/_draft_state.html",
            feedback=feedback,
            draft=draft,
            long=long,
        )
    flash(_("Brouillon enregistré. Vous seul le lisez.") if draft else _("Brouillon vidé."))
    return redirect(url_for("feedback_desk.thread", feedback_id=feedback.id, _anchor="answer"), 303)


@blueprint.post("/equipe/retours/<feedback_id>/modele")
@staff(Verb.ANSWER)
def begin_with(feedback_id: str) -> Answered:
    """Put a template of the team's after what is typed already; nothing is sent."""
    feedback, form = addressed_or_404(feedback_id), _form()
    chosen = {str(number): text for number, _name, text in choices_for(feedback)}
    added = chosen.get(request.form.get("modele", ""), "")
    form.text.data = "\n\n".join(each for each in (form.text.data, added) if each)
    return _gone_or_kept(feedback, form) or _show(feedback, form, 200)
