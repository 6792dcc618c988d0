"""The pages before a session: the list, a new one.

The console that runs it is ``console_views.py``, what comes after ``report_views.py``.
"""

from flask import Blueprint, Response, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, may, staff
from app.accounts import Account
from app.catalogue import Functionality, Service, all_services
from app.days import today
from app.db import db
from app.web import render
from workshops import phases, sessions
from workshops.forms import IDEAS_PROMPTS, IDEAS_TITLE, PlanForm
from workshops.models import Workshop
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
    """Plan a session on one page, from the template of an idea gathering."""
    prompts = "\n".join(str(prompt) for prompt in IDEAS_PROMPTS)
    form = PlanForm(request.form, data={"title": str(IDEAS_TITLE), "prompts": prompts})
    form.offer(all_services())
    if request.method == "GET" or not form.validate():
        status = 422 if request.method == "POST" else 200
        return render("workshops/create.html", status=status, form=form)
    workshop = sessions.create(_plan(form), _account(), today())
    db.session.commit()
    return to_console(workshop)


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
