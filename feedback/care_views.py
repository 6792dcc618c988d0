"""What authors do about the care taken of them: contest the urgency, let the team read at once.

The criteria stand on a public page of their own.
"""

from flask import Response, abort, flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.access import author, public
from app.days import today
from app.db import db, start_reading, start_writing
from app.web import render
from feedback import danger_alert, hold_windows, urgency
from feedback.author_form_views import back, keeping_words, mask, own, words_problem
from feedback.author_views import author_page
from feedback.help_numbers import kinds_in
from feedback.urgency import Level, SameLevel
from feedback.urgency_words import CRITERIA, LEVEL_NAMES, WHAT_FOLLOWS, read_within
from feedback.views import bp
from feedback.wording import clean


@bp.get("/urgence")
@public
def criteria() -> Response:
    """Say which message is read first, by what, within how long, and how to contest it."""
    levels = [
        (LEVEL_NAMES[each], CRITERIA[each], read_within(each), WHAT_FOLLOWS[each]) for each in Level
    ]
    return render("feedback/criteria.html", levels=levels)


@bp.post("/suivi/retour/urgence")
@author
@keeping_words
def contest_level(feedback_id: str) -> AnyResponse:
    """Ask a person for another level of urgency; the words are masked first."""
    start_reading()
    feedback = own(feedback_id)
    if not feedback.text or feedback.is_peer:
        abort(404)
    words = clean(request.form.get("words", ""))
    masked = mask(feedback, words)
    try:
        wanted = Level(request.form.get("level", ""))
    except ValueError:
        missing = str(_("Choisissez le niveau qui vous semble juste."))
        return author_page(feedback, 422, level_said=(words, missing))
    if problem := words_problem(words, masked):
        return author_page(feedback, 422, level_said=(words, problem))
    start_writing()
    try:
        urgency.contest(feedback, wanted, masked.text if words else "", today())
    except SameLevel:
        db.session.rollback()
        flash(_("Votre message a déjà ce niveau."), "status")
        return back()
    if wanted is Level.URGENT or kinds_in(words):
        danger_alert.alert(feedback)
    flash(_("C’est noté. Une personne va décider."), "status")
    return back()


@bp.post("/suivi/retour/laisser-lire")
@author
def let_read(feedback_id: str) -> AnyResponse:
    """Let the team read before the time that a moderator gave is over."""
    feedback = own(feedback_id)
    if not hold_windows.agree(feedback, today()):
        flash(_("Rien n’attend plus : rien n’a changé."), "status")
        return back()
    flash(_("C’est noté. Un modérateur ouvre votre message à l’équipe."), "status")
    return back()
