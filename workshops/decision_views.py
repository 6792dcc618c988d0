"""What becomes of a group on the console: kept, dropped, made a proposal."""

from flask import abort, request
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, staff
from app.days import today
from workshops import decisions, groups, proposals
from workshops.console_views import press
from workshops.desk_views import workshops_desk
from workshops.models import Workshop


@workshops_desk.post("/equipe/ateliers/<workshop_id>/groupes/<group_id>/decision")
@staff(Verb.RUN_SESSIONS)
def decide(workshop_id: str, group_id: str) -> AnyResponse:
    """Keep a group, drop it, or take the decision back."""
    decision = request.form.get("decision", "")
    if decision not in ("keep", "drop", ""):
        abort(400)

    def settle(workshop: Workshop) -> None:
        found = groups.group_of(workshop, group_id) or abort(404)
        decisions.decide(workshop, found, decision)

    return press(workshop_id, settle, f"group-{group_id}")


@workshops_desk.post("/equipe/ateliers/<workshop_id>/groupes/<group_id>/proposition")
@staff(Verb.RUN_SESSIONS)
def propose(workshop_id: str, group_id: str) -> AnyResponse:
    """Make a proposal of a group, in one gesture."""

    def carry(workshop: Workshop) -> None:
        rows = {row.group.id: row for row in groups.rows(workshop)}
        proposals.propose(workshop, rows.get(group_id) or abort(404), today())

    return press(workshop_id, carry, f"group-{group_id}")
