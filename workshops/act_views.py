"""What a phone does in its session: write, change and take back cards, vote, say "I have finished".

Refused, it reads why and finds again what it typed.
"""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, current_app, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app import erasures
from app.access import public
from app.days import now
from app.db import db, start_reading
from app.runtime import runtime
from app.web import render, wants_partial
from workshops import ballot, board, drawn, groups, quiet, screens, seats, windows
from workshops.board import Draft
from workshops.forms import JoinForm
from workshops.messages import REFUSALS, explain
from workshops.models import Card, Participant, Workshop
from workshops.over import over_page
from workshops.threads import RemarkTooLong
from workshops.views import is_paused, session_of, show, token_here, workshops

LIVE, WRITER = "workshops/_room_live.html", "workshops/_writer.html"


@workshops.post("/atelier/<code>/idees")
@public
def write(code: str) -> AnyResponse:
    """Keep a card."""
    prompt = request.form.get("prompt", 0, type=int)
    key, may_show = request.form.get("key", "")[:40], request.form.get("may_show") == "1"
    draft = Draft(request.form.get("text", ""), prompt, key, may_show)
    names = board.looked_for(draft.text, runtime().name_finder)

    def keep(workshop: Workshop, participant: Participant) -> None:
        board.write(workshop, participant, draft, names)
        quiet.heard(workshop, now())

    return _act(code, keep, WRITER, sent=_("Idée envoyée."))


@workshops.route("/atelier/<code>/idees/<card_id>", methods=["GET", "POST"])
@public
def card(code: str, card_id: str) -> AnyResponse:
    """Show an own card to change or take back; change it."""
    workshop = session_of(code) or abort(404)
    participant = seats.participant_of(workshop, token_here())
    if participant is None:
        return no_seat(workshop, request.form["text"]) if "text" in request.form else abort(404)
    found = _own_card_or_404(participant, card_id)
    typed, error, status = found.text, "", 200
    if request.method == "POST":
        typed = request.form.get("text", "")
        try:
            windows.check_open(workshop, now())
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
        erasures.note(current_app.config["INSTANCE"], [card_id])

    return _act(code, take_back, WRITER, sent=_("Idée retirée."), **_unsent())


@workshops.post("/atelier/<code>/votes")
@public
def vote(code: str) -> AnyResponse:
    """Give a group one vote, or take one back: the button pressed says which."""
    retracts = "moins" in request.form
    group_id = request.form.get("moins" if retracts else "plus", "")

    def mark(workshop: Workshop, participant: Participant) -> None:
        group = groups.group_of(workshop, group_id) or abort(404)
        (ballot.retract if retracts else ballot.give)(workshop, participant, group.id)

    return _act(code, mark, LIVE, answer=lambda room, who: _voted(room, who, group_id))


def _voted(workshop: Workshop, participant: Participant, group_id: str) -> Response:
    """Answer with the changed row alone: a ballot may hold hundreds."""
    hand, clock = screens.hand_of(workshop, participant), screens.clock_of(workshop, now())
    response = render(
        "workshops/voted.html",
        workshop=workshop,
        row=drawn.ballot_row(workshop, group_id, hand.votes.get(group_id, 0)),
        hand=hand,
        pace=screens.pace_of(participant.id),
        seen=screens.seen_by_phone(workshop, hand, clock),
        paused=is_paused(),
    )
    response.headers["HX-Retarget"] = f"#ballot-row-{group_id}"
    return response


@workshops.post("/atelier/<code>/fini")
@public
def finished(code: str) -> AnyResponse:
    """Say that one has finished, or that one goes on after all."""

    def tell(workshop: Workshop, participant: Participant) -> None:
        participant.finished = request.form.get("fini") == "1"

    if request.form.get("de") == "write":
        return _act(code, tell, WRITER, **_unsent())
    return _act(code, tell, LIVE)


def _act(
    code: str,
    do: Callable[[Workshop, Participant], None],
    partial: str,
    answer: Callable[[Workshop, Participant], Response] | None = None,
    **more: Any,
) -> AnyResponse:
    """Do one thing for a phone; refused, it reads why and finds again what it typed.

    Args:
        answer: what htmx gets when it worked, instead of ``partial``.
        more: shown by ``partial``: ``sent`` is said to screen readers when it worked; ``typed``
            and the like stand unsent in the form and are shown again whatever happens.
    """
    workshop = session_of(code) or abort(404)
    participant = seats.participant_of(workshop, token_here())
    if participant is None:
        return no_seat(workshop, request.form.get("text", ""))
    try:
        windows.check_open(workshop, now())
        do(workshop, participant)
        db.session.commit()
    except REFUSALS as refusal:
        start_reading()
        kept = _unsent() | {"error": explain(refusal)}
        kept["error_at"] = "writer" if partial == WRITER else "live"
        return show(workshop, participant, partial, status_of(refusal), **kept)
    if wants_partial():
        start_reading()  # drawing a full board must not keep the others from writing
        if answer:
            return answer(workshop, participant)
        return show(workshop, participant, partial, **more)
    return _back_to_room(workshop, "writer" if partial == WRITER else "room-live")


def _unsent() -> dict[str, Any]:
    """Return what stands in the form: an action beside it must not sweep it away."""
    prompt = request.form.get("prompt", 0, type=int)
    may_show = request.form.get("may_show") == "1"
    return {"typed": request.form.get("text", ""), "prompt": prompt, "may_show": may_show}


def _back_to_room(workshop: Workshop, anchor: str) -> AnyResponse:
    return redirect(url_for("workshops.room", code=workshop.code, _anchor=anchor), 303)


def no_seat(workshop: Workshop, typed: str) -> Response:
    """Answer a phone that lost its seat, or came after the end: its words stay on the screen.

    Without words, htmx gets what its next poll would bring.
    """
    if wants_partial() and not typed:
        status = 403 if workshop.is_open else 409
        response = render("workshops/_room_over.html", status=status, workshop=workshop)
        response.headers.update({"HX-Retarget": "#room-live", "HX-Reswap": "outerHTML"})
        return response
    if not workshop.is_open:
        return over_page(workshop, token_here(), 409, kept_text=typed)
    form = JoinForm(data={"code": workshop.code})
    return render(
        "workshops/join.html", status=403, form=form, workshop=workshop, kept_text=typed, lost=True
    )


def status_of(refusal: Exception) -> int:
    """Return 422 for words to mend, 409 for what the phase or the budget does not allow."""
    return 422 if isinstance(refusal, board.EmptyCard | board.CardTooLong | RemarkTooLong) else 409


def _own_card_or_404(participant: Participant, card_id: str) -> Card:
    return board.own_card(participant, card_id) or abort(404)
