"""What the author does from their page: write, judge, settle, contest, send again, appeal."""

from collections.abc import Callable
from functools import wraps

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as AnyResponse

from app.access import author
from app.days import today
from app.db import db, start_reading, start_writing
from app.runtime import runtime
from feedback import danger_alert, editing, moderation, theme_edits, threads, verdicts
from feedback.author_views import author_page
from feedback.forms import AppealForm, ReplyForm, ResendForm
from feedback.help_numbers import kinds_in, numbers_for
from feedback.intake import Prepared, Sent, prepare
from feedback.models import Channel, Commitment, Feedback, Message, State, Theme, Verdict
from feedback.states import ForbiddenMove
from feedback.verdicts import NotLinked
from feedback.views import bp
from feedback.wording import clean, is_too_long
from nlp.redact import Redaction, redact


def _own(feedback_id: str) -> Feedback:
    feedback = db.session.get(Feedback, feedback_id)
    if feedback is None or feedback.state == State.WITHDRAWN:
        abort(404)
    return feedback


def _mask(feedback: Feedback, words: str) -> Redaction:
    """Mask ``words``; a text that is too long is refused anyway, and is not searched."""
    words = "" if is_too_long(words) else words
    return redact(words, runtime().name_finder, feedback.service.allowed_words)


def _back(ring: str | None = None) -> AnyResponse:
    """Commit and lead back to the author's page; ``ring`` says that it closes just now."""
    db.session.commit()
    return redirect(url_for("feedback.follow", boucle=ring), 303)


def keeping_words(view: Callable[..., AnyResponse]) -> Callable[..., AnyResponse]:
    """Give the page back with everything typed when the database is locked."""

    @wraps(view)
    def guarded(feedback_id: str, **values: str) -> AnyResponse:
        try:
            return view(feedback_id, **values)
        except OperationalError:
            start_reading()
            busy = _("Le site est occupé. Rien n’est perdu : recommencez dans un instant.")
            words = {place: (request.form.get("words", ""), busy) for place in values.values()}
            return author_page(
                _own(feedback_id),
                503,
                busy=busy,
                reply_form=ReplyForm(request.form),
                resend_form=ResendForm(request.form),
                appeal_form=AppealForm(request.form),
                kept_words=words,
            )

    return guarded


@bp.post("/suivi/retour/repondre")
@author
@keeping_words
def reply(feedback_id: str) -> AnyResponse:
    """Add the author's message; one that speaks of danger, or of unmasked names, waits."""
    start_reading()
    feedback = _own(feedback_id)
    form = ReplyForm(request.form)
    if not form.validate():
        return author_page(feedback, 422, reply_form=form)
    words = clean(form.reply.data)
    masked = _mask(feedback, words)
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
    return _back()


def _help_with(feedback: Feedback, kinds: list[str]) -> None:
    """Give the numbers for what was just written, and tell the moderators; nothing is blocked."""
    if not kinds:
        return
    danger_alert.alert(feedback)
    numbers = ", ".join(f"{each.number} ({each.what})" for each in numbers_for(kinds))
    flash(
        _("En danger ? Appelez : %(numbers)s. Personne ne peut vous rappeler.", numbers=numbers),
        "alert",
    )


@bp.post("/suivi/retour/messages/<message_id>/utile")
@author
def rate(feedback_id: str, message_id: str) -> AnyResponse:
    """Keep whether an answer of the team was useful to the author."""
    message = db.session.get(Message, message_id)
    if message is None or message.feedback_id != feedback_id or message.sender != "team":
        abort(404)
    said = request.form.get("useful")
    if said not in ("yes", "no"):
        abort(400)
    message.useful = said == "yes"
    flash(_("C’est noté. Merci."), "status")
    return _back()


