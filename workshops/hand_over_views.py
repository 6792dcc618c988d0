"""Hands a running session to another facilitator: the console follows, phones see nothing."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, staff
from workshops import sessions
from workshops.console_views import press
from workshops.desk_views import workshops_desk
from workshops.models import Workshop


@workshops_desk.post("/equipe/ateliers/<workshop_id>/passer")
@staff(Verb.RUN_SESSIONS)
def hand_over(workshop_id: str) -> AnyResponse:
    """Let another facilitator run the session; who hands it over goes back to the list."""

    def give(workshop: Workshop) -> None:
        heir = sessions.hand_over(workshop, request.form.get("address", ""))
        flash(_("%(name)s anime maintenant cette séance.", name=heir.name))

    answer = press(workshop_id, give)
    done = answer.status_code == 303
    return redirect(url_for("workshops_desk.index"), 303) if done else answer
