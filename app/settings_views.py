"""The pages where a team configures its services, and an administrator all of them.

Accounts and the state of the site are in ``app/accounts_views.py``, under the same name.
"""

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse
from wtforms.fields.choices import SelectChoice

from app import catalogue_edits as edits
from app.access import Verb, limit, may, service_or_404, staff
from app.accounts import Account, Role, team_of
from app.catalogue import CLASS_NAMES, RISK_NAMES, Risk, Service
from app.days import today
from app.db import db
from app.settings_forms import (
    FunctionalityForm,
    MemberForm,
    NewServiceForm,
    ReleaseForm,
    ServiceForm,
)
from app.sign_in import join_team, leave_team
from app.subscriptions import ensure_team_subscriptions
from app.territories import all_territories
from app.web import render
from feedback.assignments import forget_seat
from feedback.local_questions import forbidden_answers
from feedback.question_sets import added_by

settings = Blueprint("settings", __name__, url_prefix="/equipe")


def offer_territories(form: Any) -> Any:
    """Return ``form`` with the territories to choose from."""
    form.territory_code.choices = [
        SelectChoice("", _("toute la France")),
        *(SelectChoice(t.code, f"{t.name} ({t.code.lstrip('R')})") for t in all_territories()),
    ]
    return form


def _values(form: ServiceForm) -> edits.ServiceValues:
    return edits.ServiceValues(
        name=form.name.data,
        purpose=form.purpose.data,
        phone=form.phone.data,
        place=form.place.data,
        hours=form.hours.data,
        territory_code=form.territory_code.data,
        moderate_first=form.moderate_first.data,
        quotes_in_mails=form.quotes_in_mails.data,
        quick_exit=form.quick_exit.data,
        allowed_words=form.words,
    )


def _own(slug: str) -> Service:
    return service_or_404(slug, Verb.CONFIGURE)


def _page(service: Service, status: int = 200, **forms: Any) -> Response:
    """Return the page of ``service``; forms that were refused replace the fresh ones."""
    fresh: dict[str, Any] = {
        "form": offer_territories(ServiceForm(obj=service)),
        "functionality_form": FunctionalityForm(),
        "release_form": ReleaseForm(data={"day": today()}),
        "member_form": MemberForm(),
    }
    if "form" not in forms:
        fresh["form"].allowed_words.data = "\n".join(service.allowed_words)
    return render(
        "settings/service.html",
        status=status,
        configured=service,
        team=team_of(service),
        kinds=CLASS_NAMES,
        risks=RISK_NAMES,
        public_readers=len(edits.followers(service)),
        **{**fresh, **forms},
    )


def _back(service: Service, said: str, part: str) -> AnyResponse:
    db.session.commit()
    flash(said)
    return redirect(url_for("settings.service", slug=service.slug, _anchor=part), 303)


@settings.get("/reglages")
@staff(Verb.CONFIGURE)
def services() -> Response:
    """List the services that the reader configures."""
    query = select(Service).where(limit(Service.id, current_user, Verb.CONFIGURE))
    rows = list(db.session.scalars(query.order_by(Service.name)))
    return render(
        "settings/services.html", services=rows, may_create=may(current_user, Verb.ADMINISTER)
    )


@settings.route("/reglages/nouveau", methods=["GET", "POST"])
@staff(Verb.ADMINISTER)
def new() -> AnyResponse:
    """Create a service."""
    form = offer_territories(NewServiceForm(request.form))
    if request.method == "GET" or not form.validate():
        known = edits.all_organisations()
        status = 200 if request.method == "GET" else 422
        return render("settings/new.html", status=status, form=form, organisations=known)
    organisation = edits.organisation_named(form.organisation.data)
    made = edits.create_service(_values(form), organisation, today())
    return _back(made, _("Le service est créé. Ajoutez ses fonctionnalités et son équipe."), "")


@settings.route("/reglages/<slug>", methods=["GET", "POST"])
@staff(Verb.CONFIGURE)
def service(slug: str) -> AnyResponse:
    """Show and change what a service says of itself."""
    configured = _own(slug)
    if request.method == "GET":
        return _page(configured)
    form = offer_territories(ServiceForm(request.form))
    if not form.validate():
        return _page(configured, 422, form=form)
    edits.edit_service(configured, _values(form))
    return _back(configured, _("Enregistré."), "")


