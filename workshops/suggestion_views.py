"""The groups that the machine proposes, on the console: ask for them, accept or refuse each."""

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, staff
from app.days import now
from app.web import render, wants_partial
from workshops import suggestions
from workshops.board_acts import Kind
from workshops.console_views import own_or_404, press
from workshops.desk_views import workshops_desk
from workshops.group_views import press_kept
from workshops.models import Phase

ANCHOR = "suggestions"


@workshops_desk.get("/equipe/ateliers/<workshop_id>/suggestions", endpoint="suggested")
@staff(Verb.RUN_SESSIONS)
def watch(workshop_id: str) -> AnyResponse:
    """Show the part of the console that waits for proposals; it asks again while it waits."""
    workshop = own_or_404(workshop_id)
    if not wants_partial() or workshop.phase != Phase.GROUP:
        url = url_for("workshops_desk.console", workshop_id=workshop.id, _anchor=ANCHOR)
        return redirect(url, 303)
    found = suggestions.proposed(workshop, now())
    return render("workshops/_suggestions.html", workshop=workshop, proposed=found)


@workshops_desk.post("/equipe/ateliers/<workshop_id>/suggestions", endpoint="suggest")
@staff(Verb.RUN_SESSIONS)
def ask(workshop_id: str) -> AnyResponse:
    """Ask the worker for proposals."""
    return press(workshop_id, lambda room: suggestions.ask(room, now()), ANCHOR)


@workshops_desk.post("/equipe/ateliers/<workshop_id>/suggestions/<suggestion_id>")
@staff(Verb.RUN_SESSIONS)
def answer_suggestion(workshop_id: str, suggestion_id: str) -> AnyResponse:
    """Make the group that is proposed, or put the proposal away."""
    answer = request.form.get("reponse")
    if answer not in ("accepter", "refuser"):
        abort(400)
    if answer == "refuser":
        return press(workshop_id, lambda room: suggestions.refuse(room, suggestion_id), ANCHOR)
    return press_kept(
        workshop_id, Kind.ACCEPT, lambda room: suggestions.accept(room, suggestion_id), ANCHOR
    )
