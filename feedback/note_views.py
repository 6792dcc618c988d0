"""What a team does beside the exchange of one retour: notes among colleagues, who cares for it."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response

from app.access import Verb, staff
from app.days import today
from app.db import db
from app.runtime import runtime
from feedback.assignments import NotOfTheTeam, assign
from feedback.desk_views import addressed_or_404, blueprint, gone, show_thread
from feedback.team_notes import LONGEST_NOTE, write_note
from feedback.wording import clean
from nlp.redact import redact


@blueprint.post("/equipe/retours/<feedback_id>/notes")
@staff(Verb.ANSWER)
def note(feedback_id: str) -> Response:
    """Keep a note for the team, masked."""
    feedback = addressed_or_404(feedback_id)
    words = clean(request.form.get("note", ""))
    if nowhere := gone(feedback, words):
        return nowhere
    if not words or len(words) > LONGEST_NOTE:
        error = _("Écrivez votre note : 2 000 caractères au plus.")
        return show_thread(feedback, 422, note_problem={"words": words, "error": error})
    masked = redact(words, runtime().name_finder, feedback.service.allowed_words)
    write_note(feedback, masked.text, current_user, today())
    db.session.commit()
    flash(_("Note gardée. Seule l’équipe la lit."))
    return _back(feedback_id, "notes")


@blueprint.post("/equipe/retours/<feedback_id>/confier")
@staff(Verb.ANSWER)
def give(feedback_id: str) -> Response:
    """Give the retour to a colleague of its team, or to nobody."""
    feedback = addressed_or_404(feedback_id)
    if nowhere := gone(feedback):
        return nowhere
    asked = request.form.get("a", "")
    known = asked.isascii() and asked.isdigit() and len(asked) < 10
    if asked and not known:
        return show_thread(feedback, 422, give_problem=_not_of_the_team())
    try:
        assign([feedback], int(asked) if asked else None, today())
    except NotOfTheTeam:
        return show_thread(feedback, 422, give_problem=_not_of_the_team())
    db.session.commit()
    flash(_("C’est noté.") if asked else _("Ce retour n’est plus confié à personne."))
    return _back(feedback_id, "equipe")


def _not_of_the_team() -> str:
    return _("Cette personne n’est pas de l’équipe du service. Rien n’a changé.")


def _back(feedback_id: str, place: str) -> Response:
    url = url_for("feedback_desk.thread", feedback_id=feedback_id, _anchor=place)
    return redirect(url, 303)
