"""The public page of the map of several sites, and the keeper's gesture that shows or hides it."""

from flask import Response, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, public, service_or_404, staff
from app.days import today
from app.db import db, start_reading, start_writing
from app.runtime import runtime
from app.web import render
from nlp.redact import redact
from workshops import public_map
from workshops.desk_views import workshops_desk
from workshops.process_models import Process
from workshops.process_views import kept_or_404
from workshops.report_words import decision
from workshops.views import workshops


@workshops.get("/s/<slug>/plusieurs-lieux/<process_id>")
@public
def sites(slug: str, process_id: str) -> Response:
    """Show what several sites said of a service, as far as its keeper made it public."""
    service = service_or_404(slug)
    process = db.session.get(Process, process_id)
    if process is None or process.service_id != service.id:
        abort(404)
    found = public_map.map_of(process, current_app.config["FLOOR"]) or abort(404)
    return render(
        "workshops/public_map.html",
        None,
        service=service,
        process=process,
        map=found,
        decision=decision,
    )


@workshops.app_template_global()
def public_maps(service_id: int) -> list[Process]:
    """Return the processes of a service whose map everybody reads."""
    return public_map.of_service(service_id)


@workshops_desk.post("/equipe/processus/<process_id>/publier")
@staff(Verb.RUN_SESSIONS)
def publish_map(process_id: str) -> AnyResponse:
    """Show the map of closed sessions to everybody, or take it back."""
    process = kept_or_404(process_id)
    if request.form.get("montrer") != "oui":
        public_map.take_back(process)
        flash(_("La carte n’est plus publique."))
    else:
        process = _publish(process_id)
    db.session.commit()
    return redirect(url_for("workshops_desk.site_map", process_id=process.id), 303)


def _publish(process_id: str) -> Process:
    """Mask the names that people typed, then show the map."""
    start_reading()  # masking takes a while: it holds no lock
    process = kept_or_404(process_id)
    allowed, finder = process.service.allowed_words, runtime().name_finder
    names = {name: redact(name, finder, allowed).text for name in public_map.names_in(process)}
    start_writing()
    process = kept_or_404(process_id)
    try:
        public_map.publish(process, names, today())
    except public_map.NothingToPublish:
        flash(_("Aucune séance n’est close : rien n’est public."))
    else:
        flash(_("La carte est publique."))
    return process
