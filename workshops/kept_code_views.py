"""A participant's code: asked for in the room, and what it opens later.

The code stands in no address, cookie or log; it opens half an hour on this browser.
"""

from datetime import date, timedelta
from typing import Any

from flask import Response, abort, current_app, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app import limits
from app.access import public
from app.days import now, today
from app.db import db, start_reading, start_writing
from app.web import render
from feedback import receipts
from feedback.forms import CodeForm
from workshops import diaries, kept_codes, proposals, retention, seats, sessions
from workshops.around_models import KeptCode
from workshops.models import Participant, Workshop
from workshops.views import token_here, workshops

OPEN_MINUTES = 30
WRONG_CODES = 60  # by one network in ten minutes: a whole room shares one; right ones are free


@workshops.post("/atelier/<code>/garder")
@public
def keep_code(code: str) -> AnyResponse:
    """Give the phone a code of its own, shown once; another one ends the one before."""
    workshop, participant = _seat(code)
    if participant is None:
        return redirect(url_for("workshops.room", code=workshop.code), 303)
    secret, key = current_app.config["RECEIPT_SECRET"], request.form.get("key", "")[:40]
    drawn = kept_codes.derive(secret, participant, key)
    salt = receipts.system_salt()
    db.session.commit()
    start_reading()  # hashing takes a while: it holds no lock
    hashed = receipts.hash_code(drawn, salt)
    start_writing()
    workshop, participant = _seat(code)
    if participant is None:  # the session closed meanwhile
        return redirect(url_for("workshops.room", code=workshop.code), 303)
    kept_codes.give(participant, hashed)
    db.session.commit()
    return render(
        "workshops/code_given.html",
        workshop=workshop,
        service=workshop.service,
        drawn=receipts.grouped(drawn),
        address=current_app.config["BASE_URL"].rstrip("/") + url_for("workshops.own_code"),
    )


def _seat(code: str) -> tuple[Workshop, Participant | None]:
    workshop = sessions.find(code) or abort(404)
    return workshop, seats.participant_of(workshop, token_here())


@workshops.route("/atelier/suivi", methods=["GET", "POST"])
@public
def own_code() -> AnyResponse:
    """Ask for a participant's code; a right one opens what became of their ideas."""
    form = CodeForm(request.form if request.method == "POST" else None)
    if request.method == "GET":
        return _code_page(form)
    if not form.validate():
        return _code_page(form, 422)
    kept = _opened(form.read)
    if kept is None:
        return _refuse(form)
    since = kept.seen.isoformat() if kept.seen else ""
    session["session_code"] = {"id": kept.id, "until": int(_soon().timestamp()), "since": since}
    start_writing()
    kept_codes.see(kept.id, today())
    db.session.commit()
    return redirect(url_for("workshops.own_ideas"), 303)


def _opened(code: str) -> KeptCode | None:
    salt = receipts.system_salt()
    db.session.commit()
    start_reading()
    return kept_codes.find(receipts.hash_code(code, salt))


def _refuse(form: CodeForm) -> Response:
    start_writing()
    network = limits.network_of(request.remote_addr)
    secret = current_app.config["SECRET_KEY"]
    given = ("session code", network, WRONG_CODES, limits.TEN_MINUTES, now(), secret)
    allowed = limits.allow(*given)
    db.session.commit()
    if not allowed:
        form.code.errors = [_("Trop de codes faux partent d’ici. Attendez dix minutes.")]
        return _code_page(form, 429)
    form.code.errors = [_("Nous ne trouvons pas ce code. Vérifiez chaque caractère.")]
    return _code_page(form, 404)


def _code_page(form: CodeForm, status: int = 200) -> Response:
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
        kept_until=retention.kept_until(told.workshop),
        **more,
    )


@workshops.post("/atelier/mes-idees/effacer")
@public
def erase_ideas() -> AnyResponse:
    """Erase the holder's ideas and the code, once they said so twice."""
    kept = open_code()
    if kept is None:
        return redirect(url_for("workshops.own_code"), 303)
    if request.form.get("sure") != "1":
        return ideas_page(kept, 422, unsure=True)
    kept_codes.erase(kept)
    db.session.commit()
    session.pop("session_code", None)
    flash(_("Vos idées et votre code sont effacés."))
    return redirect(url_for("workshops.own_code"), 303)


@workshops.post("/atelier/mes-idees/fermer")
@public
def leave_ideas() -> AnyResponse:
    """Close the half hour on this browser."""
    session.pop("session_code", None)
    return redirect(url_for("workshops.own_code"), 303)
