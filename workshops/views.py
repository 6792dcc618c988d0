"""Participants' pages and the projector: join, write, vote, watch. No account, no script needed.

A phone is known by a random token in its session cookie; only the token's hash is stored.
"""

import secrets
from collections.abc import Callable
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.access import public
from app.days import now
from app.db import db, random_id
from app.runtime import runtime
from app.web import render, wants_partial
from feedback.masked_text import excerpt, pieces
from workshops import board, drawn, phases, screens, seats, sessions
from workshops.forms import JoinForm
from workshops.messages import explain
from workshops.models import Participant, Phase, Workshop
from workshops.over import over_page

workshops = Blueprint("workshops", __name__)


@workshops.context_processor
def words_of_cards() -> dict[str, Any]:
    """Let templates draw masked words as the rest of the site does."""
    return {"pieces": pieces, "excerpt": excerpt}


@workshops.route("/atelier", methods=["GET", "POST"])
@public
def join() -> AnyResponse:
    """Ask for the code, seat the phone."""
    form = JoinForm(request.form if request.method == "POST" else request.args)
    if request.method == "GET" or not form.validate():
        workshop = sessions.find(form.code.data or "")
        if workshop and not workshop.is_open:
            return redirect(url_for("workshops.room", code=workshop.code), 303)
        status = 422 if request.method == "POST" else 200
        return render("workshops/join.html", status=status, form=form, **_about(workshop))
    return _seat(form)


def _about(workshop: Workshop | None) -> dict[str, Any]:
    return {"workshop": workshop, "service": workshop.service} if workshop else {}


def _seat(form: JoinForm) -> AnyResponse:
    workshop = sessions.find(form.code.data)
    if workshop is None:
        return unknown_code(form)
    token = token_here() or secrets.token_urlsafe(16)
    try:
        seats.join(workshop, token, form.name.data or "")
    except (seats.SessionClosed, seats.RoomFull) as error:
        return _refuse_entry(error, form)
    db.session.commit()
    session["workshop"] = token
    session.permanent = True  # a phone that sleeps or closes its browser finds its seat again
    return redirect(url_for("workshops.room", code=workshop.code), 303)


def _refuse_entry(error: Exception, form: JoinForm) -> Response:
    form.code.errors = [explain(error)]
    return render("workshops/join.html", status=409, form=form)


def unknown_code(form: JoinForm) -> Response:
    """Answer a code that no session has, with the form and what was typed."""
    form.code.errors = [_("Aucune séance n’a ce code. Regardez l’écran de la salle.")]
    return render("workshops/join.html", status=404, form=form)


def token_here() -> str | None:
    token = session.get("workshop")
    return token if isinstance(token, str) else None


@workshops.get("/atelier/<code>")
@public
def room(code: str) -> AnyResponse:
    """Show the phone what its phase asks for; a phone without a seat is sent to the door."""
    workshop = sessions.find(code)
    if workshop is None:
        form = JoinForm(data={"code": code})
        return unknown_code(form)
    if not workshop.is_open:
        return over_page(workshop, token_here())
    participant = seats.participant_of(workshop, token_here())
    if participant is None:
        return redirect(url_for("workshops.join", code=workshop.code), 303)
    return show(workshop, participant, "workshops/_room_live.html")


def show(
    workshop: Workshop, participant: Participant, partial: str, status: int = 200, **more: Any
) -> Response:
    """Render the room, or the part of it that a phone asked for."""
    hand, clock = screens.hand_of(workshop, participant), screens.clock_of(workshop, now())
    context: dict[str, Any] = {
        "workshop": workshop,
        "service": workshop.service,
        "rule": phases.rule_of(workshop.phase),
        **_drawn_for(workshop, hand),
        "hand": hand,
        "clock": clock,
        "pace": screens.pace_of(participant.id),
        "seen": screens.seen_by_phone(workshop, hand, clock),
        "key": random_id(),
        "longest": board.LONGEST_CARD,
        "has_code": participant.code_id is not None,
        "names_ready": runtime().name_finder is not None,
    }
    return render("workshops/room.html", partial, status, **(context | more))


def _drawn_for(workshop: Workshop, hand: screens.Hand) -> dict[str, Any]:
    if workshop.phase == Phase.VOTE:
        return {"ballot": drawn.ballot(workshop, hand.votes)}
    return {"drawn": drawn.board(workshop)}


@workshops.get("/atelier/<code>/etat")
@public
def live(code: str) -> AnyResponse:
    """Answer a phone's poll: nothing when nothing changed, else the part that did."""
    workshop = sessions.find(code)
    if workshop is None:
        abort(404)
    if not wants_partial():
        return redirect(url_for("workshops.room", code=workshop.code), 303)
    participant = seats.participant_of(workshop, token_here())
    if participant is None or not workshop.is_open:
        return render("workshops/_room_over.html", workshop=workshop)
    hand, clock = screens.hand_of(workshop, participant), screens.clock_of(workshop, now())
    seen = screens.seen_by_phone(workshop, hand, clock)
    news = request.args.get("phase") not in (None, workshop.phase)
    return unless_seen(
        seen, lambda: show(workshop, participant, "workshops/_room_live.html", news=news)
    )


def unless_seen(seen: str, answer: Callable[[], Response]) -> Response:
    """Return 204 or 304 when the asker already has the state ``seen``, else ``answer()``."""
    if request.args.get("vu") == seen:
        return make_response("", 204)
    if request.if_none_match.contains(seen):
        return make_response("", 304)
    response = answer()
    response.set_etag(seen)
    return response
