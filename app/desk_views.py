"""The desk's first page: the inbox and, beside it on a wide screen, the retour that is open."""

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask_security import current_user

from app.access import Verb, may, staff
from app.clock import CLOCK
from app.days import now
from app.desk_page_views import show_inbox
from app.job_runs import digests_are_late
from app.menu import entries_of, menu
from app.web import render, view_mark

blueprint = Blueprint("desk", __name__)
Answered = Response | Any
FOR_EVERYBODY = {"digests.edition"}  # the public's, or a team's on a page of the desk


@blueprint.app_context_processor
def menu_of_the_desk() -> dict[str, Any]:
    """Give the team's pages their menu; a citizen's page gets none, and asks nothing."""
    mark = view_mark()
    is_desk = request.endpoint in FOR_EVERYBODY or (mark is not None and mark.kind == "staff")
    if not is_desk or not current_user.is_authenticated:
        return {"nav": [], "digests_late": False}
    return {
        "nav": menu(current_user, request.endpoint or ""),
        "digests_late": digests_are_late(CLOCK["digest"], now()),
    }


@blueprint.get("/equipe", endpoint="inbox")
@staff(writes=True)
def first_page() -> Answered:
    """The inbox; somebody who reads no retour is led to their own first page."""
    if not may(current_user, Verb.READ):
        return _elsewhere()
    if not may(current_user, Verb.ANSWER) and not request.args:
        return redirect(url_for("moderation.queue"), 303)
    return show_inbox()


def _elsewhere() -> Answered:
    entries = entries_of(current_user)
    if not entries:
        return render("desk/nothing.html")
    return redirect(url_for(entries[0].endpoint), 303)
