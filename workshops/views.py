"""The phone in its room, and what it asks again. No account, no script needed.

The door is ``join_views.py``, what a phone does ``act_views.py``, the big screen ``wall_views.py``.

A phone is known by a random token in its session cookie; only the token's hash is stored.
"""

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    redirect,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app import cookies
from app.access import public
from app.days import now, today
from app.db import db, random_id, start_writing, will_write
from app.runtime import runtime
from app.web import render, wants_partial
from feedback.masked_text import excerpt, pieces
from workshops import (
    board,
    drawn,
    focus,
    identity,
    idle_seats,
    phases,
    screens,
    seats,
    sessions,
    windows,
)
from workshops.forms import JoinForm
from workshops.models import Participant, Phase, Workshop
from workshops.over import over_page
from workshops.polling_views import unless_seen

SEAT = "place"  # the cookie of a phone that may come back after days

workshops = Blueprint("workshops", __name__)


@workshops.context_processor
def words_of_cards() -> dict[str, Any]:
    """Let templates draw masked words as the rest of the site does, and say the rule of names."""
    words = {"pieces": pieces, "excerpt": excerpt}
    return words | {
        "in_hand": focus.in_hand,
        "rule_of_names": identity.sentence,
        "steps_of": phases.told_steps,
    }


def unknown_code(form: JoinForm) -> Response:
    """Answer a code that no session has, with the form and what was typed."""
    form.code.errors = [_("Aucune séance n’a ce code. Regardez l’écran de la salle.")]
    return render("workshops/join.html", status=404, form=form)


def token_here() -> str | None:
    """Return the token of this phone; in a session of several days its own cookie holds it too."""
    token = session.get("workshop") or request.cookies.get(cookies.own_name(SEAT))
    return token if isinstance(token, str) else None


def session_of(code: str) -> Workshop | None:
    """Return the session of ``code``, in the phase that its hours have brought it to by now."""
    workshop = sessions.find(code)
    return on_time(workshop) if workshop else None


def on_time(workshop: Workshop) -> Workshop:
    """Make the moves that the session's hours owe; the lock is taken only when there are some."""
    if windows.due(workshop, now()) is None:
        return workshop
    found = workshop.id
    start_writing()
    workshop = db.session.get_one(Workshop, found)
    windows.catch_up(workshop, now(), today())
    db.session.commit()
    will_write(request.method == "POST")
    return workshop


@workshops.get("/atelier/<code>")
@public
def room(code: str) -> AnyResponse:
    """Show the phone what its phase asks for; a phone without a seat is sent to the door."""
    workshop = session_of(code)
    if workshop is None:
        form = JoinForm(data={"code": code})
        return unknown_code(form)
    if not workshop.is_open:
        return over_page(workshop, token_here())
    participant = _seat_that_asks(workshop)
    if participant is None:
        return redirect(url_for("workshops.join", code=workshop.code), 303)
    return show(workshop, participant, "workshops/_room_live.html")


def _seat_that_asks(workshop: Workshop) -> Participant | None:
    """Return this phone's seat; in a crowded room, write down that it is not idle."""
    participant = seats.participant_of(workshop, token_here())
    if participant is None or not idle_seats.is_to_note(workshop, participant, now()):
        return participant
    found = participant.id
    start_writing()
    seat = db.session.get(Participant, found)  # none: it gave way this instant
    if seat is not None:
        seat.seen = now()
    db.session.commit()
    will_write(False)
    return seat


def show(
    workshop: Workshop, participant: Participant, partial: str, status: int = 200, **more: Any
) -> Response:
    """Render the room, or the part of it that a phone asked for."""
    hand, clock = screens.hand_of(workshop, participant), screens.clock_of(workshop, now())
    context: dict[str, Any] = {
        "workshop": workshop,
        "service": workshop.service,
        "rule": phases.rule_of(workshop.phase, workshop.left_out),
        **_drawn_for(workshop, hand),
        "hand": hand,
        "clock": clock,
        "pace": screens.pace_of(participant.id),
        "seen": screens.seen_by_phone(workshop, hand, clock),
        "key": random_id(),
        "longest": board.LONGEST_CARD,
        "has_code": participant.code_id is not None,
        "names_ready": runtime().name_finder is not None,
        "paused": is_paused(),
    }
    response = render("workshops/room.html", partial, status, **(context | more))
    if clock.hours and (token := token_here()):
        _keep_seat(response, token)
    return response


def is_paused() -> bool:
    """Say whether the phone's page stands still; what it posts keeps it so."""
    return "pause=1" in (request.query_string.decode() + request.headers.get("HX-Current-URL", ""))


def _keep_seat(response: Response, token: str) -> None:
    """Let a phone that comes back after days find its seat: the session's cookie ends before."""
    cookies.keep(response, SEAT, token, windows.LONGEST)


def _drawn_for(workshop: Workshop, hand: screens.Hand) -> dict[str, Any]:
    if workshop.phase == Phase.VOTE:
        return {"ballot": drawn.ballot(workshop, hand.votes)}
    return {"drawn": drawn.board(workshop)}


@workshops.get("/atelier/<code>/etat")
@public
def live(code: str) -> AnyResponse:
    """Answer a phone's poll: nothing when nothing changed, else the part that did."""
    workshop = session_of(code)
    if workshop is None:
        abort(404)
    if not wants_partial():
        return redirect(url_for("workshops.room", code=workshop.code), 303)
    participant = _seat_that_asks(workshop)
    if participant is None or not workshop.is_open:
        return render("workshops/_room_over.html", workshop=workshop)
    hand, clock = screens.hand_of(workshop, participant), screens.clock_of(workshop, now())
    seen = screens.seen_by_phone(workshop, hand, clock)
    return unless_seen(
        seen, lambda: show(workshop, participant, "workshops/_room_live.html", **_news(workshop))
    )


def _news(workshop: Workshop) -> dict[str, Any]:
    """Return what a poll tells who listens: a new phase, or how the board stands now."""
    if request.args.get("phase") not in (None, workshop.phase):
        return {"news": True}
    is_newer = request.args.get("v", workshop.version, type=int) != workshop.version
    return {"summary": drawn.summary(workshop) if is_newer else ""}
