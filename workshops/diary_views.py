"""The diary of a trial, opened with a participant's code; and that code shown in a new room."""

from typing import Any

from flask import Response, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app import erasures
from app.access import public
from app.days import today
from app.db import db, start_writing
from app.runtime import runtime
from app.web import render
from feedback import code_tries, receipts
from feedback.code_views import door_here
from workshops import diaries, kept_codes
from workshops.around_models import KeptCode
from workshops.kept_code_views import open_code, seat_of, too_many
from workshops.views import show, workshops

REFUSALS = (
    diaries.TrialOver,
    diaries.EmptyEntry,
    diaries.EntryTooLong,
    diaries.TooManyEntries,
)


@workshops.get("/atelier/carnet")
@public
def diary() -> AnyResponse:
    """Show the diaries that a code opens today, and what its holder wrote."""
    kept = open_code()
    if kept is None:
        return redirect(url_for("workshops.own_code"), 303)
    return _page(kept)


def _page(kept: KeptCode, status: int = 200, **more: Any) -> Response:
    context: dict[str, Any] = {
        "trials": diaries.trials_for(kept, today()),
        "entries": diaries.own_entries(kept),
        "longest": diaries.LONGEST_ENTRY,
        "workshop": kept.workshop,
        "service": kept.workshop.service,
    }
    return render("workshops/diary.html", status=status, **(context | more))


@workshops.post("/atelier/carnet/<trial_id>")
@public
def write_diary(trial_id: str) -> AnyResponse:
    """Keep what the holder of a code wrote today."""
    kept = open_code()
    if kept is None:  # the half hour is over: the words stay on the screen
        return _closed()
    trial = diaries.trial_for(kept, trial_id) or abort(404)
    answers = _answers(len(trial.prompts))
    try:
        diaries.write(trial, kept, answers, today(), runtime().name_finder)
    except REFUSALS as refusal:
        db.session.rollback()
        typed = {"typed": answers, "typed_in": trial_id, "problem": _explain(refusal)}
        return _page(db.session.merge(kept), 409 if trial.ends < today() else 422, **typed)
    db.session.commit()
    flash(_("C’est noté pour aujourd’hui."))
    return redirect(url_for("workshops.diary"), 303)


def _answers(count: int) -> dict[int, str]:
    return {number: request.form.get(f"answer-{number}", "") for number in range(count)}


def _closed() -> Response:
    kept_text = "\n".join(words for words in _answers(diaries.MOST_PROMPTS).values() if words)
    return render("workshops/diary_closed.html", status=403, kept_text=kept_text)


def _explain(refusal: Exception) -> str:
    return {
        diaries.TrialOver: _("Cet essai n’est pas ouvert aujourd’hui."),
        diaries.EmptyEntry: _("Écrivez quelques mots à une question au moins."),
        diaries.EntryTooLong: _("500 caractères au plus par réponse."),
        diaries.TooManyEntries: _("Vous avez beaucoup écrit aujourd’hui. Revenez demain."),
    }[type(refusal)]


@workshops.post("/atelier/carnet/notes/<entry_id>/retirer")
@public
def drop_entry(entry_id: str) -> AnyResponse:
    """Take back a note of one's own."""
    kept = open_code()
    if kept is None:
        return redirect(url_for("workshops.own_code"), 303)
    if not diaries.remove(kept, entry_id):
        abort(404)
    erasures.note(current_app.config["INSTANCE"], [entry_id])
    db.session.commit()
    flash(_("La note est effacée."))
    return redirect(url_for("workshops.diary"), 303)


@workshops.post("/atelier/<code>/revenir")
@public
def come_back(code: str) -> AnyResponse:
    """Show in a new session the code that one kept in another of the same process."""
    workshop, participant = seat_of(code)
    here = redirect(url_for("workshops.room", code=workshop.code), 303)
    if participant is None:  # who has no seat tries no code
        return here
    typed, wait = request.form.get("kept_code", ""), ""
    try:
        kept = _kept(typed) if workshop.process_id else None
    except code_tries.TooManyGuesses:
        kept, wait = None, too_many()
    start_writing()
    workshop, participant = seat_of(code)
    if participant is None:  # the session closed meanwhile
        return here
    if kept is None or not kept_codes.bring(participant, workshop, kept):
        wrong = _("Ce code n’est pas de cette suite de séances. Vérifiez chaque caractère.")
        given = {"kept_code": typed, "kept_code_error": wait or wrong}
        status = 429 if wait else 422
        return show(workshop, participant, "workshops/_room_live.html", status, **given)
    db.session.commit()
    flash(_("Votre code est reconnu : cette séance s’ajoute aux autres."))
    return here


def _kept(typed: str) -> str | None:
    """Return the id of the code typed, hashed without a lock; raise ``TooManyGuesses``."""
    try:
        code = receipts.normalise(typed)
    except receipts.MalformedCode:
        return None
    found = code_tries.try_code(kept_codes.CODES, code, door_here())
    return found.id if found else None