@bp.post("/suivi/retour/engagements/<commitment_id>")
@author
@keeping_words
def verdict(feedback_id: str, commitment_id: str) -> AnyResponse:
    """Keep what the author says of an announced change."""
    start_reading()
    feedback = _own(feedback_id)
    try:
        given = Verdict(request.form.get("verdict", ""))
    except ValueError:
        abort(400)
    words = clean(request.form.get("words", ""))
    masked = _mask(feedback, words)
    if problem := _words_problem(words, masked):
        kept = {commitment_id: (words, problem)}
        return author_page(feedback, 422, kept_words=kept)
    start_writing()
    commitment = db.session.get(Commitment, commitment_id)
    if commitment is None:
        abort(404)
    try:
        verdicts.give_verdict(commitment, feedback, given, masked.text, today())
    except NotLinked:
        abort(404)
    except ForbiddenMove:
        abort(409)
    _help_with(feedback, kinds_in(words))
    flash(_("C’est noté. Merci."), "status")
    return _back("fermee" if given is Verdict.CONFIRMED else None)


def _words_problem(words: str, masked: Redaction) -> str:
    if is_too_long(words):
        return str(_("Ce texte dépasse 5 000 caractères. Réduisez-le."))
    if words and not masked.names_masked:
        return str(
            _("Nous ne pouvons pas masquer les noms en ce moment. Réessayez dans une minute.")
        )
    return ""


@bp.post("/suivi/retour/regle")
@author
def settle(feedback_id: str) -> AnyResponse:
    """Close the exchange at its author's word."""
    try:
        threads.settle(_own(feedback_id), today())
    except ForbiddenMove:
        abort(409)
    return _back("fermee")


@bp.post("/suivi/retour/theme")
@author
def contest_theme(feedback_id: str) -> AnyResponse:
    """Take the retour out of a theme: it is not what its author meant."""
    theme = db.session.get(Theme, request.form.get("theme", ""))
    feedback = _own(feedback_id)
    if theme is None or theme.service_id != feedback.service_id:
        abort(404)
    if request.form.get("back"):
        theme_edits.take_back(feedback, theme, today())
        flash(_("Votre retour est de nouveau dans ce thème."), "status")
        return _back()
    theme_edits.contest(feedback, theme, today())
    flash(
        _("Votre retour n’est plus dans ce thème : ses mots et ses exemples sont refaits."),
        "status",
    )
    return _back()


@bp.post("/suivi/retour/corriger")
@author
@keeping_words
def resend(feedback_id: str) -> AnyResponse:
    """Take new words for a retour that was returned, or that nobody has answered yet."""
    start_reading()
    feedback = _own(feedback_id)
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
    return _back()


def _rectify(feedback: Feedback, prepared: Prepared, form: ResendForm) -> AnyResponse:
    """Replace the words at any time before an answer; a second tap changes nothing."""
    redaction = prepared.redaction
    if not editing.may_edit(feedback):
        db.session.rollback()
        late = _("L’équipe a déjà répondu à ce texte. Ajoutez un message : il se lit à côté.")
        return author_page(
            feedback, 409, reply_form=ReplyForm(data={"reply": form.text.data}), busy=late
        )
    if redaction is None or redaction.text != feedback.text:
        editing.edit(feedback, prepared, feedback.service, today())
    flash(_("Votre texte est corrigé."), "status")
    return _back()


@bp.post("/suivi/retour/recours")
@author
@keeping_words
def appeal(feedback_id: str) -> AnyResponse:
    """Ask another moderator to look at a refused retour."""
    start_reading()
    feedback = _own(feedback_id)
    form = AppealForm(request.form)
    if not form.validate():
        return author_page(feedback, 422, appeal_form=form)
    words = clean(form.appeal.data or "")
    masked = _mask(feedback, words)
    if problem := _words_problem(words, masked):
        form.appeal.errors = [problem]
        return author_page(feedback, 422, appeal_form=form)
    start_writing()
    try:
        moderation.appeal(feedback, masked.text, today())
    except ForbiddenMove:
        appealed = str(feedback.reason).startswith(moderation.APPEAL)
        if feedback.state != State.HELD or not appealed:
            abort(409)  # once more is a tap, or a connection that died
    _help_with(feedback, kinds_in(words))
    flash(_("Un autre modérateur va relire votre retour."), "status")
    return _back()
