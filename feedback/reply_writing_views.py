"""Writing the team's answer: its preview, its draft, a template, taken back from a second look."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from app.access import Verb, actor_of, staff
from app.days import today
from app.db import db
from app.web import render, wants_partial
from feedback import drafts, second_looks, threads
from feedback.answer_templates import choices_for
from feedback.desk_forms import AnswerForm
from feedback.desk_views import Answered, addressed_or_404, blueprint, gone
from feedback.masked_text import pieces
from feedback.models import Message
from feedback.plain_language import long_sentences
from feedback.reply_advice import Advice, advice
from feedback.reply_views import (
    gone_or_kept,
    show_reply,
    typed_form,
    what_stands_against,
)
from feedback.standing_words import face_word


@blueprint.post("/equipe/retours/<feedback_id>/apercu")
@staff(Verb.ANSWER)
def preview(feedback_id: str) -> Answered:
    """Show the exchange with the new answer as its author will read it; nothing is sent."""
    feedback, form = addressed_or_404(feedback_id), typed_form()
    if nowhere := gone_or_kept(feedback, form):
        return nowhere
    if request.form.get("change"):
        return show_reply(feedback, form, 200)
    if refused := what_stands_against(feedback, form):
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
    feedback, form = addressed_or_404(feedback_id), typed_form()
    if page := gone(feedback, form.text.data):
        return page
    draft = drafts.keep(current_user, feedback, form.text.data, today())
    db.session.commit()
    if wants_partial():
        part = "feedback/desk/_draft_state.html"
        long = long_sentences(form.text.data)
        return render(part, part, addressee=feedback, draft=draft, long=long)
    flash(_("Brouillon enregistré. Vous seul le lisez.") if draft else _("Brouillon vidé."))
    return redirect(url_for("feedback_desk.thread", feedback_id=feedback.id, _anchor="answer"), 303)


@blueprint.post("/equipe/retours/<feedback_id>/modele")
@staff(Verb.ANSWER)
def begin_with(feedback_id: str) -> Answered:
    """Put a template of the team's after what is typed already; nothing is sent."""
    feedback, form = addressed_or_404(feedback_id), typed_form()
    chosen = {str(number): text for number, _name, text in choices_for(feedback)}
    added = chosen.get(request.form.get("modele", ""), "")
    form.text.data = "\n\n".join(each for each in (form.text.data, added) if each)
    return gone_or_kept(feedback, form) or show_reply(feedback, form, 200)


@blueprint.post("/equipe/retours/<feedback_id>/reprise")
@staff(Verb.ANSWER)
def take_back(feedback_id: str) -> Answered:
    """Take an answer back from its second look; its words become this account's draft."""
    feedback = addressed_or_404(feedback_id)
    if look := second_looks.look_for(feedback):
        unfinished = drafts.draft_of(current_user, feedback)
        words = [look.text, unfinished.text if unfinished else ""]
        drafts.keep(current_user, feedback, "\n\n".join(filter(None, words)), today())
        second_looks.drop(look)
        db.session.commit()
    return redirect(url_for("feedback_desk.thread", feedback_id=feedback.id, _anchor="answer"), 303)
