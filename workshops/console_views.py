"""The facilitator's console: its phases, its timer, its cards and groups, each button one gesture.

Only who runs a session may open its console; refused, a gesture says why on the console itself.
"""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, staff
from app.days import now, today
from app.db import db
from app.runtime import runtime
from app.web import render
from workshops import ballot, board, groups, phases, proposals, screens, seats, sessions
from workshops.desk_views import to_console, workshops_desk
from workshops.messages import REFUSALS, explain
from workshops.models import Workshop
from workshops.timer import add_minute, pause_timer, start_timer
from workshops.views import unless_seen
from workshops.wall_views import join_address, qr_code

LONGEST_TIMER = 180  # minutes
MOST_VOTES = 20  # as the form of a new session


def _own_or_404(workshop_id: str) -> Workshop:
    return sessions.run_by(current_user, workshop_id) or abort(404)


@workshops_desk.get("/equipe/ateliers/<workshop_id>")
@staff(Verb.RUN_SESSIONS)
def console(workshop_id: str) -> AnyResponse:
    """Show the facilitator's console, or its polled part alone."""
    workshop = _own_or_404(workshop_id)
    if not workshop.is_open:
        return redirect(url_for("workshops_desk.report", workshop_id=workshop.id), 303)
    counts, clock = screens.counts_of(workshop), screens.clock_of(workshop, now())
    seen = screens.seen_by_room(workshop, counts, clock)
    return unless_seen(seen, lambda: _console(workshop, counts=counts, clock=clock, seen=seen))


def _console(workshop: Workshop, status: int = 200, **more: Any) -> Response:
    back, on = phases.choices(workshop.phase)
    context: dict[str, Any] = {
        "workshop": workshop,
        "board": screens.board_of(workshop),
        "rules": phases.RULES,
        "back": back,
        "on": on,
        "hidden": board.hidden_cards(workshop),
        "names": seats.names(workshop),
        "proposals": proposals.of_session(workshop),
        "address": join_address(workshop),
        "qr": qr_code(workshop),
        "names_ready": runtime().name_finder is not None,
    }
    if "counts" not in more:
        counts, clock = screens.counts_of(workshop), screens.clock_of(workshop, now())
        context |= {"counts": counts, "clock": clock}
        context["seen"] = screens.seen_by_room(workshop, counts, clock)
    parts = ("workshops/console.html", "workshops/_console_live.html")
    return render(*parts, status, **(context | more))


def press(workshop_id: str, do: Callable[[Workshop], Any], anchor: str = "board") -> AnyResponse:
    """Do one thing on the facilitator's board; refused, the console says why."""
    workshop = _own_or_404(workshop_id)
    try:
        do(workshop)
        db.session.commit()
    except REFUSALS as refusal:
        db.session.rollback()
        typed = request.form.to_dict(flat=False)
        return _console(workshop, status=409, error=explain(refusal), typed=typed)
    return to_console(workshop, anchor)


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


@workshops_desk.post("/equipe/ateliers/<workshop_id>/votes", endpoint="budget")
@staff(Verb.RUN_SESSIONS)
def budget(workshop_id: str) -> AnyResponse:
    """Change how many votes each may give, in all and to one group."""
    each = min(max(request.form.get("votes_each", 5, type=int), 1), MOST_VOTES)
    cap = min(max(request.form.get("votes_per_group", 3, type=int), 1), MOST_VOTES)
    return press(workshop_id, lambda room: ballot.change_budget(room, each, cap), "console-live")


@workshops_desk.post("/equipe/ateliers/<workshop_id>/idees/<card_id>/masquer")
@staff(Verb.RUN_SESSIONS)
def hide(workshop_id: str, card_id: str) -> AnyResponse:
    """Take a card off the board with the reason, or put it back."""
    reason = request.form.get("reason", "").strip()
    if not reason and request.form.get("geste") != "remettre":
        workshop = _own_or_404(workshop_id)
        error = _("Dites pourquoi : la personne qui a écrit l’idée le lira.")
        return _console(workshop, status=422, error=error, hiding=card_id)

    def take_off(workshop: Workshop) -> None:
        card = board.card_of(workshop, card_id) or abort(404)
        board.hide(workshop, card, reason)

    return press(workshop_id, take_off)


@workshops_desk.post("/equipe/ateliers/<workshop_id>/groupes")
@staff(Verb.RUN_SESSIONS)
def group(workshop_id: str) -> AnyResponse:
    """Put the ticked cards together, in a new group or one that exists."""

    def gather(workshop: Workshop) -> None:
        ticked = [board.card_of(workshop, found) for found in request.form.getlist("cards")]
        into = request.form.get("into", "")
        target = (groups.group_of(workshop, into) or abort(404)) if into else None
        cards = [card for card in ticked if card]
        groups.gather(workshop, cards, target, request.form.get("title", ""))

    return press(workshop_id, gather)


@workshops_desk.post("/equipe/ateliers/<workshop_id>/groupes/<group_id>")
@staff(Verb.RUN_SESSIONS)
def arrange(workshop_id: str, group_id: str) -> AnyResponse:
    """Name a group, or let its cards stand alone again."""

    def change(workshop: Workshop) -> None:
        found = groups.group_of(workshop, group_id) or abort(404)
        if request.form.get("geste") == "separer":
            groups.ungroup(workshop, found)
        else:
            groups.rename(workshop, found, request.form.get("title", ""))

    return press(workshop_id, change)


@workshops_desk.post("/equipe/ateliers/<workshop_id>/groupes/<group_id>/decision")
@staff(Verb.RUN_SESSIONS)
def decide(workshop_id: str, group_id: str) -> AnyResponse:
    """Keep a group, drop it, or take the decision back."""
    decision = request.form.get("decision", "")
    if decision not in ("keep", "drop", ""):
        abort(400)

    def settle(workshop: Workshop) -> None:
        found = groups.group_of(workshop, group_id) or abort(404)
        proposals.decide(workshop, found, decision)

    return press(workshop_id, settle, f"group-{group_id}")


@workshops_desk.post("/equipe/ateliers/<workshop_id>/groupes/<group_id>/proposition")
@staff(Verb.RUN_SESSIONS)
def propose(workshop_id: str, group_id: str) -> AnyResponse:
    """Make a proposal of a group, in one gesture."""

    def carry(workshop: Workshop) -> None:
        rows = {row.group.id: row for row in groups.rows(workshop)}
        proposals.propose(workshop, rows.get(group_id) or abort(404), today())

    return press(workshop_id, carry, f"group-{group_id}")
