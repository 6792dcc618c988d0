"""What the author judges from their page: an answer, a promise, the exchange, a theme."""

from flask import abort, flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.access import author
from app.days import today
from app.db import db, start_reading, start_writing
from feedback import theme_edits, threads, verdicts
from feedback.author_form_views import back, help_with, keeping_words, mask, own, words_problem
from feedback.author_views import author_page
from feedback.help_numbers import kinds_in
from feedback.models import Commitment, Message, Theme, Verdict
from feedback.states import ForbiddenMove
from feedback.verdicts import NotLinked, is_wordless
from feedback.views import bp
from feedback.wording import clean


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
    return back()


@bp.post("/suivi/retour/engagements/<commitment_id>")
@author
@keeping_words
def verdict(feedback_id: str, commitment_id: str) -> AnyResponse:
    """Keep what the author says of an announced change."""
    start_reading()
    feedback = own(feedback_id)
    try:
        given = Verdict(request.form.get("verdict", ""))
    except ValueError:
        abort(400)
    words = clean(request.form.get("words", ""))
    masked = mask(feedback, words)
    if problem := words_problem(words, masked):
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
    help_with(feedback, kinds_in(words))
    is_silent = any(is_wordless(row) for row in commitment.links if row.feedback_id == feedback.id)
    more = _("C’est noté. Dites aussi ce qui manque : un modérateur vous lira.")
    flash(more if is_silent else _("C’est noté. Merci."), "status")
    return back("fermee" if given is Verdict.CONFIRMED else None)


@bp.post("/suivi/retour/regle")
@author
def settle(feedback_id: str) -> AnyResponse:
    """Close the exchange at its author's word."""
    try:
        threads.settle(own(feedback_id), today())
    except ForbiddenMove:
        abort(409)
    return back("fermee")


@bp.post("/suivi/retour/theme")
@author
def contest_theme(feedback_id: str) -> AnyResponse:
    """Take the retour out of a theme: it is not what its author meant."""
    theme = db.session.get(Theme, request.form.get("theme", ""))
    feedback = own(feedback_id)
    if theme is None or theme.service_id != feedback.service_id:
        abort(404)
    if request.form.get("back"):
        theme_edits.take_back(feedback, theme, today())
        flash(_("Votre retour est de nouveau dans ce thème."), "status")
        return back()
    theme_edits.contest(feedback, theme, today())
    flash(
        _("Votre retour n’est plus dans ce thème : ses mots et ses exemples sont refaits."),
        "status",
    )
    return back()
