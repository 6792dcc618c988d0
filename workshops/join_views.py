"""The door of a session: its code, its short address, and a name where the session asks for one."""

import secrets
from typing import Any

from flask import Response, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.access import public
from app.days import now
from app.db import db
from app.web import render
from workshops import seats, window_words, windows
from workshops.forms import JoinForm
from workshops.identity import Identity
from workshops.messages import explain
from workshops.models import Workshop
from workshops.views import session_of, token_here, unknown_code, workshops

LONGEST_CODE = 20  # as typed, with its spaces


@workshops.get("/a/<code>")
@public
def short(code: str) -> AnyResponse:
    """Lead from the short address, which the QR code and the sheet show, to the door."""
    return redirect(url_for("workshops.join", code=code[:LONGEST_CODE]), 303)


@workshops.route("/atelier", methods=["GET", "POST"])
@public
def join() -> AnyResponse:
    """Ask for the code, seat the phone."""
    form = JoinForm(request.form if request.method == "POST" else request.args)
    workshop = session_of(form.code.data or "")
    if request.method == "POST" and form.validate():
        return unknown_code(form) if workshop is None else _enter(workshop, form)
    if workshop and not workshop.is_open:
        return redirect(url_for("workshops.room", code=workshop.code), 303)
    return _door(form, workshop, 422 if request.method == "POST" else 200)


def _door(form: JoinForm, workshop: Workshop | None, status: int, **more: Any) -> Response:
    about: dict[str, Any] = {}
    if workshop:
        hours = window_words.sentence(windows.window_of(workshop), now())
        about = {"workshop": workshop, "service": workshop.service, "hours": hours}
    return render("workshops/join.html", status=status, form=form, **about, **more)


def _enter(workshop: Workshop, form: JoinForm) -> AnyResponse:
    """Seat the phone; where there is something to accept, only once its holder has read it.

    Where names are shown, once they typed one.
    """
    has_read = not workshop.consent or request.form.get("read") == workshop.code
    if not has_read and not _is_seated(workshop):
        return _door(form, workshop, 422)
    if workshop.identity == Identity.SHOWN and not _is_seated(workshop):
        if request.form.get("rule") != Identity.SHOWN:
            return _door(form, workshop, 422, told=True)
        if not (form.name.data or "").strip():
            form.name.errors = [_("Donnez un prénom ou un surnom : la salle le lira.")]
            return _door(form, workshop, 422)
    return _seat(workshop, form)


def _is_seated(workshop: Workshop) -> bool:
    return seats.participant_of(workshop, token_here()) is not None


def _seat(workshop: Workshop, form: JoinForm) -> AnyResponse:
    token = token_here() or secrets.token_urlsafe(16)
    try:
        seats.join(workshop, token, form.name.data or "", now())
    except (seats.SessionClosed, seats.RoomFull) as error:
        form.code.errors = [explain(error)]
        return _door(form, None, 409)
    db.session.commit()
    session["workshop"] = token
    session.permanent = True  # a phone that sleeps or closes its browser finds its seat again
    return redirect(url_for("workshops.room", code=workshop.code), 303)
