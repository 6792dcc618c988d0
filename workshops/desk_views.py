"""The pages before a session: the list, a new one.

The console that runs it is ``console_views.py``, what comes after ``report_views.py``.
"""

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, may, staff
from app.accounts import Account
from app.catalogue import Functionality, Service, all_services
from app.days import today
from app.db import db
from app.web import render
from workshops import outlines, phases, processes, sessions
from workshops.forms import PlanForm
from workshops.models import Workshop
from workshops.outlines import Outline
from workshops.views import words_of_cards

workshops_desk = Blueprint("workshops_desk", __name__)
workshops_desk.context_processor(words_of_cards)


@workshops_desk.get("/equipe/ateliers")
@staff(Verb.RUN_SESSIONS, Verb.READ_SESSIONS)
def index() -> Response:
    """List the sessions that the account runs or may read."""
    return render(
        "workshops/index.html",
        sessions=sessions.readable_by(current_user),
        may_run=may(current_user, Verb.RUN_SESSIONS),
        rules=phases.RULES,
    )


@workshops_desk.route("/equipe/ateliers/nouveau", methods=["GET", "POST"])
@staff(Verb.RUN_SESSIONS)
def create() -> AnyResponse:
    """Plan a session on one page, from a template."""
    account = _account()
    chosen = outlines.outline(account, request.values.get("modele")) or outlines.HOUSE[0]
    form = PlanForm(request.form, data=_start(chosen))
    form.offer(all_services())
    if request.method == "GET" or not form.validate():
        status = 422 if request.method == "POST" else 200
        offered: dict[str, Any] = {"house": outlines.HOUSE, "own": outlines.own(account)}
        return render("workshops/create.html", status=status, form=form, chosen=chosen, **offered)
    if form.places():
        process = processes.gather_sites(_plan(form), form.places(), account, today())
        db.session.commit()
        return redirect(url_for("workshops_desk.process", process_id=process.id), 303)
    workshop = sessions.create(_plan(form), account, today())
    db.session.commit()
    return to_console(workshop)


def _start(chosen: Outline) -> dict[str, Any]:
    """Return what a template proposes, as the form takes it."""
    return {
        "title": str(chosen.title or chosen.name),
        "prompts": "\n".join(str(prompt) for prompt in chosen.prompts),
        "votes_each": chosen.votes_each,
        "votes_per_group": chosen.votes_per_group,
    }


def _plan(form: PlanForm) -> sessions.Plan:
    service_id, _dash, part_id = form.subject.data.partition("-")
    return sessions.Plan(
        title=form.title.data.strip(),
        service=db.session.get_one(Service, int(service_id)),
        functionality=db.session.get_one(Functionality, int(part_id)) if part_id else None,
        prompts=form.lines(),
        votes_each=form.votes_each.data,
        votes_per_group=form.votes_per_group.data,
    )


def _account() -> Account:
    account: Account = current_user._get_current_object()
    return account


def to_console(workshop: Workshop, anchor: str | None = None) -> AnyResponse:
    """Lead to the console of a session, at ``anchor``."""
    url = url_for("workshops_desk.console", workshop_id=workshop.id, _anchor=anchor)
    return redirect(url, 303)
