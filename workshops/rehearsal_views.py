"""A dry run, on the console: start one, wipe it in one gesture."""

from flask import abort, flash, redirect, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, staff
from app.days import today
from app.db import db
from workshops import rehearsal
from workshops.console_views import own_or_404
from workshops.desk_views import to_console, workshops_desk


@workshops_desk.post("/equipe/ateliers/<workshop_id>/repetition")
@staff(Verb.RUN_SESSIONS)
def rehearse(workshop_id: str) -> AnyResponse:
    """Open a dry run of the session, with pretend people."""
    workshop = own_or_404(workshop_id)
    if workshop.is_dry_run:
        return to_console(workshop)
    twin = rehearsal.rehearse(workshop, current_user._get_current_object(), today())
    db.session.commit()
    return to_console(twin)


@workshops_desk.post("/equipe/ateliers/<workshop_id>/repetition/effacer")
@staff(Verb.RUN_SESSIONS)
def wipe(workshop_id: str) -> AnyResponse:
    """Erase a dry run whole."""
    if not rehearsal.wipe(own_or_404(workshop_id)):
        abort(404)
    db.session.commit()
    flash(_("La répétition est effacée."))
    return redirect(url_for("workshops_desk.index"), 303)
