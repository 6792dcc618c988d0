"""The console while the room discusses and decides: which group, its timer, its thread, who carries
it, and which group goes with another."""

from flask import abort, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, staff
from app.days import now
from app.runtime import runtime
from workshops import decisions, groups, talks, threads
from workshops.console_views import LONGEST_TIMER, own_or_404, press, show_console
from workshops.desk_views import workshops_desk
from workshops.models import CardGroup, Workshop

GROUP = "/equipe/ateliers/<workshop_id>/groupes/<group_id>"


def _group(workshop: Workshop, group_id: str) -> CardGroup:
    return groups.group_of(workshop, group_id) or abort(404)


@workshops_desk.post(f"{GROUP}/discussion")
@staff(Verb.RUN_SESSIONS)
def talk(workshop_id: str, group_id: str) -> AnyResponse:
    """Talk about a group; stop, lengthen or end its timer."""
    what = request.form.get("geste")
    minutes = min(max(request.form.get("minutes", 5, type=int), 1), LONGEST_TIMER)

    def turn(workshop: Workshop) -> None:
        group = _group(workshop, group_id)
        if what == "pause":
            talks.pause(workshop, group, now())
        elif what == "plus":
            talks.lengthen(workshop, group, now())
        elif what == "fin":
            talks.end(workshop, group, now())
        else:
            talks.begin(workshop, group, minutes, now())

    return press(workshop_id, turn, f"group-{group_id}")


@workshops_desk.post("/equipe/ateliers/<workshop_id>/messages/<remark_id>/masquer")
@staff(Verb.RUN_SESSIONS)
def hide_remark(workshop_id: str, remark_id: str) -> AnyResponse:
    """Take a message out of its thread with the reason, or put it back."""
    reason = request.form.get("reason", "").strip()
    if not reason and request.form.get("geste") != "remettre":
        error = _("Dites pourquoi : la personne qui a écrit le message le lira.")
        return show_console(own_or_404(workshop_id), status=422, error=error)

    def take_out(workshop: Workshop) -> None:
        found = threads.remark_of(workshop, remark_id) or abort(404)
        threads.hide(workshop, found, reason)

    return press(workshop_id, take_out)


@workshops_desk.post(f"{GROUP}/reunir")
@staff(Verb.RUN_SESSIONS)
def merge_decided(workshop_id: str, group_id: str) -> AnyResponse:
    """Put a group with another while deciding: its cards and votes stay its own."""
    into = request.form.get("avec", "")

    def put(workshop: Workshop) -> None:
        other = groups.group_of(workshop, into) if into else None
        decisions.merge(workshop, _group(workshop, group_id), other)

    return press(workshop_id, put, f"group-{group_id}")


@workshops_desk.post(f"{GROUP}/porteur")
@staff(Verb.RUN_SESSIONS)
def carry(workshop_id: str, group_id: str) -> AnyResponse:
    """Say who carries a group."""
    said = request.form.get("carrier", "")

    def give(workshop: Workshop) -> None:
        decisions.carry(workshop, _group(workshop, group_id), said, runtime().name_finder)

    return press(workshop_id, give, f"group-{group_id}")
