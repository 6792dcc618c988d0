"""The hours of a session: which phases stay open by themselves, from when to when."""

from flask import Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, staff
from app.days import now
from app.db import db
from app.web import render
from workshops import window_words, windows
from workshops.console_views import own_or_404
from workshops.desk_views import workshops_desk
from workshops.models import Workshop
from workshops.phases import RULES, held
from workshops.window_forms import WindowForm


def _open_or_404(workshop_id: str) -> Workshop:
    workshop = own_or_404(workshop_id)
    return workshop if workshop.is_open else abort(404)


@workshops_desk.route("/equipe/ateliers/<workshop_id>/heures", methods=["GET", "POST"])
@staff(Verb.RUN_SESSIONS)
def hours(workshop_id: str) -> AnyResponse:
    """Show the hours of a session’s phases, give a phase its hours."""
    workshop = _open_or_404(workshop_id)
    form = WindowForm(request.form, data={"phase": workshop.phase})
    without = workshop.left_out
    form.offer(each for each in held(without) if windows.followers(each, without))
    if request.method == "GET" or not form.validate():
        return _page(workshop, form, 422 if request.method == "POST" else 200)
    try:
        windows.keep(workshop, form.hours(), now())
    except windows.BadHours:
        db.session.rollback()
        problem = _("La fin vient après le début et après maintenant, dans 60 jours au plus.")
        form.closes.errors = [problem + " " + _("Ce qui suit vient après l’étape.")]
        return _page(workshop, form, 422)
    db.session.commit()
    flash(_("Les heures sont gardées. Les téléphones les lisent."))
    return _to_hours(workshop)


def _page(workshop: Workshop, form: WindowForm, status: int = 200) -> Response:
    return render(
        "workshops/hours.html",
        status=status,
        workshop=workshop,
        form=form,
        rules=RULES,
        windows=[
            (each.phase, window_words.line(each), window_words.following(each))
            for each in windows.windows_of(workshop)
        ],
    )


@workshops_desk.post("/equipe/ateliers/<workshop_id>/heures/<phase>/retirer")
@staff(Verb.RUN_SESSIONS)
def drop_hours(workshop_id: str, phase: str) -> AnyResponse:
    """Take the hours of a phase away: it opens and closes by hand again."""
    workshop = _open_or_404(workshop_id)
    windows.drop(workshop, phase)
    db.session.commit()
    flash(_("Cette étape s’ouvre et se ferme de nouveau à la main."))
    return _to_hours(workshop)


def _to_hours(workshop: Workshop) -> AnyResponse:
    return redirect(url_for("workshops_desk.hours", workshop_id=workshop.id), 303)