@settings.post("/reglages/<slug>/fonctionnalites")
@staff(Verb.CONFIGURE)
def functionality(slug: str) -> AnyResponse:
    """Show what the risks ask for, then save the functionality once that was read."""
    configured = _own(slug)
    form = FunctionalityForm(request.form)
    if not form.validate():
        return _page(configured, 422, functionality_form=form)
    risks = edits.Risks(Risk(form.individual_risk.data), Risk(form.collective_risk.data))
    if not form.confirmed.data:
        return _consequences(configured, form, risks)
    name, kind = form.name.data, form.kind.data
    try:
        edits.save_functionality(configured, form.number.data, name, kind, risks)
    except edits.FunctionalityExists:
        form.name.errors = [_("Une fonctionnalité porte déjà ce nom.")]
        return _page(configured, 422, functionality_form=form)
    return _back(configured, _("La fonctionnalité est enregistrée."), "fonctionnalites")


def _consequences(service: Service, form: FunctionalityForm, risks: edits.Risks) -> Response:
    before = next((f for f in service.functionalities if f.id == form.number.data), None)
    return render(
        "settings/consequences.html",
        configured=service,
        form=form,
        before=before.demands if before else None,
        after=risks.demands,
        is_high=risks.individual is Risk.HIGH,
        asked_before=added_by(Risk(before.individual_risk)) if before else (),
        asked_after=added_by(risks.individual),
    )


@settings.post("/reglages/<slug>/versions")
@staff(Verb.CONFIGURE)
def release(slug: str) -> AnyResponse:
    """Add a dated change."""
    configured = _own(slug)
    form = ReleaseForm(request.form)
    if not form.validate():
        return _page(configured, 422, release_form=form)
    day: date = form.day.data
    try:
        edits.add_release(configured, form.number.data, day, form.note.data)
    except edits.ReleaseExists:
        form.number.errors = [_("Cette version existe déjà.")]
        return _page(configured, 422, release_form=form)
    return _back(configured, _("La version est ajoutée."), "versions")


@settings.post("/reglages/<slug>/equipe")
@staff(Verb.CONFIGURE)
def member(slug: str) -> AnyResponse:
    """Seat an account in the team."""
    configured = _own(slug)
    form = MemberForm(request.form)
    found = None
    if form.validate():
        query = select(Account).where(Account.email == form.email.data, Account.active)
        found = db.session.scalar(query)
        if found is None:
            form.email.errors = [
                _("Aucun compte ouvert à cette adresse. L’administration le crée.")
            ]
        elif not found.holds(Role.PROMOTER):
            form.email.errors = [_("Ce compte n’a pas le rôle « équipe d’un service ».")]
    if found is None or form.email.errors:
        return _page(configured, 422, member_form=form)
    join_team(found, configured)
    ensure_team_subscriptions(configured, today())
    return _back(configured, _("%(name)s rejoint l’équipe.", name=found.name), "equipe")


@settings.post("/reglages/<slug>/equipe/<int:account_id>/retirer")
@staff(Verb.CONFIGURE)
def remove_member(slug: str, account_id: int) -> AnyResponse:
    """Take an account out of the team."""
    configured = _own(slug)
    leaving = next((a for a in team_of(configured) if a.id == account_id), None) or abort(404)
    leave_team(leaving, configured)
    forget_seat(leaving.id, configured.id)
    return _back(configured, _("%(name)s quitte l’équipe.", name=leaving.name), "equipe")


@settings.route("/reglages/<slug>/anonymat", methods=["GET", "POST"])
@staff(Verb.CONFIGURE)
def anonymity(slug: str) -> AnyResponse:
    """Say what turning anonymity on erases, then do it for good."""
    configured = _own(slug)
    understood = request.method == "POST" and request.form.get("understood") == "yes"
    if understood and not configured.anonymous_by_law:
        edits.make_anonymous(configured)
        return _back(configured, _("L’anonymat prévu par la loi est activé."), "")
    return render(
        "settings/anonymity.html",
        status=422 if request.method == "POST" else 200,
        configured=configured,
        missing=request.method == "POST",
        public_readers=len(edits.followers(configured)),
        places=len(edits.place_answers(configured)),
        local_answers=len(forbidden_answers(configured)),
    )
