"""What the author sends from their page: a reply, the text corrected, an appeal, a wish."""

from collections.abc import Collection
from typing import Any

from flask import abort, flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.access import author
from app.days import today
from app.db import db, start_reading, start_writing
from app.runtime import runtime
from feedback import appeals, danger_alert, editing, publication, threads
from feedback.author_form_views import back, help_with, keeping_words, mask, own, words_problem
from feedback.author_views import author_page
from feedback.forms import AppealForm, ReplyForm, ResendForm
from feedback.help_numbers import kinds_in
from feedback.intake import Prepared, Sent, prepare
from feedback.models import Channel, Feedback, State
from feedback.publication import MustAppeal
from feedback.states import ForbiddenMove
from feedback.views import bp
from feedback.wording import clean

WRITTEN_IN = (State.OPEN, State.PUBLISHED, State.HELD)  # where the page takes a message


def _asked_again(feedback: Feedback, states: Collection[str], **form: Any) -> AnyResponse:
    """Return the page with its form and the fault; 409 with the words where it has that no more."""
    if feedback.state not in states:
        abort(409)
    return author_page(feedback, 422, **form)


@bp.post("/suivi/retour/repondre")
@author
@keeping_words
def reply(feedback_id: str) -> AnyResponse:
    """Add the author's message; one that speaks of danger, or of unmasked names, waits."""
    start_reading()
    feedback = own(feedback_id)
    form = ReplyForm(request.form)
    if not form.validate():
        return _asked_again(feedback, WRITTEN_IN, reply_form=form)
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
        states = (State.RETURNED,) if not editing.may_edit(feedback) else (feedback.state,)
        return _asked_again(feedback, states, resend_form=form)
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
        if feedback.is_peer or feedback.state == State.REFUSED:
            refused = _("Un modérateur a refusé ce texte. Vous pouvez demander un autre avis.")
            kept = AppealForm(data={"appeal": form.text.data})
            return author_page(feedback, 409, appeal_form=kept, busy=refused)
        late = _("L’équipe a déjà répondu à ce texte. Ajoutez un message : il se lit à côté.")
        return author_page(
            feedback, 409, reply_form=ReplyForm(data={"reply": form.text.data}), busy=late
        )
    said = _("Votre texte est corrigé.")
    if redaction is None or redaction.text != feedback.text:
        if feedback.state == State.PUBLISHED:
            said = _("Votre texte est corrigé. Un modérateur le relit avant de le publier.")
        editing.edit(feedback, prepared, feedback.service, today())
    flash(said, "status")
    return back()


@bp.post("/suivi/retour/publication")
@author
@keeping_words
def publish_wish(feedback_id: str) -> AnyResponse:
    """Take the text off the public page at once, or ask a moderator to publish it."""
    feedback = own(feedback_id)
    said = request.form.get("wish")
    if said not in ("yes", "no") or feedback.is_peer:
        abort(400)
    start_writing()
    was_public = feedback.state == State.PUBLISHED
    try:
        publication.wish(feedback, said == "yes", today())
    except MustAppeal:
        flash(_("Un modérateur ne l’a pas publié. Demandez un autre avis ci-dessous."), "alert")
        return back()
    if said == "yes":
        flash(_("C’est noté. Un modérateur va relire votre texte."), "status")
    elif was_public:
        flash(_("Votre texte n’est plus sur la page du service."), "status")
    else:
        flash(_("C’est noté. Votre texte ne sera pas publié."), "status")
    return back()


@bp.post("/suivi/retour/recours")
@author
@keeping_words
def appeal(feedback_id: str) -> AnyResponse:
    """Ask another moderator to look at a refused retour, or at one that was not published."""
    start_reading()
    feedback = own(feedback_id)
    form = AppealForm(request.form)
    if not form.validate():
        return _asked_again(feedback, _states_to_appeal(feedback), appeal_form=form)
    words = clean(form.appeal.data or "")
    masked = mask(feedback, words)
    if problem := words_problem(words, masked):
        form.appeal.errors = [problem]
        return _asked_again(feedback, _states_to_appeal(feedback), appeal_form=form)
    start_writing()
    try:
        if feedback.state == State.REFUSED:
            appeals.appeal(feedback, masked.text, today())
        else:
            appeals.appeal_publication(feedback, masked.text, today())
    except ForbiddenMove:
        if not _is_appealed(feedback):
            abort(409)  # once more is a tap, or a connection that died
    help_with(feedback, kinds_in(words))
    flash(_("Un autre modérateur va relire votre retour."), "status")
    return back()


def _states_to_appeal(feedback: Feedback) -> Collection[str]:
    """Return where the page offers the appeal: a refused text, and one refused publication."""
    refusal = appeals.publication_refusal(feedback)
    is_open = refusal is not None and not refusal.appealed
    return (State.REFUSED, feedback.state) if is_open else (State.REFUSED,)


def _is_appealed(feedback: Feedback) -> bool:
    refusal = appeals.publication_refusal(feedback)
    of_text = feedback.state == State.HELD and feedback.reason.startswith(appeals.APPEAL)
    return of_text or bool(refusal and refusal.appealed)
