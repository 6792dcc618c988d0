"""What a phone does in its session: write, change and take back cards, vote, say "I have finished".

Refused, it reads why and finds again what it typed.
"""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.access import public
from app.db import db
from app.runtime import runtime
from app.web import render, wants_partial
from workshops import ballot, board, groups, seats, sessions
from workshops.board import Draft
from workshops.forms import JoinForm
from workshops.messages import REFUSALS, explain
from workshops.models import Card, Participant, Workshop
from workshops.over import over_page
from workshops.views import show, token_here, workshops

LIVE, WRITER = "workshops/_room_live.html", "workshops/_writer.html"


@workshops.post("/atelier/<code>/idees")
@public
def write(code: str) -> AnyResponse:
    """Keep a card."""
    prompt = request.form.get("prompt", 0, type=int)
    key, may_show = request.form.get("key", "")[:40], request.form.get("may_show") == "1"
    draft = Draft(request.form.get("text", ""), prompt, key, may_show)

    def keep(workshop: Workshop, participant: Participant) -> None:
        board.write(workshop, participant, draft, runtime().name_finder)

    return _act(code, keep, WRITER, done=_("Idée envoyée."))


@workshops.route("/atelier/<code>/idees/<card_id>", methods=["GET", "POST"])
@public
def card(code: str, card_id: str) -> AnyResponse:
    """Show an own card to change or take back; change it."""
    workshop, participant = _seat_or_404(code)
    found = _own_card_or_404(participant, card_id)
    typed, error, status = found.text, "", 200
    if request.method == "POST":
        typed = request.form.get("text", "")
        try:
            board.edit(workshop, found, typed, runtime().name_finder)
            db.session.commit()
            return _back_to_room(workshop, "writer")
        except REFUSALS as refusal:
            db.session.rollback()
            error, status = explain(refusal), status_of(refusal)
    context: dict[str, Any] = {
        "workshop": workshop,
        "service": workshop.service,
        "card": found,
        "typed": typed,
        "error": error,
    }
    return render("workshops/card.html", status=status, longest=board.LONGEST_CARD, **context)


@workshops.post("/atelier/<code>/idees/<card_id>/retirer")
@public
def remove(code: str, card_id: str) -> AnyResponse:
    """Take an own card back."""

    def take_back(workshop: Workshop, participant: Participant) -> None:
        board.remove(workshop, _own_card_or_404(participant, card_id))

    return _act(code, take_back, WRITER, done=_("Idée retirée."), typed=_unsent())


@workshops.post("/atelier/<code>/votes")
@public
def vote(code: str) -> AnyResponse:
    """Give a group one vote, or take one back."""
    change = ballot.retract if request.form.get("sens") == "moins" else ballot.give

    def mark(workshop: Workshop, participant: Participant) -> None:
        group = groups.group_of(workshop, request.form.get("group", ""))
        if group is None:
            abort(404)
        change(workshop, participant, group.id)

    return _act(code, mark, LIVE)


@workshops.post("/atelier/<code>/fini")
@public
def finished(code: str) -> AnyResponse:
    """Say that one has finished, or that one goes on after all."""

    def tell(workshop: Workshop, participant: Participant) -> None:
        participant.finished = request.form.get("fini") == "1"

    if request.form.get("de") == "write":
        return _act(code, tell, WRITER, typed=_unsent())
    return _act(code, tell, LIVE)


def _act(
    code: str,
    do: Callable[[Workshop, Participant], None],
    partial: str,
    done: str = "",
    typed: dict[str, Any] | None = None,
) -> AnyResponse:
    """Do one thing for a phone; refused, it reads why and finds again what it typed.

    Args:
        done: said to screen readers when it worked.
        typed: what stands unsent in the form, shown again whatever happens.
    """
    workshop = sessions.find(code) or abort(404)
    participant = seats.participant_of(workshop, token_here())
    if participant is None:
        return _no_seat(workshop, request.form.get("text", ""))
    try:
        do(workshop, participant)
        db.session.commit()
    except REFUSALS as refusal:
        db.session.rollback()
        kept = typed if typed is not None else _unsent()
        where = "writer" if partial == WRITER else "live"
        kept |= {"error": explain(refusal), "error_at": where}
        return show(workshop, participant, partial, status_of(refusal), **kept)
    if wants_partial():
        return show(workshop, participant, partial, sent=done, **(typed or {}))
    return _back_to_room(workshop, "writer" if partial == WRITER else "room-live")


def _unsent() -> dict[str, Any]:
    """Return what stands in the form: an action beside it must not sweep it away."""
    prompt = request.form.get("prompt", 0, type=int)
    may_show = request.form.get("may_show") == "1"
    return {"typed": request.form.get("text", ""), "prompt": prompt, "may_show": may_show}


def _back_to_room(workshop: Workshop, anchor: str) -> AnyResponse:
    return redirect(url_for("workshops.room", code=workshop.code, _anchor=anchor), 303)


def _no_seat(workshop: Workshop, typed: str) -> Response:
    """Answer a phone that lost its seat, or came after the end: its words stay on the screen."""
    if not workshop.is_open:
        return over_page(workshop, token_here(), 409, kept_text=typed)
    form = JoinForm(data={"code": workshop.code})
    return render(
        "workshops/join.html", status=403, form=form, workshop=workshop, kept_text=typed, lost=True
    )


def status_of(refusal: Exception) -> int:
    """Return 422 for words to mend, 409 for what the phase or the budget does not allow."""
    return 422 if isinstance(refusal, board.EmptyCard | board.CardTooLong) else 409


def _seat_or_404(code: str) -> tuple[Workshop, Participant]:
    workshop = sessions.find(code) or abort(404)
    return workshop, seats.participant_of(workshop, token_here()) or abort(404)


def _own_card_or_404(participant: Participant, card_id: str) -> Card:
    return board.own_card(participant, card_id) or abort(404)
