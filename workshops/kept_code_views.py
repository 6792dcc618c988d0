"""A participant's code: asked for in the room, and what it opens later.

The code stands in no address, cookie or log; it opens half an hour on this browser.
"""

import json
from datetime import date, timedelta
from typing import Any

from flask import Response, abort, current_app, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.access import public
from app.days import now, today
from app.db import db, start_reading, start_writing
from app.web import render
from feedback import code_tries, receipts
from feedback.code_views import door_here
from feedback.forms import CodeForm
from workshops import (
    diaries,
    holder_news,
    kept_codes,
    own_data,
    proposals,
    retention,
    seats,
    sessions,
)
from workshops.around_models import HolderMail, KeptCode
from workshops.models import Participant, Workshop
from workshops.views import show, token_here, workshops

OPEN_MINUTES = 30


@workshops.post("/atelier/<code>/garder")
@public
def keep_code(code: str) -> AnyResponse:
    """Give the phone a code of its own, shown once; another one ends the one before."""
    workshop, participant = seat_of(code)
    if participant is None:
        return redirect(url_for("workshops.room", code=workshop.code), 303)
    secret, key = current_app.config["RECEIPT_SECRET"], request.form.get("key", "")[:40]
    drawn = kept_codes.derive(secret, participant, key)
    salt = receipts.system_salt()
    db.session.commit()
    if not kept_codes.may_ask(workshop.id, participant.id, door_here()):
        return _wait(code)
    start_reading()  # hashing takes a while: it holds no lock
    hashed, hint = receipts.hash_code(drawn, salt), receipts.hint(secret, drawn)
    start_writing()
    workshop, participant = seat_of(code)
    if participant is None:  # the session closed meanwhile
        return redirect(url_for("workshops.room", code=workshop.code), 303)
    kept_codes.give(participant, hashed, hint)
    db.session.commit()
    return render(
        "workshops/code_given.html",
        workshop=workshop,
        service=workshop.service,
        drawn=receipts.grouped(drawn),
        address=current_app.config["BASE_URL"].rstrip("/") + url_for("workshops.own_code"),
    )


def seat_of(code: str) -> tuple[Workshop, Participant | None]:
    """Return the session of ``code`` and this phone's seat in it; answer 404 without a session."""
    workshop = sessions.find(code) or abort(404)
    return workshop, seats.participant_of(workshop, token_here())


def _wait(code: str) -> AnyResponse:
    """Say that codes were asked for too often; the one before still opens."""
    workshop, participant = seat_of(code)
    if participant is None:
        return redirect(url_for("workshops.room", code=workshop.code), 303)
    wait = _("Trop de codes demandés d’un coup. Attendez dix minutes.")
    return show(workshop, participant, "workshops/_room_live.html", 429, keep_error=wait)


@workshops.route("/atelier/suivi", methods=["GET", "POST"])
@public
def own_code() -> AnyResponse:
    """Ask for a participant's code; a right one opens what became of their ideas."""
    form = CodeForm(request.form if request.method == "POST" else None)
    if request.method == "GET":
        return _code_page(form)
    if not form.validate():
        return _code_page(form, 422)
    try:
        kept = code_tries.try_code(kept_codes.CODES, form.read, door_here())
    except code_tries.TooManyGuesses:
        return _code_page(form, 429, too_many())
    if kept is None:
        wrong = _("Nous ne trouvons pas ce code. Vérifiez chaque caractère.")
        return _code_page(form, 404, wrong)
    since = kept.seen.isoformat() if kept.seen else ""
    session["session_code"] = {"id": kept.id, "until": int(_soon().timestamp()), "since": since}
    start_writing()
    kept_codes.see(kept.id, today())
    holder_news.note_seen(kept.id)
    db.session.commit()
    return redirect(url_for("workshops.own_ideas"), 303)


def too_many() -> str:
    """Return what a guesser reads; who holds a code gets in all the same."""
    return _(
        "Trop de codes faux partent d’ici. Attendez dix minutes. Un code juste passe toujours."
    )


def _code_page(form: CodeForm, status: int = 200, problem: str = "") -> Response:
    if problem:
        form.code.errors = [problem]
    return render("workshops/own_code.html", status=status, form=form)


def _soon() -> Any:
    return now() + timedelta(minutes=OPEN_MINUTES)


def open_code() -> KeptCode | None:
    """Return the code that this browser gave in the last half hour, or None."""
    known = session.get("session_code")
    if not isinstance(known, dict) or known["until"] < now().timestamp():
        return None
    return db.session.get(KeptCode, known["id"])


@workshops.get("/atelier/mes-idees")
@public
def own_ideas() -> AnyResponse:
    """Show a code's holder what became of their ideas; what is new is marked."""
    kept = open_code()
    if kept is None:
        return redirect(url_for("workshops.own_code"), 303)
    return ideas_page(kept)


def ideas_page(kept: KeptCode, status: int = 200, **more: Any) -> Response:
    """Render what the code opens."""
    since = session.get("session_code", {}).get("since", "")
    told = kept_codes.told(kept, date.fromisoformat(since) if since else None)
    return render(
        "workshops/own_ideas.html",
        status=status,
        told=told,
        trials=diaries.trials_for(kept, today()),
        has_diary=bool(diaries.own_entries(kept)),
        workshop=told.workshop,
        service=told.workshop.service,
        state_names=proposals.STATE_NAMES,
        ring_of=proposals.ring,
        has_mail=db.session.get(HolderMail, kept.id) is not None,
        may_be_told=holder_news.may_be_told(kept),
        kept_until=retention.kept_until(told.workshop),
        **more,
    )


@workshops.post("/atelier/mes-idees/export")
@public
def export_ideas() -> AnyResponse:
    """Give the holder of a code all that it is linked to, as one JSON file."""
    kept = open_code()
    if kept is None:
        return redirect(url_for("workshops.own_code"), 303)
    response = Response(json.dumps(own_data.export(kept), ensure_ascii=False, indent=2))
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = 'attachment; filename="mes-idees.json"'
    return response


@workshops.post("/atelier/mes-idees/fermer")
@public
def leave_ideas() -> AnyResponse:
    """Close the half hour on this browser."""
    session.pop("session_code", None)
    return redirect(url_for("workshops.own_code"), 303)
