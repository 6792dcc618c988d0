"""The pages after a session: its report, the files of it, the facilitator's notes."""

from typing import Any

from flask import Response, abort, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import traces
from app.access import Verb, actor_of, staff
from app.days import today
from app.db import db
from app.runtime import runtime
from app.web import render
from nlp.redact import redact
from workshops import proposals, sessions
from workshops.desk_views import workshops_desk
from workshops.models import Workshop
from workshops.opinion_forms import NotesForm
from workshops.opinions import WORDS_QUESTION
from workshops.report import report_of
from workshops.report_files import TYPES, exported
from workshops.report_words import facts, told_opinions, who_spoke


def _readable_or_404(workshop_id: str) -> Workshop:
    found = {each.id: each for each in sessions.readable_by(current_user) if not each.is_dry_run}
    return found.get(workshop_id) or abort(404)


@workshops_desk.get("/equipe/ateliers/<workshop_id>/compte-rendu")
@staff(Verb.RUN_SESSIONS, Verb.READ_SESSIONS)
def report(workshop_id: str) -> Response:
    """Show what came of a session, ready to print."""
    return report_page(_readable_or_404(workshop_id))


def report_page(
    workshop: Workshop, form: NotesForm | None = None, status: int = 200, **more: Any
) -> Response:
    """Render the report; ``more`` is what a refused form of it says and had typed."""
    found, form = report_of(workshop), form or NotesForm(data={"notes": workshop.notes})
    context: dict[str, Any] = {
        "workshop": workshop,
        "board": found.board,
        "report": found,
        "facts": facts(found),
        "who_spoke": who_spoke(),
        "opinions": told_opinions(found),
        "words_question": WORDS_QUESTION,
        "proposals": found.proposals,
        "state_names": proposals.STATE_NAMES,
        "ring_of": proposals.ring,
        "form": form,
        "may_note": sessions.run_by(current_user, workshop.id) is not None,
        "forms": TYPES,
    }
    return render("workshops/report.html", status=status, **(context | more))


@workshops_desk.get("/equipe/ateliers/<workshop_id>/compte-rendu.<form>")
@staff(Verb.RUN_SESSIONS, Verb.READ_SESSIONS, writes=True)
def report_file(workshop_id: str, form: str) -> AnyResponse:
    """Give the report as a file; the journal says so. While votes are secret, there is none."""
    workshop = _readable_or_404(workshop_id)
    if form not in TYPES:
        abort(404)
    found = report_of(workshop)
    if not found.is_open_to_read:
        return to_report(workshop)
    made = make_response(exported(found, form))
    made.headers["Content-Type"] = TYPES[form]
    name = f"seance-{workshop.day}-{workshop.id.lower()}.{form}"
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    actor = actor_of(current_user, Verb.READ_SESSIONS)
    traces.record("exported", actor, today(), detail=f"session {workshop.id} {form}")
    db.session.commit()
    return made


@workshops_desk.post("/equipe/ateliers/<workshop_id>/notes")
@staff(Verb.RUN_SESSIONS)
def notes(workshop_id: str) -> AnyResponse:
    """Keep the facilitator's notes, masked: who reads the report reads them."""
    workshop = sessions.run_by(current_user, workshop_id) or abort(404)
    form = NotesForm(request.form)
    if not form.validate():
        return report_page(workshop, form, 422)
    typed = (form.notes.data or "").replace("\0", " ").strip()
    allowed = workshop.service.allowed_words
    workshop.notes = redact(typed, runtime().name_finder, allowed).text
    db.session.commit()
    flash(_("Les notes sont gardées."))
    return to_report(workshop, "notes-title")


def to_report(workshop: Workshop, anchor: str | None = None) -> AnyResponse:
    """Lead to the report of a session, at ``anchor``."""
    url = url_for("workshops_desk.report", workshop_id=workshop.id, _anchor=anchor)
    return redirect(url, 303)
