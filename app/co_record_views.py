"""The pages of the co-construction record: the team's, the public one, and what both export.

Public pages stand on the blueprint of ``record_views.py``.
"""

from typing import Any

from flask import Response, abort, current_app, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select

from app import traces
from app.access import Verb, actor_of, limit, public, service_or_404, staff
from app.catalogue import Service
from app.co_record import Record, public_record, show, team_record
from app.co_record_export import TYPES, exported
from app.co_record_words import told_chains
from app.days import today
from app.db import db
from app.record_views import blueprint
from app.web import render
from feedback.masked_text import pieces
from workshops.proposals import for_team

BACKWARDS = "versions"  # the record is read from the releases


def _floor() -> int:
    return int(current_app.config["FLOOR"])


def _show(template: str, record: Record) -> Response:
    chains = told_chains(record, _floor())
    backwards = request.args.get("depuis") == BACKWARDS
    if backwards:  # those that a release delivered, the newest first; the effect stands on top
        order = {each.number: n for n, each in enumerate(reversed(record.service.releases))}
        chains = tuple(
            sorted((each for each in chains if each.release), key=lambda each: order[each.release])
        )
    return render(
        template,
        None,
        service=record.service,
        record=record,
        chains=chains,
        backwards=backwards,
        pieces=pieces,
        missing=sum(each.missing for each in chains),
    )


@blueprint.get("/equipe/registre")
@staff(Verb.ANSWER_PROPOSALS)
def registries() -> Response:
    """List the services whose record the account keeps."""
    query = select(Service).where(limit(Service.id, current_user, Verb.ANSWER_PROPOSALS))
    return render(
        "record/registries.html", services=list(db.session.scalars(query.order_by(Service.name)))
    )


@blueprint.get("/equipe/registre/<slug>")
@staff(Verb.ANSWER_PROPOSALS)
def registry(slug: str) -> Response:
    """Show the whole record of a service, from the ideas or from the releases."""
    service = service_or_404(slug, Verb.ANSWER_PROPOSALS)
    return _show("record/registry.html", team_record(service, today()))


@blueprint.post("/equipe/registre/<slug>/montrer")
@staff(Verb.ANSWER_PROPOSALS)
def show_chain(slug: str) -> Any:
    """Put a proposal into the public record, or take it out."""
    service = service_or_404(slug, Verb.ANSWER_PROPOSALS)
    proposal = for_team(current_user, request.form.get("proposition", ""))
    if proposal is None or proposal.service_id != service.id:
        abort(404)
    show(proposal, request.form.get("montrer") == "oui", today())
    db.session.commit()
    flash(
        _("La proposition est dans le registre public.")
        if proposal.shown_since
        else _("La proposition n’est plus dans le registre public.")
    )
    here = url_for("record.registry", slug=slug, _anchor=f"chain-{proposal.id}")
    return redirect(here, 303)


@blueprint.get("/equipe/registre/<slug>/export.<form>")
@staff(Verb.ANSWER_PROPOSALS, writes=True)
def registry_export(slug: str, form: str) -> Response:
    """Give the team's record as a file; the journal says so."""
    service = service_or_404(slug, Verb.ANSWER_PROPOSALS)
    answer = _file(team_record(service, today()), form)
    actor = actor_of(current_user, Verb.ANSWER_PROPOSALS)
    traces.record("exported", actor, today(), detail=f"record {service.slug} {form}")
    db.session.commit()
    return answer


@blueprint.get("/s/<slug>/registre")
@public
def public_registry(slug: str) -> Response:
    """Show what the team makes public of the record."""
    service = service_or_404(slug)
    return _show("record/public_registry.html", public_record(service, today(), _floor()))


@blueprint.get("/s/<slug>/registre.<form>")
@public
def public_registry_export(slug: str, form: str) -> Response:
    """Give the public record as a file."""
    return _file(public_record(service_or_404(slug), today(), _floor()), form)


def _file(record: Record, form: str) -> Response:
    if form not in TYPES:
        abort(404)
    answer = make_response(exported(record, form, _floor()))
    answer.mimetype = TYPES[form]
    name = f"registre-{record.service.slug}-{record.day}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
