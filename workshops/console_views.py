"""The facilitator's console: its phases, its timer, its votes, each button one gesture.

Hands on the board are ``group_views.py``, the groups proposed ``suggestion_views.py``, what becomes
of each ``decision_views.py``. Only who runs a session may open its console; refused, a gesture says
why there.
"""

import random
from collections.abc import Callable
from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, staff
from app.days import now, today
from app.db import db, start_writing, will_write
from app.runtime import runtime
from app.web import render
from workshops import (
    ballot,
    board,
    board_acts,
    console_rows,
    crew,
    focus,
    phases,
    proposals,
    quiet,
    rehearsal,
    screens,
    seats,
    seen_board,
    sessions,
    suggestions,
    taking_over,
    windows,
)
from workshops.desk_views import to_console, workshops_desk
from workshops.messages import REFUSALS, explain
from workshops.models import Phase, Workshop
from workshops.polling_views import unless_seen
from workshops.timer import add_minute, pause_timer, start_timer
from workshops.views import on_time
from workshops.wall_views import join_address, qr_code

LONGEST_TIMER = 180  # minutes
MOST_VOTES = 20  # as the form of a new session
TALKED = (Phase.DISCUSS, Phase.DECIDE)


def own_or_404(workshop_id: str) -> Workshop:
    """Return the session that the account runs, in the phase that its hours brought it to."""
    return on_time(sessions.run_by(current_user, workshop_id) or abort(404))


@workshops_desk.get("/equipe/ateliers/<workshop_id>")
@staff(Verb.RUN_SESSIONS)
def console(workshop_id: str) -> AnyResponse:
    """Show the facilitator's console, or its polled part alone."""
    workshop = own_or_404(workshop_id)
    if not workshop.is_open:
        return redirect(url_for("workshops_desk.report", workshop_id=workshop.id), 303)
    _note_crew(workshop)
    counts, clock = screens.counts_of(workshop, now()), screens.clock_of(workshop, now())
    seen = screens.seen_by_room(workshop, counts, clock)
    return unless_seen(seen, lambda: show_console(workshop, counts=counts, clock=clock, seen=seen))


def _note_crew(workshop: Workshop) -> None:
    """Write down, once a minute, that somebody is at the console."""
    if not taking_over.is_to_note(workshop, now()):
        return
    found = workshop.id
    start_writing()
    db.session.get_one(Workshop, found).crew_seen = now()
    db.session.commit()
    will_write(False)


def show_console(workshop: Workshop, status: int = 200, **more: Any) -> Response:
    """Render the console; ``more`` is what a refused gesture says and had typed."""
    back, on = phases.choices(workshop.phase, workshop.left_out)
    shown, proposed = screens.board_of(workshop), proposals.of_session(workshop)
    context: dict[str, Any] = {
        "workshop": workshop,
        "board": shown,
        **console_rows.tools(
            workshop, shown, proposed, request.args.to_dict() | (request.view_args or {})
        ),
        "rules": {each: phases.RULES[each] for each in phases.held(workshop.left_out)},
        "back": back,
        "on": on,
        "hidden": board.hidden_cards(workshop),
        "acts": board_acts.listed(workshop, current_user),
        "tick_of": seen_board.tick_of,
        "crew": crew.beside(workshop),
        "came": [each for each in taking_over.took_over(workshop) if each.id != current_user.id],
        "reader": current_user,
        "pretend": rehearsal.pretend_count(workshop),
        "names": seats.names(workshop),
        "proposals": proposed,
        "address": join_address(workshop),
        "qr": qr_code(workshop),
        "names_ready": runtime().name_finder is not None,
        "proposed": workshop.phase == Phase.GROUP and suggestions.proposed(workshop, now()),
    }
    if "counts" not in more:
        counts, clock = screens.counts_of(workshop, now()), screens.clock_of(workshop, now())
        seen = screens.seen_by_room(workshop, counts, clock)
        context |= {"counts": counts, "clock": clock, "seen": seen}
    parts = ("workshops/console.html", "workshops/_console_live.html")
    return render(*parts, status, **(context | more))


def press(workshop_id: str, do: Callable[[Workshop], Any], anchor: str = "board") -> AnyResponse:
    """Do one thing on the facilitator's board; refused, the console says why."""
    workshop = own_or_404(workshop_id)
    at = (request.view_args or {}).get("group_id")
    try:
        do(workshop)
        db.session.commit()
    except REFUSALS as refusal:
        db.session.rollback()
        typed = request.form.to_dict(flat=False)
        return show_console(workshop, 409, error=explain(refusal), typed=typed, renaming=at)
    return to_console(workshop, anchor, at if workshop.phase in TALKED else None)


@workshops_desk.post("/equipe/ateliers/<workshop_id>/phase")
@staff(Verb.RUN_SESSIONS)
def move(workshop_id: str) -> AnyResponse:
    """Go on to another phase, or back."""
    seen, target = request.form.get("de", ""), request.form.get("vers", "")
    if target not in phases.ORDER:
        abort(400)

    def go(workshop: Workshop) -> None:
        if not sessions.move(workshop, seen, target, today()):
            flash(_("La séance avait déjà changé de phase."))
        else:
            quiet.listen(workshop, now())
            if target == Phase.GROUP:
                suggestions.ask(workshop, now())
        windows.drop_past(workshop, now())
        if workshop.is_dry_run:
            rehearsal.play(workshop, random.Random(workshop.id))

    return press(workshop_id, go, "console-live")


@workshops_desk.post("/equipe/ateliers/<workshop_id>/minuteur")
@staff(Verb.RUN_SESSIONS)
def timer(workshop_id: str) -> AnyResponse:
    """Start, pause or lengthen the timer."""
    what = request.form.get("geste")
    minutes = request.form.get("minutes", 5, type=int)

    def turn(workshop: Workshop) -> None:
        if what == "pause":
            pause_timer(workshop, now())
        elif what == "plus":
            add_minute(workshop, now())
        else:
            start_timer(workshop, min(max(minutes, 1), LONGEST_TIMER), now())

    return press(workshop_id, turn, "console-live")


@workshops_desk.post("/equipe/ateliers/<workshop_id>/question", endpoint="focus")
@staff(Verb.RUN_SESSIONS)
def put_in_hand(workshop_id: str) -> AnyResponse:
    """Show every screen which question the room is at, or none."""
    prompt = request.form.get("question", type=int)
    return press(workshop_id, lambda room: focus.set_focus(room, prompt), "questions")


@workshops_desk.post("/equipe/ateliers/<workshop_id>/votes", endpoint="budget")
@staff(Verb.RUN_SESSIONS)
def budget(workshop_id: str) -> AnyResponse:
    """Change how many votes each may give, in all and to one group."""
    each = min(max(request.form.get("votes_each", 5, type=int), 1), MOST_VOTES)
    cap = min(max(request.form.get("votes_per_group", 3, type=int), 1), MOST_VOTES)
    return press(workshop_id, lambda room: ballot.change_budget(room, each, cap), "console-live")
