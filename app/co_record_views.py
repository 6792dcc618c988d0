"""The pages of the co-construction record: the team's, the public one, and what both export.

Public pages stand on the blueprint of ``record_views.py``.
"""

from dataclasses import dataclass
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
from app.co_record_order import Start, from_ideas, from_releases
from app.co_record_words import told_chains
from app.days import today
from app.db import db
from app.paging import page_asked, pager, pages_of
from app.record_views import blueprint
from app.web import render
from feedback.masked_text import pieces
from workshops.proposals import for_team

BACKWARDS = "versions"  # the record is read from the releases
PLACE = ("page", "depuis", "chaine")  # where in the record one is, kept by what one presses
PER_PAGE = 10  # chains: nine steps each


def _floor() -> int:
    return int(current_app.config["FLOOR"])


@dataclass(frozen=True)
class Part:
    """The chains that an address asks for, and how they are read."""

    starts: list[Start]
    backwards: bool
    is_one: bool  # one chain alone, asked for by its id
    total: int
    place: dict[str, str]
    pager: dict[str, Any]


def _part(service: Service, only_shown: bool) -> Part:
    """Return the page of chains that the address asks for, or the one chain that it names."""
    backwards = request.args.get("depuis") == BACKWARDS
    wanted = request.args.get("chaine", "")
    order = from_releases if backwards and not wanted else from_ideas
    every = order(service.id, only_shown)
    if wanted:
        every = [each for each in every if each.holds(wanted)] or abort(404)
    pages = pages_of(len(every), PER_PAGE)
    page = min(page_asked(request.args.get("page", "")), pages)
    query = {"slug": service.slug} | ({"depuis": BACKWARDS} if backwards else {})
    links = pager(request.endpoint or "", query, page, pages, "t-chaines")
    starts = every[(page - 1) * PER_PAGE : page * PER_PAGE]
    place = {name: request.args[name] for name in PLACE if request.args.get(name)}
    return Part(starts, backwards, bool(wanted), len(every), place, links)


def _show(template: str, record: Record, part: Part) -> Response:
    chains = told_chains(record, _floor())
    return render(
        template,
        None,
        service=record.service,
        record=record,
        chains=chains,
        part=part,
        pager=part.pager,
        backwards=part.backwards,
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
    part = _part(service, only_shown=False)
    return _show("record/registry.html", team_record(service, today(), part.starts), part)


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
    place: dict[str, Any] = {name: request.form.get(name) for name in PLACE}
    here = url_for("record.registry", slug=slug, **place, _anchor=f"chain-{proposal.id}")
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
    part = _part(service, only_shown=True)
    record = public_record(service, today(), _floor(), part.starts)
    return _show("record/public_registry.html", record, part)


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
