"""The map of several sites: read with the process, arranged by its keeper, given as a table."""

import csv
import io
from typing import Any

from flask import Response, abort, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app import traces
from app.access import Verb, actor_of, staff
from app.days import today
from app.db import db
from app.runtime import runtime
from app.web import render
from feedback.csv_files import harmless
from nlp.redact import redact
from workshops import processes, public_map, synthesis
from workshops.board import LONGEST_TITLE
from workshops.desk_views import workshops_desk
from workshops.likeness import alike
from workshops.process_models import Process
from workshops.process_views import kept_or_404, readable_or_404
from workshops.report_words import decision, plain
from workshops.site_lines import SiteMap

COLUMNS = ("line", "site", "group", "share", "rank", "groups", "dots", "voters", "decision", "card")


@workshops_desk.get("/equipe/processus/<process_id>/synthese")
@staff(Verb.RUN_SESSIONS, Verb.READ_SESSIONS)
def site_map(process_id: str) -> Response:
    """Show what all sites said, each line with its sites and where they disagree."""
    return _page(readable_or_404(process_id))


def _map(process: Process) -> SiteMap:
    return synthesis.map_of(process, processes.sessions_of(process, current_user))


def _page(process: Process, status: int = 200, **more: Any) -> Response:
    found = _map(process)
    context: dict[str, Any] = {
        "process": process,
        "map": found,
        "alike": alike(found.lines),
        "keeps": process.keeper_id == current_user.id,
        "decision": decision,
        "ticked": request.form.getlist("keys"),
        "title": request.form.get("title", ""),
        "public_rooms": public_map.shown_rooms(process),
        "waiting_rooms": public_map.waiting_rooms(process),
    }
    return render("workshops/synthesis.html", status=status, **(context | more))


@workshops_desk.post("/equipe/processus/<process_id>/synthese")
@staff(Verb.RUN_SESSIONS)
def merge(process_id: str) -> AnyResponse:
    """Merge ticked lines into one, or let a merged one fall apart."""
    process = kept_or_404(process_id)
    if shared_id := request.form.get("separer"):
        if not synthesis.split(process, shared_id):
            abort(404)
    else:
        keys, title = request.form.getlist("keys"), _masked(process)
        try:
            synthesis.merge(process, keys, title)
        except synthesis.NothingToMerge:
            db.session.rollback()
            problem = _("Cochez au moins deux lignes de cette carte.")
            return _page(process, 422, problem=problem)
    db.session.commit()
    return redirect(url_for("workshops_desk.site_map", process_id=process.id), 303)


def _masked(process: Process) -> str:
    """Return the common name without persons: everybody may read it later (public_map.py)."""
    typed = request.form.get("title", "").replace("\0", " ").strip()[:LONGEST_TITLE]
    return redact(typed, runtime().name_finder, process.service.allowed_words).text


@workshops_desk.get("/equipe/processus/<process_id>/synthese.csv")
@staff(Verb.RUN_SESSIONS, Verb.READ_SESSIONS, writes=True)
def site_map_file(process_id: str) -> Response:
    """Give the map as a table, one line for each card; the journal says so."""
    process = readable_or_404(process_id)
    out = io.StringIO(newline="")
    writer: Any = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in _map(process).lines:
        for place in line.places:
            for card in place.cards:
                weight = [round(place.share, 3), place.rank or "", place.among]
                names = [harmless(plain(each)) for each in (line.title, place.site, place.title)]
                votes = [place.dots, place.voters, place.decision]
                writer.writerow([*names, *weight, *votes, harmless(plain(card))])
    answer = make_response("\ufeff" + out.getvalue())
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    name = f"synthese-{process.id.lower()}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    actor = actor_of(current_user, Verb.READ_SESSIONS)
    traces.record("exported", actor, today(), detail=f"process {process.id} csv")
    db.session.commit()
    return answer
