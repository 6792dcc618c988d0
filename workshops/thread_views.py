"""The page of one group while the room discusses it: its cards, its thread, a place to write."""

import hashlib
from typing import Any

from flask import Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.access import public
from app.days import now
from app.db import db, random_id
from app.runtime import runtime
from app.web import render, wants_partial
from workshops import groups, screens, seats, threads, windows
from workshops.act_views import no_seat, status_of
from workshops.messages import REFUSALS, explain
from workshops.models import CardGroup, Participant, Workshop
from workshops.phases import WrongPhase, rule_of
from workshops.polling_views import unless_seen
from workshops.seen_board import GroupGone
from workshops.views import session_of, show, token_here, workshops

LIVE, ROOM = "workshops/_thread_live.html", "workshops/_room_live.html"


def _found(code: str, group_id: str) -> tuple[Workshop, Participant | None, CardGroup]:
    workshop = session_of(code) or abort(404)
    group = groups.group_of(workshop, group_id) or abort(404)
    return workshop, seats.participant_of(workshop, token_here()), group


@workshops.get("/atelier/<code>/groupes/<group_id>")
@public
def thread(code: str, group_id: str) -> AnyResponse:
    """Show a group and its thread, or the part of it that changed; elsewhere than in the
    discussion and the decision, lead back to the room."""
    workshop, participant, group = _found(code, group_id)
    row = {each.group.id: each for each in screens.board_of(workshop).rows}.get(group.id)
    if participant is None or row is None or not rule_of(workshop.phase).results_shown:
        if wants_partial():
            return render("workshops/_thread_over.html", workshop=workshop)
        return redirect(url_for("workshops.room", code=workshop.code), 303)
    seen = _seal(workshop, group, participant)
    return unless_seen(seen, lambda: _page(workshop, participant, row, seen=seen))


def _page(
    workshop: Workshop, participant: Participant, row: groups.Row, status: int = 200, **more: Any
) -> Response:
    shown = rule_of(workshop.phase).results_shown  # a late message is refused on this page too
    context: dict[str, Any] = {
        "workshop": workshop,
        "service": workshop.service,
        "row": row,
        "authors": screens.board_of(workshop).authors,
        "rule": rule_of(workshop.phase),
        "remarks": threads.threads_of(workshop).get(row.group.id, []) if shown else [],
        "names": threads.names_of(workshop),
        "withdrawn": threads.hidden_own(participant, row.group),
        "pace": screens.pace_of(participant.id),
        "key": random_id(),
        "longest": threads.LONGEST_REMARK,
        "seen": _seal(workshop, row.group, participant),
    }
    return render("workshops/thread.html", LIVE, status, **(context | more))


def _seal(workshop: Workshop, group: CardGroup, participant: Participant) -> str:
    body = f"{workshop.id}|{workshop.version}|{workshop.phase}|{group.id}|{participant.id}"
    return hashlib.sha256(body.encode()).hexdigest()[:16]


@workshops.post("/atelier/<code>/groupes/<group_id>/messages")
@public
def remark(code: str, group_id: str) -> AnyResponse:
    """Keep a message in the thread; refused, its words stay typed."""
    workshop = session_of(code) or abort(404)
    participant = seats.participant_of(workshop, token_here())
    row = {each.group.id: each for each in screens.board_of(workshop).rows}.get(group_id)
    typed = (request.form.get("text", ""), request.form.get("key", "")[:40])
    if participant is None:
        return no_seat(workshop, typed[0])
    if row is None:
        gone = GroupGone() if rule_of(workshop.phase).groups_shown else WrongPhase()
        kept = {"typed": typed[0], "error": explain(gone), "error_at": "live"}
        return show(workshop, participant, ROOM, 409, **kept)
    try:
        windows.check_open(workshop, now())
        threads.write(workshop, participant, row.group, typed, runtime().name_finder)
        db.session.commit()
    except REFUSALS as refusal:
        db.session.rollback()
        more = {"typed": typed[0], "error": explain(refusal)}
        return _page(workshop, participant, row, status_of(refusal), **more)
    url = url_for("workshops.thread", code=workshop.code, group_id=group_id, _anchor="text")
    return redirect(url, 303)
