"""What the author writes from their page: a reply, the text sent again or corrected, an appeal."""

from flask import abort, flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.access import author
from app.days import today
from app.db import db, start_reading, start_writing
from app.runtime import runtime
from feedback import danger_alert, editing, moderation, threads
from feedback.author_form_views import back, help_with, keeping_words, mask, own, words_problem
from feedback.author_views import author_page
from feedback.forms import AppealForm, ReplyForm, ResendForm
from feedback.help_numbers import kinds_in
from feedback.intake import Prepared, Sent, prepare
from feedback.models import Channel, Feedback, State
from feedback.states import ForbiddenMove
from feedback.views import bp
from feedback.wording import clean


@bp.post("/suivi/retour/repondre")
@author
@keeping_words
def reply(feedback_id: str) -> AnyResponse:
    """Add the author's message; one that speaks of danger, or of unmasked names, waits."""
    start_reading()
    feedback = own(feedback_id)
    form = ReplyForm(request.form)
    if not form.validate():
        return author_page(feedback, 422, reply_form=form)
    words = clean(form.reply.data)
    masked = mask(feedback, words)
    kinds = kinds_in(words)
    start_writing()
    last = threads.messages(feedback)[-1:]
    if not last or (last[0].sender, last[0].text) != ("author", masked.text):  # a double tap
        held = bool(kinds) or not masked.names_masked
        try:
            threads.reply(feedback, masked.text, today(), held=held)
        except ForbiddenMove:
            abort(409)
        if kinds:
            danger_alert.alert(feedback)  # the page that follows gives the numbers
    flash(_("Votre message est envoyé."), "status")
    return back()


@bp.post("/suivi/retour/corriger")
@author
@keeping_words
def resend(feedback_id: str) -> AnyResponse:
    """Take new words for a retour that was returned, or that nobody has answered yet."""
    start_reading()
    feedback = own(feedback_id)
    form = ResendForm(request.form)
    if not form.validate():
        return author_page(feedback, 422, resend_form=form)
    sent = Sent(feedback.face, form.text.data or "", Channel(feedback.channel))
    prepared = prepare(sent, feedback.service, runtime().name_finder)
    start_writing()
    if feedback.state != State.RETURNED:
        return _rectify(feedback, prepared, form)
    editing.send_again(feedback, prepared, feedback.service, today())
    flash(_("Votre texte est renvoyé."), "status")
    return back()


def _rectify(feedback: Feedback, prepared: Prepared, form: ResendForm) -> AnyResponse:
    """Replace the words at any time before an answer; a second tap changes nothing."""
    redaction = prepared.redaction
    if not editing.may_edit(feedback):
        db.session.rollback()
        if feedback.is_peer:
            refused = _("Un modérateur a refusé ce texte. Vous pouvez demander un autre avis.")
            kept = AppealForm(data={"appeal": form.text.data})
            return author_page(feedback, 409, appeal_form=kept, busy=refused)
        late = _("L’équipe a déjà répondu à ce texte. Ajoutez un message : il se lit à côté.")
        return author_page(
            feedback, 409, reply_form=ReplyForm(data={"reply": form.text.data}), busy=late
        )
    if redaction is None or redaction.text != feedback.text:
        editing.edit(feedback, prepared, feedback.service, today())
    flash(_("Votre texte est corrigé."), "status")
    return back()


@bp.post("/suivi/retour/recours")
@author
@keeping_words
def appeal(feedback_id: str) -> AnyResponse:
    """Ask another moderator to look at a refused retour."""
    start_reading()
    feedback = own(feedback_id)
    form = AppealForm(request.form)
    if not form.validate():
        return author_page(feedback, 422, appeal_form=form)
    words = clean(form.appeal.data or "")
    masked = mask(feedback, words)
    if problem := words_problem(words, masked):
        form.appeal.errors = [problem]
        return author_page(feedback, 422, appeal_form=form)
    start_writing()
    try:
        moderation.appeal(feedback, masked.text, today())
    except ForbiddenMove:
        appealed = str(feedback.reason).startswith(moderation.APPEAL)
        if feedback.state != State.HELD or not appealed:
            abort(409)  # once more is a tap, or a connection that died
    help_with(feedback, kinds_in(words))
    flash(_("Un autre modérateur va relire votre retour."), "status")
    return back()
