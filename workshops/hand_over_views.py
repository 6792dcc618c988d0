"""Who runs a session, on its console: invite a second person, leave, hand it over, take it over.

Phones see nothing of it.
"""

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, staff
from app.days import now
from app.db import db
from workshops import crew, taking_over
from workshops.console_views import press
from workshops.desk_views import to_console, workshops_desk
from workshops.models import Workshop


@workshops_desk.post("/equipe/ateliers/<workshop_id>/passer")
@staff(Verb.RUN_SESSIONS)
def hand_over(workshop_id: str) -> AnyResponse:
    """Let another facilitator take one's place; who hands it over goes back to the list."""

    def give(workshop: Workshop) -> None:
        heir = crew.hand_over(workshop, current_user, request.form.get("address", ""))
        flash(_("%(name)s anime maintenant cette séance.", name=heir.name))

    answer = press(workshop_id, give)
    done = answer.status_code == 303
    return redirect(url_for("workshops_desk.index"), 303) if done else answer


@workshops_desk.post("/equipe/ateliers/<workshop_id>/reprendre")
@staff(Verb.RUN_SESSIONS)
def take_over(workshop_id: str) -> AnyResponse:
    """Run a session of one's services whose console nobody has open any more."""
    workshop = taking_over.take_over(workshop_id, current_user, now()) or abort(404)
    db.session.commit()
    flash(_("Vous animez maintenant cette séance. La personne qui l’animait le lira."))
    return to_console(workshop)


@workshops_desk.post("/equipe/ateliers/<workshop_id>/equipe")
@staff(Verb.RUN_SESSIONS)
def invite(workshop_id: str) -> AnyResponse:
    """Let another facilitator run the session too."""

    def welcome(workshop: Workshop) -> None:
        guest = crew.invite(workshop, request.form.get("guest", ""))
        flash(_("%(name)s anime aussi cette séance, avec les mêmes droits.", name=guest.name))

    return press(workshop_id, welcome, "crew")


@workshops_desk.post("/equipe/ateliers/<workshop_id>/equipe/<int:account_id>/retirer")
@staff(Verb.RUN_SESSIONS)
def dismiss(workshop_id: str, account_id: int) -> AnyResponse:
    """Let somebody invited run the session no more; whoever leaves goes back to the list."""
    answer = press(workshop_id, lambda room: crew.dismiss(room, account_id), "crew")
    left = answer.status_code == 303 and account_id == current_user.id
    return redirect(url_for("workshops_desk.index"), 303) if left else answer
