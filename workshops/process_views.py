"""The pages of a process: the list, one process with its steps, its sessions and its trials."""

from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, may, staff
from app.catalogue import Service, all_services
from app.days import today
from app.db import db
from app.said import attributes
from app.web import render
from workshops import diaries, processes, proposals, public_map, synthesis
from workshops.desk_views import workshops_desk
from workshops.models import Workshop
from workshops.process_forms import ProcessForm, SeatForm, TrialForm
from workshops.process_models import Process


@workshops_desk.route("/equipe/processus", methods=["GET", "POST"], endpoint="processes")
@staff(Verb.RUN_SESSIONS, Verb.READ_SESSIONS)
def listed() -> AnyResponse:
    """List the processes within reach; who runs sessions begins a new one."""
    may_run = may(current_user, Verb.RUN_SESSIONS)
    form = ProcessForm(request.form)
    form.subject.choices = (
        [(each.id, each.name, attributes()) for each in all_services()] if may_run else []
    )
    if request.method == "POST" and not may_run:
        abort(403)
    if request.method == "GET" or not form.validate():
        status = 422 if request.method == "POST" else 200
        found = processes.readable_by(current_user)
        return render(
            "workshops/processes.html", status=status, processes=found, form=form, may_run=may_run
        )
    service = db.session.get_one(Service, form.subject.data)
    title, aim = form.title.data.strip(), (form.aim.data or "").strip()
    account: Any = current_user._get_current_object()
    process = processes.create(service, account, title, aim, today())
    db.session.commit()
    return to_process(process)


def to_process(process: Process, anchor: str | None = None) -> AnyResponse:
    """Lead to the page of a process, at ``anchor``."""
    url = url_for("workshops_desk.process", process_id=process.id, _anchor=anchor)
    return redirect(url, 303)


def readable_or_404(process_id: str) -> Process:
    """Return the process if the account may read it."""
    found = {each.id: each for each in processes.readable_by(current_user)}
    return found.get(process_id) or abort(404)


def kept_or_404(process_id: str) -> Process:
    """Return the process if the account keeps it."""
    return processes.kept_by(current_user, process_id) or abort(404)


@workshops_desk.get("/equipe/processus/<process_id>")
@staff(Verb.RUN_SESSIONS, Verb.READ_SESSIONS)
def process(process_id: str) -> Response:
    """Show a process: its steps, what each gave, and what is missing."""
    return _page(readable_or_404(process_id))


def _page(found: Process, status: int = 200, **forms: Any) -> Response:
    rooms = processes.sessions_of(found, current_user)
    trials = processes.trials_of(found)
    asked = processes.proposals_of(rooms)
    carried = processes.delivered(asked, today())
    context: dict[str, Any] = {
        "process": found,
        "rooms": rooms,
        "steps": processes.STEPS,
        "trials": [(trial, diaries.entries_of(trial)) for trial in trials],
        "panel": processes.panel_of(found, rooms),
        "proposals": asked,
        "state_names": proposals.STATE_NAMES,
        "ring_of": proposals.ring,
        "carried": carried,
        "missing": processes.missing_steps(rooms, trials, carried),
        "site_name": synthesis.site_name,
        "is_public": bool(public_map.shown_rooms(found)),
        "keeps": found.keeper_id == current_user.id,
        "day": today(),
        "seat_form": _offered(forms.pop("seat_form", None) or SeatForm(), found),
        "trial_form": forms.pop("trial_form", None) or TrialForm(),
    }
    return render("workshops/process.html", status=status, **(context | forms))


def _offered(form: SeatForm, found: Process) -> SeatForm:
    form.session.choices = [
        (each.id, each.title, attributes()) for each in processes.free_sessions(found)
    ]
    form.step.choices = list(processes.STEPS.items())
    return form


@workshops_desk.post("/equipe/processus/<process_id>/seances")
@staff(Verb.RUN_SESSIONS)
def attach(process_id: str) -> AnyResponse:
    """Put a session of one's own into the process, or take one out."""
    found = kept_or_404(process_id)
    if out := request.form.get("retirer"):
        room = db.session.get(Workshop, out)
        if room is None or room.process_id != found.id:
            abort(404)
        processes.detach(room)
        db.session.commit()
        return to_process(found, "seances")
    form = _offered(SeatForm(request.form), found)
    if not form.validate():
        return _page(found, 422, seat_form=form)
    room = db.session.get_one(Workshop, form.session.data)
    processes.attach(found, room, form.step.data, (form.site.data or "").strip())
    db.session.commit()
    return to_process(found, "seances")


@workshops_desk.post("/equipe/processus/<process_id>/essais")
@staff(Verb.RUN_SESSIONS)
def add_trial(process_id: str) -> AnyResponse:
    """Begin a trial with a diary."""
    found = kept_or_404(process_id)
    form = TrialForm(request.form)
    if not form.validate():
        return _page(found, 422, trial_form=form)
    title = form.title.data.strip()
    diaries.create(found, title, form.starts.data, form.ends.data, form.lines())
    db.session.commit()
    flash(_("Le carnet est prêt. Les participants l’ouvrent avec le code qu’ils ont gardé."))
    return to_process(found, "essais")
