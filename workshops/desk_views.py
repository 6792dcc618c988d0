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
from app.days import now, today
from app.db import db
from app.runtime import runtime
from app.web import render
from nlp.redact import redact
from workshops import (
    outlines,
    phases,
    processes,
    sessions,
    taking_over,
    window_words,
    windows,
)
from workshops.forms import PlanForm
from workshops.identity import Identity
from workshops.models import Workshop
from workshops.outlines import Outline
from workshops.views import words_of_cards

workshops_desk = Blueprint("workshops_desk", __name__)
workshops_desk.context_processor(words_of_cards)


@workshops_desk.get("/equipe/ateliers")
@staff(Verb.RUN_SESSIONS, Verb.READ_SESSIONS)
def index() -> Response:
    """List the sessions that the account runs or may read."""
    found = sessions.readable_by(current_user)
    may_run = may(current_user, Verb.RUN_SESSIONS)
    alone = taking_over.left_alone(current_user, now()) if may_run else ()
    return render(
        "workshops/index.html",
        sessions=found,
        alone=[(each, taking_over.minutes_away(each, now())) for each in alone],
        hours=window_words.by_session(found, now()),
        may_run=may_run,
        rules=phases.RULES,
    )


@workshops_desk.route("/equipe/ateliers/nouveau", methods=["GET", "POST"])
@staff(Verb.RUN_SESSIONS)
def create() -> AnyResponse:
    """Plan a session on one page, from a template."""
    account = _account()
    chosen = outlines.outline(account, request.values.get("modele")) or outlines.HOUSE[0]
    form = PlanForm(request.form if request.method == "POST" else None, data=_start(chosen))
    form.offer(all_services())
    if request.method == "POST" and form.validate():
        try:
            return _make(form, account)
        except windows.BadHours:
            db.session.rollback()
            form.refuse_hours()
    status = 422 if request.method == "POST" else 200
    offered: dict[str, Any] = {"house": outlines.HOUSE, "own": outlines.own(account)}
    return render("workshops/create.html", status=status, form=form, chosen=chosen, **offered)


def _make(form: PlanForm, account: Account) -> AnyResponse:
    """Make the session, or one for each site, and lead to it. Raises ``BadHours``."""
    if form.places():
        process = processes.gather_sites(_plan(form), form.places(), account, today())
        made = processes.sessions_of(process, account)
        back = redirect(url_for("workshops_desk.process", process_id=process.id), 303)
    else:
        made = [sessions.create(_plan(form), account, today())]
        back = to_console(made[0])
    if asked := form.schedule():
        for workshop in made:
            windows.schedule(workshop, asked, now(), today())
    db.session.commit()
    return back


def _start(chosen: Outline) -> dict[str, Any]:
    """Return what a template proposes, as the form takes it."""
    return {
        "title": str(chosen.title or chosen.name),
        "prompts": "\n".join(str(prompt) for prompt in chosen.prompts),
        "votes_each": chosen.votes_each,
        "votes_per_group": chosen.votes_per_group,
        "left_out": list(chosen.left_out),
        "consent": chosen.consent,
    }


def _plan(form: PlanForm) -> sessions.Plan:
    service_id, _dash, part_id = form.subject.data.partition("-")
    service = db.session.get_one(Service, int(service_id))
    said = (form.consent.data or "").replace("\0", " ").strip()
    return sessions.Plan(
        title=form.title.data.strip(),
        service=service,
        left_out=tuple(each for each in phases.OPTIONAL if each.value in form.left_out.data),
        consent=redact(said, runtime().name_finder, service.allowed_words).text,
        functionality=db.session.get_one(Functionality, int(part_id)) if part_id else None,
        prompts=form.lines(),
        votes_each=form.votes_each.data,
        votes_per_group=form.votes_per_group.data,
        identity=Identity(form.identity.data),
    )


def _account() -> Account:
    account: Account = current_user._get_current_object()
    return account


def to_console(
    workshop: Workshop, anchor: str | None = None, opened: str | None = None
) -> AnyResponse:
    """Lead to the console of a session, at ``anchor``, with the tools of one group open."""
    console = "workshops_desk.console"
    url = url_for(console, workshop_id=workshop.id, groupe=opened, _anchor=anchor)
    return redirect(url, 303)
